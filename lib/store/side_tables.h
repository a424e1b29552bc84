/* lib/store/side_tables.h: what indexes the lists of a ticket: tags, cc, fields, clocks. */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct tkt_db;
struct tkt_error;
struct tkt_value;

/* Writes what differs between the two; `before` NULL: all is new. */
int tkt_side_tables_write(struct tkt_db *db, int64_t number, const json_t *before,
    const json_t *after, struct tkt_error *error);
/* The earliest instant that a running clock of the ticket is due; EMPTY: none runs. */
int tkt_clocks_due(const json_t *ticket, struct tkt_value *due, struct tkt_error *error);
