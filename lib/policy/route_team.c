#include "policy/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "desk/level.h"
#include "policy/agent.h"
#include "policy/named.h"
#include "policy/status.h"
#include "json/field.h"

#include "base/banned.h"

/* Those who come into question, sorted by login: pointers into the agents or the team. */
struct pool {
	const char **logins;
	size_t count;
};

/* One choice of a team. */
struct choosing {
	struct tkt_routing *routing;
	const struct tkt_route_facts *facts;
	const json_t *logins; /* of the members */
	struct pool pool;
	bool is_preferred; /* a preference has named them */
};

static void pool_clear(struct pool *pool)
{
	free(pool->logins);
}

static void choosing_clear(struct choosing *choosing)
{
	pool_clear(&choosing->pool);
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_in(const struct pool *pool, const char *login)
{
	size_t i;

	for (i = 0; login && i < pool->count; i++)
		if (!strcmp(pool->logins[i], login))
			return true;
	return false;
}

/* Adds one once, at his place; there is room. */
static void admit(struct pool *pool, const char *login)
{
	if (is_in(pool, login))
		return;
	pool->logins[pool->count++] = login;
	qsort(pool->logins, pool->count, sizeof(*pool->logins), compare);
}

static int pool_init(struct pool *pool, size_t most, struct tkt_error *error)
{
	*pool = (struct pool){ .logins = calloc(most + 1, sizeof(*pool->logins)) };
	return pool->logins ? 0 : tkt_error_set_memory(error);
}

static int row(const struct choosing *choosing, const char *login, const char *result,
    const char *why, struct tkt_error *error)
{
	return tkt_routing_row(
	    choosing->routing, "agent", login, choosing->routing->team->rule, result, why, error);
}

json_t *tkt_team_logins(const struct tkt_team *team, const json_t *agents)
{
	struct pool pool = { .logins = NULL };
	json_auto_t *logins = json_array();
	struct tkt_error ignored;
	size_t i, at;
	const json_t *agent;

	for (i = 0; team->members[i]; i++)
		;
	if (!logins || pool_init(&pool, i + json_array_size(agents), &ignored))
		return NULL;
	for (i = 0; team->members[i]; i++) {
		if (strncmp(team->members[i], "group:", 6)) {
			admit(&pool, team->members[i]);
			continue;
		}
		json_array_foreach(agents, at, agent)
			if (tkt_agent_has(agent, "groups", team->members[i] + 6))
				admit(&pool, tkt_object_text(agent, "id"));
	}
	for (i = 0; i < pool.count; i++)
		if (json_array_append_new(logins, json_string(pool.logins[i])))
			break;
	at = pool.count;
	free(pool.logins);
	return i == at ? json_incref(logins) : NULL;
}

/* Why somebody is not there: 'absent until 2026-12-14'. */
static const char *describe(
    const struct tkt_route_facts *facts, const char *login, char *words, size_t size)
{
	const json_t *absence = tkt_agent_absence(tkt_agent_find(facts->agents, login), facts->day);

	switch (tkt_agent_presence(facts->agents, login, facts->day)) {
	case TKT_AGENT_ABSENT:
		snprintf(words, size, "absent until %s", tkt_object_text(absence, "until"));
		return "absent";
	case TKT_AGENT_INACTIVE:
		snprintf(words, size, "not active");
		return "inactive";
	case TKT_AGENT_UNKNOWN:
		snprintf(words, size, "no agent of this desk");
		return "unknown";
	default:
		return NULL;
	}
}

/* The members who are there; the others are told of. */
static int gather_present(struct choosing *choosing, struct tkt_error *error)
{
	const json_t *login;
	size_t at;

	json_array_foreach(choosing->logins, at, login) {
		const char *name = json_string_value(login), *result;
		char words[64];

		result = describe(choosing->facts, name, words, sizeof(words));
		if (!result)
			admit(&choosing->pool, name);
		else if (row(choosing, name, result, words, error))
			return -1;
	}
	return 0;
}

/* Admits who stands in for a member, if anybody does. 0 or -1. */
static int admit_deputy(
    const struct choosing *choosing, struct pool *pool, const char *login, struct tkt_error *error)
{
	const struct tkt_route_facts *facts = choosing->facts;
	const char *deputy = tkt_agent_deputy(facts->agents, login, facts->day);
	tkt_autofree char *why = NULL;

	if (!deputy)
		return 0;
	admit(pool, deputy);
	if (asprintf(&why, "stands in for %s", login) < 0) {
		why = NULL;
		return tkt_error_set_memory(error);
	}
	return row(choosing, deputy, "deputy", why, error);
}

/* Where nobody is there, those who stand in. */
static int gather_deputies(struct choosing *choosing, struct tkt_error *error)
{
	const json_t *login;
	size_t at;

	json_array_foreach(choosing->logins, at, login)
		if (admit_deputy(choosing, &choosing->pool, json_string_value(login), error))
			return -1;
	return 0;
}

/* Does a preference speak for a member? A string of the ticket that names nobody speaks for none.
 * 1, 0, -1. */
static int speaks_for(const struct choosing *choosing, enum tkt_preference preference,
    const char *login, struct tkt_error *error)
{
	const struct tkt_routing *routing = choosing->routing;
	const json_t *agent = tkt_agent_find(choosing->facts->agents, login);
	const char *skill = routing->team->skill;

	switch (preference) {
	case TKT_PREFER_NAMED:
		return tkt_agent_is_named(routing->ticket, login, agent, error);
	case TKT_PREFER_PREVIOUS:
		return tkt_text_equal(choosing->facts->previous, login);
	case TKT_PREFER_SKILL:
		return tkt_agent_has(
		    agent, "skills", skill ? tkt_object_text(routing->ticket, skill) : NULL);
	default:
		return tkt_agent_has(agent, "languages", tkt_object_text(routing->ticket, "lang"));
	}
}

static const char *const lost_words[TKT_PREFER_COUNT] = { "not named in the text",
	"did not have the requester's latest ticket", "has not the skill",
	"does not speak the language" };

/* In place of those for whom it speaks and who are not there, their deputies. 0 or -1. */
static int narrow_to_deputies(const struct choosing *choosing, enum tkt_preference preference,
    struct pool *narrowed, struct tkt_error *error)
{
	const struct tkt_route_facts *facts = choosing->facts;
	const json_t *login;
	size_t at;

	json_array_foreach(choosing->logins, at, login) {
		const char *name = json_string_value(login);
		int speaks;

		if (tkt_agent_presence(facts->agents, name, facts->day) == TKT_AGENT_PRESENT)
			continue;
		speaks = speaks_for(choosing, preference, name, error);
		if (speaks < 0 || (speaks && admit_deputy(choosing, narrowed, name, error)))
			return -1;
	}
	return 0;
}

/* Those for whom it speaks. 0 or -1. */
static int narrow(const struct choosing *choosing, enum tkt_preference preference,
    struct pool *narrowed, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < choosing->pool.count; i++) {
		int speaks = speaks_for(choosing, preference, choosing->pool.logins[i], error);

		if (speaks < 0)
			return -1;
		if (speaks)
			admit(narrowed, choosing->pool.logins[i]);
	}
	/* a person who is meant leaves the ticket to a deputy; a skill or a language does not */
	return preference == TKT_PREFER_NAMED || preference == TKT_PREFER_PREVIOUS
	    ? narrow_to_deputies(choosing, preference, narrowed, error)
	    : 0;
}

