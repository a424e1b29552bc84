/*
 * lib/calendar/calendar.h: working time: when a calendar is open, and arithmetic over it.
 *
 * The desk is open when the wall clock of the calendar's zone lies in a span of that date: an hour
 * that the clock skips counts nothing, one that it repeats counts twice. A span past midnight
 * belongs to the day it begins, also into a day off. A working day is one on which a span begins.
 * The hours of a date are, in this order: an override of `days`; what the holiday lists say, of the
 * kinds that are honoured; the week's. A list says:
 *
 *   holiday  closed
 *   workday  the hours that the week has for that weekday, else Friday's, else `worked`
 *   short    of Saturday and Sunday the same, of other days the week's; then it closes an hour
 *            earlier, whatever spans that cuts, and is a working day also when it cuts them all.
 *            Where only `workday` is honoured, a short Saturday or Sunday is a full one
 *
 * A date that the zone's clock jumps over whole is no day. Days are built when they are first asked
 * for, a year at a time, so a calendar is for one thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/time.h"
#include "calendar/holidays.h"
#include "calendar/hours.h"

struct tkt_calendar; /* opaque */
struct tkt_error;
struct tkt_zone;

/* What a length counts. */
enum tkt_measure {
	TKT_MEASURE_ELAPSED, /* s m h d: every second */
	TKT_MEASURE_OPEN,    /* ws wm wh: seconds within opening hours */
	TKT_MEASURE_DAYS,    /* ds dm dh: seconds of working days, from midnight to midnight */
};

/* -- making one -- */

/* Never open, in UTC, honours every kind. NULL when memory is out. The name is copied. */
struct tkt_calendar *tkt_calendar_new(const char *name);
void tkt_calendar_free(struct tkt_calendar *calendar);
TKT_AUTOPTR(calendar)

/* Takes the zone. */
void tkt_calendar_set_zone(struct tkt_calendar *calendar, struct tkt_zone *zone);
/* An entry of `week`, as tkt_hours_parse_week() has it. 0, or -1 with CONFIGURATION: a weekday
 * whose spans overlap those of an entry before. */
int tkt_calendar_add_week(
    struct tkt_calendar *calendar, const char *string, struct tkt_error *error);
/* An entry of `days`. 0, or -1 with CONFIGURATION (also for a date that has one already). */
int tkt_calendar_add_day(
    struct tkt_calendar *calendar, const char *string, struct tkt_error *error);
/* Hours of a worked day that neither the week nor its Friday names. 0 or -1. */
int tkt_calendar_set_worked(
    struct tkt_calendar *calendar, const char *string, struct tkt_error *error);
void tkt_calendar_set_kinds(struct tkt_calendar *calendar, unsigned kinds); /* TKT_DAY_* bits */
/* Takes the list, also when it fails. Where two lists name one day, the one that was added last
 * counts, unless what it says is not honoured. 0, or -1. */
int tkt_calendar_add_holidays(
    struct tkt_calendar *calendar, struct tkt_holidays *holidays, struct tkt_error *error);

const char *tkt_calendar_name(const struct tkt_calendar *calendar);
const struct tkt_zone *tkt_calendar_zone(const struct tkt_calendar *calendar);
/* Can it be open at all? No without any hours in week, days and worked weekend days. */
bool tkt_calendar_is_ever_open(const struct tkt_calendar *calendar);
/* The weekdays whose night overlaps the hours of the next: a bit each, Monday the lowest; 0: none
 * does. Overlapping time counts once. */
unsigned tkt_calendar_overlaps(const struct tkt_calendar *calendar);

/* -- asking it -- */

/* What the unit of a length counts; wd and cd, which count no seconds, give OPEN and ELAPSED: what
 * a part of them is measured in (SLA.md, Clocks 5 and 11). */
enum tkt_measure tkt_unit_measure(enum tkt_unit unit);
/* The seconds of a length in its measure; -1 for wd and cd. */
int64_t tkt_length_measured(const struct tkt_length *length);

/*
 * The earliest instant `result` with between(start, result) = seconds: what ends exactly at closing
 * is due at closing. Zero seconds give `start`; a negative number is our own mistake.
 *
 *   calendar  NULL will do for TKT_MEASURE_ELAPSED; for others it is an error (DATA)
 *
 * 0, or -1 with TKT_ERROR_DATA: "calendar 'office' is never open", "... is not open after
 * 2026-12-31", beyond the year 9999; or TEMPORARY.
 */
int tkt_calendar_add_seconds(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t seconds, int64_t *result, struct tkt_error *error);
/* The seconds that count in [start, end); negative when end is before start. 0 or -1. */
int tkt_calendar_between(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, int64_t *seconds, struct tkt_error *error);
/*
 * The same for a length in any unit.
 *
 *   wd  the same wall-clock time that many working days later. The start date is day 0 even if
 *       off; a wall time before opening or after closing clips to it, one in a gap to the end of
 *       the span before. Of the spans only those that begin on that date count
 *   cd  counted from the day after, to 24:00 of the last day or, if that is off, of the next
 *       working day
 *
 * A length of nothing gives `start`.
 */
int tkt_calendar_add(struct tkt_calendar *calendar, int64_t start, const struct tkt_length *length,
    int64_t *result, struct tkt_error *error);
/* When it is open: `at` itself if it then is, else the next opening. 0, or -1 with DATA. */
int tkt_calendar_next_open(
    struct tkt_calendar *calendar, int64_t at, int64_t *opening, struct tkt_error *error);
bool tkt_calendar_is_open(struct tkt_calendar *calendar, int64_t at);

/* Why a date has the hours that it has. */
enum tkt_day_reason {
	TKT_DAY_BY_WEEK,
	TKT_DAY_BY_OVERRIDE, /* an entry of `days` */
	TKT_DAY_BY_LIST,     /* a holiday list; `holiday` says which kind */
};
struct tkt_calendar_day {
	int64_t day; /* since 1970-01-01 */
	int weekday; /* 0 Monday */
	enum tkt_day_reason reason;
	const struct tkt_holiday *holiday; /* BY_LIST; NULL */
	bool is_working;                   /* a span begins on it, before it is shortened */
	struct tkt_hours hours;            /* as shortened */
};
void tkt_calendar_day_at(
    const struct tkt_calendar *calendar, int64_t day, struct tkt_calendar_day *out);

/* A piece of the time between two instants. */
struct tkt_calendar_part {
	bool counts;                        /* a span; else a day on which nothing counts */
	int64_t start, end;                 /* of a span; end - start seconds count. Of a day off:
					       its midnights */
	const struct tkt_calendar_day *day; /* valid until the visit returns */
};
typedef int tkt_calendar_visit(
    const struct tkt_calendar_part *part, void *context, struct tkt_error *error);
/*
 * Hands over, in order, every span that counts in [start, end), cut to it, and every whole day
 * within by which nothing counts. The seconds of the spans add up to tkt_calendar_between(): what
 * two days share is the first one's. In TKT_MEASURE_DAYS a span is a working day; in
 * TKT_MEASURE_ELAPSED, for which NULL will do, it is all of the time. 0 or -1.
 */
int tkt_calendar_explain(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, tkt_calendar_visit *visit, void *context, struct tkt_error *error);

/*
 * The years from `start` to `end` for which some holiday list says nothing: the first one from
 * `year` on, or 0. A calendar without lists misses none.
 */
int tkt_calendar_missing_year(
    const struct tkt_calendar *calendar, int64_t start, int64_t end, int year);
