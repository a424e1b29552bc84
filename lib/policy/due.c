#include "policy/due.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/level.h"
#include "policy/clock.h"
#include "policy/rule.h"
#include "policy/timer.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

/* What is due on one ticket, as it is found. */
struct proposing {
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars;
	const json_t *ticket;
	int64_t now;
	struct tkt_level level;
	struct tkt_clocks clocks;
	json_t *changes, *steps; /* arrays; steps stand behind the rest */
};

/* The steps of one clock or timer that are due and have not fired. */
struct ready {
	const struct tkt_step *step;
	int64_t height; /* of a clock its percent, of a timer its instant */
};

static void proposing_clear(struct proposing *proposing)
{
	tkt_clocks_clear(&proposing->clocks);
	json_decref(proposing->changes);
	json_decref(proposing->steps);
}

/* What the change says of itself: whose step it is, and which ones it makes moot. */
static int put_mark(json_t *change, const json_t *mark, const struct tkt_step *step,
    const json_t *skipped, struct tkt_error *error)
{
	json_auto_t *own = json_copy((json_t *)mark);

	if (json_object_set_new(own, "step", json_string(step->title)) ||
	    (json_array_size(skipped) &&
		json_object_set_new(own, "skipped", json_copy((json_t *)skipped))))
		return tkt_error_set_memory(error);
	return tkt_change_put(change, "step", json_incref(own), error);
}

/* A change with all that a step does. */
static int make_change(const struct proposing *proposing, const struct tkt_step *step,
    const json_t *mark, const json_t *skipped, const char *who, struct tkt_error *error)
{
	const char *blank = strrchr(step->title, ' ');
	tkt_autofree char *why = NULL;
	json_auto_t *change = NULL;

	if (asprintf(&why, "%s%s", who, blank ? blank + 1 : step->title) < 0) {
		why = NULL;
		return tkt_error_set_memory(error);
	}
	if (tkt_change_new(proposing->ticket, why, &change, error))
		return -1;
	if (tkt_rule_set(change, proposing->ticket, step->set, error) ||
	    tkt_rule_add(change, step->add, error) ||
	    put_mark(change, mark, step, skipped, error) ||
	    tkt_rule_put(change, "notify", step->notify, error) ||
	    tkt_change_put(change, "rule", json_string(step->rule), error))
		return -1;
	if ((step->reply && json_object_set_new(change, "reply", json_string(step->reply))) ||
	    json_array_append(proposing->steps, change))
		return tkt_error_set_memory(error);
	return 0;
}

/* Titles of what stays below the highest, lowest first; NULL without memory. */
static json_t *skipped_titles(const struct ready *ready, size_t count, int64_t highest)
{
	json_auto_t *titles = json_array();
	int64_t below = INT64_MIN;

	while (titles) {
		const struct ready *next = NULL;
		size_t i;

		for (i = 0; i < count; i++)
			if (ready[i].height > below && ready[i].height < highest &&
			    (!next || ready[i].height < next->height))
				next = &ready[i];
		if (!next)
			break;
		below = next->height;
		for (i = 0; i < count; i++)
			if (ready[i].height == below &&
			    json_array_append_new(titles, json_string(ready[i].step->title)))
				return NULL;
	}
	return json_incref(titles);
}

/*
 * Proposes the highest of what is ready.
 *
 *   mark  of whom they are: 'clock' or 'timer', and 'cycle'
 *   who   the start of the reason; the last word of the step's title follows
 */
static int fire(const struct proposing *proposing, const struct ready *ready, size_t count,
    const json_t *mark, const char *who, struct tkt_error *error)
{
	json_auto_t *skipped = NULL;
	int64_t highest = INT64_MIN;
	size_t i;

	for (i = 0; i < count; i++)
		if (ready[i].height > highest)
			highest = ready[i].height;
	skipped = skipped_titles(ready, count, highest);
	if (!skipped)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++) {
		if (ready[i].height < highest)
			continue;
		if (make_change(proposing, ready[i].step, mark, skipped, who, error))
			return -1;
		json_array_clear(skipped); /* the first of them tells */
	}
	return 0;
}