/* Tells who loses by it. 0 or -1. */
static int tell_lost(const struct choosing *choosing, enum tkt_preference preference,
    const struct pool *narrowed, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < choosing->pool.count; i++)
		if (!is_in(narrowed, choosing->pool.logins[i]) &&
		    row(choosing, choosing->pool.logins[i], "lost", lost_words[preference], error))
			return -1;
	return 0;
}

/* One preference: who does not meet it is out, unless nobody does. */
static int prefer(
    struct choosing *choosing, enum tkt_preference preference, struct tkt_error *error)
{
	__attribute__((cleanup(pool_clear))) struct pool narrowed = { .logins = NULL };
	struct pool before = choosing->pool;

	if (pool_init(&narrowed, before.count + json_array_size(choosing->logins), error) ||
	    narrow(choosing, preference, &narrowed, error))
		return -1;
	if (!narrowed.count)
		return 0;
	if (tell_lost(choosing, preference, &narrowed, error))
		return -1;
	choosing->pool = narrowed;
	choosing->is_preferred = true;
	narrowed = before;
	return 0;
}

static json_int_t number_of(const json_t *numbers, const char *login)
{
	return json_integer_value(json_object_get(numbers, login));
}

/* Does the first go before the second? By login at last, so that there is one answer. */
static bool goes_before(const struct choosing *choosing, const char *first, const char *second)
{
	const struct tkt_route_facts *facts = choosing->facts;
	json_int_t difference = 0;

	if (choosing->routing->team->assign == TKT_ASSIGN_LEAST_LOADED)
		difference = number_of(facts->loads, first) - number_of(facts->loads, second);
	if (!difference)
		difference = number_of(facts->turns, first) - number_of(facts->turns, second);
	return difference ? difference < 0 : strcmp(first, second) < 0;
}

