/* lib/calendar/calendar_parts.h: what the files of calendar.h have in common; for these alone. */
#pragma once
#include "base/zone.h"
#include "calendar/calendar.h"

#define DAY_SECONDS 86400
#define TKT_TIME_FIRST INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define TKT_TIME_END INT64_C(253402300800)   /* 10000-01-01T00:00:00Z */

/* Time that counts. */
struct tkt_piece {
	int64_t start, end;
	int64_t before; /* seconds that count from some zero to `start`; only differences matter */
};
struct tkt_pieces {
	struct tkt_piece *pieces; /* in order, apart from each other */
	size_t count, room;
};
void tkt_pieces_clear(struct tkt_pieces *pieces);
#define tkt_autopieces __attribute__((cleanup(tkt_pieces_clear))) struct tkt_pieces

/* All that counts in whole years of UTC, in one row. A piece behind all times ends it. */
struct tkt_table {
	struct tkt_pieces row;
	uint32_t *days;      /* for each day of UTC the first piece that ends after the day began */
	int64_t from, until; /* what is built; equal: nothing */
};

struct tkt_override {
	int64_t day;
	struct tkt_hours hours;
};

struct tkt_calendar {
	char *name;
	struct tkt_zone *zone; /* NULL: UTC */
	struct tkt_hours week[TKT_WEEK_DAYS];
	struct tkt_hours worked;
	unsigned kinds;
	struct tkt_override *overrides; /* in order of time */
	size_t override_count;
	struct tkt_holidays **lists; /* the one that was added last is last */
	size_t list_count;
	struct tkt_table open, days; /* of TKT_MEASURE_OPEN and TKT_MEASURE_DAYS */
};

/* -- day.c -- */

/* Where the hours of a date come from. */
struct tkt_day_basis {
	enum tkt_day_reason reason;
	const struct tkt_holiday *holiday;
	const struct tkt_hours *hours; /* before a short day is cut */
	bool is_short;
};
/* Does not ask whether the zone has the date. */
void tkt_day_basis_find(
    const struct tkt_calendar *calendar, int64_t day, struct tkt_day_basis *basis);
/* What is left of the hours; `cut` is where they go if they are cut. */
const struct tkt_hours *tkt_day_basis_hours(
    const struct tkt_day_basis *basis, struct tkt_hours *cut);
/* Does the calendar's zone have the date, or did the clock jump over all of it? */
bool tkt_day_exists(const struct tkt_calendar *calendar, int64_t day);
bool tkt_day_is_working(const struct tkt_calendar *calendar, int64_t day);
/* Of the wall clock at `time`; *second since its midnight. */
int64_t tkt_day_of(const struct tkt_calendar *calendar, int64_t time, int *second);
/* The instant at which the wall clock shows `second` of that day, as tkt_zone_time() has it. */
int64_t tkt_day_instant(const struct tkt_calendar *calendar, int64_t day, int second);
/* The last date on which something counts: INT64_MAX if there is none, INT64_MIN: none does. */
int64_t tkt_day_last(const struct tkt_calendar *calendar, enum tkt_measure measure);
/* Fails with DATA for a calendar on which nothing counts after `last`. Returns -1. */
int tkt_day_refuse(const struct tkt_calendar *calendar, int64_t last, struct tkt_error *error);

/* -- table.c -- */

/* Adds what counts by a date, cut to [from, until), a span after the other. 0, or -1. */
int tkt_pieces_add_day(struct tkt_pieces *pieces, const struct tkt_calendar *calendar,
    enum tkt_measure measure, int64_t day, int64_t from, int64_t until, struct tkt_error *error);
struct tkt_table *tkt_table_of(struct tkt_calendar *calendar, enum tkt_measure measure);
void tkt_table_clear(struct tkt_table *table);
/* Builds what lacks of the years of [start, end). 0, or -1 with TEMPORARY, or DATA: the years 0001
 * to 9999 do not hold them. */
int tkt_table_cover(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, struct tkt_error *error);
/* Builds on until `goal` seconds lie before the end of the table. 0, or -1 with DATA or TEMPORARY.
 */
int tkt_table_reach(
    struct tkt_calendar *calendar, enum tkt_measure measure, int64_t goal, struct tkt_error *error);

/* The first piece that ends after `time`, which is covered. */
static inline const struct tkt_piece *tkt_table_find(const struct tkt_table *table, int64_t time)
{
	const struct tkt_piece *piece =
	    table->row.pieces + table->days[(uint64_t)(time - table->from) / DAY_SECONDS];

	while (piece->end <= time)
		piece++;
	return piece;
}

/* The seconds before `time`; `piece` is what tkt_table_find() says of it. */
static inline int64_t tkt_piece_before(const struct tkt_piece *piece, int64_t time)
{
	return time > piece->start ? piece->before + (time - piece->start) : piece->before;
}
