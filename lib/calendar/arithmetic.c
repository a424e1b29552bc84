#include "calendar/calendar_parts.h"

#include <assert.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

static const struct {
	enum tkt_measure measure;
	int seconds; /* of one; -1: it counts none */
} units[] = {
	[TKT_UNIT_SECOND] = { TKT_MEASURE_ELAPSED, 1 },
	[TKT_UNIT_MINUTE] = { TKT_MEASURE_ELAPSED, 60 },
	[TKT_UNIT_HOUR] = { TKT_MEASURE_ELAPSED, 3600 },
	[TKT_UNIT_DAY] = { TKT_MEASURE_ELAPSED, DAY_SECONDS },
	[TKT_UNIT_WORK_SECOND] = { TKT_MEASURE_OPEN, 1 },
	[TKT_UNIT_WORK_MINUTE] = { TKT_MEASURE_OPEN, 60 },
	[TKT_UNIT_WORK_HOUR] = { TKT_MEASURE_OPEN, 3600 },
	[TKT_UNIT_DAY_SECOND] = { TKT_MEASURE_DAYS, 1 },
	[TKT_UNIT_DAY_MINUTE] = { TKT_MEASURE_DAYS, 60 },
	[TKT_UNIT_DAY_HOUR] = { TKT_MEASURE_DAYS, 3600 },
	[TKT_UNIT_WORK_DAY] = { TKT_MEASURE_OPEN, -1 },
	[TKT_UNIT_CALENDAR_DAY] = { TKT_MEASURE_ELAPSED, -1 },
};

enum tkt_measure tkt_unit_measure(enum tkt_unit unit)
{
	return units[unit].measure;
}

int64_t tkt_length_measured(const struct tkt_length *length)
{
	int seconds = units[length->unit].seconds;

	return seconds < 0 ? -1 : length->amount * seconds;
}

static int refuse_late(struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA, _("the time lies beyond the year 9999"));
}

static int refuse_without(struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA, _("working time needs a calendar"));
}

static int add_elapsed(int64_t start, int64_t seconds, int64_t *result, struct tkt_error *error)
{
	int64_t sum;

	if (__builtin_add_overflow(start, seconds, &sum) || sum >= TKT_TIME_END)
		return refuse_late(error);
	*result = sum;
	return 0;
}

/* Builds the year of an instant. */
static int cover(
    struct tkt_calendar *calendar, enum tkt_measure measure, int64_t at, struct tkt_error *error)
{
	return at < TKT_TIME_END ? tkt_table_cover(calendar, measure, at, at + 1, error)
				 : refuse_late(error);
}

/* The last piece that begins before `goal`, from one that does on; the row reaches that far.
 * Gallops, then halves what is left without a branch on what it finds. */
static const struct tkt_piece *find_goal(
    const struct tkt_piece *piece, const struct tkt_piece *end, int64_t goal)
{
	size_t step = 1;

	while (step < (size_t)(end - piece) && piece[step].before < goal) {
		piece += step;
		step *= 2;
	}
	if (step > (size_t)(end - piece))
		step = (size_t)(end - piece);
	while (step > 1) {
		size_t half = step / 2;

		piece += piece[half].before < goal ? half : 0;
		step -= half;
	}
	return piece;
}

int tkt_calendar_add_seconds(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t seconds, int64_t *result, struct tkt_error *error)
{
	const struct tkt_piece *piece;
	struct tkt_table *table;
	int64_t goal;

	assert(seconds >= 0);
	if (measure == TKT_MEASURE_ELAPSED || seconds == 0)
		return add_elapsed(start, seconds, result, error);
	if (!calendar)
		return refuse_without(error);
	table = tkt_table_of(calendar, measure);
	if ((start < table->from || start >= table->until) &&
	    cover(calendar, measure, start, error))
		return -1;
	piece = tkt_table_find(table, start);
	if (__builtin_add_overflow(tkt_piece_before(piece, start), seconds, &goal))
		return refuse_late(error);
	if (goal > table->row.pieces[table->row.count].before) {
		if (tkt_table_reach(calendar, measure, goal, error))
			return -1;
		piece = tkt_table_find(table, start);
	}
	piece = find_goal(piece, table->row.pieces + table->row.count, goal);
	*result = piece->start + (goal - piece->before);
	return 0;
}

static int64_t before(const struct tkt_table *table, int64_t time)
{
	if (time >= table->until)
		return table->row.pieces[table->row.count].before;
	return tkt_piece_before(tkt_table_find(table, time), time);
}