/* 'open tickets: 3' and 'last turn: event 77' */
static void standing(const struct choosing *choosing, const char *login, char *words, size_t size)
{
	const struct tkt_route_facts *facts = choosing->facts;
	json_int_t turn = number_of(facts->turns, login);
	int length = 0;

	if (choosing->routing->team->assign == TKT_ASSIGN_LEAST_LOADED)
		length = snprintf(
		    words, size, "open tickets: %jd; ", (intmax_t)number_of(facts->loads, login));
	if (turn)
		snprintf(
		    words + length, size - (size_t)length, "last turn: event %jd", (intmax_t)turn);
	else
		snprintf(words + length, size - (size_t)length, "last turn: never");
}

static int choose(const struct choosing *choosing, const char **chosen, struct tkt_error *error)
{
	const struct pool *pool = &choosing->pool;
	bool is_last = choosing->routing->team->assign == TKT_ASSIGN_NONE &&
	    !(choosing->is_preferred && pool->count == 1);
	char words[96];
	size_t i;

	*chosen = NULL;
	for (i = 0; !is_last && i < pool->count; i++)
		if (!*chosen || goes_before(choosing, pool->logins[i], *chosen))
			*chosen = pool->logins[i];
	for (i = 0; i < pool->count; i++) {
		bool is_chosen = *chosen == pool->logins[i];

		standing(choosing, pool->logins[i], words, sizeof(words));
		if (row(choosing, pool->logins[i], is_chosen ? "chosen" : "lost",
			is_last ? "the team assigns nobody by itself" : words, error))
			return -1;
	}
	return 0;
}

static int set_assignee(
    struct tkt_routing *routing, const char *login, const char *rule, struct tkt_error *error)
{
	if (tkt_routing_note(routing, "assignee", rule, error))
		return -1;
	if (routing->ticket == routing->before) { /* which is its owner's */
		json_t *copy = json_copy(routing->ticket);

		if (!copy)
			return tkt_error_set_memory(error);
		json_decref(routing->ticket);
		routing->ticket = copy;
	}
	return tkt_object_set(
	    routing->ticket, "assignee", login ? json_string(login) : json_null(), error);
}

static int team_row(
    struct tkt_routing *routing, const char *result, const char *why, struct tkt_error *error)
{
	return tkt_routing_row(
	    routing, "team", routing->team->title, routing->team->rule, result, why, error);
}

/* Of a team of which nobody is there: one whose members are all no agents of the desk is a mistake
 * in the rule, which is to be seen on the ticket. */