/* Which escalations of a running clock are due. Returns how many, or -1. */
static int find_escalations(const struct proposing *proposing, const struct tkt_clock *clock,
    struct ready *ready, struct tkt_error *error)
{
	const struct tkt_sla *sla = proposing->level.sla;
	int count = 0;
	size_t i;

	for (i = 0; i < sla->escalation_count; i++) {
		const struct tkt_step *step = &sla->escalations[i];
		int64_t at;
		int fires = tkt_clock_step(clock, &proposing->level, step, &at, error);

		if (fires < 0)
			return -1;
		if (fires && at <= proposing->now)
			ready[count++] = (struct ready){ step, step->percent };
	}
	return count;
}

static int escalate(
    const struct proposing *proposing, const struct tkt_clock *clock, struct tkt_error *error)
{
	const struct tkt_sla *sla = proposing->level.sla;
	tkt_autofree struct ready *ready = NULL;
	json_auto_t *mark = NULL;
	char who[64];
	int count;

	if (clock->state != TKT_CLOCK_RUNNING || !sla)
		return 0;
	ready = calloc(sla->escalation_count + 1, sizeof(*ready));
	mark = json_pack(
	    "{s:s,s:I}", "clock", tkt_clock_words[clock->name], "cycle", (json_int_t)clock->cycle);
	if (!ready || !mark)
		return tkt_error_set_memory(error);
	count = find_escalations(proposing, clock, ready, error);
	snprintf(who, sizeof(who), "escalation: %s ", tkt_clock_words[clock->name]);
	return count <= 0 ? count : fire(proposing, ready, (size_t)count, mark, who, error);
}

/* Which steps of a running timer are due. 0 or -1. */
static int find_steps(const struct proposing *proposing, const struct tkt_timer *timer,
    const json_t *entry, int64_t since_at, struct ready *ready, size_t *count,
    struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < timer->step_count; i++) {
		const struct tkt_step *step = &timer->steps[i];
		int64_t at;

		if (tkt_entry_has_step(entry, step->title))
			continue;
		if (tkt_timer_step_at(timer, step, proposing->calendars, since_at, &at, error))
			return -1;
		if (at <= proposing->now)
			ready[(*count)++] = (struct ready){ step, at };
	}
	return 0;
}

static int run_timer(
    const struct proposing *proposing, const struct tkt_timer *timer, struct tkt_error *error)
{
	tkt_autofree struct ready *ready = NULL;
	tkt_autofree char *who = NULL;
	json_auto_t *mark = NULL;
	const json_t *entry;
	int64_t since_at;
	size_t count = 0;
	int runs = tkt_timer_runs(timer, proposing->ticket, &since_at, error);

	entry = runs > 0 ? tkt_timer_entry(proposing->ticket, timer->title, since_at) : NULL;
	if (!entry) /* what has begun without a change begins with the next one */
		return runs < 0 ? -1 : 0;
	ready = calloc(timer->step_count + 1, sizeof(*ready));
	mark = json_pack(
	    "{s:s,s:O}", "timer", timer->title, "cycle", json_object_get(entry, "since_at"));
	if (asprintf(&who, "timer '%s': ", timer->title) < 0)
		who = NULL;
	if (!ready || !mark || !who)
		return tkt_error_set_memory(error);
	if (find_steps(proposing, timer, entry, since_at, ready, &count, error))
		return -1;
	return count ? fire(proposing, ready, count, mark, who, error) : 0;
}

