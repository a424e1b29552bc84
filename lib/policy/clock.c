#include "policy/clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "calendar/calendar.h"
#include "policy/clock_parts.h"

#include "base/banned.h"

/* A Date that is older than this at its receipt says nothing (SLA.md, Clocks 1). */
#define CREDIBLE_SECONDS ((int64_t)72 * 3600)

void tkt_clock_clear(struct tkt_clock *clock)
{
	size_t i;

	free(clock->sla);
	free(clock->calendar);
	free(clock->target);
	free(clock->pauses);
	for (i = 0; i < clock->step_count; i++)
		free(clock->steps[i]);
	free(clock->steps);
	memset(clock, 0, sizeof(*clock));
}

void tkt_clocks_clear(struct tkt_clocks *clocks)
{
	size_t i;

	for (i = 0; i < clocks->count; i++)
		tkt_clock_clear(&clocks->clocks[i]);
	free(clocks->clocks);
	memset(clocks, 0, sizeof(*clocks));
}

bool tkt_clock_is_open(const struct tkt_clock *clock)
{
	return clock->state == TKT_CLOCK_RUNNING || clock->state == TKT_CLOCK_PAUSED;
}

struct tkt_clock *tkt_clocks_find(
    const struct tkt_clocks *clocks, enum tkt_clock_name name, int64_t cycle)
{
	size_t i;

	for (i = 0; i < clocks->count; i++)
		if (clocks->clocks[i].name == name && clocks->clocks[i].cycle == cycle)
			return &clocks->clocks[i];
	return NULL;
}

struct tkt_clock *tkt_clocks_latest(const struct tkt_clocks *clocks, enum tkt_clock_name name)
{
	size_t i;

	for (i = clocks->count; i > 0; i--)
		if (clocks->clocks[i - 1].name == name)
			return &clocks->clocks[i - 1];
	return NULL;
}

/* Room for one more, at its place by cycle, then by name. */
static struct tkt_clock *insert(struct tkt_clocks *clocks, enum tkt_clock_name name, int64_t cycle)
{
	struct tkt_clock *grown =
	    reallocarray(clocks->clocks, clocks->count + 1, sizeof(*clocks->clocks));
	size_t at = clocks->count;

	if (!grown)
		return NULL;
	clocks->clocks = grown;
	while (at > 0 &&
	    (grown[at - 1].cycle > cycle ||
		(grown[at - 1].cycle == cycle && grown[at - 1].name > name)))
		at--;
	memmove(&grown[at + 1], &grown[at], (clocks->count - at) * sizeof(*grown));
	clocks->count++;
	memset(&grown[at], 0, sizeof(grown[at]));
	return &grown[at];
}

int tkt_clocks_take(struct tkt_clocks *clocks, struct tkt_clock *clock, struct tkt_error *error)
{
	struct tkt_clock *place = insert(clocks, clock->name, clock->cycle);

	if (!place)
		return tkt_error_set_memory(error);
	*place = *clock;
	memset(clock, 0, sizeof(*clock));
	return 0;
}

int tkt_clocks_add(struct tkt_clocks *clocks, enum tkt_clock_name name, int64_t cycle,
    const struct tkt_level *level, struct tkt_clock **added, struct tkt_error *error)
{
	struct tkt_clock *clock = insert(clocks, name, cycle);

	if (!clock)
		return tkt_error_set_memory(error);
	clock->name = name;
	clock->cycle = cycle;
	clock->state = TKT_CLOCK_RUNNING;
	clock->started_at = clock->due_at = TKT_TIME_NONE;
	clock->stopped_at = clock->breached_at = TKT_TIME_NONE;
	*added = clock;
	return tkt_clock_set_level(clock, level, error);
}

/* Replaces a text by a copy; NULL stays NULL. */
static int replace(char **text, const char *by, struct tkt_error *error)
{
	char *copy = NULL;

	if (tkt_text_equal(*text, by))
		return 0;
	if (by && !(copy = strdup(by)))
		return tkt_error_set_memory(error);
	free(*text);
	*text = copy;
	return 0;
}

