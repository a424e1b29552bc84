/* lib/store/clock_rows.h: what indexes the clocks of a ticket, as it stands in the database. */
#pragma once
#include <jansson.h>

struct tkt_db;
struct tkt_error;

/*
 * Reads what lists and sweeps go by instead of a ticket's `clocks`: a new object with `due_at`, if
 * there is one, and `rows`, the side table's in the order of the wire, each without what it does
 * not hold. 1, 0 (there is no such ticket), -1.
 */
int tkt_clock_rows_read(
    struct tkt_db *db, const char *id, json_t **cached, struct tkt_error *error);
