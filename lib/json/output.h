/* lib/json/output.h: objects out, as NDJSON, a table or tsv. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "json/field.h"

struct tkt_command;
struct tkt_error;
struct tkt_zone;
struct tkt_output; /* opaque: one listing of objects of one type */

/*
 *   fields  what -o said ('id,due,subject'), or NULL for the table's own choice. With -o on a pipe
 *           and no --format, tsv is written, which never has a header; with --format json only
 *           `type` and those members.
 *
 * 0 and a new output, or -1 with TKT_ERROR_USAGE for an unknown field.
 */
int tkt_output_new(struct tkt_command *command, const struct tkt_field_table *table,
    const char *fields, struct tkt_output **output, struct tkt_error *error);
void tkt_output_free(struct tkt_output *output);
TKT_AUTOPTR(output)

/* Whose wall clock the times of a table show; borrowed, must outlive the output. UTC without. */
void tkt_output_set_zone(struct tkt_output *output, const struct tkt_zone *zone);

/* What a row must have for the columns that will be shown, for a query that reads no more: 'left'
 * brings `due` with it. NULL and 0: all. */
const struct tkt_field *const *tkt_output_columns(const struct tkt_output *output, size_t *count);

/* Adds one object to command->out (nothing with --quiet), the header before the first. Flushing is
 * the caller's. */
int tkt_output_row(struct tkt_output *output, const struct tkt_value *row, struct tkt_error *error);
int tkt_output_object(struct tkt_output *output, const json_t *object, struct tkt_error *error);
