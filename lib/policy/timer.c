#include "policy/timer.h"

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/level.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_timer_runs(
    const struct tkt_timer *timer, const json_t *ticket, int64_t *since_at, struct tkt_error *error)
{
	int64_t since = tkt_object_time(ticket, timer->since);
	int matches;

	if (since == TKT_TIME_NONE || tkt_text_equal(tkt_object_text(ticket, "status"), "closed"))
		return 0;
	matches = tkt_match_ticket(&timer->match, ticket, error);
	if (matches > 0)
		*since_at = since;
	return matches;
}

json_t *tkt_timer_entry(const json_t *ticket, const char *name, int64_t since_at)
{
	json_t *entry;
	size_t at;

	json_array_foreach(json_object_get(ticket, "timers"), at, entry) {
		if (tkt_text_equal(tkt_object_text(entry, "name"), name) &&
		    tkt_object_time(entry, "since_at") == since_at)
			return entry;
	}
	return NULL;
}

bool tkt_entry_has_step(const json_t *entry, const char *title)
{
	return tkt_array_has_text(json_object_get(entry, "steps"), title);
}

int tkt_timer_step_at(const struct tkt_timer *timer, const struct tkt_step *step,
    struct tkt_calendars *calendars, int64_t since_at, int64_t *at, struct tkt_error *error)
{
	struct tkt_calendar *calendar = NULL;

	if (timer->calendar && tkt_calendars_find(calendars, timer->calendar, &calendar, error)) {
		if (error->kind == TKT_ERROR_NOT_FOUND)
			error->kind = TKT_ERROR_CONFIGURATION;
		return tkt_error_prefix(error, _("timer '%s'"), timer->title);
	}
	if (tkt_calendar_add(calendar, since_at, &step->length, at, error))
		return tkt_error_prefix(error, _("timer '%s'"), timer->title);
	return 0;
}

/* The earliest of its steps that has not fired; TKT_TIME_NONE: all have. 0, or -1. */
static int next_step(const struct tkt_timer *timer, struct tkt_calendars *calendars,
    const json_t *entry, int64_t since_at, int64_t *next, struct tkt_error *error)
{
	size_t i;

	*next = TKT_TIME_NONE;
	for (i = 0; i < timer->step_count; i++) {
		int64_t at;

		if (tkt_entry_has_step(entry, timer->steps[i].title))
			continue;
		if (tkt_timer_step_at(timer, &timer->steps[i], calendars, since_at, &at, error))
			return -1;
		if (*next == TKT_TIME_NONE || at < *next)
			*next = at;
	}
	return 0;
}

static json_t *make_entry(const char *name, int64_t since_at, int64_t next_at, const json_t *steps)
{
	char since[TKT_TIME_SIZE], next[TKT_TIME_SIZE];

	tkt_time_format(since_at, since);
	if (next_at != TKT_TIME_NONE)
		tkt_time_format(next_at, next);
	return json_pack("{s:s,s:s,s:s*,s:O*}", "name", name, "since_at", since, "next_at",
	    next_at != TKT_TIME_NONE ? next : NULL, "steps", json_array_size(steps) ? steps : NULL);
}

/* Adds the entry of one timer: one that runs, or has fired in this cycle. */
static int follow(const struct tkt_timer *timer, struct tkt_calendars *calendars,
    const json_t *ticket, json_t *timers, struct tkt_error *error)
{
	int64_t since_at = tkt_object_time(ticket, timer->since), next_at = TKT_TIME_NONE;
	const json_t *before = tkt_timer_entry(ticket, timer->title, since_at);
	int runs = tkt_timer_runs(timer, ticket, &since_at, error);

	if (runs < 0 || (runs && next_step(timer, calendars, before, since_at, &next_at, error)))
		return -1;
	if (since_at == TKT_TIME_NONE ||
	    (next_at == TKT_TIME_NONE && !json_array_size(json_object_get(before, "steps"))))
		return 0;
	return json_array_append_new(timers,
		   make_entry(timer->title, since_at, next_at, json_object_get(before, "steps")))
	    ? tkt_error_set_memory(error)
	    : 0;
}

int tkt_timers_follow(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    json_t *ticket, struct tkt_error *error)
{
	json_auto_t *timers = json_array();
	size_t i;

	if (!timers)
		return tkt_error_set_memory(error);
	for (i = 0; i < policy->timer_count; i++)
		if (follow(&policy->timers[i], calendars, ticket, timers, error))
			return -1;
	return tkt_object_set(ticket, "timers", json_incref(timers), error);
}

int64_t tkt_timers_next(const json_t *ticket)
{
	int64_t next = TKT_TIME_NONE;
	const json_t *entry;
	size_t index;

	json_array_foreach(json_object_get(ticket, "timers"), index, entry) {
		int64_t at = tkt_object_time(entry, "next_at");

		if (at != TKT_TIME_NONE && (next == TKT_TIME_NONE || at < next))
			next = at;
	}
	return next;
}
