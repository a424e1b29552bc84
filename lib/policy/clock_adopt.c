#include "policy/clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "calendar/calendar.h"
#include "policy/clock_parts.h"
#include "json/field.h"

#include "base/banned.h"

/* The clock as it was goes among `clocks` instead of what the replay made of it. */
static int keep(struct tkt_clocks *clocks, struct tkt_clock *old, struct tkt_error *error)
{
	struct tkt_clock *fresh = tkt_clocks_find(clocks, old->name, old->cycle);

	if (!fresh)
		return tkt_clocks_take(clocks, old, error);
	tkt_clock_clear(fresh);
	*fresh = *old;
	*old = (struct tkt_clock){ 0 };
	return 0;
}

/* The section promises it no more: what is broken stays so, the rest was never promised. */
static int lose(
    struct tkt_clocks *clocks, struct tkt_clock *old, int64_t now, struct tkt_error *error)
{
	if (old->breached_at == TKT_TIME_NONE)
		return 0;
	if (old->state == TKT_CLOCK_PAUSED) {
		tkt_clock_end_pause(old, now);
		old->due_at = old->breached_at;
	}
	old->state = TKT_CLOCK_MISSED;
	old->stopped_at = now;
	return tkt_clocks_take(clocks, old, error);
}

/* An answer that comes with the change of level was in time, or not, by the promise it was under.
 */
static bool stops_now(const struct tkt_clock *old, const struct tkt_clock *fresh, int64_t now)
{
	return tkt_clock_is_open(old) && !tkt_clock_is_open(fresh) && fresh->stopped_at == now;
}

/* The deadline that a paused clock goes on with. Its own calendar is not at hand: what it has left
 * is counted by the level's. */
static int resume(
    struct tkt_clock *old, const struct tkt_level *level, int64_t now, struct tkt_error *error)
{
	enum tkt_measure measure = TKT_MEASURE_ELAPSED;
	int64_t left = old->remaining_seconds;
	struct tkt_length length;

	if (tkt_clock_length(old, &length, error))
		return -1;
	if (level->calendar)
		measure = tkt_unit_measure(length.unit);
	tkt_clock_end_pause(old, now);
	old->due_at = old->breached_at; /* unless there is time left */
	return left < 0
	    ? 0
	    : tkt_calendar_add_seconds(level->calendar, measure, now, left, &old->due_at, error);
}

static int stop(
    struct tkt_clock *old, const struct tkt_level *level, int64_t now, struct tkt_error *error)
{
	if (old->state == TKT_CLOCK_PAUSED && resume(old, level, now, error))
		return -1;
	old->stopped_at = now;
	old->state = now <= old->due_at ? TKT_CLOCK_MET : TKT_CLOCK_MISSED;
	return 0;
}

/* What the record says of a clock that goes on by another reckoning. */
static void inherit(struct tkt_clock *fresh, struct tkt_clock *old, int64_t now)
{
	if (old->breached_at != TKT_TIME_NONE)
		fresh->breached_at = old->breached_at;
	else if (fresh->breached_at != TKT_TIME_NONE)
		fresh->breached_at = now;
	fresh->steps = old->steps;
	fresh->step_count = old->step_count;
	old->steps = NULL;
	old->step_count = 0;
}

static int merge(struct tkt_clocks *clocks, struct tkt_clock *old, const struct tkt_level *level,
    int64_t changed_at, int64_t now, struct tkt_error *error)
{
	struct tkt_clock *fresh = tkt_clocks_find(clocks, old->name, old->cycle);
	bool goes_on = fresh && tkt_clock_is_open(fresh) && old->name == TKT_CLOCK_RESOLUTION;

	if (!tkt_clock_is_open(old) && !goes_on)
		return keep(clocks, old, error);
	if (!fresh)
		return lose(clocks, old, now, error);
	if (stops_now(old, fresh, changed_at))
		return stop(old, level, changed_at, error) || keep(clocks, old, error) ? -1 : 0;
	inherit(fresh, old, now);
	return 0;
}

/* A promise that was not made before is broken now and not in the past. */
static void breach_new(struct tkt_clocks *fresh, const struct tkt_clocks *old, int64_t now)
{
	size_t i;

	for (i = 0; i < fresh->count; i++) {
		struct tkt_clock *clock = &fresh->clocks[i];

		if (clock->breached_at != TKT_TIME_NONE &&
		    !tkt_clocks_find(old, clock->name, clock->cycle))
			clock->breached_at = now;
	}
}

static bool has_step(const struct tkt_clock *clock, const char *title)
{
	size_t i;

	for (i = 0; i < clock->step_count; i++)
		if (tkt_text_equal(clock->steps[i], title))
			return true;
	return false;
}

static int add_step(struct tkt_clock *clock, const char *title, struct tkt_error *error)
{
	char **grown;

	if (!title || has_step(clock, title))
		return 0;
	grown = reallocarray(clock->steps, clock->step_count + 1, sizeof(*grown));
	if (!grown)
		return tkt_error_set_memory(error);
	clock->steps = grown;
	grown[clock->step_count] = strdup(title);
	if (!grown[clock->step_count])
		return tkt_error_set_memory(error);
	clock->step_count++;
	return 0;
}

/* That a step is of; NULL: of none of them, or of a timer. */
static struct tkt_clock *clock_of(const struct tkt_clocks *clocks, const json_t *step)
{
	const char *name = tkt_object_text(step, "clock");
	size_t i;

	for (i = 0; name && i < clocks->count; i++) {
		struct tkt_clock *clock = &clocks->clocks[i];

		if (tkt_text_equal(tkt_clock_words[clock->name], name) &&
		    json_integer_value(json_object_get(step, "cycle")) == clock->cycle)
			return clock;
	}
	return NULL;
}

int tkt_clocks_recall(struct tkt_clocks *clocks, const struct tkt_moment *story, size_t count,
    struct tkt_error *error)
{
	size_t i, at;

	for (i = 0; i < count; i++) {
		const json_t *step = story[i].step, *title;
		struct tkt_clock *clock = clock_of(clocks, step);

		if (!clock)
			continue;
		json_array_foreach(json_object_get(step, "skipped"), at, title)
			if (add_step(clock, json_string_value(title), error))
				return -1;
		if (add_step(clock, tkt_object_text(step, "step"), error))
			return -1;
	}
	return 0;
}

int tkt_clocks_adopt(struct tkt_clocks *clocks, const struct tkt_moment *story, size_t count,
    const struct tkt_level *level, int64_t now, struct tkt_error *error)
{
	tkt_autoclocks fresh = { 0 };
	int64_t changed_at = count ? story[count - 1].at : now;
	size_t i;

	tkt_clocks_breach(clocks, now);
	for (i = 0; i < count; i++)
		if (tkt_clocks_follow(&fresh, &story[i], level, error))
			return -1;
	tkt_clocks_breach(&fresh, now);
	breach_new(&fresh, clocks, now);
	for (i = 0; i < clocks->count; i++)
		if (merge(&fresh, &clocks->clocks[i], level, changed_at, now, error))
			return -1;
	if (tkt_clocks_recall(&fresh, story, count, error))
		return -1;
	tkt_clocks_clear(clocks);
	*clocks = fresh;
	fresh = (struct tkt_clocks){ 0 };
	return 0;
}
