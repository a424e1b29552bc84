#include "flow/calendar_month.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "base/zone.h"
#include "flow/explanation.h"

#include "base/banned.h"

#define DAY_SECONDS 86400
#define CELL_WIDTH 5
#define WEEK_REACH                                                                     \
	60 /* weeks around a month in which an ordinary day of each name is looked for \
	    */
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

static const char *const month_names[] = { N_("January"), N_("February"), N_("March"), N_("April"),
	/* TRANSLATORS: the name of the month, as in 'May 2026' */
	N_("May"), N_("June"), N_("July"), N_("August"), N_("September"), N_("October"),
	N_("November"), N_("December") };
/* TRANSLATORS: weekdays, short, as heads of a calendar's columns */
static const char *const weekday_names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"),
	N_("Sat"), N_("Sun") };
static const char *const weekday_words[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* How a day of the grid is marked, and why. */
enum mark { ORDINARY, OFF, SHORTER, WORKED, CHANGED, MARK_COUNT };
static const struct {
	char sign;
	const char *colour;
	const char *meaning;
} marks[MARK_COUNT] = {
	[ORDINARY] = { ' ', "", NULL },
	[OFF] = { '*', RED, N_("day off") },
	[SHORTER] = { '-', YELLOW, N_("shorter day") },
	[WORKED] = { '+', GREEN, N_("worked weekend") },
	[CHANGED] = { '~', YELLOW, N_("other hours") },
};

int tkt_month_parse(const char *string, int *year, int *month)
{
	struct tkt_civil civil;
	char date[] = "YYYY-MM-01";

	if (strlen(string) != strlen("YYYY-MM"))
		return -1;
	memcpy(date, string, strlen("YYYY-MM"));
	if (tkt_date_parse(date, &civil))
		return -1;
	*year = civil.year;
	*month = civil.month;
	return 0;
}

const char *tkt_weekday_short(int weekday)
{
	return _(weekday_names[weekday]);
}

void tkt_wall_add(struct tkt_text *out, const struct tkt_zone *zone, int64_t time, bool is_end)
{
	struct tkt_civil civil;
	int offset = tkt_zone_civil(zone, time, &civil);
	int minutes = abs(offset) / 60;

	if (is_end && !civil.hour && !civil.minute && !civil.second) {
		tkt_civil_from_time(tkt_time_from_civil(&civil) - 1, &civil);
		civil.hour = 24;
		civil.minute = civil.second = 0;
	}
	tkt_text_format(out, "%s %04d-%02d-%02d %02d:%02d", tkt_weekday_short(civil.weekday),
	    civil.year, civil.month, civil.day, civil.hour, civil.minute);
	if (civil.second)
		tkt_text_format(out, ":%02d", civil.second);
	tkt_text_format(out, " %c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
	if (offset % 60) /* a town's own time, as the years before the railways had it */
		tkt_text_format(out, ":%02d", abs(offset) % 60);
}

static void add_wall_time(struct tkt_text *out, int seconds)
{
	tkt_text_format(out, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
	if (seconds % 60)
		tkt_text_format(out, ":%02d", seconds % 60);
}

/* '09:00-13:00 14:00-18:00'; past midnight '22:00-06:00'. */
static void add_hours(struct tkt_text *out, const struct tkt_hours *hours)
{
	for (int index = 0; index < hours->count; index++) {
		int end = hours->spans[index].end;

		if (index)
			tkt_text_add_byte(out, ' ');
		add_wall_time(out, hours->spans[index].start);
		tkt_text_add_byte(out, '-');
		add_wall_time(out, end > DAY_SECONDS ? end - DAY_SECONDS : end);
	}
}

static const char *note_of(const struct tkt_calendar_day *day)
{
	return day->reason == TKT_DAY_BY_LIST ? day->holiday->note : "";
}

/* -- objects -- */

struct sum {
	int64_t day, seconds;
};

static int add_part(const struct tkt_calendar_part *part, void *context, struct tkt_error *error)
{
	struct sum *sum = context;

	(void)error;
	if (part->counts && part->day->day == sum->day)
		sum->seconds += part->end - part->start;
	return 0;
}

static int64_t midnight(const struct tkt_calendar *calendar, int64_t day)
{
	struct tkt_civil civil;

	tkt_civil_from_time(day * DAY_SECONDS, &civil);
	return tkt_zone_time(tkt_calendar_zone(calendar), &civil);
}

bool tkt_month_is_missing(const struct tkt_calendar *calendar, int year, int month)
{
	int64_t middle = midnight(calendar, tkt_days_from_date(year, month, 15));

	return tkt_calendar_missing_year(calendar, middle, middle, year) != 0;
}

int tkt_month_day(
    struct tkt_calendar *calendar, int64_t day, json_t **object, struct tkt_error *error)
{
	struct sum sum = { .day = day };
	int64_t start = midnight(calendar, day);
	struct tkt_calendar_day at;
	struct tkt_civil civil;
	char date[TKT_DATE_SIZE];
	tkt_autotext hours;
	json_t *made;

	tkt_text_init(&hours, TKT_TEXT_LIMIT);
	tkt_calendar_day_at(calendar, day, &at);
	add_hours(&hours, &at.hours);
	/* a span past midnight belongs to the day that it begins */
	if (tkt_calendar_explain(calendar, TKT_MEASURE_OPEN, start, midnight(calendar, day + 2),
		add_part, &sum, error) ||
	    tkt_text_check(&hours, error))
		return -1;
	tkt_civil_from_time(day * DAY_SECONDS, &civil);
	made = json_pack("{s:s, s:s, s:s, s:s, s:b, s:s*, s:I, s:s, s:s*, s:b}", "type",
	    "calendar_day", "calendar", tkt_calendar_name(calendar), "date",
	    tkt_explanation_date(day, date), "weekday", weekday_words[at.weekday], "is_working",
	    at.is_working, "hours", hours.length ? hours.bytes : NULL, "seconds",
	    (json_int_t)sum.seconds, "reason", tkt_explanation_reason(&at), "note",
	    *note_of(&at) ? note_of(&at) : NULL, "is_missing",
	    tkt_calendar_missing_year(calendar, start, start, civil.year) != 0);
	if (!made)
		return tkt_error_set_memory(error);
	*object = made;
	return 0;
}

/* -- a page -- */

static bool are_same(const struct tkt_hours *one, const struct tkt_hours *other)
{
	return one->count == other->count &&
	    memcmp(one->spans, other->spans, (size_t)one->count * sizeof(one->spans[0])) == 0;
}

/* The hours that the week has for a weekday: those of an ordinary day of that name nearby. */
static void find_week(
    const struct tkt_calendar *calendar, int64_t first, struct tkt_calendar_day week[TKT_WEEK_DAYS])
{
	int64_t monday = first - (first + 3) % 7; /* 1970-01-01 was a Thursday */

	for (int weekday = 0; weekday < TKT_WEEK_DAYS; weekday++)
		for (int64_t reach = 0; reach < WEEK_REACH; reach++) {
			tkt_calendar_day_at(calendar, monday + weekday + 7 * reach, &week[weekday]);
			if (week[weekday].reason == TKT_DAY_BY_WEEK)
				break;
		}
}

static int seconds_of(const struct tkt_hours *hours)
{
	int seconds = 0;

	for (int index = 0; index < hours->count; index++)
		seconds += hours->spans[index].end - hours->spans[index].start;
	return seconds;
}

static enum mark mark_of(const struct tkt_calendar_day *day, const struct tkt_hours *usual)
{
	if (!day->is_working)
		return OFF;
	if (day->reason == TKT_DAY_BY_WEEK || are_same(&day->hours, usual))
		return ORDINARY;
	if (!usual->count)
		return WORKED;
	return seconds_of(&day->hours) < seconds_of(usual) ? SHORTER : CHANGED;
}

static void add_cell(struct tkt_text *out, int number, enum mark mark, bool is_last, bool colours)
{
	const char *colour = colours ? marks[mark].colour : "";

	tkt_text_format(out, "%s%*d", colour, CELL_WIDTH - 1, number);
	if (mark != ORDINARY || !is_last)
		tkt_text_add_byte(out, marks[mark].sign);
	tkt_text_add(out, *colour ? PLAIN : "");
}

static void add_head(struct tkt_text *out, const char *name, int year, int month)
{
	tkt_text_format(out, "  %s %d", _(month_names[month - 1]), year);
	tkt_text_add(out, "  ");
	tkt_utf8_terminal(out, name, strlen(name), TKT_UTF8_ONE_LINE);
	tkt_text_add_byte(out, '\n');
	for (int weekday = 0; weekday < TKT_WEEK_DAYS; weekday++) {
		const char *word = tkt_weekday_short(weekday);
		int width = (int)tkt_utf8_width(word, strlen(word));

		tkt_text_format(out, "%*s%s%s", width < 4 ? 4 - width : 0, "", word,
		    weekday < TKT_WEEK_DAYS - 1 ? " " : "\n");
	}
}

/* What the marks mean that are there. */
static void add_legend(struct tkt_text *out, const bool used[MARK_COUNT], bool colours)
{
	bool is_any = false;

	tkt_text_add_byte(out, '\n');
	for (int mark = OFF; mark < MARK_COUNT; mark++) {
		if (!used[mark])
			continue;
		tkt_text_format(out, "  %s%c%s %s", colours ? marks[mark].colour : "",
		    marks[mark].sign, colours ? PLAIN : "", _(marks[mark].meaning));
		is_any = true;
	}
	tkt_text_add(out, is_any ? "\n" : "");
}

static void add_hours_or_closed(struct tkt_text *out, const struct tkt_hours *hours)
{
	if (hours->count)
		add_hours(out, hours);
	else
		tkt_text_add(out, _("closed"));
}

/* 'Mon-Fri  09:00-18:00': neighbours with the same hours in one line. */
static void add_week(struct tkt_text *out, const struct tkt_calendar_day week[TKT_WEEK_DAYS])
{
	int first, last;

	for (first = 0; first < TKT_WEEK_DAYS; first = last + 1) {
		for (last = first; last + 1 < TKT_WEEK_DAYS; last++)
			if (!are_same(&week[first].hours, &week[last + 1].hours))
				break;
		tkt_text_format(out, "  %s", tkt_weekday_short(first));
		if (last > first)
			tkt_text_format(out, "-%s", tkt_weekday_short(last));
		tkt_text_add(out, "  ");
		add_hours_or_closed(out, &week[first].hours);
		tkt_text_add_byte(out, '\n');
	}
}

/* A day that is not as its week has it. */
static void add_special(struct tkt_text *out, int number, const struct tkt_calendar_day *day)
{
	const char *note = note_of(day);

	tkt_text_format(out, "  %2d %s  ", number, tkt_weekday_short(day->weekday));
	add_hours_or_closed(out, &day->hours);
	if (*note)
		tkt_text_add(out, "  ");
	tkt_utf8_terminal(out, note, strlen(note), TKT_UTF8_ONE_LINE);
	tkt_text_add_byte(out, '\n');
}

int tkt_month_page(struct tkt_calendar *calendar, int year, int month, bool colours,
    struct tkt_text *out, struct tkt_error *error)
{
	int64_t first = tkt_days_from_date(year, month, 1);
	int64_t next = tkt_days_from_date(year + month / 12, month % 12 + 1, 1);
	struct tkt_calendar_day week[TKT_WEEK_DAYS];
	bool used[MARK_COUNT] = { false };
	tkt_autotext special;

	tkt_text_init(&special, TKT_TEXT_LIMIT);
	find_week(calendar, first, week);
	add_head(out, tkt_calendar_name(calendar), year, month);
	for (int64_t at = first; at < next; at++) {
		int number = (int)(at - first) + 1;
		struct tkt_calendar_day day;
		enum mark mark;
		bool is_last;

		tkt_calendar_day_at(calendar, at, &day);
		mark = mark_of(&day, &week[day.weekday].hours);
		used[mark] = true;
		if (at == first)
			tkt_text_format(out, "%*s", CELL_WIDTH * day.weekday, "");
		is_last = day.weekday == TKT_WEEK_DAYS - 1 || at == next - 1;
		add_cell(out, number, mark, is_last, colours);
		if (is_last)
			tkt_text_add_byte(out, '\n');
		if (day.reason != TKT_DAY_BY_WEEK)
			add_special(&special, number, &day);
	}
	add_legend(out, used, colours);
	add_week(out, week);
	if (special.length)
		tkt_text_format(out, "\n%s", special.bytes);
	if (tkt_text_check(&special, error))
		return -1;
	return tkt_text_check(out, error);
}