static int tell_nobody(struct tkt_routing *routing, const struct tkt_route_facts *facts,
    const json_t *logins, struct tkt_error *error)
{
	static const char why[] = "nobody of it is there, nor a deputy";
	const json_t *login;
	bool is_known = false;
	size_t i;

	json_array_foreach(logins, i, login)
		if (tkt_agent_find(facts->agents, json_string_value(login)))
			is_known = true;
	tkt_routing_because(routing, routing->team->rule, "team %s: %s", routing->team->title, why);
	if (!is_known && tkt_routing_fail(routing, routing->team->rule, error))
		return -1;
	return team_row(routing, "nobody", why, error);
}

static int choose_member(
    struct tkt_routing *routing, const struct tkt_route_facts *facts, struct tkt_error *error)
{
	json_auto_t *logins = tkt_team_logins(routing->team, facts->agents);
	__attribute__((cleanup(choosing_clear))) struct choosing choosing = {
		.routing = routing, .facts = facts, .logins = logins
	};
	const struct tkt_team *team = routing->team;
	const char *chosen;
	size_t i;

	if (!logins)
		return tkt_error_set_memory(error);
	if (pool_init(&choosing.pool, json_array_size(logins), error) ||
	    gather_present(&choosing, error))
		return -1;
	if (!choosing.pool.count && gather_deputies(&choosing, error))
		return -1;
	for (i = 0; i < team->prefer_count; i++)
		if (prefer(&choosing, team->prefer[i], error))
			return -1;
	if (choose(&choosing, &chosen, error))
		return -1;
	if (!chosen && choosing.pool.count)
		return team_row(routing, "nobody", NULL, error);
	if (!chosen)
		return tell_nobody(routing, facts, logins, error);
	routing->is_chosen = true;
	if (routing->team_route)
		tkt_routing_because(
		    routing, routing->team_route->rule, "route %s", routing->team_route->title);
	tkt_routing_because(routing, team->rule, "team %s: %s", team->title, chosen);
	return set_assignee(routing, chosen, team->rule, error) ||
		team_row(routing, "chooses", chosen, error)
	    ? -1
	    : 0;
}

/* An assignee whom a route has set must be somebody who is there. */
static int settle(
    struct tkt_routing *routing, const struct tkt_route_facts *facts, struct tkt_error *error)
{
	tkt_autofree char *login = NULL;
	const char *rule = routing->assigned_by, *result, *deputy;
	char words[64];

	if (tkt_text_keep(&login, tkt_object_text(routing->ticket, "assignee"), error))
		return -1;
	result = login ? describe(facts, login, words, sizeof(words)) : NULL;
	if (!result)
		return 0;
	if (tkt_routing_row(routing, "agent", login, rule, result, words, error))
		return -1;
	deputy = tkt_agent_deputy(facts->agents, login, facts->day);
	if (deputy && tkt_routing_row(routing, "agent", deputy, rule, "chosen", "stands in", error))
		return -1;
	tkt_routing_because(
	    routing, rule, "%s is %s: %s", login, words, deputy ? deputy : "nobody stands in");
	if (!strcmp(result, "unknown") && tkt_routing_fail(routing, rule, error))
		return -1;
	return set_assignee(
	    routing, deputy ? deputy : tkt_object_text(routing->before, "assignee"), rule, error);
}

bool tkt_routing_assigns(const struct tkt_routing *routing)
{
	return routing->team || routing->assigned_by;
}

int tkt_routing_assign(
    struct tkt_routing *routing, const struct tkt_route_facts *facts, struct tkt_error *error)
{
	const char *assignee;

	if (routing->assigned_by && settle(routing, facts, error))
		return -1;
	if (!routing->team)
		return 0;
	assignee = tkt_object_text(routing->ticket, "assignee");
	if (assignee)
		return team_row(routing, "kept", assignee, error);
	if (tkt_ticket_has_ended(routing->ticket))
		return team_row(routing, "kept", "it has ended", error);
	return choose_member(routing, facts, error);
}
