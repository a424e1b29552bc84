#include "calendar/calendar_parts.h"

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

void tkt_pieces_clear(struct tkt_pieces *pieces)
{
	free(pieces->pieces);
	*pieces = (struct tkt_pieces){ 0 };
}

void tkt_table_clear(struct tkt_table *table)
{
	tkt_pieces_clear(&table->row);
	free(table->days);
	*table = (struct tkt_table){ 0 };
}

struct tkt_table *tkt_table_of(struct tkt_calendar *calendar, enum tkt_measure measure)
{
	return measure == TKT_MEASURE_DAYS ? &calendar->days : &calendar->open;
}

static int make_room(struct tkt_pieces *pieces, size_t more, struct tkt_error *error)
{
	size_t room = pieces->room ? pieces->room : 512;
	struct tkt_piece *grown;

	if (pieces->count + more <= pieces->room)
		return 0;
	while (room < pieces->count + more)
		room *= 2;
	grown = realloc(pieces->pieces, room * sizeof(*grown));
	if (!grown)
		return tkt_error_set_memory(error);
	pieces->pieces = grown;
	pieces->room = room;
	return 0;
}

static int add_piece(struct tkt_pieces *pieces, int64_t start, int64_t end, struct tkt_error *error)
{
	if (make_room(pieces, 1, error))
		return -1;
	pieces->pieces[pieces->count++] = (struct tkt_piece){ .start = start, .end = end };
	return 0;
}

/* Goes through the times of one offset around the span: in each the wall clock shows it at wall -
 * offset, as far as that time reaches. A time that is skipped lies in none, a repeated one in two.
 */
static int add_span(struct tkt_pieces *pieces, const struct tkt_zone *zone, int64_t wall_start,
    int64_t wall_end, int64_t from, int64_t until, struct tkt_error *error)
{
	int64_t time = wall_start - DAY_SECONDS, last = wall_end + DAY_SECONDS, next;
	bool joins = false; /* to the piece before, which is of this span */

	if (time < from)
		time = from;
	if (last > until)
		last = until;
	for (; time < last; time = next) {
		int offset = tkt_zone_offset(zone, time, &next);
		int64_t start = wall_start - offset > time ? wall_start - offset : time;
		int64_t end = wall_end - offset < last ? wall_end - offset : last;

		if (end > next)
			end = next;
		if (start >= end)
			continue;
		if (joins && pieces->pieces[pieces->count - 1].end == start)
			pieces->pieces[pieces->count - 1].end = end;
		else if (add_piece(pieces, start, end, error))
			return -1;
		joins = true;
	}
	return 0;
}

int tkt_pieces_add_day(struct tkt_pieces *pieces, const struct tkt_calendar *calendar,
    enum tkt_measure measure, int64_t day, int64_t from, int64_t until, struct tkt_error *error)
{
	static const struct tkt_hours whole = { .count = 1, .spans = { { 0, DAY_SECONDS } } };
	const struct tkt_hours *hours;
	struct tkt_day_basis basis;
	struct tkt_hours cut;
	int i;

	tkt_day_basis_find(calendar, day, &basis);
	hours = tkt_day_basis_hours(&basis, &cut);
	if (measure == TKT_MEASURE_DAYS)
		hours = basis.hours->count > 0 ? &whole : basis.hours;
	for (i = 0; i < hours->count; i++) {
		const struct tkt_span *span = &hours->spans[i];

		/* The wall clock shows nothing of a date that it jumps over, but for its night. */
		if (span->end > DAY_SECONDS && !tkt_day_exists(calendar, day))
			continue;
		if (add_span(pieces, calendar->zone, day * DAY_SECONDS + span->start,
			day * DAY_SECONDS + span->end, from, until, error))
			return -1;
	}
	return 0;
}

static int compare_pieces(const void *a, const void *b)
{
	int64_t first = ((const struct tkt_piece *)a)->start;
	int64_t second = ((const struct tkt_piece *)b)->start;

	return (first > second) - (first < second);
}

/* Puts the pieces from `first` on in order and joins those that touch. Days come in order, but
 * where the clock goes back over midnight they mix; nights overlap the next day. */
static void unite(struct tkt_pieces *pieces, size_t first)
{
	struct tkt_piece *row = pieces->pieces;
	size_t i, last = first;

	for (i = first + 1; i < pieces->count && row[i - 1].start <= row[i].start;)
		i++;
	if (i < pieces->count)
		qsort(row + first, pieces->count - first, sizeof(*row), compare_pieces);
	for (i = first + 1; i < pieces->count; i++) {
		if (row[i].start > row[last].end)
			row[++last] = row[i];
		else if (row[i].end > row[last].end)
			row[last].end = row[i].end;
	}
	if (pieces->count > first)
		pieces->count = last + 1;
}

static int64_t year_start(int year)
{
	return tkt_days_from_date(year, 1, 1) * DAY_SECONDS;
}

static int year_of(int64_t time)
{
	struct tkt_civil civil;

	tkt_civil_from_time(time, &civil);
	return civil.year;
}

/* A wall clock is up to a day ahead or behind, a night up to a day long. */
static int build_year(struct tkt_pieces *pieces, const struct tkt_calendar *calendar,
    enum tkt_measure measure, int year, struct tkt_error *error)
{
	int64_t from = year_start(year), until = year_start(year + 1), day;
	size_t first = pieces->count;

	for (day = from / DAY_SECONDS - 3; day <= until / DAY_SECONDS + 1; day++)
		if (tkt_pieces_add_day(pieces, calendar, measure, day, from, until, error))
			return -1;
	unite(pieces, first);
	return 0;
}

