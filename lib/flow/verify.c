#include "flow/verify.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "desk/level.h"
#include "flow/clocks_view.h"
#include "flow/difference.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "flow/story.h"
#include "policy/due.h"
#include "policy/timer.h"
#include "store/clock_rows.h"
#include "store/db.h"
#include "store/sweep.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

#define LOOK_MOST 1000 /* tickets in one query */

struct verifying {
	struct tkt_session *session;
	json_t *ticket;
	json_t *differences; /* array: told when nothing is read any more */
};

/* -- what the log says -- */

/* Moves the clocks as the writer did: a new level, or a new policy, is adopted over all before. */
static int replay_moment(struct tkt_session *session, const struct tkt_story *story, size_t at,
    struct tkt_clocks *clocks, struct tkt_error *error)
{
	const struct tkt_moment *moment = &story->moments[at];
	const json_t *before = at ? story->moments[at - 1].ticket : NULL;
	struct tkt_level level;

	if (moment->stays_closed)
		return 0;
	if (tkt_clocks_level(session, moment->ticket, &level, error))
		return -1;
	if (!at ||
	    (tkt_clocks_are_by(clocks, &level) &&
		tkt_text_equal(
		    tkt_object_text(before, "policy"), tkt_object_text(moment->ticket, "policy"))))
		return tkt_clocks_follow(clocks, moment, &level, error);
	return tkt_clocks_adopt(clocks, story->moments, at + 1, &level, moment->at, error);
}

static int replay(struct tkt_session *session, const struct tkt_story *story, json_t **array,
    struct tkt_error *error)
{
	tkt_autoclocks clocks = { 0 };
	size_t i;

	for (i = 0; i < story->count; i++)
		if (replay_moment(session, story, i, &clocks, error))
			return -1;
	if (tkt_clocks_recall(&clocks, story->moments, story->count, error))
		return -1;
	return tkt_clocks_store(&clocks, array, error);
}

/* -- comparing -- */

static int tell(struct verifying *verifying, const json_t *clock, const char *name,
    const json_t *stored, const json_t *reckoned, struct tkt_error *error)
{
	json_auto_t *difference = json_pack("{s:s, s:O, s:O*, s:O*, s:s, s:O*, s:O*}", "type",
	    "difference", "ticket", json_object_get(verifying->ticket, "id"), "clock",
	    json_object_get(clock, "name"), "cycle", json_object_get(clock, "cycle"), "name", name,
	    "stored", stored, "reckoned", reckoned);

	return !difference || json_array_append(verifying->differences, difference)
	    ? tkt_error_set_memory(error)
	    : 0;
}

static bool is_open(const json_t *clock)
{
	const char *state = tkt_object_text(clock, "state");

	return tkt_text_equal(state, "running") || tkt_text_equal(state, "paused");
}

static int compare_members(struct verifying *verifying, const json_t *stored,
    const json_t *reckoned, const char *const *names, struct tkt_error *error)
{
	size_t i;

	for (i = 0; names[i]; i++) {
		const json_t *is = json_object_get(stored, names[i]),
			     *says = json_object_get(reckoned, names[i]);

		if (!tkt_json_equal(is, says) && tell(verifying, stored, names[i], is, says, error))
			return -1;
	}
	return 0;
}

/* Clocks that are open in either; one that is in one list alone differs as a whole. */
static int compare_clocks(
    struct verifying *verifying, const json_t *reckoned, struct tkt_error *error)
{
	static const char *const names[] = { "sla", "calendar", "target", "state", "started_at",
		"due_at", "remaining_seconds", "pauses", "steps", NULL };
	const json_t *stored = json_object_get(verifying->ticket, "clocks"), *clock, *other;
	size_t at;

	json_array_foreach(stored, at, clock) {
		other = tkt_clock_same(reckoned, clock);
		if (!is_open(clock) && !is_open(other))
			continue;
		if (other ? compare_members(verifying, clock, other, names, error)
			  : tell(verifying, clock, "clock", clock, NULL, error))
			return -1;
	}
	json_array_foreach(reckoned, at, clock)
		if (is_open(clock) && !tkt_clock_same(stored, clock) &&
		    tell(verifying, clock, "clock", NULL, clock, error))
			return -1;
	return 0;
}

/* -- the steps of timers -- */

