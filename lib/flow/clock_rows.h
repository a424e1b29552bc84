/* lib/flow/clock_rows.h: the clocks of a ticket as lines of a table. */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "json/field.h"

struct tkt_error;
struct tkt_output;

/* Not `due`, which has a colour when it has passed: that of a clock that has stopped is no news. */
extern const struct tkt_field_table tkt_clock_row_fields;

/* Adds a line for each clock of the ticket; what a running one has left is of time as it goes by,
 * what a paused one has is in the measure of its target. 0, or -1. */
int tkt_clock_rows(
    struct tkt_output *output, const json_t *ticket, int64_t now, struct tkt_error *error);
