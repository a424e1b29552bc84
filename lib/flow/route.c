#include "flow/route.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "desk/level.h"
#include "flow/agents.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "policy/route.h"
#include "policy/status.h"
#include "store/assignment.h"
#include "store/derived.h"
#include "json/field.h"

#include "base/banned.h"

void tkt_router_clear(struct tkt_router *router)
{
	json_decref(router->turns);
	json_decref(router->loads);
	*router = (struct tkt_router){ 0 };
}

/* The turns of a team. 0 and a new reference, or -1. */
static int find_turns(struct tkt_session *session, struct tkt_router *router, const char *team,
    json_t **turns, struct tkt_error *error)
{
	*turns = router->keeps ? json_incref(json_object_get(router->turns, team)) : NULL;
	if (*turns)
		return 0;
	if (tkt_turn_all(session->db, team, turns, error))
		return -1;
	if (!router->keeps)
		return 0;
	if (!router->turns)
		router->turns = json_object();
	return json_object_set(router->turns, team, *turns) ? tkt_error_set_memory(error) : 0;
}

/* How many tickets each agent has. 0 and a new reference, or -1. */
static int find_loads(
    struct tkt_session *session, struct tkt_router *router, json_t **loads, struct tkt_error *error)
{
	if (!router->loads || !router->keeps) {
		json_decref(tkt_take(router->loads));
		if (tkt_assignee_loads(session->db, &router->loads, error))
			return -1;
	}
	*loads = json_incref(router->loads);
	return 0;
}

static bool prefers(const struct tkt_team *team, enum tkt_preference preference)
{
	size_t i;

	for (i = 0; i < team->prefer_count; i++)
		if (team->prefer[i] == preference)
			return true;
	return false;
}

static int find_previous(
    struct tkt_session *session, const json_t *ticket, char **previous, struct tkt_error *error)
{
	const char *requester = tkt_object_text(ticket, "requester.email");

	if (!requester)
		return 0;
	return tkt_assignee_previous(
		   session->db, requester, tkt_object_text(ticket, "id"), previous, error) < 0
	    ? -1
	    : 0;
}

/* A decision of a run that applies none: the next ones know of it. */
static int remember(
    const struct tkt_router *router, const struct tkt_routing *routing, struct tkt_error *error)
{
	const char *login = tkt_object_text(routing->ticket, "assignee"), *other;
	json_t *turns, *turn;
	json_int_t last = 0;

	if (!router->keeps || !routing->is_chosen)
		return 0;
	turns = json_object_get(router->turns, routing->team->title);
	json_object_foreach(turns, other, turn)
		if (json_integer_value(turn) > last)
			last = json_integer_value(turn);
	if (json_object_set_new(turns, login, json_integer(last + 1)) ||
	    (router->loads &&
		json_object_set_new(router->loads, login,
		    json_integer(json_integer_value(json_object_get(router->loads, login)) + 1))))
		return tkt_error_set_memory(error);
	return 0;
}

static int assign(struct tkt_session *session, struct tkt_router *router,
    struct tkt_routing *routing, struct tkt_error *error)
{
	const struct tkt_team *team = routing->team;
	json_auto_t *turns = NULL, *loads = NULL;
	tkt_autofree char *previous = NULL;
	struct tkt_route_facts facts = { 0 };
	char day[16];

	if (tkt_session_agents(session, &facts.agents, error) ||
	    (team && find_turns(session, router, team->title, &turns, error)) ||
	    (team && team->assign == TKT_ASSIGN_LEAST_LOADED &&
		find_loads(session, router, &loads, error)) ||
	    (team && prefers(team, TKT_PREFER_PREVIOUS) &&
		find_previous(session, routing->ticket, &previous, error)))
		return -1;
	tkt_session_day(session, day);
	facts.day = day;
	facts.turns = turns;
	facts.loads = loads;
	facts.previous = previous;
	return tkt_routing_assign(routing, &facts, error) || remember(router, routing, error) ? -1
											      : 0;
}

/* The ticket with what only the store knows of it. A new reference in *told. 0 or -1. */
static int complete(
    struct tkt_session *session, const json_t *ticket, json_t **told, struct tkt_error *error)
{
	json_auto_t *copy = NULL;

	if (json_object_get(ticket, "description") && json_object_get(ticket, "questions")) {
		*told = json_incref((json_t *)ticket);
		return 0;
	}
	copy = json_copy((json_t *)ticket);
	if (!copy)
		return tkt_error_set_memory(error);
	if (tkt_derived_load(session->db, copy, error) < 0)
		return -1;
	*told = tkt_take(copy);
	return 0;
}

int tkt_route_decide(struct tkt_session *session, struct tkt_router *router, const json_t *ticket,
    json_t **change, json_t **rows, struct tkt_error *error)
{
	const struct tkt_policy *policy;
	tkt_autorouting routing = { 0 };
	json_auto_t *told = NULL;

	*change = NULL;
	if (!rows && tkt_ticket_has_ended(ticket)) /* it needs nobody */
		return 0;
	if (tkt_session_policy_of(session, tkt_object_text(ticket, "policy"), &policy, error))
		return -1;
	if (!policy->route_count && !rows)
		return 0;
	if (complete(session, ticket, &told, error) ||
	    tkt_routing_begin(policy, told, rows != NULL, &routing, error) ||
	    (tkt_routing_assigns(&routing) && assign(session, router, &routing, error)) ||
	    tkt_routing_change(&routing, change, error))
		return -1;
	if (rows)
		*rows = json_incref(routing.rows);
	return 0;
}
