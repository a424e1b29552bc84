#include "policy/clock.h"

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "calendar/calendar.h"
#include "policy/clock_parts.h"

#include "base/banned.h"

/* What a clock's time is counted by. */
struct reckoning {
	const struct tkt_clock *clock;
	struct tkt_calendar *calendar;
	struct tkt_length length;
	enum tkt_measure measure;
	int64_t total;    /* seconds of the target, in the measure */
	int64_t earliest; /* the due date of wd: pauses bring none forward; INT64_MIN */
};

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int tkt_clock_length(
    const struct tkt_clock *clock, struct tkt_length *length, struct tkt_error *error)
{
	return tkt_length_parse(clock->target, length, error);
}

/* The seconds that count from `start` to `end`, which is not before it. */
static int between(const struct reckoning *reckoning, int64_t start, int64_t end, int64_t *seconds,
    struct tkt_error *error)
{
	if (reckoning->measure == TKT_MEASURE_ELAPSED) {
		*seconds = end - start;
		return 0;
	}
	return tkt_calendar_between(
	    reckoning->calendar, reckoning->measure, start, end, seconds, error);
}

/* The total of a target that has no seconds of its own. */
static int measure_days(struct reckoning *reckoning, struct tkt_error *error)
{
	int64_t start = reckoning->clock->started_at;

	if (tkt_calendar_add(
		reckoning->calendar, start, &reckoning->length, &reckoning->earliest, error))
		return -1;
	return between(reckoning, start, reckoning->earliest, &reckoning->total, error);
}

static int begin(struct reckoning *reckoning, const struct tkt_clock *clock,
    struct tkt_calendar *calendar, struct tkt_error *error)
{
	*reckoning = (struct reckoning){ .clock = clock, .calendar = calendar };
	reckoning->earliest = INT64_MIN;
	if (tkt_clock_length(clock, &reckoning->length, error))
		return -1;
	reckoning->measure = tkt_unit_measure(reckoning->length.unit);
	if (!calendar &&
	    (reckoning->measure != TKT_MEASURE_ELAPSED ||
		reckoning->length.unit == TKT_UNIT_CALENDAR_DAY))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' counts working time: sla '%s' needs a calendar"), clock->target,
		    clock->sla);
	if (reckoning->length.unit == TKT_UNIT_WORK_DAY ||
	    reckoning->length.unit == TKT_UNIT_CALENDAR_DAY)
		return measure_days(reckoning, error);
	reckoning->total = tkt_length_measured(&reckoning->length);
	return 0;
}

/* A term of cd takes no pause: the law's days go by (SLA.md, Clocks 5). */
static bool takes_pauses(const struct reckoning *reckoning)
{
	return reckoning->length.unit != TKT_UNIT_CALENDAR_DAY;
}

/*
 * The instant at which `seconds` have been used, not before `earliest`. A piece of time that ends
 * with the closing hour is used up there and not at the next opening, so what lies before a pause
 * is reached there, however many seconds are left at its start.
 */
static int advance(const struct reckoning *reckoning, int64_t seconds, int64_t earliest,
    int64_t *instant, struct tkt_error *error)
{
	const struct tkt_clock *clock = reckoning->clock;
	int64_t from = clock->started_at, left = seconds, used, reached;
	size_t i, count = takes_pauses(reckoning) ? clock->pause_count : 0;

	for (i = 0; i < count; i++) {
		const struct tkt_clock_pause *pause = &clock->pauses[i];

		if (pause->ended_at <= from)
			continue;
		if (between(reckoning, from, later(from, pause->started_at), &used, error))
			return -1;
		if (used >= left) {
			if (tkt_calendar_add_seconds(reckoning->calendar, reckoning->measure, from,
				left, &reached, error))
				return -1;
			reached = later(reached, earliest);
			if (reached < pause->started_at) {
				*instant = reached;
				return 0;
			}
		}
		left -= used < left ? used : left;
		from = pause->ended_at;
	}
	if (tkt_calendar_add_seconds(
		reckoning->calendar, reckoning->measure, from, left, &reached, error))
		return -1;
	*instant = later(reached, earliest);
	return 0;
}

static int due(const struct reckoning *reckoning, int64_t *instant, struct tkt_error *error)
{
	const struct tkt_clock *clock = reckoning->clock;
	bool by_days = reckoning->earliest != INT64_MIN;

	if (by_days && (!clock->pause_count || !takes_pauses(reckoning))) {
		*instant = reckoning->earliest;
		return 0;
	}
	return advance(reckoning, reckoning->total, reckoning->earliest, instant, error);
}

