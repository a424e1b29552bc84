/* lib/flow/blame.h: who set a field of a ticket, when, and by which rule. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/*
 * For each field of ticket `id` (canonical) that anything has ever set, in the order of the wire,
 * the last event that did: rows of tkt-json(5), type 'blame'. Of a list each element has a row, of
 * the event that brought it; what was cleared has a row without a value. What every change moves
 * (rev, updated_at) and what tkt-sla explains (clocks, timers, next_at) is left out. In a
 * transaction. 0 and a new array, or -1.
 */
int tkt_blame_ticket(
    struct tkt_session *session, const char *id, json_t **rows, struct tkt_error *error);

/* Prints the rows of each ticket that the command names. `fields`: -o, NULL. 0 or -1. */
int tkt_blame_run(struct tkt_session *session, const char *fields, struct tkt_error *error);
