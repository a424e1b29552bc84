/*
 * lib/flow/clocks.h: what a change does to the promises on its ticket, within its transaction: the
 * clocks, the timers, and when a sweep next has something to do with it.
 */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/* What moves the clocks of a ticket that is there already. */
enum tkt_clocks_way {
	TKT_CLOCKS_FOLLOW, /* the change; where another level matches, that one is adopted */
	TKT_CLOCKS_RECKON, /* the calendars, as they now are; what they kept from starting starts */
	TKT_CLOCKS_ADOPT,  /* the policy that the change puts it under, over the ticket's log */
};

/*
 * Moves `clocks`, `timers` and `next_at` of a ticket on, and marks the change's step as fired.
 * Costs nothing where the ticket's policy promises nothing and the ticket waits for nothing.
 * Closed tickets are never judged again.
 *
 *   before  the ticket as it was; NULL when the change opens it
 *   after   as the change and its status leave it; changed in place
 *
 * Promises that cannot be reckoned, by a calendar that has run out, stay as they were, and a
 * warning says so: that keeps no letter back. A reckoning that was asked for fails instead.
 *
 * 0, or -1 with NO (the step has fired before), CONFIGURATION (a calendar is not there any more),
 * DATA (it is not open any more, RECKON and ADOPT alone) or what the store says.
 */
int tkt_clocks_advance(struct tkt_session *session, const json_t *change, const json_t *before,
    json_t *after, enum tkt_clocks_way way, struct tkt_error *error);
