/* lib/flow/moved.h: the clocks of a ticket as a reckoning leaves them, and how they are written
 * without the rest of the ticket: a million of them in half a minute. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "policy/clock.h"

struct tkt_error;
struct tkt_session;

struct tkt_moved {
	int64_t number, rev; /* as it was */
	char *id, *policy;
	char *before, *after; /* JSON of its clocks */
	int64_t next_before, next_at;
	int64_t due_at; /* the earliest deadline of what now runs: by it lists are in order */
	struct tkt_clocks clocks;
	bool *moves; /* for each clock: is it another one? */
};
void tkt_moved_clear(struct tkt_moved *moved);

/*
 * Write together what tkt_apply_change() does for a change that moves nothing but clocks and
 * next_at: the ticket's row; then its clocks' rows and the event. In a write transaction, and only
 * when nobody has written since it was read.
 *
 *   seq  of the event
 *
 * 0 or -1.
 */
int tkt_moved_write_ticket(
    struct tkt_session *session, const struct tkt_moved *moved, struct tkt_error *error);
int tkt_moved_write_rest(struct tkt_session *session, const struct tkt_moved *moved, int64_t seq,
    const char *why, struct tkt_error *error);
