/*
 * lib/flow/route.h: where a ticket goes, by the policy that it came under and by what the desk
 * knows of its agents: policy/route.h, with the facts out of the store. tkt-route and tkt-mailin
 * go through it.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_session;

/*
 * What a run of decisions knows. `= { 0 }` where each is applied before the next one is made: then
 * the store is asked anew. With `keeps` none is applied, and each counts for those after it: whose
 * turn it was, how many tickets he has.
 */
struct tkt_router {
	bool keeps;
	json_t *turns; /* {"l1":{"ivanova":77}} */
	json_t *loads; /* {"ivanova":3} */
};
void tkt_router_clear(struct tkt_router *router);
#define tkt_autorouter __attribute__((cleanup(tkt_router_clear))) struct tkt_router

/*
 * Decides on one ticket, stored or only proposed. In a transaction, for reading or writing.
 *
 *   ticket  on the wire; its `description` and `questions` are read when they are not there
 *   change  gets the change, with its reasons and `actor`; NULL: the ticket is where it belongs,
 *           or resolved, or closed
 *   rows    NULL, or gets the explanation: an array
 *
 * 0, or -1 with CONFIGURATION (its policy) or what the store says.
 */
int tkt_route_decide(struct tkt_session *session, struct tkt_router *router, const json_t *ticket,
    json_t **change, json_t **rows, struct tkt_error *error);
