#include "flow/stale.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

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
#include "json/stored.h"

#include "base/banned.h"

struct looking {
	struct tkt_session *session;
	const struct tkt_promised *ticket;
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars;
	struct tkt_clocks clocks;
	struct tkt_level level;
	bool *moves; /* for each clock; owned */
	int64_t timers_next;
};

static void clear(struct looking *looking)
{
	tkt_clocks_clear(&looking->clocks);
	free(looking->moves);
}

static int parse(const char *text, size_t length, json_t **value, struct tkt_error *error)
{
	*value = tkt_stored_read(text, length);
	if (!*value)
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
	const struct tkt_sla *sla = find_section(looking);

	if (!sla)
		return 0;
	return tkt_level_make(
	    sla, looking->calendars, looking->ticket->channel, &looking->level, error);
}

/* What a reckoning may move of a clock. */
struct reckoned {
	int64_t due_at, remaining_seconds, breached_at;
};

static struct reckoned reckoned_of(const struct tkt_clock *clock)
{
	return (struct reckoned){ clock->due_at, clock->remaining_seconds, clock->breached_at };
}

/* That time has broken it is for a sweep to say. */
static bool has_moved(const struct reckoned *before, const struct tkt_clock *clock)
{
	return before->due_at != clock->due_at ||
	    before->remaining_seconds != clock->remaining_seconds;
}

/* Has any clock another calendar than it is by? */
static bool changes_calendar(const struct looking *looking)
{
	const char *name =
	    looking->level.calendar ? tkt_calendar_name(looking->level.calendar) : NULL;
	size_t i;

	for (i = 0; i < looking->clocks.count; i++)
		if (is_open(&looking->clocks.clocks[i]) &&
		    !tkt_text_equal(looking->clocks.clocks[i].calendar, name))
			return true;
	return false;
}

/* 1: a deadline or a rest is another one; 0; -1. */
static int clocks_move(struct looking *looking, struct tkt_error *error)
{
	int64_t now = tkt_command_now(looking->session->command);
	size_t i, count = looking->clocks.count;
	tkt_autofree struct reckoned *before = calloc(count, sizeof(*before));
	bool moves = false;

	looking->moves = calloc(count, sizeof(*looking->moves));
	if (!before || !looking->moves)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++)
		before[i] = reckoned_of(&looking->clocks.clocks[i]);
	if (tkt_clocks_reckon(&looking->clocks, &looking->level, now, error))
		return -1;
	for (i = 0; i < count; i++) {
		const struct tkt_clock *clock = &looking->clocks.clocks[i];

		moves = moves || has_moved(&before[i], clock);
		looking->moves[i] =
		    has_moved(&before[i], clock) || before[i].breached_at != clock->breached_at;
	}
	return moves;
}

/* When a sweep next looks: an escalation may move where its clock does not. */
static int find_next(const struct looking *looking, int64_t *next, struct tkt_error *error)
{
	int64_t instants[] = { TKT_TIME_NONE, looking->timers_next, looking->ticket->wake_at };
	size_t i;

	if (tkt_clocks_next(&looking->clocks, &looking->level, &instants[0], error))
		return -1;
	*next = TKT_TIME_NONE;
	for (i = 0; i < sizeof(instants) / sizeof(*instants); i++)
		if (instants[i] != TKT_TIME_NONE && (*next == TKT_TIME_NONE || instants[i] < *next))
			*next = instants[i];
	return 0;
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
		if (parse(looking->ticket->timers, looking->ticket->timers_length, &before, error))
			return -1;
		ticket = json_pack("{s:O}", "timers", before);
		if (!ticket)
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

static char *copy(const char *text)
{
	return strdup(text ? text : "");
}

/* The earliest deadline of what runs: by it lists are in order. */
static int64_t first_due(const struct tkt_clocks *clocks)
{
	int64_t first = TKT_TIME_NONE;
	size_t i;

	for (i = 0; i < clocks->count; i++)
		if (clocks->clocks[i].state == TKT_CLOCK_RUNNING &&
		    (first == TKT_TIME_NONE || clocks->clocks[i].due_at < first))
			first = clocks->clocks[i].due_at;
	return first;
}

/* As they are to be stored, a new text. */
static int write_clocks(const struct looking *looking, char **written, struct tkt_error *error)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_clocks_write(&looking->clocks, &text);
	if (tkt_text_check(&text, error))
		return -1;
	*written = tkt_text_take(&text);
	return 0;
}