static int count_between(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, int64_t *seconds, struct tkt_error *error)
{
	const struct tkt_table *table = tkt_table_of(calendar, measure);

	if (start < table->from || end > table->until) {
		int64_t last = tkt_day_last(calendar, measure);

		/* No years are built behind the last day on which something counts. */
		if (last != INT64_MAX && last < end / DAY_SECONDS - 3)
			end = (last == INT64_MIN ? last : (last + 3) * DAY_SECONDS);
		if (end <= start) {
			*seconds = 0;
			return 0;
		}
		if (tkt_table_cover(calendar, measure, start, end, error))
			return -1;
	}
	*seconds = before(table, end) - before(table, start);
	return 0;
}

int tkt_calendar_between(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, int64_t *seconds, struct tkt_error *error)
{
	if (start == end || measure == TKT_MEASURE_ELAPSED) {
		*seconds = end - start;
		return 0;
	}
	if (!calendar)
		return refuse_without(error);
	if (start < end)
		return count_between(calendar, measure, start, end, seconds, error);
	if (count_between(calendar, measure, end, start, seconds, error))
		return -1;
	*seconds = -*seconds;
	return 0;
}

int tkt_calendar_next_open(
    struct tkt_calendar *calendar, int64_t at, int64_t *opening, struct tkt_error *error)
{
	struct tkt_table *table = &calendar->open;
	const struct tkt_piece *piece;
	int64_t total;

	if (cover(calendar, TKT_MEASURE_OPEN, at, error))
		return -1;
	piece = tkt_table_find(table, at);
	total = table->row.pieces[table->row.count].before;
	if (piece == table->row.pieces + table->row.count) {
		if (tkt_table_reach(calendar, TKT_MEASURE_OPEN, total + 1, error))
			return -1;
		piece = tkt_table_find(table, at);
	}
	*opening = at > piece->start ? at : piece->start;
	return 0;
}

/* The `count`-th working day after `day`, or, for 0, `day` itself or the next one. */
static int find_working(const struct tkt_calendar *calendar, int64_t day, int64_t count,
    int64_t *found, struct tkt_error *error)
{
	int64_t last = tkt_day_last(calendar, TKT_MEASURE_DAYS);
	int64_t end = TKT_TIME_END / DAY_SECONDS - 1; /* its midnight is past the year 9999 */

	if (count == 0)
		day--, count = 1;
	while (count > 0) {
		day++;
		if (day > last)
			return tkt_day_refuse(calendar, last, error);
		if (day >= end)
			return refuse_late(error);
		count -= tkt_day_is_working(calendar, day);
	}
	*found = day;
	return 0;
}

/* Into the spans that begin on a working day; one in a gap goes back to the end of a span. */
static int clip(const struct tkt_calendar *calendar, int64_t day, int second)
{
	const struct tkt_hours *hours;
	struct tkt_day_basis basis;
	struct tkt_hours cut;
	int i;

	tkt_day_basis_find(calendar, day, &basis);
	hours = tkt_day_basis_hours(&basis, &cut);
	/* A short day may have lost all: what is left of it is its opening. */
	if (hours->count == 0 || second < hours->spans[0].start)
		return basis.hours->spans[0].start;
	for (i = hours->count - 1; second < hours->spans[i].start;)
		i--;
	return second < hours->spans[i].end ? second : hours->spans[i].end;
}

int tkt_calendar_add(struct tkt_calendar *calendar, int64_t start, const struct tkt_length *length,
    int64_t *result, struct tkt_error *error)
{
	int64_t day, found;
	int second;

	if (length->amount == 0 || units[length->unit].seconds > 0)
		return tkt_calendar_add_seconds(calendar, tkt_unit_measure(length->unit), start,
		    tkt_length_measured(length) > 0 ? tkt_length_measured(length) : 0, result,
		    error);
	if (!calendar)
		return refuse_without(error);
	day = tkt_day_of(calendar, start, &second);
	if (length->unit == TKT_UNIT_WORK_DAY) {
		if (find_working(calendar, day, length->amount, &found, error))
			return -1;
		*result = tkt_day_instant(calendar, found, clip(calendar, found, second));
		return 0;
	}
	if (find_working(calendar, day + length->amount, 0, &found, error))
		return -1;
	*result = tkt_day_instant(calendar, found + 1, 0);
	return 0;
}