/* Is a step of this clock among the proposals? It records the breach too, as any change does. */
static bool is_told(const struct proposing *proposing, const struct tkt_clock *clock)
{
	const json_t *change;
	size_t at;

	json_array_foreach(proposing->steps, at, change) {
		const json_t *step = json_object_get(change, "step");

		if (tkt_text_equal(tkt_object_text(step, "clock"), tkt_clock_words[clock->name]) &&
		    json_integer_value(json_object_get(step, "cycle")) == clock->cycle)
			return true;
	}
	return false;
}

static int propose_breaches(const struct proposing *proposing, struct tkt_error *error)
{
	json_auto_t *change = NULL;
	tkt_autotext why;
	size_t i;

	tkt_text_init(&why, sizeof(error->text));
	for (i = 0; i < proposing->clocks.count; i++) {
		const struct tkt_clock *clock = &proposing->clocks.clocks[i];

		if (clock->state == TKT_CLOCK_RUNNING && clock->breached_at == TKT_TIME_NONE &&
		    clock->due_at != TKT_TIME_NONE && clock->due_at < proposing->now &&
		    !is_told(proposing, clock))
			tkt_text_format(&why, "%s%s breached", why.length ? ", " : "",
			    tkt_clock_words[clock->name]);
	}
	if (!why.length)
		return 0;
	if (tkt_text_check(&why, error) ||
	    tkt_change_new(proposing->ticket, why.bytes, &change, error))
		return -1;
	return json_array_append(proposing->changes, change) ? tkt_error_set_memory(error) : 0;
}

/* When a pending ticket wakes; TKT_TIME_NONE: it does not. */
static int64_t wake_time(const json_t *ticket)
{
	return tkt_text_equal(tkt_object_text(ticket, "status"), "pending")
	    ? tkt_object_time(ticket, "wake_at")
	    : TKT_TIME_NONE;
}

static int propose_waking(const struct proposing *proposing, struct tkt_error *error)
{
	int64_t at = wake_time(proposing->ticket);
	json_auto_t *change = NULL;

	if (at == TKT_TIME_NONE || at > proposing->now)
		return 0;
	if (tkt_change_new(proposing->ticket, "woken", &change, error) ||
	    tkt_change_set_text(change, proposing->ticket, "status", "open", error))
		return -1;
	return json_array_append(proposing->changes, change) ? tkt_error_set_memory(error) : 0;
}

/* A ticket that asks for a look in vain would ask for it again at each sweep. */
static int propose_rest(const struct proposing *proposing, struct tkt_error *error)
{
	const char *stored = tkt_object_text(proposing->ticket, "next_at");
	json_auto_t *copy = NULL, *change = NULL;
	char fresh[TKT_TIME_SIZE] = "";
	int64_t next;

	if (!stored || json_array_size(proposing->changes))
		return 0;
	copy = json_deep_copy(proposing->ticket);
	if (!copy)
		return tkt_error_set_memory(error);
	if (tkt_timers_follow(proposing->policy, proposing->calendars, copy, error) ||
	    tkt_due_next(proposing->policy, proposing->calendars, copy, &next, error))
		return -1;
	if (next != TKT_TIME_NONE)
		tkt_time_format(next, fresh);
	if (tkt_text_equal(fresh, stored))
		return 0;
	if (tkt_change_new(proposing->ticket, "nothing is due any more", &change, error))
		return -1;
	return json_array_append(proposing->changes, change) ? tkt_error_set_memory(error) : 0;
}

