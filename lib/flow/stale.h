/* lib/flow/stale.h: would a ticket's promises be reckoned otherwise now? Reads no more of it than
 * that needs. */
#pragma once

struct tkt_error;
struct tkt_promised;
struct tkt_session;

/*
 *   in_force  the policy that all tickets are to come under; NULL: each stays under its own
 *
 * 1: it is to be written (or may be: what decides is not all in `ticket`); 0: nothing of it has
 * moved; -1 with CONFIGURATION (a calendar is gone), DATA (it is never open) or TEMPORARY.
 */
int tkt_promise_is_stale(struct tkt_session *session, const struct tkt_promised *ticket,
    const char *in_force, struct tkt_error *error);
