#include "policy/route.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "desk/level.h"
#include "policy/rule.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define FAILED "rule_failed"

void tkt_routing_clear(struct tkt_routing *routing)
{
	json_decref(routing->ticket);
	json_decref(routing->names);
	json_decref(routing->notify);
	json_decref(routing->team_notify);
	json_decref(routing->rows);
	tkt_text_clear(&routing->why);
	tkt_text_clear(&routing->rule);
	memset(routing, 0, sizeof(*routing));
}

int tkt_routing_row(struct tkt_routing *routing, const char *kind, const char *name,
    const char *rule, const char *result, const char *why, struct tkt_error *error)
{
	json_t *row;

	if (!routing->rows)
		return 0;
	row = json_pack("{s:s,s:O*,s:s,s:s,s:s*,s:s,s:s*}", "type", "routing", "ticket",
	    json_object_get(routing->before, "id"), "kind", kind, "name", name, "rule", rule,
	    "result", result, "why", tkt_text_is_empty(why) ? NULL : why);

	return json_array_append_new(routing->rows, row) ? tkt_error_set_memory(error) : 0;
}

/* Has a list of places, 'desk.conf:41, desk.conf:50', this one? */
static bool has_place(const char *places, const char *place)
{
	size_t length = strlen(place);
	const char *at = places;

	/* 'desk.conf:4' is no part of 'desk.conf:41' */
	while ((at = strstr(at, place)) && at[length] && at[length] != ',')
		at++;
	return at;
}

void tkt_routing_because(struct tkt_routing *routing, const char *rule, const char *format, ...)
{
	va_list arguments;
	char words[512];

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	tkt_text_format(&routing->why, "%s%s", routing->why.length ? "; " : "", words);
	if (!has_place(routing->rule.bytes, rule))
		tkt_text_format(&routing->rule, "%s%s", routing->rule.length ? ", " : "", rule);
}

int tkt_routing_note(
    struct tkt_routing *routing, const char *name, const char *rule, struct tkt_error *error)
{
	const char *known = json_string_value(json_object_get(routing->names, name));
	json_t *places;

	if (known && json_is_array(tkt_object_get(routing->ticket, name)) &&
	    !has_place(known, rule))
		places = json_sprintf("%s, %s", known, rule);
	else
		places = json_string(rule);
	return json_object_set_new(routing->names, name, places) ? tkt_error_set_memory(error) : 0;
}

/* Takes what a change makes of the ticket, and remembers which fields it names. 1: that differs; 0;
 * -1. */
static int take(
    struct tkt_routing *routing, const json_t *change, const char *rule, struct tkt_error *error)
{
	static const char *const members[] = { "set", "add", "remove" };
	json_auto_t *after = NULL;
	const char *name;
	json_t *value;
	size_t i;

	if (tkt_change_preview(change, routing->ticket, &after, error))
		return -1;
	if (json_equal(after, routing->ticket))
		return 0;
	for (i = 0; i < sizeof(members) / sizeof(*members); i++)
		json_object_foreach(json_object_get(change, members[i]), name, value)
			if (tkt_routing_note(routing, name, rule, error))
				return -1;
	json_decref(routing->ticket);
	routing->ticket = tkt_take(after);
	return 1;
}

int tkt_routing_fail(struct tkt_routing *routing, const char *rule, struct tkt_error *error)
{
	json_auto_t *change = NULL;

	if (tkt_change_new(NULL, NULL, &change, error) ||
	    tkt_change_add(change, "tags", FAILED, error))
		return -1;
	return take(routing, change, rule, error) < 0 ? -1 : 0;
}

static int add_people(json_t *list, char *const *people, struct tkt_error *error)
{
	for (; *people; people++)
		if (!tkt_array_has_text(list, *people) &&
		    json_array_append_new(list, json_string(*people)))
			return tkt_error_set_memory(error);
	return 0;
}

static int make_change(const struct tkt_route *route, json_t **change, struct tkt_error *error)
{
	json_auto_t *made = NULL;

	if (tkt_change_new(NULL, NULL, &made, error) ||
	    tkt_rule_set(made, NULL, route->set, error) || tkt_rule_add(made, route->add, error))
		return -1;
	*change = tkt_take(made);
	return 0;
}