static const char *calendar_name(const struct tkt_level *level)
{
	return level->calendar ? tkt_calendar_name(level->calendar) : NULL;
}

int tkt_clock_set_calendar(
    struct tkt_clock *clock, const struct tkt_level *level, struct tkt_error *error)
{
	return replace(&clock->calendar, calendar_name(level), error);
}

int tkt_clock_set_level(
    struct tkt_clock *clock, const struct tkt_level *level, struct tkt_error *error)
{
	return replace(&clock->sla, level->sla->title, error) ||
		replace(&clock->target, level->sla->target_texts[clock->name], error) ||
		tkt_clock_set_calendar(clock, level, error)
	    ? -1
	    : 0;
}

int tkt_clock_add_pause(
    struct tkt_clock *clock, int64_t started_at, int64_t ended_at, struct tkt_error *error)
{
	struct tkt_clock_pause *last =
	    clock->pauses ? &clock->pauses[clock->pause_count - 1] : NULL;
	struct tkt_clock_pause *grown;

	if (started_at == ended_at)
		return 0;
	if (last && last->ended_at == started_at) {
		last->ended_at = ended_at;
		return 0;
	}
	grown = reallocarray(clock->pauses, clock->pause_count + 1, sizeof(*grown));
	if (!grown)
		return tkt_error_set_memory(error);
	clock->pauses = grown;
	grown[clock->pause_count++] = (struct tkt_clock_pause){ started_at, ended_at };
	return 0;
}

int tkt_clock_begin_pause(struct tkt_clock *clock, int64_t at, struct tkt_error *error)
{
	if (tkt_clock_add_pause(clock, at, TKT_TIME_NONE, error))
		return -1;
	clock->state = TKT_CLOCK_PAUSED;
	clock->due_at = TKT_TIME_NONE;
	return 0;
}

void tkt_clock_end_pause(struct tkt_clock *clock, int64_t at)
{
	struct tkt_clock_pause *last = &clock->pauses[clock->pause_count - 1];

	last->ended_at = at;
	if (last->started_at == at && !--clock->pause_count) {
		free(clock->pauses);
		clock->pauses = NULL;
	}
	clock->state = TKT_CLOCK_RUNNING;
	clock->remaining_seconds = 0;
}

int64_t tkt_anchor_instant(enum tkt_anchor anchor, int64_t sent_at, int64_t received_at)
{
	if (anchor != TKT_ANCHOR_SENT || sent_at == TKT_TIME_NONE || sent_at > received_at ||
	    received_at - sent_at > CREDIBLE_SECONDS)
		return received_at;
	return sent_at;
}

static bool is_by(const struct tkt_clock *clock, const struct tkt_level *level)
{
	return level->sla && level->sla->has_target[clock->name] &&
	    tkt_text_equal(clock->sla, level->sla->title) &&
	    tkt_text_equal(clock->target, level->sla->target_texts[clock->name]) &&
	    tkt_text_equal(clock->calendar, calendar_name(level));
}

bool tkt_clocks_are_by(const struct tkt_clocks *clocks, const struct tkt_level *level)
{
	static const enum tkt_clock_name from_the_start[] = { TKT_CLOCK_FIRST_RESPONSE,
		TKT_CLOCK_RESOLUTION };
	size_t i;

	for (i = 0; i < clocks->count; i++)
		if (tkt_clock_is_open(&clocks->clocks[i]) && !is_by(&clocks->clocks[i], level))
			return false;
	for (i = 0; level->sla && i < sizeof(from_the_start) / sizeof(*from_the_start); i++)
		if (level->sla->has_target[from_the_start[i]] &&
		    !tkt_clocks_latest(clocks, from_the_start[i]))
			return false;
	return true;
}

bool tkt_clocks_breach(struct tkt_clocks *clocks, int64_t now)
{
	bool breached = false;
	size_t i;

	for (i = 0; i < clocks->count; i++) {
		struct tkt_clock *clock = &clocks->clocks[i];

		if (clock->state != TKT_CLOCK_RUNNING || clock->breached_at != TKT_TIME_NONE ||
		    clock->due_at >= now)
			continue;
		clock->breached_at = clock->due_at;
		breached = true;
	}
	return breached;
}
