#include "policy/clock.h"

#include "base/error.h"
#include "base/text.h"
#include "policy/clock_parts.h"
#include "json/field.h"

#include "base/banned.h"

static bool has_status(const struct tkt_moment *moment, const char *status)
{
	return tkt_text_equal(tkt_object_text(moment->ticket, "status"), status);
}

static bool has_ended(const struct tkt_moment *moment)
{
	return has_status(moment, "resolved") || has_status(moment, "closed");
}

/* -- stop -- */

/* What stops while it is paused is judged by the deadline that it would go on with. */
static int stop(struct tkt_clock *clock, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	if (clock->state == TKT_CLOCK_PAUSED) {
		tkt_clock_end_pause(clock, moment->at);
		if (tkt_clock_reckon(clock, level->calendar, error))
			return -1;
	}
	clock->stopped_at = moment->at;
	clock->state = clock->stopped_at <= clock->due_at ? TKT_CLOCK_MET : TKT_CLOCK_MISSED;
	if (clock->state == TKT_CLOCK_MISSED && clock->breached_at == TKT_TIME_NONE)
		clock->breached_at = clock->due_at;
	return 0;
}

static bool does_stop(const struct tkt_clock *clock, const struct tkt_moment *moment)
{
	return clock->name == TKT_CLOCK_RESOLUTION ? has_ended(moment) : moment->reply_out;
}

static int stop_all(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < clocks->count; i++) {
		struct tkt_clock *clock = &clocks->clocks[i];

		if (tkt_clock_is_open(clock) && does_stop(clock, moment) &&
		    stop(clock, moment, level, error))
			return -1;
	}
	return 0;
}

/* -- pause -- */

/* 1 or 0; -1 when a pattern passes its limit. */
static int is_to_pause(const struct tkt_clock *clock, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	struct tkt_length length;
	size_t i;

	if (has_status(moment, "closed"))
		return 1;
	if (tkt_clock_length(clock, &length, error))
		return -1;
	if (length.unit == TKT_UNIT_CALENDAR_DAY)
		return 0;
	for (i = 0; level->sla && i < level->sla->pause_count; i++) {
		const struct tkt_pause *pause = &level->sla->pauses[i];
		int matches = 0;

		if (pause->clock == (int)clock->name)
			matches = tkt_match_ticket(&pause->match, moment->ticket, error);
		if (matches)
			return matches;
	}
	return 0;
}

static int pause_or_resume(struct tkt_clock *clock, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	int wanted = is_to_pause(clock, moment, level, error);

	if (wanted < 0)
		return -1;
	if (wanted == (clock->state == TKT_CLOCK_PAUSED))
		return 0;
	if (!wanted)
		tkt_clock_end_pause(clock, moment->at);
	else if (tkt_clock_begin_pause(clock, moment->at, error))
		return -1;
	return tkt_clock_reckon(clock, level->calendar, error);
}

static int pause_all(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < clocks->count; i++) {
		struct tkt_clock *clock = &clocks->clocks[i];

		if (tkt_clock_is_open(clock) && pause_or_resume(clock, moment, level, error))
			return -1;
	}
	return 0;
}

/* -- start -- */

static int64_t anchor_of(const struct tkt_level *level, int64_t sent_at, int64_t received_at)
{
	return tkt_anchor_instant(level->sla->anchor, sent_at, received_at);
}

static int start(struct tkt_clocks *clocks, enum tkt_clock_name name, int64_t cycle, int64_t anchor,
    const struct tkt_moment *moment, const struct tkt_level *level, struct tkt_error *error)
{
	struct tkt_clock *clock;

	if (tkt_clocks_add(clocks, name, cycle, level, &clock, error))
		return -1;
	clock->started_at = anchor;
	if (tkt_clock_reckon(clock, level->calendar, error))
		return -1;
	if (moment->opens && does_stop(clock, moment)) /* we wrote first, or after the fact */
		return stop(clock, moment, level, error);
	return pause_or_resume(clock, moment, level, error);
}

