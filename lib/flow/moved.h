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
	char *before; /* JSON of its clocks */
	int64_t next_before, next_at;
	struct tkt_clocks clocks;
	bool *moves; /* for each clock: is it another one? */
};
void tkt_moved_clear(struct tkt_moved *moved);

/*
 * Writes the ticket's row, its clocks' and the event, as tkt_apply_change() does for a change that
 * moves nothing but clocks and next_at. In a write transaction, and only when nobody has written
 * since it was read.
 *
 *   seq  of the event
 *
 * 0 or -1.
 */
int tkt_moved_write(struct tkt_session *session, const struct tkt_moved *moved, int64_t seq,
    const char *why, struct tkt_error *error);