static int hand_over(
    struct looking *looking, int64_t next, struct tkt_moved *moved, struct tkt_error *error)
{
	const struct tkt_promised *ticket = looking->ticket;
	struct tkt_moved made = {
		.number = ticket->number,
		.rev = ticket->rev,
		.id = copy(ticket->id),
		.policy = copy(ticket->policy),
		.before = copy(ticket->clocks),
		.next_before = ticket->next_at,
		.next_at = next,
		.due_at = first_due(&looking->clocks),
	};

	if (!made.id || !made.policy || !made.before) {
		tkt_moved_clear(&made);
		return tkt_error_set_memory(error);
	}
	if (write_clocks(looking, &made.after, error)) {
		tkt_moved_clear(&made);
		return -1;
	}
	made.clocks = looking->clocks;
	made.moves = looking->moves;
	looking->clocks = (struct tkt_clocks){ 0 };
	looking->moves = NULL;
	*moved = made;
	return TKT_STALE_MOVED;
}

/* Does its policy promise anything to a ticket that has no clocks? A calendar that had run out when
 * it came in started none. 1, 0, -1. */
static int is_promised(const struct looking *looking, struct tkt_error *error)
{
	json_auto_t *ticket = NULL;
	struct tkt_level level;

	if (tkt_ticket_require(looking->session->db, looking->ticket->id, &ticket, error) ||
	    tkt_level_choose(looking->policy, looking->calendars, ticket, &level, error))
		return -1;
	return level.sla && tkt_json_is_empty(json_object_get(ticket, "lacks"));
}

/* With what is known of it: what follows from clocks that have moved, or not. */
static int conclude(
    struct looking *looking, bool clocks_have, struct tkt_moved *moved, struct tkt_error *error)
{
	int64_t now = tkt_command_now(looking->session->command), next;
	bool is_due = looking->ticket->next_at != TKT_TIME_NONE && looking->ticket->next_at <= now;
	int timers = timers_move(looking, error);

	if (timers)
		return timers < 0 ? -1 : TKT_STALE_MAYBE;
	if (find_next(looking, &next, error))
		return -1;
	if (clocks_have)
		return hand_over(looking, next, moved, error);
	/* a sweep looks at what is due anyway */
	return is_due || next == looking->ticket->next_at ? TKT_STALE_NOT : TKT_STALE_MAYBE;
}

int tkt_promise_is_stale(struct tkt_session *session, const struct tkt_promised *ticket,
    const char *in_force, struct tkt_moved *moved, struct tkt_error *error)
{
	__attribute__((cleanup(clear))) struct looking looking = {
		.session = session, .ticket = ticket, .timers_next = TKT_TIME_NONE
	};
	int moves, promised;

	if (in_force && !tkt_text_equal(ticket->policy, in_force))
		return TKT_STALE_MAYBE;
	if (load(&looking, error))
		return -1;
	if (!looking.clocks.count && looking.policy->sla_count &&
	    (promised = is_promised(&looking, error)))
		return promised < 0 ? -1 : TKT_STALE_MAYBE;
	if (looking.level.sla && changes_calendar(&looking))
		return TKT_STALE_MAYBE;
	moves = looking.level.sla ? clocks_move(&looking, error) : 0;
	return moves < 0 ? -1 : conclude(&looking, moves, moved, error);
}