/* 'priority=critical, queue=oncall, tags=late, team l1' */
static void describe(const struct tkt_route *route, struct tkt_text *out)
{
	char *const *text;

	for (text = route->set; *text; text++)
		tkt_text_format(out, "%s%s", out->length ? ", " : "", *text);
	for (text = route->add; *text; text++)
		tkt_text_format(out, "%s%s", out->length ? ", " : "", *text);
	if (route->team)
		tkt_text_format(out, "%steam %s", out->length ? ", " : "", route->team);
	if (route->stop)
		tkt_text_format(out, "%sstop", out->length ? ", " : "");
}

/* A route that matches. */
static int follow(struct tkt_routing *routing, const struct tkt_policy *policy,
    const struct tkt_route *route, struct tkt_error *error)
{
	tkt_autofree char *before = NULL;
	json_auto_t *change = NULL;
	const char *assignee;
	tkt_autotext what;
	int differs;

	tkt_text_init(&what, TKT_TEXT_LIMIT);
	describe(route, &what);
	if (tkt_text_keep(&before, tkt_object_text(routing->ticket, "assignee"), error) ||
	    make_change(route, &change, error))
		return -1;
	differs = take(routing, change, route->rule, error);
	if (differs < 0)
		return -1;
	assignee = tkt_object_text(routing->ticket, "assignee");
	if (!tkt_text_equal(before, assignee))
		routing->assigned_by = route->rule;
	if (differs)
		tkt_routing_because(routing, route->rule, "route %s", route->title);
	if (route->team) {
		routing->team = tkt_team_find(policy, route->team);
		routing->team_route = differs ? NULL : route; /* it has not been told yet */
		json_array_clear(routing->team_notify);
	}
	if ((differs || route->team) &&
	    add_people(differs ? routing->notify : routing->team_notify, route->notify, error))
		return -1;
	return tkt_text_check(&what, error) ||
		tkt_routing_row(
		    routing, "route", route->title, route->rule, "matches", what.bytes, error)
	    ? -1
	    : 0;
}

/* One route: 1 when it ends the search, 0, -1. */
static int try(struct tkt_routing *routing, const struct tkt_policy *policy,
    const struct tkt_route *route, struct tkt_error *error)
{
	static const char failure[] = "a pattern takes too many steps on this ticket";
	int matches = tkt_match_ticket(&route->match, routing->ticket, error);

	if (!matches)
		return tkt_routing_row(
		    routing, "route", route->title, route->rule, "differs", NULL, error);
	if (matches > 0)
		return follow(routing, policy, route, error) ? -1 : route->stop;
	if (error->kind == TKT_ERROR_TEMPORARY)
		return -1;
	*error = (struct tkt_error){ 0 };
	tkt_routing_because(routing, route->rule, "route %s failed: %s", route->title, failure);
	return tkt_routing_fail(routing, route->rule, error) ||
		tkt_routing_row(
		    routing, "route", route->title, route->rule, "failed", failure, error)
	    ? -1
	    : 0;
}

int tkt_routing_begin(const struct tkt_policy *policy, const json_t *ticket, bool explains,
    struct tkt_routing *routing, struct tkt_error *error)
{
	tkt_autorouting made = {
		.before = ticket,
		.ticket = json_incref((json_t *)ticket),
		.names = json_object(),
		.notify = json_array(),
		.team_notify = json_array(),
		.rows = explains ? json_array() : NULL,
	};
	int stopped = 0;
	size_t i;

	tkt_text_init(&made.why, TKT_TEXT_LIMIT);
	tkt_text_init(&made.rule, TKT_TEXT_LIMIT);
	if (!made.names || !made.notify || !made.team_notify || (explains && !made.rows))
		return tkt_error_set_memory(error);
	for (i = 0; i < policy->route_count; i++) {
		const struct tkt_route *route = &policy->routes[i];

		if (stopped && !explains)
			break;
		if (!stopped)
			stopped = try(&made, policy, route, error);
		else if (tkt_routing_row(
			     &made, "route", route->title, route->rule, "unreached", NULL, error))
			return -1;
		if (stopped < 0)
			return -1;
	}
	*routing = made;
	memset(&made, 0, sizeof(made));
	return 0;
}

