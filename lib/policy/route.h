/*
 * lib/policy/route.h: where a ticket goes, and who gets it: the `route` and `team` sections of a
 * policy on one ticket (desk.conf(5)). Pure: the ticket and what is known of the agents in, a
 * change with its reasons out. The order in which agents are given makes no difference.
 *
 * The explanation is an array of rows of tkt-json(5), type 'routing': each route, the team, each of
 * its members, with what came of it and why.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

struct tkt_error;
struct tkt_policy;
struct tkt_route;
struct tkt_team;

#define TKT_ROUTE_ACTOR "tool:tkt-route"

/* What the routes make of a ticket. */
struct tkt_routing {
	const json_t *before; /* the ticket as it was, borrowed */
	json_t *ticket;       /* as it would be */
	json_t *names;        /* object: the fields that were changed, and by which sections */
	json_t *notify;       /* array: who is told */
	json_t *team_notify;  /* the same, if the team finds somebody */
	json_t *rows;         /* the explanation; NULL: it is not wanted */
	const struct tkt_route
	    *team_route;             /* that names the team, if the reasons have it not yet */
	const struct tkt_team *team; /* that is to choose the assignee; NULL: none */
	const char *assigned_by; /* "desk.conf:41": the route that set an assignee itself; NULL */
	bool is_chosen;          /* the team has found one */
	struct tkt_text why, rule;
};
void tkt_routing_clear(struct tkt_routing *routing);
#define tkt_autorouting __attribute__((cleanup(tkt_routing_clear))) struct tkt_routing

/*
 * Goes through the routes. `ticket` is the wire's, with `description` and `questions` where they
 * are known, and outlives the routing; `explains`: rows are wanted. 0 and *routing filled, or -1
 * with TEMPORARY.
 */
int tkt_routing_begin(const struct tkt_policy *policy, const json_t *ticket, bool explains,
    struct tkt_routing *routing, struct tkt_error *error);

/* What is known when an assignee is chosen; all borrowed. */
struct tkt_route_facts {
	const json_t *agents; /* array; empty: the desk has none, any login goes */
	const char *day;      /* 'YYYY-MM-DD' */
	const json_t *turns;  /* {"ivanova":77}: a number that rises with each ticket that the
				 team gives; who is not there never had one */
	const json_t *loads;  /* {"ivanova":3}: tickets neither resolved nor closed */
	const char *previous; /* assignee of the requester's latest other ticket; NULL */
};

/* Is there anything that facts are needed for: a team, or an assignee that a route has set? */
bool tkt_routing_assigns(const struct tkt_routing *routing);
/* The logins of a team's members, each once, sorted: a new array; NULL when memory is out. */
json_t *tkt_team_logins(const struct tkt_team *team, const json_t *agents);
/* Chooses the assignee. 0 or -1 with TEMPORARY. */
int tkt_routing_assign(
    struct tkt_routing *routing, const struct tkt_route_facts *facts, struct tkt_error *error);

/* What all of it comes to: a new change, or NULL: the ticket is where it belongs. 0 or -1. */
int tkt_routing_change(const struct tkt_routing *routing, json_t **change, struct tkt_error *error);

/* -- for lib/policy/route*.c -- */

/* Adds a row of the explanation. 0, or -1 with TEMPORARY. */
int tkt_routing_row(struct tkt_routing *routing, const char *kind, const char *name,
    const char *rule, const char *result, const char *why, struct tkt_error *error);
/* Adds to the reasons, and the place of the section once. */
void tkt_routing_because(struct tkt_routing *routing, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Marks a section that could not be followed: the tag 'rule_failed'. 0 or -1. */
int tkt_routing_fail(struct tkt_routing *routing, const char *rule, struct tkt_error *error);
/* A section has changed a field: the last one counts, of a list all do. 0 or -1. */
int tkt_routing_note(
    struct tkt_routing *routing, const char *name, const char *rule, struct tkt_error *error);
