/* lib/store/ticket.h: ticket rows and the side tables that index their lists. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "json/field.h"

struct tkt_db;
struct tkt_error;
struct tkt_expression;

/*
 * An id as a user writes it ('1042', '#1042', 'sup-1042', 'SUP-1042') to its number. 0, or -1 when
 * it can be none. The prefix is not compared here: tkt_ticket_find() does it.
 */
int tkt_ticket_number(const char *id, int64_t *number);

/* Is `written` a way to write the stored id, if their numbers are the same? */
bool tkt_ticket_id_means(const char *written, const char *stored);

/* The ticket as an object in wire order. 1; 0 when there is none of this id (a wrong prefix is
 * 'none'); -1. */
int tkt_ticket_find(struct tkt_db *db, const char *id, json_t **ticket, struct tkt_error *error);
/* The same with these fields alone, whose columns are called as they are; `names` ends with NULL.
 * For an id that is ours: its prefix is not compared. */
int tkt_ticket_find_some(struct tkt_db *db, const char *id, const char *const *names,
    json_t **ticket, struct tkt_error *error);
/* As tkt_ticket_find(): 0, or -1 with TKT_ERROR_NOT_FOUND too: "there is no ticket 'SUP-99'". */
int tkt_ticket_require(struct tkt_db *db, const char *id, json_t **ticket, struct tkt_error *error);
/* The open ticket (not closed) of a monitoring key. 1, 0, -1. */
int tkt_ticket_find_key(
    struct tkt_db *db, const char *key, json_t **ticket, struct tkt_error *error);

/*
 * Writes a whole ticket: a new row, or the one it replaces; `before` is NULL for a new one. Side
 * tables (tags, cc, fields, clocks) follow. Inside a write transaction.
 */
int tkt_ticket_write(
    struct tkt_db *db, const json_t *before, const json_t *ticket, struct tkt_error *error);

/* Does the stored ticket match? Judged by SQL. 1, 0, -1. */
int tkt_ticket_matches(struct tkt_db *db, const char *id, const struct tkt_expression *expression,
    struct tkt_error *error);

/* One key of a sort: '-priority' is descending. Empty values last in both; ties by number. */
struct tkt_sort {
	const struct tkt_field *field;
	char *key;                          /* of a map or clock, owned; NULL */
	const struct tkt_clock_field *part; /* of a clock; else NULL */
	bool descending;
};
/* 'due,-priority' to keys that tkt_sort_free() releases. 0, or -1 with USAGE. */
int tkt_sort_parse(
    const char *string, struct tkt_sort **sorts, size_t *count, struct tkt_error *error);
void tkt_sort_free(struct tkt_sort *sorts, size_t count);

struct tkt_ticket_query {
	const struct tkt_expression *expression; /* NULL: all */
	bool open_only;                          /* status is not closed: the default list */
	const struct tkt_sort *sorts;            /* NULL: due first, then by number */
	size_t sort_count;
	int64_t limit;                          /* 0: all */
	const struct tkt_field *const *columns; /* which values are wanted (derived ones are given
						   only when named here); NULL: all of the wire */
	size_t column_count;
	int64_t now;                       /* for derived values */
	const struct tkt_work_order *work; /* the same, for `rank`; NULL: arrival alone counts */
};
/* 0, or -1, which ends the walk. Where there is a `between`, 1 asks for it before the next row: the
 * caller has gathered enough. */
typedef int tkt_row_visit(const struct tkt_value *row, void *context, struct tkt_error *error);
/*
 * Hands over the rows in batches, so that no read transaction is held while `between` runs: there
 * the caller writes what it has gathered and may wait. visit gets values for tkt_ticket_fields,
 * valid until it returns. A list that goes on keeps its tickets' numbers (8 bytes each) and reads
 * each as it then is. Returns how many rows were handed over, or -1.
 */
int64_t tkt_ticket_each(struct tkt_db *db, const struct tkt_ticket_query *query,
    tkt_row_visit *visit, int (*between)(void *context, struct tkt_error *error), void *context,
    struct tkt_error *error);
/* How many there are, or -1. */
int64_t tkt_ticket_count(
    struct tkt_db *db, const struct tkt_ticket_query *query, struct tkt_error *error);