/* What a list has got and lost. */
static int change_list(
    json_t *change, const char *name, const json_t *was, const json_t *is, struct tkt_error *error)
{
	const json_t *element;
	size_t at;

	json_array_foreach(is, at, element)
		if (!tkt_array_has(was, element) &&
		    tkt_change_add(change, name, json_string_value(element), error))
			return -1;
	json_array_foreach(was, at, element)
		if (!tkt_array_has(is, element) &&
		    tkt_change_remove(change, name, json_string_value(element), error))
			return -1;
	return 0;
}

/* Puts what became of one field into the change. */
static int change_field(
    const struct tkt_routing *routing, json_t *change, const char *name, struct tkt_error *error)
{
	json_t *was = tkt_object_get(routing->before, name),
	       *is = tkt_object_get(routing->ticket, name);

	if (was == is || json_equal(was, is))
		return 0;
	if (json_is_array(was) || json_is_array(is))
		return change_list(change, name, was, is, error);
	return tkt_change_set(
	    change, routing->before, name, is ? json_incref(is) : json_null(), error);
}

/* Of several sections, which did what. */
static int put_rules(const struct tkt_routing *routing, json_t *change, struct tkt_error *error)
{
	static const char *const members[] = { "set", "add", "remove" };
	json_auto_t *rules = json_object();
	const char *name;
	json_t *value;
	size_t i;

	if (!rules)
		return tkt_error_set_memory(error);
	for (i = 0; i < sizeof(members) / sizeof(*members); i++)
		json_object_foreach(json_object_get(change, members[i]), name, value) {
			json_t *place = json_object_get(routing->names, name);

			if (place && json_object_set(rules, name, place))
				return tkt_error_set_memory(error);
		}
	return tkt_change_put(change, "rules", json_incref(rules), error);
}

/* Who decided, whom it tells, and why. */
static int put_reasons(const struct tkt_routing *routing, json_t *change, struct tkt_error *error)
{
	json_auto_t *notify = json_copy(routing->notify);

	if (!notify || (routing->is_chosen && json_array_extend(notify, routing->team_notify)))
		return tkt_error_set_memory(error);
	if (json_array_size(notify) && tkt_change_put(change, "notify", json_incref(notify), error))
		return -1;
	if (routing->is_chosen &&
	    tkt_change_put(change, "team", json_string(routing->team->title), error))
		return -1;
	if (strchr(routing->rule.bytes, ',') && put_rules(routing, change, error))
		return -1;
	return tkt_text_check(&routing->why, error) || tkt_text_check(&routing->rule, error) ||
		tkt_change_put(change, "why", json_string(routing->why.bytes), error) ||
		tkt_change_put(change, "rule", json_string(routing->rule.bytes), error) ||
		tkt_change_put(change, "actor", json_string(TKT_ROUTE_ACTOR), error)
	    ? -1
	    : 0;
}

int tkt_routing_change(const struct tkt_routing *routing, json_t **change, struct tkt_error *error)
{
	json_auto_t *made = NULL;
	const char *name;
	json_t *value;

	*change = NULL;
	if (!json_object_size(routing->names))
		return 0;
	if (tkt_change_new(routing->before, NULL, &made, error))
		return -1;
	json_object_foreach(routing->names, name, value)
		if (change_field(routing, made, name, error))
			return -1;
	if (!json_object_get(made, "set") && !json_object_get(made, "add") &&
	    !json_object_get(made, "remove"))
		return 0;
	/* it has been given, not taken: it stays new */
	if (tkt_text_equal(tkt_object_text(routing->before, "status"), "new") &&
	    json_object_get(json_object_get(made, "set"), "assignee") &&
	    !json_object_get(json_object_get(made, "set"), "status") &&
	    tkt_change_set_text(made, routing->before, "status", "new", error))
		return -1;
	if (put_reasons(routing, made, error))
		return -1;
	*change = tkt_take(made);
	return 0;
}