/* What is left of a clock that is paused: the total without what was counted up to that pause. */
static int remaining(const struct reckoning *reckoning, int64_t *left, struct tkt_error *error)
{
	const struct tkt_clock *clock = reckoning->clock;
	int64_t from = clock->started_at, used, total = 0;
	size_t i = takes_pauses(reckoning) ? 0 : clock->pause_count - 1;

	for (; i < clock->pause_count; i++) {
		const struct tkt_clock_pause *pause = &clock->pauses[i];

		if (between(reckoning, from, later(from, pause->started_at), &used, error))
			return -1;
		total += used;
		from = later(from, pause->ended_at);
	}
	*left = reckoning->total - total;
	return 0;
}

int tkt_clock_reckon(
    struct tkt_clock *clock, struct tkt_calendar *calendar, struct tkt_error *error)
{
	struct reckoning reckoning;

	if (begin(&reckoning, clock, calendar, error))
		return -1;
	return clock->state == TKT_CLOCK_PAUSED
	    ? remaining(&reckoning, &clock->remaining_seconds, error)
	    : due(&reckoning, &clock->due_at, error);
}

/* What moved the deadline into the past: time alone, or the calendar as it now is? */
static void judge(struct tkt_clock *clock, int64_t due_before, int64_t now)
{
	if (clock->breached_at != TKT_TIME_NONE)
		return;
	if (clock->state == TKT_CLOCK_PAUSED) {
		if (clock->remaining_seconds < 0)
			clock->breached_at = now;
	} else if (clock->due_at < now) {
		clock->breached_at = due_before < now ? clock->due_at : now;
	}
}

int tkt_clocks_reckon(
    struct tkt_clocks *clocks, const struct tkt_level *level, int64_t now, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < clocks->count; i++) {
		struct tkt_clock *clock = &clocks->clocks[i];
		int64_t due_before = clock->due_at;

		if (!tkt_clock_is_open(clock) || !level->sla ||
		    !tkt_text_equal(clock->sla, level->sla->title))
			continue;
		if (tkt_clock_set_calendar(clock, level, error) ||
		    tkt_clock_reckon(clock, level->calendar, error))
			return -1;
		judge(clock, due_before, now);
	}
	return 0;
}

/* The instant at which `percent` of a running clock's time is used, as its target is measured: open
 * seconds for wd, elapsed ones for d and cd; pauses left out. */
static int find_part(const struct tkt_clock *clock, struct tkt_calendar *calendar, int percent,
    int64_t *at, struct tkt_error *error)
{
	struct reckoning reckoning;

	if (begin(&reckoning, clock, calendar, error))
		return -1;
	/* On a day off before opening, a wd that ends with the next opening has no open seconds: no
	 * part of it has gone by before it is due. */
	if (percent == 100 || !reckoning.total)
		return due(&reckoning, at, error);
	return advance(&reckoning, (reckoning.total * percent + 99) / 100, INT64_MIN, at, error);
}

static bool has_fired(const struct tkt_clock *clock, const char *title)
{
	size_t i;

	for (i = 0; i < clock->step_count; i++)
		if (tkt_text_equal(clock->steps[i], title))
			return true;
	return false;
}

int tkt_clock_step(const struct tkt_clock *clock, const struct tkt_level *level,
    const struct tkt_step *step, int64_t *at, struct tkt_error *error)
{
	if (clock->state != TKT_CLOCK_RUNNING || !level->sla ||
	    !tkt_text_equal(clock->sla, level->sla->title) ||
	    (step->clock >= 0 && step->clock != (int)clock->name) || has_fired(clock, step->title))
		return 0;
	return find_part(clock, level->calendar, step->percent, at, error) ? -1 : 1;
}

/* The earliest escalation that has not fired. */
static int next_step(const struct tkt_clock *clock, const struct tkt_level *level, int64_t *next,
    struct tkt_error *error)
{
	size_t i;

	for (i = 0; level->sla && i < level->sla->escalation_count; i++) {
		int64_t at;
		int fires = tkt_clock_step(clock, level, &level->sla->escalations[i], &at, error);

		if (fires < 0)
			return -1;
		if (fires && (*next == TKT_TIME_NONE || at < *next))
			*next = at;
	}
	return 0;
}

int tkt_clocks_next(const struct tkt_clocks *clocks, const struct tkt_level *level, int64_t *next,
    struct tkt_error *error)
{
	int64_t earliest = TKT_TIME_NONE;
	size_t i;

	for (i = 0; i < clocks->count; i++) {
		const struct tkt_clock *clock = &clocks->clocks[i];

		if (clock->state != TKT_CLOCK_RUNNING)
			continue;
		if (clock->breached_at == TKT_TIME_NONE &&
		    (earliest == TKT_TIME_NONE || clock->due_at + 1 < earliest))
			earliest = clock->due_at + 1;
		if (next_step(clock, level, &earliest, error))
			return -1;
	}
	*next = earliest;
	return 0;
}
