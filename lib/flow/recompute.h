/*
 * lib/flow/recompute.h: open tickets reckoned anew: after the edit of a calendar, or under the
 * policy in force (tkt-sla --recompute, --adopt). Constant memory, whatever the desk.
 */
#pragma once
#include <stdbool.h>

struct tkt_command;
struct tkt_error;
struct tkt_session;

struct tkt_recompute_manner {
	bool adopt;   /* under the policy in force, over each ticket's log */
	bool dry_run; /* nothing is kept */
};

/*
 * Reckons the clocks, timers and next instants of all open tickets by the session's calendars, in
 * write transactions of some hundred tickets: those whose clocks or timers are others then are
 * written, each with an event, and nothing else of them changes. What cannot be reckoned is
 * reported, once for a reason, and keeps no other back. 0, or -1.
 */
int tkt_recompute(struct tkt_session *session, struct tkt_error *error);

/* What the tool does: opens the desk, prints the tickets that are others now, and stores what the
 * calendars are, so that a sweep finds nothing to do. 0, or -1. */
int tkt_recompute_run(struct tkt_command *command, const struct tkt_recompute_manner *manner,
    struct tkt_error *error);
