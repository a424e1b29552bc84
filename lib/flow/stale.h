/* lib/flow/stale.h: would a ticket's promises be reckoned otherwise now? Reads no more of it than
 * that needs. */
#pragma once
#include "flow/moved.h"

struct tkt_error;
struct tkt_promised;
struct tkt_session;

enum tkt_stale {
	TKT_STALE_NOT,   /* nothing of it has moved */
	TKT_STALE_MOVED, /* its clocks have; *moved holds them */
	TKT_STALE_MAYBE, /* what decides is not all in `ticket`: the writer is to see the whole */
};

/*
 *   in_force  the policy that all tickets are to come under; NULL: each stays under its own
 *
 * One of them, or -1 with CONFIGURATION (a calendar is gone), DATA (it is never open) or TEMPORARY.
 */
int tkt_promise_is_stale(struct tkt_session *session, const struct tkt_promised *ticket,
    const char *in_force, struct tkt_moved *moved, struct tkt_error *error);