/* Adds a title that does not stand there yet. */
static int add_title(json_t *entry, const json_t *title, struct tkt_error *error)
{
	if (!json_is_string(title) || tkt_entry_has_step(entry, json_string_value(title)))
		return 0;
	return json_array_append(json_object_get(entry, "steps"), (json_t *)title)
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* The entry of a timer, with what has fired or was skipped since its instant. */
static int recall_timer(const struct tkt_story *story, json_t *entry, struct tkt_error *error)
{
	size_t i, at;

	for (i = 0; i < story->count; i++) {
		const json_t *step = story->moments[i].step, *title;

		if (!tkt_text_equal(
			tkt_object_text(step, "timer"), tkt_object_text(entry, "name")) ||
		    !tkt_text_equal(
			tkt_object_text(step, "cycle"), tkt_object_text(entry, "since_at")))
			continue;
		json_array_foreach(json_object_get(step, "skipped"), at, title)
			if (add_title(entry, title, error))
				return -1;
		if (add_title(entry, json_object_get(step, "step"), error))
			return -1;
	}
	return 0;
}

/* What fired since the instant that a timer counts from; when it is due depends on the time. */
static int compare_timer(struct verifying *verifying, const struct tkt_story *story,
    const struct tkt_timer *timer, struct tkt_error *error)
{
	const char *since = tkt_object_text(verifying->ticket, timer->since);
	json_auto_t *reckoned = NULL;
	const json_t *stored;
	int64_t since_at;

	if (!since)
		return 0;
	if (tkt_time_parse(since, &since_at, error))
		return -1;
	reckoned = json_pack("{s:s,s:s,s:[]}", "name", timer->title, "since_at", since, "steps");
	if (!reckoned)
		return tkt_error_set_memory(error);
	if (recall_timer(story, reckoned, error))
		return -1;
	stored = tkt_timer_entry(verifying->ticket, timer->title, since_at);
	if (tkt_json_equal(json_object_get(stored, "steps"), json_object_get(reckoned, "steps")))
		return 0;
	return tell(verifying, NULL, "timers", stored, reckoned, error);
}

static int compare_timers(
    struct verifying *verifying, const struct tkt_story *story, struct tkt_error *error)
{
	const struct tkt_policy *policy;
	size_t i;

	if (tkt_session_policy_of(
		verifying->session, tkt_object_text(verifying->ticket, "policy"), &policy, error))
		return -1;
	for (i = 0; i < policy->timer_count; i++)
		if (compare_timer(verifying, story, &policy->timers[i], error))
			return -1;
	return 0;
}

/* -- what lists and sweeps go by -- */

static int compare_next(struct verifying *verifying, struct tkt_error *error)
{
	struct tkt_session *session = verifying->session;
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars;
	json_auto_t *reckoned = NULL;
	char text[TKT_TIME_SIZE];
	int64_t next;

	if (tkt_session_policy_of(
		session, tkt_object_text(verifying->ticket, "policy"), &policy, error) ||
	    tkt_session_calendars(session, &calendars, error) ||
	    tkt_due_next(policy, calendars, verifying->ticket, &next, error))
		return -1;
	if (next != TKT_TIME_NONE && !(reckoned = json_string(tkt_time_format(next, text))))
		return tkt_error_set_memory(error);
	if (tkt_json_equal(json_object_get(verifying->ticket, "next_at"), reckoned))
		return 0;
	return tell(verifying, NULL, "next_at", json_object_get(verifying->ticket, "next_at"),
	    reckoned, error);
}

/* The earliest deadline of what runs. */
static const json_t *first_due(const json_t *clocks)
{
	const json_t *clock, *first = NULL;
	size_t at;

	json_array_foreach(clocks, at, clock) {
		const json_t *due_at = json_object_get(clock, "due_at");

		/* times of the wire are in order where their texts are */
		if (tkt_text_equal(tkt_object_text(clock, "state"), "running") && due_at &&
		    (!first || strcmp(json_string_value(due_at), json_string_value(first)) < 0))
			first = due_at;
	}
	return first;
}

static int compare_rows(struct verifying *verifying, const json_t *rows, struct tkt_error *error)
{
	static const char *const names[] = { "target", "state", "started_at", "due_at",
		"remaining_seconds", "stopped_at", "breached_at", NULL };
	const json_t *clocks = json_object_get(verifying->ticket, "clocks"), *clock, *row;
	size_t at;

	json_array_foreach(clocks, at, clock) {
		row = tkt_clock_same(rows, clock);
		if (row ? compare_members(verifying, row, clock, names, error)
			: tell(verifying, clock, "row", NULL, clock, error))
			return -1;
	}
	json_array_foreach(rows, at, row)
		if (!tkt_clock_same(clocks, row) && tell(verifying, row, "row", row, NULL, error))
			return -1;
	return 0;
}

static int compare_caches(struct verifying *verifying, struct tkt_error *error)
{
	const json_t *clocks = json_object_get(verifying->ticket, "clocks");
	const char *id = tkt_object_text(verifying->ticket, "id");
	json_auto_t *cached = NULL;
	const json_t *due, *first = first_due(clocks);

	if (tkt_clock_rows_read(verifying->session->db, id, &cached, error) < 0)
		return -1;
	due = json_object_get(cached, "due_at");
	if (!tkt_json_equal(due, first) && tell(verifying, NULL, "due", due, first, error))
		return -1;
	return compare_rows(verifying, json_object_get(cached, "rows"), error) ||
		compare_next(verifying, error)
	    ? -1
	    : 0;
}

/* -- a ticket, all tickets -- */

static int verify(struct verifying *verifying, struct tkt_error *error)
{
	tkt_autostory story = { 0 };
	json_auto_t *reckoned = NULL;

	if (tkt_story_read(
		verifying->session->db, tkt_object_text(verifying->ticket, "id"), &story, error) ||
	    replay(verifying->session, &story, &reckoned, error))
		return -1;
	if (!tkt_text_equal(tkt_object_text(verifying->ticket, "status"), "closed") &&
	    (compare_clocks(verifying, reckoned, error) ||
		compare_timers(verifying, &story, error)))
		return -1;
	return compare_caches(verifying, error);
}

/* What differs, of one state of the desk. */
static int find_differences(
    struct tkt_session *session, const char *id, json_t *differences, struct tkt_error *error)
{
	struct verifying verifying = { .session = session, .differences = differences };
	struct tkt_error ignored = { 0 };
	int result;

	if (tkt_read_begin(session->db, error))
		return -1;
	result = tkt_ticket_require(session->db, id, &verifying.ticket, error) ||
	    verify(&verifying, error);
	json_decref(verifying.ticket);
	return tkt_read_end(session->db, result ? &ignored : error) || result ? -1 : 0;
}

int tkt_verify_ticket(struct tkt_session *session, const char *id, tkt_difference_visit *visit,
    void *context, struct tkt_error *error)
{
	json_auto_t *differences = json_array();
	const json_t *difference;
	size_t at;

	if (!differences)
		return tkt_error_set_memory(error);
	if (find_differences(session, id, differences, error))
		return -1;
	json_array_foreach(differences, at, difference) {
		if (visit(difference, context, error))
			return -1;
	}
	return (int)json_array_size(differences);
}

static int gather(const struct tkt_promised *ticket, void *context, struct tkt_error *error)
{
	return json_array_append_new(context, json_string(ticket->id)) ? tkt_error_set_memory(error)
								       : 0;
}

/* One that cannot be reckoned keeps no other back. Returns how many differences, or -1. */
static int verify_next(struct tkt_session *session, const char *id, tkt_difference_visit *visit,
    void *context, struct tkt_error *error)
{
	struct tkt_error failure = { 0 };
	int found = tkt_verify_ticket(session, id, visit, context, &failure);

	tkt_command_progress(session->command, 1);
	if (found >= 0)
		return found;
	if (failure.kind != TKT_ERROR_DATA && failure.kind != TKT_ERROR_NOT_FOUND &&
	    failure.kind != TKT_ERROR_CONFIGURATION) {
		*error = failure;
		return -1;
	}
	tkt_error_prefix(&failure, _("ticket '%s'"), id);
	tkt_command_report(session->command, &failure);
	return 0;
}

int tkt_verify_open(struct tkt_session *session, tkt_difference_visit *visit, void *context,
    struct tkt_error *error)
{
	int64_t after = 0, seen;
	int count = 0;

	do {
		json_auto_t *ids = json_array();
		const json_t *id;
		size_t at;

		if (!ids)
			return tkt_error_set_memory(error);
		seen = tkt_sweep_promised(session->db, LOOK_MOST, &after, gather, ids, error);
		if (seen < 0)
			return -1;
		json_array_foreach(ids, at, id) {
			int found =
			    verify_next(session, json_string_value(id), visit, context, error);

			if (found < 0)
				return -1;
			count += found;
		}
	} while (seen == LOOK_MOST);
	return count;
}
