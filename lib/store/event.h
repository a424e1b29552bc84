/* lib/store/event.h: the log: each applied change as it was applied. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/walk.h"

struct tkt_db;
struct tkt_error;

/* Writes an event object (its seq is given). In a write transaction. */
int tkt_event_write(struct tkt_db *db, const json_t *event, struct tkt_error *error);

/* The columns that the log is asked by; texts may be NULL. */
struct tkt_event_row {
	int64_t seq, at; /* TKT_TIME_NONE: none */
	const char *actor, *tool, *ticket;
	const int64_t *uid; /* NULL: none */
};
/* The same for an event that is text already: compact JSON, without a LF. */
int tkt_event_write_text(struct tkt_db *db, const struct tkt_event_row *row, const char *json,
    size_t length, struct tkt_error *error);

/* As tkt_row_visit(): 0, 1 or -1. */
typedef int tkt_json_visit(const char *json, size_t length, void *context, struct tkt_error *error);
/* Hands over events as stored, in order of seq, in batches; `between` as tkt_ticket_each(). *last
 * is the last seq looked at. Returns how many, or -1. */
int64_t tkt_event_each(struct tkt_db *db, const struct tkt_walk_query *query, tkt_json_visit *visit,
    int (*between)(void *context, struct tkt_error *error), void *context, int64_t *last,
    struct tkt_error *error);
/* Hands over the events of one ticket (its canonical id) as stored, in order, by the index, in the
 * caller's transaction. 0, or -1. */
int tkt_event_each_of(struct tkt_db *db, const char *ticket, tkt_json_visit *visit, void *context,
    struct tkt_error *error);
/* The last seq of the log, 0 when it is empty. 0 or -1. */
int tkt_event_last(struct tkt_db *db, int64_t *seq, struct tkt_error *error);
/* Is the log empty, and are there no tickets? 1, 0, -1. */
int tkt_event_is_empty(struct tkt_db *db, struct tkt_error *error);