/* Fills in the days of [from, until), whose pieces begin at `first`. */
static void fill_days(struct tkt_table *table, size_t first, int64_t from, int64_t until)
{
	int64_t time;

	for (time = from; time < until; time += DAY_SECONDS) {
		while (table->row.pieces[first].end <= time)
			first++;
		table->days[(time - table->from) / DAY_SECONDS] = (uint32_t)first;
	}
}

static void end_row(struct tkt_table *table, int64_t total)
{
	table->row.pieces[table->row.count] =
	    (struct tkt_piece){ .start = INT64_MAX, .end = INT64_MAX, .before = total };
}

static uint32_t *make_days(const struct tkt_table *table, int64_t from, int64_t until)
{
	return realloc(table->days, (size_t)((until - from) / DAY_SECONDS) * sizeof(*table->days));
}

static int64_t sum_up(struct tkt_piece *pieces, size_t count, int64_t before)
{
	size_t i;

	for (i = 0; i < count; i++) {
		pieces[i].before = before;
		before += pieces[i].end - pieces[i].start;
	}
	return before;
}

/* Puts `more`, which is all of [table->until, until), behind the row. */
static int append(
    struct tkt_table *table, const struct tkt_pieces *more, int64_t until, struct tkt_error *error)
{
	size_t count = table->row.count;
	int64_t built = table->until,
		total = built > table->from ? table->row.pieces[count].before : 0;
	uint32_t *days = make_days(table, table->from, until);

	if (!days)
		return tkt_error_set_memory(error);
	table->days = days;
	if (make_room(&table->row, more->count + 1, error))
		return -1;
	if (more->count > 0)
		memcpy(
		    table->row.pieces + count, more->pieces, more->count * sizeof(*more->pieces));
	table->row.count += more->count;
	end_row(table, sum_up(table->row.pieces + count, more->count, total));
	table->until = until;
	fill_days(table, count, built, until);
	return 0;
}

/* Puts `more`, which is all of [from, table->from), before the row. */
static int prepend(
    struct tkt_table *table, const struct tkt_pieces *more, int64_t from, struct tkt_error *error)
{
	size_t day, old_days = (size_t)((table->until - table->from) / DAY_SECONDS);
	size_t new_days = (size_t)((table->from - from) / DAY_SECONDS);
	int64_t zero = table->row.pieces[0].before, built = table->from;
	uint32_t *days = make_days(table, from, table->until);

	if (!days)
		return tkt_error_set_memory(error);
	table->days = days;
	if (make_room(&table->row, more->count + 1, error))
		return -1;
	memmove(days + new_days, days, old_days * sizeof(*days));
	for (day = new_days; day < new_days + old_days; day++)
		days[day] += (uint32_t)more->count;
	memmove(table->row.pieces + more->count, table->row.pieces,
	    (table->row.count + 1) * sizeof(*more->pieces));
	if (more->count > 0)
		memcpy(table->row.pieces, more->pieces, more->count * sizeof(*more->pieces));
	table->row.count += more->count;
	/* The sums behind stay as they are: those before are counted down from them. */
	zero -= sum_up(table->row.pieces, more->count, 0);
	sum_up(table->row.pieces, more->count, zero);
	table->from = from;
	fill_days(table, 0, from, built);
	return 0;
}

/* Builds whole years: [from, until) touches what is built, or nothing is. */
static int build(struct tkt_calendar *calendar, enum tkt_measure measure, int first_year,
    int last_year, struct tkt_error *error)
{
	struct tkt_table *table = tkt_table_of(calendar, measure);
	int64_t from = year_start(first_year), until = year_start(last_year + 1);
	tkt_autopieces pieces = { 0 };
	int year;

	for (year = first_year; year <= last_year; year++)
		if (build_year(&pieces, calendar, measure, year, error))
			return -1;
	if (table->from < table->until && from < table->from)
		return prepend(table, &pieces, from, error);
	if (table->from == table->until)
		table->from = table->until = from;
	return append(table, &pieces, until, error);
}

int tkt_table_cover(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, struct tkt_error *error)
{
	const struct tkt_table *table = tkt_table_of(calendar, measure);
	int first_year, last_year;

	if (start < TKT_TIME_FIRST || end > TKT_TIME_END)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the time lies beyond the years 0001 to 9999"));
	if (table->from < table->until && start >= table->from && end <= table->until)
		return 0;
	first_year = year_of(start);
	last_year = year_of(end - 1);
	if (table->from == table->until)
		return build(calendar, measure, first_year, last_year, error);
	if (start < table->from &&
	    build(calendar, measure, first_year, year_of(table->from - 1), error))
		return -1;
	if (end > table->until)
		return build(calendar, measure, year_of(table->until), last_year, error);
	return 0;
}

int tkt_table_reach(
    struct tkt_calendar *calendar, enum tkt_measure measure, int64_t goal, struct tkt_error *error)
{
	const struct tkt_table *table = tkt_table_of(calendar, measure);
	int64_t last = tkt_day_last(calendar, measure);

	while (table->row.pieces[table->row.count].before < goal) {
		/* What counts on the last day ends up to two days later, in any zone. */
		if (last != INT64_MAX && table->until / DAY_SECONDS > last + 3)
			return tkt_day_refuse(calendar, last, error);
		if (table->until >= TKT_TIME_END)
			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("the time lies beyond the year 9999"));
		if (build(calendar, measure, year_of(table->until), year_of(table->until), error))
			return -1;
	}
	return 0;
}