/* What a request that came whole counts from; one that did not, from when it was complete. */
static int64_t first_anchor(const struct tkt_moment *moment, const struct tkt_level *level)
{
	int64_t received_at = tkt_object_time(moment->ticket, "received_at"),
		complete_at = tkt_object_time(moment->ticket, "complete_at");

	if (complete_at != TKT_TIME_NONE)
		return complete_at;
	if (received_at == TKT_TIME_NONE)
		received_at = moment->at;
	return anchor_of(level, tkt_object_time(moment->ticket, "sent_at"), received_at);
}

static int start_first(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	static const enum tkt_clock_name names[] = { TKT_CLOCK_FIRST_RESPONSE,
		TKT_CLOCK_RESOLUTION };
	int64_t anchor = first_anchor(moment, level);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (level->sla->has_target[names[i]] && !tkt_clocks_latest(clocks, names[i]) &&
		    start(clocks, names[i], 1, anchor, moment, level, error))
			return -1;
	return 0;
}

/* The oldest letter that nobody has answered starts it; those that follow move nothing. */
static int start_next(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	const struct tkt_clock *last = tkt_clocks_latest(clocks, TKT_CLOCK_NEXT_RESPONSE);
	int64_t received_at =
	    moment->received_at == TKT_TIME_NONE ? moment->at : moment->received_at;

	if (!level->sla->has_target[TKT_CLOCK_NEXT_RESPONSE] || (last && tkt_clock_is_open(last)) ||
	    !tkt_object_text(moment->ticket, "last_out_at"))
		return 0;
	return start(clocks, TKT_CLOCK_NEXT_RESPONSE, last ? last->cycle + 1 : 1,
	    anchor_of(level, moment->sent_at, received_at), moment, level, error);
}

/* What has been resolved and is not any more goes on, without the time in between. */
static int reopen(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	struct tkt_clock *clock = tkt_clocks_latest(clocks, TKT_CLOCK_RESOLUTION);

	if (!clock || tkt_clock_is_open(clock) || has_ended(moment) ||
	    !level->sla->has_target[TKT_CLOCK_RESOLUTION])
		return 0;
	if (tkt_clock_add_pause(clock, clock->stopped_at, moment->at, error))
		return -1;
	clock->stopped_at = TKT_TIME_NONE;
	clock->state = TKT_CLOCK_RUNNING;
	if (tkt_clock_set_level(clock, level, error) ||
	    tkt_clock_reckon(clock, level->calendar, error))
		return -1;
	return pause_or_resume(clock, moment, level, error);
}

/* -- facts that are lacking (SLA.md, Clocks 5; S2-6) -- */

/* Has it never been complete, and has nobody answered it? */
static bool is_incomplete(const struct tkt_moment *moment)
{
	return !tkt_json_is_empty(json_object_get(moment->ticket, "lacks")) &&
	    !tkt_object_text(moment->ticket, "complete_at") &&
	    !tkt_object_text(moment->ticket, "last_out_at");
}

/* It became complete after its opening: its clocks start late. */
static bool is_complete_later(const struct tkt_moment *moment)
{
	return !moment->opens && !has_ended(moment) &&
	    tkt_object_text(moment->ticket, "complete_at");
}

/* What ran from the opening until intake had read the request has never been promised; what is
 * broken stays so. */
static void drop_open(struct tkt_clocks *clocks)
{
	size_t i, kept = 0;

	for (i = 0; i < clocks->count; i++) {
		struct tkt_clock *clock = &clocks->clocks[i];

		if (tkt_clock_is_open(clock) && clock->breached_at == TKT_TIME_NONE)
			tkt_clock_clear(clock);
		else
			clocks->clocks[kept++] = *clock;
	}
	clocks->count = kept;
}

int tkt_clocks_follow(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error)
{
	if (moment->stays_closed)
		return 0;
	tkt_clocks_breach(clocks, moment->at);
	if (is_incomplete(moment)) {
		drop_open(clocks);
		return 0;
	}
	if (stop_all(clocks, moment, level, error) || pause_all(clocks, moment, level, error))
		return -1;
	if (level->sla && (moment->opens || is_complete_later(moment)) &&
	    start_first(clocks, moment, level, error))
		return -1;
	if (level->sla && !moment->opens && reopen(clocks, moment, level, error))
		return -1;
	if (level->sla && !moment->opens && moment->letter_in &&
	    start_next(clocks, moment, level, error))
		return -1;
	tkt_clocks_breach(clocks, moment->at);
	return 0;
}
