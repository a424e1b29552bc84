/* lib/store/clock_rows.h: the clocks of a ticket in the database, and what indexes them, without
 * the rest of it. */
#pragma once
#include <jansson.h>

#include <stddef.h>
#include <stdint.h>

struct tkt_db;
struct tkt_error;

/*
 * Reads what lists and sweeps go by instead of a ticket's `clocks`: a new object with `due_at`, if
 * there is one, and `rows`, the side table's in the order of the wire, each without what it does
 * not hold. 1, 0 (there is no such ticket), -1.
 */
int tkt_clock_rows_read(
    struct tkt_db *db, const char *id, json_t **cached, struct tkt_error *error);

/* What a reckoning moves of a ticket; times may be TKT_TIME_NONE. */
struct tkt_clock_columns {
	int64_t number, rev;
	const char *clocks; /* JSON */
	size_t length;
	int64_t due_at, next_at;
};
/* In a write transaction; the side table is the caller's. 0, -1. */
int tkt_clock_columns_write(
    struct tkt_db *db, const struct tkt_clock_columns *columns, struct tkt_error *error);

/* What it moves of a row of the side table. */
struct tkt_clock_row {
	int64_t ticket;
	const char *name;
	int64_t cycle;
	int64_t due_at, breached_at;      /* TKT_TIME_NONE: none */
	const int64_t *remaining_seconds; /* NULL: none */
};
int tkt_clock_row_move(struct tkt_db *db, const struct tkt_clock_row *row, struct tkt_error *error);