int tkt_due_propose(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, int64_t now, json_t **changes, struct tkt_error *error)
{
	__attribute__((cleanup(proposing_clear))) struct proposing proposing = {
		.policy = policy,
		.calendars = calendars,
		.ticket = ticket,
		.now = now,
		.changes = json_array(),
		.steps = json_array(),
	};
	size_t i;

	if (!proposing.changes || !proposing.steps)
		return tkt_error_set_memory(error);
	if (tkt_clocks_load(json_object_get(ticket, "clocks"), &proposing.clocks, error) ||
	    (proposing.clocks.count &&
		tkt_level_choose(policy, calendars, ticket, &proposing.level, error)))
		return -1;
	for (i = 0; i < proposing.clocks.count; i++)
		if (escalate(&proposing, &proposing.clocks.clocks[i], error))
			return -1;
	for (i = 0; i < policy->timer_count; i++)
		if (run_timer(&proposing, &policy->timers[i], error))
			return -1;
	if (propose_breaches(&proposing, error) || propose_waking(&proposing, error))
		return -1;
	if (json_array_extend(proposing.changes, proposing.steps))
		return tkt_error_set_memory(error);
	if (propose_rest(&proposing, error))
		return -1;
	*changes = tkt_take(proposing.changes);
	return 0;
}

/* The entry of the clock or timer whose step it is, in the cycle it is of; NULL: there is none. */
static json_t *find_entry(const json_t *step, const json_t *ticket, struct tkt_error *error)
{
	const char *timer = tkt_object_text(step, "timer"), *clock = tkt_object_text(step, "clock"),
		   *since = tkt_object_text(step, "cycle");
	json_t *entry;
	int64_t at;
	size_t index;

	if (timer)
		return since && !tkt_time_parse(since, &at, error)
		    ? tkt_timer_entry(ticket, timer, at)
		    : NULL;
	json_array_foreach(json_object_get(ticket, "clocks"), index, entry) {
		if (clock && tkt_text_equal(tkt_object_text(entry, "name"), clock) &&
		    json_equal(json_object_get(entry, "cycle"), json_object_get(step, "cycle")))
			return entry;
	}
	return NULL;
}

static int append_step(json_t *entry, const json_t *title, struct tkt_error *error)
{
	json_t *steps = json_object_get(entry, "steps");

	if (!steps) {
		steps = json_array();
		if (json_object_set_new(entry, "steps", steps))
			return tkt_error_set_memory(error);
	}
	return json_array_append(steps, (json_t *)title) ? tkt_error_set_memory(error) : 0;
}

int tkt_due_mark(const json_t *step, json_t *ticket, struct tkt_error *error)
{
	const json_t *own = json_object_get(step, "step"), *title;
	json_t *entry;
	size_t at;

	if (!json_is_string(own))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a text"), "step");
	entry = find_entry(step, ticket, error);
	if (!entry)
		return tkt_error_set(error, TKT_ERROR_NO,
		    _("ticket '%s' has no such cycle of a clock or timer any more"),
		    tkt_object_text(ticket, "id"));
	if (tkt_entry_has_step(entry, json_string_value(own)))
		return tkt_error_set(error, TKT_ERROR_NO,
		    _("step '%s' of ticket '%s' has fired before"), json_string_value(own),
		    tkt_object_text(ticket, "id"));
	json_array_foreach(json_object_get(step, "skipped"), at, title) {
		if (json_is_string(title) && !tkt_entry_has_step(entry, json_string_value(title)) &&
		    append_step(entry, title, error))
			return -1;
	}
	return append_step(entry, own, error);
}

int tkt_due_next(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, int64_t *next, struct tkt_error *error)
{
	int64_t instants[] = { TKT_TIME_NONE, tkt_timers_next(ticket), wake_time(ticket) };
	struct tkt_level level = { 0 };
	tkt_autoclocks clocks = { 0 };
	size_t i;

	if (tkt_clocks_load(json_object_get(ticket, "clocks"), &clocks, error))
		return -1;
	if (clocks.count &&
	    (tkt_level_choose(policy, calendars, ticket, &level, error) ||
		tkt_clocks_next(&clocks, &level, &instants[0], error)))
		return -1;
	*next = TKT_TIME_NONE;
	for (i = 0; i < sizeof(instants) / sizeof(*instants); i++)
		if (instants[i] != TKT_TIME_NONE && (*next == TKT_TIME_NONE || instants[i] < *next))
			*next = instants[i];
	return 0;
}
