#include "flow/stale.h"

#include <jansson.h>
#include <stdbool.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/words.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "flow/difference.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "policy/clock.h"
#include "policy/timer.h"
#include "store/sweep.h"
#include "store/ticket.h"

#include "base/banned.h"

struct looking {
	struct tkt_session *session;
	const struct tkt_promised *ticket;
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars;
	struct tkt_clocks clocks;
	struct tkt_level level;
	int64_t timers_next;
};

static void clear(struct looking *looking)
{
	tkt_clocks_clear(&looking->clocks);
}

static int parse(const char *text, size_t length, json_t **value, struct tkt_error *error)
{
	*value = json_loadb(text, length, 0, NULL);
	return *value ? 0 : tkt_error_set(error, TKT_ERROR_DATA, _("not a JSON object"));
}

static bool is_open(const struct tkt_clock *clock)
{
	return clock->state == TKT_CLOCK_RUNNING || clock->state == TKT_CLOCK_PAUSED;
}

/* The section that the clocks are by, without asking the ticket again: its changes have done so. */
static const struct tkt_sla *find_section(const struct looking *looking)
{
	size_t i, k;

	for (i = 0; i < looking->clocks.count; i++)
		for (k = 0; is_open(&looking->clocks.clocks[i]) && k < looking->policy->sla_count;
		     k++)
			if (tkt_text_equal(
				looking->policy->slas[k].title, looking->clocks.clocks[i].sla))
				return &looking->policy->slas[k];
	return NULL;
}

static int find_level(struct looking *looking, struct tkt_error *error)
{
	const char *name;

	looking->level.sla = find_section(looking);
	if (!looking->level.sla)
		return 0;
	name = tkt_calendars_of_channel(looking->calendars, looking->ticket->channel);
	if (!name)
		name = looking->level.sla->calendar;
	if (!name || !tkt_calendars_find(looking->calendars, name, &looking->level.calendar, error))
		return 0;
	if (error->kind == TKT_ERROR_NOT_FOUND)
		error->kind = TKT_ERROR_CONFIGURATION;
	return -1;
}

/* 1: a deadline, a rest or the name of a calendar is another one; 0; -1. */
static int clocks_move(struct looking *looking, struct tkt_error *error)
{
	const char *calendar =
	    looking->level.calendar ? tkt_calendar_name(looking->level.calendar) : NULL;
	int64_t now = tkt_command_now(looking->session->command);
	tkt_autofree int64_t *were = NULL;
	size_t i;

	were = calloc(looking->clocks.count, 2 * sizeof(*were));
	if (!were)
		return tkt_error_set_memory(error);
	for (i = 0; i < looking->clocks.count; i++) {
		const struct tkt_clock *clock = &looking->clocks.clocks[i];

		if (is_open(clock) && !tkt_text_equal(clock->calendar, calendar))
			return 1;
		were[2 * i] = clock->due_at;
		were[2 * i + 1] = clock->remaining_seconds;
	}
	if (tkt_clocks_reckon(&looking->clocks, &looking->level, now, error))
		return -1;
	for (i = 0; i < looking->clocks.count; i++)
		if (were[2 * i] != looking->clocks.clocks[i].due_at ||
		    were[2 * i + 1] != looking->clocks.clocks[i].remaining_seconds)
			return 1;
	return 0;
}

/* Does the instant at which a sweep next looks move? An escalation may, where its clock does not.
 */
static int next_moves(const struct looking *looking, struct tkt_error *error)
{
	int64_t instants[] = { TKT_TIME_NONE, looking->timers_next, looking->ticket->wake_at },
		next = TKT_TIME_NONE;
	size_t i;

	if (looking->ticket->next_at != TKT_TIME_NONE &&
	    looking->ticket->next_at <= tkt_command_now(looking->session->command))
		return 0; /* a sweep is due to look at it anyway */
	if (tkt_clocks_next(&looking->clocks, &looking->level, &instants[0], error))
		return -1;
	for (i = 0; i < sizeof(instants) / sizeof(*instants); i++)
		if (instants[i] != TKT_TIME_NONE && (next == TKT_TIME_NONE || instants[i] < next))
			next = instants[i];
	return next != looking->ticket->next_at;
}

static bool counts_hours(const struct tkt_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->timer_count; i++)
		if (policy->timers[i].calendar)
			return true;
	return false;
}

/* Timers run from fields of the ticket, so the whole of it is asked. */
static int timers_move(struct looking *looking, struct tkt_error *error)
{
	json_auto_t *ticket = NULL, *before = NULL;

	if (!looking->ticket->timers)
		return 0;
	if (!counts_hours(looking->policy)) {
		if (!(ticket = json_object()) ||
		    parse(
			looking->ticket->timers, looking->ticket->timers_length, &before, error) ||
		    json_object_set(ticket, "timers", before))
			return tkt_error_set_memory(error);
		looking->timers_next = tkt_timers_next(ticket);
		return 0;
	}
	if (tkt_ticket_require(looking->session->db, looking->ticket->id, &ticket, error))
		return -1;
	before = json_incref(json_object_get(ticket, "timers"));
	if (tkt_timers_follow(looking->policy, looking->calendars, ticket, error))
		return -1;
	looking->timers_next = tkt_timers_next(ticket);
	return !tkt_json_equal(before, json_object_get(ticket, "timers"));
}

static int load(struct looking *looking, struct tkt_error *error)
{
	const struct tkt_promised *ticket = looking->ticket;
	json_auto_t *array = NULL;

	if (tkt_session_policy_of(looking->session, ticket->policy, &looking->policy, error) ||
	    tkt_session_calendars(looking->session, &looking->calendars, error))
		return -1;
	if (!ticket->clocks)
		return 0;
	if (parse(ticket->clocks, ticket->clocks_length, &array, error) ||
	    tkt_clocks_load(array, &looking->clocks, error))
		return -1;
	return find_level(looking, error);
}

int tkt_promise_is_stale(struct tkt_session *session, const struct tkt_promised *ticket,
    const char *in_force, struct tkt_error *error)
{
	__attribute__((cleanup(clear))) struct looking looking = {
		.session = session, .ticket = ticket, .timers_next = TKT_TIME_NONE
	};
	int moves;

	if (in_force && !tkt_text_equal(ticket->policy, in_force))
		return 1;
	if (load(&looking, error))
		return -1;
	if (in_force && !looking.clocks.count && looking.policy->sla_count)
		return 1;
	moves = looking.level.sla ? clocks_move(&looking, error) : 0;
	if (!moves)
		moves = timers_move(&looking, error);
	return moves ? moves : next_moves(&looking, error);
}
