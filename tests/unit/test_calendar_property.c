/*
 * tests/unit/test_calendar_property.c: random calendars against an oracle that knows nothing of
 * tables: it asks the C library what the clock on the wall shows, minute by minute (since 1990
 * every clock and every span goes by whole minutes), and looks the date up in what was written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "calendar_support.h"

#define DAY 86400
#define MOST_SPANS 4
#define MOST_DATES 8
#define ROUNDS 90
#define WINDOW_DAYS 12
#define WINDOW_MINUTES (WINDOW_DAYS * 1440)

static const struct {
	const char *name;
	const char *posix;  /* for the C library */
	const char *change; /* a remarkable time; NULL */
} zones[] = {
	{ "Europe/Moscow", ":Europe/Moscow", "2011-03-27T00:00:00Z" },
	{ "Europe/Berlin", ":Europe/Berlin", "2026-10-25T00:00:00Z" },
	{ "America/St_Johns", ":America/St_Johns", "2010-11-07T03:00:00Z" },
	{ "Australia/Lord_Howe", ":Australia/Lord_Howe", "2026-04-05T00:00:00Z" },
	{ "Asia/Beirut", ":Asia/Beirut", "2022-10-29T21:00:00Z" },
	{ "Pacific/Apia", ":Pacific/Apia", "2011-12-30T10:00:00Z" },
	{ "America/Sao_Paulo", ":America/Sao_Paulo", "2018-11-04T03:00:00Z" },
	{ "UTC", "UTC0", NULL },
	{ "+05:45", "<fix>-05:45", NULL },
	{ "-23:59", "<fix>+23:59", NULL },
	{ "+14:00", "<fix>-14:00", NULL },
};
#define ZONE_COUNT (sizeof(zones) / sizeof(zones[0]))

struct hours {
	int count;
	int starts[MOST_SPANS], ends[MOST_SPANS];
};
struct date {
	int64_t day;
	struct hours hours;     /* of an override */
	enum tkt_day_kind kind; /* of a list */
};

/* A calendar as it is written down. */
struct written {
	size_t zone;
	struct hours week[TKT_WEEK_DAYS], worked;
	struct date overrides[MOST_DATES], listed[MOST_DATES];
	int override_count, listed_count;
	unsigned kinds;
	int64_t from; /* of the window that is looked at closely */
};

/* What the oracle finds in the window: seconds that count before each minute. */
struct found {
	int32_t open[WINDOW_MINUTES + 1], days[WINDOW_MINUTES + 1];
};

static uint64_t seed;

static uint64_t pick(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

/* -- what is written -- */

static void pick_hours(struct hours *hours, int least)
{
	int at = (int)pick(10) * 60, limit = least + (int)pick((uint64_t)(MOST_SPANS - least));
	int last;

	*hours = (struct hours){ 0 };
	if (limit > 0 && pick(12) == 0) {
		*hours = (struct hours){ 1, { 0 }, { DAY } };
		return;
	}
	while (hours->count < limit && at < 1440) {
		hours->starts[hours->count] = at * 60;
		at += 1 + (int)(pick(3) ? pick(240) : pick(20));
		at = at > 1440 ? 1440 : at;
		hours->ends[hours->count++] = at * 60;
		at += (int)(pick(4) ? pick(150) : 0);
	}
	last = hours->count - 1;
	if (hours->count > 0 && hours->starts[last] > 0 && pick(4) == 0) /* a night */
		hours->ends[last] = DAY + 60 * (int)pick((uint64_t)hours->starts[last] / 60);
}

static void pick_window(struct written *written)
{
	int64_t year = 1990 + (int64_t)pick(110);
	int64_t center = (year - 1970) * 31556952 + (int64_t)pick(366) * DAY;

	if (pick(2) == 0 && zones[written->zone].change)
		center = instant(zones[written->zone].change);
	else if (pick(4) == 0)
		center = tkt_days_from_date((int)year, 1, 1) * DAY;
	written->from = center / DAY * DAY - WINDOW_DAYS / 2 * DAY;
}

static bool has_date(const struct date *dates, int count, int64_t day)
{
	for (; count > 0; count--)
		if (dates[count - 1].day == day)
			return true;
	return false;
}

static int pick_dates(const struct written *written, struct date *dates)
{
	int count = 0, tries;

	for (tries = (int)pick(MOST_DATES); tries > 0; tries--) {
		int64_t day = written->from / DAY + (int64_t)pick(WINDOW_DAYS);

		if (has_date(dates, count, day))
			continue;
		dates[count].day = day;
		dates[count].kind = (enum tkt_day_kind)(1 << pick(3));
		pick_hours(&dates[count++].hours, 0);
	}
	return count;
}

static void pick_written(struct written *written)
{
	int i;

	*written = (struct written){ .zone = pick(ZONE_COUNT), .kinds = 7 };
	if (pick(3) == 0)
		written->kinds = (unsigned)pick(8);
	for (i = 0; i < TKT_WEEK_DAYS; i++)
		if (pick(5) < (i < 5 ? 4 : 1))
			pick_hours(&written->week[i], 0);
	pick_hours(&written->worked, 1);
	pick_window(written);
	written->override_count = pick_dates(written, written->overrides);
	written->listed_count = pick_dates(written, written->listed);
}

static void write_hours(const struct hours *hours, char line[128])
{
	int i;

	for (i = 0; i < hours->count; i++) {
		int end = hours->ends[i] > DAY ? hours->ends[i] - DAY : hours->ends[i];

		snprintf(line + strlen(line), 128 - strlen(line), " %02d:%02d-%02d:%02d",
		    hours->starts[i] / 3600, hours->starts[i] / 60 % 60, end / 3600, end / 60 % 60);
	}
}

static void write_date(int64_t day, char line[128])
{
	char time[TKT_TIME_SIZE];

	snprintf(line, 128, "%.10s", tkt_time_format(day * DAY, time));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Gives the library what is written, in its words. */
static struct tkt_calendar *read_written(const struct written *written)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	struct tkt_calendar *calendar = make_calendar(zones[written->zone].name, NULL);
	char lines[MOST_DATES][128];
	const char *list[MOST_DATES + 1] = { NULL };
	struct tkt_error error;
	int i;

	for (i = 0; i < TKT_WEEK_DAYS; i++) {
		snprintf(lines[0], sizeof(lines[0]), "%s", names[i]);
		write_hours(&written->week[i], lines[0]);
		if (written->week[i].count > 0)
			add_week(calendar, lines[0]);
	}
	for (i = 0; i < written->override_count; i++) {
		write_date(written->overrides[i].day, lines[0]);
		write_hours(&written->overrides[i].hours, lines[0]);
		if (written->overrides[i].hours.count == 0)
			snprintf(lines[0] + 10, sizeof(lines[0]) - 10, " closed");
		add_day(calendar, lines[0]);
	}
	for (i = 0; i < written->listed_count; i++) {
		static const char *const kinds[] = { "", " holiday", " workday", "", " short" };

		write_date(written->listed[i].day, lines[i]);
		snprintf(
		    lines[i] + 10, sizeof(lines[i]) - 10, "%s", kinds[written->listed[i].kind]);
	}
	qsort(lines, (size_t)written->listed_count, sizeof(lines[0]), by_text);
	for (i = 0; i < written->listed_count; i++)
		list[i] = lines[i];
	if (written->listed_count > 0)
		add_list(calendar, list);
	lines[0][0] = '\0';
	write_hours(&written->worked, lines[0]);
	assert_int_equal(tkt_calendar_set_worked(calendar, lines[0], &error), 0);
	tkt_calendar_set_kinds(calendar, written->kinds);
	return calendar;
}

/* -- the oracle -- */

/* What the wall shows, as seconds since 1970 of a clock that shows UTC. */
static int64_t wall(int64_t time)
{
	time_t instant_then = time;
	struct tm then;

	assert_non_null(localtime_r(&instant_then, &then));
	return time + then.tm_gmtoff;
}

static void set_wall(const struct written *written)
{
	setenv("TZ", zones[written->zone].posix, 1);
	tzset();
}

static bool is_shown(int64_t day)
{
	int64_t time;

	for (time = day * DAY - DAY; time < day * DAY + 2 * DAY; time += 1800)
		if (wall(time) / DAY == day)
			return true;
	return false;
}

/* The hours of a date, and how much earlier it closes. */
static struct hours hours_of(const struct written *written, int64_t day, int *earlier)
{
	static const struct hours none;
	int weekday = (int)((day + 3) % 7), i;
	struct hours own = written->week[weekday];
	struct hours as_worked = own.count ? own
	    : written->week[4].count       ? written->week[4]
					   : written->worked;

	*earlier = 0;
	for (i = 0; i < written->override_count; i++)
		if (written->overrides[i].day == day)
			return written->overrides[i].hours;
	for (i = 0; i < written->listed_count; i++) {
		enum tkt_day_kind kind = written->listed[i].kind;

		if (written->listed[i].day != day)
			continue;
		if (kind == TKT_DAY_HOLIDAY && written->kinds & TKT_DAY_HOLIDAY)
			return none;
		if (kind == TKT_DAY_WORKDAY && written->kinds & TKT_DAY_WORKDAY)
			return as_worked;
		if (kind == TKT_DAY_SHORT && written->kinds & TKT_DAY_SHORT) {
			*earlier = 3600;
			return weekday >= 5 ? as_worked : own;
		}
		if (kind == TKT_DAY_SHORT && written->kinds & TKT_DAY_WORKDAY && weekday >= 5)
			return as_worked;
	}
	return own;
}

static bool in_hours(const struct written *written, int64_t day, int64_t second)
{
	int earlier, i;
	struct hours hours = hours_of(written, day, &earlier);
	int closing = hours.count ? hours.ends[hours.count - 1] - earlier : 0;

	if (second >= DAY && (hours.count == 0 || closing <= second || !is_shown(day)))
		return false;
	for (i = 0; i < hours.count; i++)
		if (second >= hours.starts[i] && second < hours.ends[i] && second < closing)
			return true;
	return false;
}

static bool is_open(const struct written *written, int64_t time)
{
	int64_t shown = wall(time), day = shown / DAY;

	return in_hours(written, day, shown % DAY) || in_hours(written, day - 1, shown % DAY + DAY);
}

static bool is_working(const struct written *written, int64_t day)
{
	int earlier;

	return hours_of(written, day, &earlier).count > 0 && is_shown(day);
}

static void look(const struct written *written, struct found *found)
{
	int64_t known = INT64_MIN;
	bool works = false;
	int minute;

	for (minute = 0; minute < WINDOW_MINUTES; minute++) {
		int64_t time = written->from + minute * 60, day = wall(time) / DAY;

		if (day != known)
			works = is_working(written, day);
		known = day;
		found->open[minute + 1] = found->open[minute] + 60 * is_open(written, time);
		found->days[minute + 1] = found->days[minute] + 60 * works;
	}
}

/* `time` in seconds since the window began. */
static int64_t seconds_before(const int32_t *sums, int64_t time)
{
	int64_t minute = time / 60;

	return sums[minute] + (sums[minute + 1] > sums[minute] ? time % 60 : 0);
}

/* The first time at which the wall shows `shown` or has jumped over it. */
static int64_t first_shown(int64_t shown)
{
	int64_t minute = shown / 60 * 60, time = minute - DAY;

	while (wall(time) < minute)
		time += 60;
	return wall(time) == minute ? time + shown % 60 : time;
}

static int64_t clip(const struct written *written, int64_t day, int64_t second)
{
	int earlier, i;
	struct hours hours = hours_of(written, day, &earlier);
	int closing = hours.ends[hours.count - 1] - earlier;
	int64_t before = hours.starts[0];

	for (i = 0; i < hours.count && hours.starts[i] < closing; i++) {
		int end = hours.ends[i] < closing ? hours.ends[i] : closing;

		if (second >= hours.starts[i] && second < end)
			return second;
		if (end <= second)
			before = end;
	}
	return before;
}

/* -- what is compared -- */

static int64_t library_add(
    struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start, int64_t seconds)
{
	struct tkt_error error = { 0 };
	int64_t result = 0;

	if (tkt_calendar_add_seconds(calendar, measure, start, seconds, &result, &error))
		fail_msg("%s", error.text);
	return result;
}

static int64_t library_between(
    struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start, int64_t end)
{
	struct tkt_error error = { 0 };
	int64_t seconds = 0;

	if (tkt_calendar_between(calendar, measure, start, end, &seconds, &error))
		fail_msg("%s", error.text);
	return seconds;
}

static void compare_measure(
    struct tkt_calendar *calendar, enum tkt_measure measure, int64_t from, const int32_t *sums)
{
	int round;

	for (round = 0; round < 300; round++) {
		int64_t start = (int64_t)pick(WINDOW_MINUTES * 60);
		int64_t end = start + (int64_t)pick((uint64_t)(WINDOW_MINUTES * 60 - start));
		int64_t seconds = seconds_before(sums, end) - seconds_before(sums, start);

		assert_int_equal(
		    library_between(calendar, measure, from + start, from + end), seconds);
		if (seconds == 0)
			continue;
		/* the earliest end: what comes after the last second that counts is cut off */
		while (end % 60 &&
		    seconds_before(sums, end - 1) - seconds_before(sums, start) == seconds)
			end--;
		while (end % 60 == 0 && end >= 60 && sums[end / 60 - 1] == sums[end / 60])
			end -= 60;
		assert_int_equal(library_add(calendar, measure, from + start, seconds), from + end);
	}
}

static void compare_opening(
    struct tkt_calendar *calendar, const struct written *written, const struct found *found)
{
	struct tkt_error error;
	int64_t at, opening;
	int round;

	for (round = 0; round < 100; round++) {
		int64_t minute = (int64_t)pick(WINDOW_MINUTES), until = minute;

		at = written->from + minute * 60 + (int64_t)pick(60);
		assert_int_equal(tkt_calendar_is_open(calendar, at),
		    found->open[minute + 1] > found->open[minute]);
		while (until < WINDOW_MINUTES && found->open[until + 1] == found->open[until])
			until++;
		if (until == WINDOW_MINUTES)
			continue;
		assert_int_equal(tkt_calendar_next_open(calendar, at, &opening, &error), 0);
		assert_int_equal(opening, until == minute ? at : written->from + until * 60);
	}
	/* second by second, where an hour may be missing or come twice */
	at = written->from + WINDOW_DAYS / 2 * DAY - 5400;
	for (round = 0; round < 10800; round++)
		assert_int_equal(tkt_calendar_is_open(calendar, at + round),
		    found->open[(at - written->from + round) / 60 + 1] >
			found->open[(at - written->from + round) / 60]);
}

static void compare_days(struct tkt_calendar *calendar, const struct written *written)
{
	int round;

	for (round = 0; round < 8; round++) {
		struct tkt_length length = { .amount = 1 + (int64_t)pick(6) };
		int64_t start = written->from + (int64_t)pick(WINDOW_DAYS * DAY);
		int64_t day = wall(start) / DAY, second = wall(start) % DAY, left, result;
		struct tkt_error error;

		for (left = length.amount; left > 0;)
			left -= is_working(written, ++day);
		length.unit = TKT_UNIT_WORK_DAY;
		assert_int_equal(tkt_calendar_add(calendar, start, &length, &result, &error), 0);
		assert_int_equal(result, first_shown(day * DAY + clip(written, day, second)));

		day = wall(start) / DAY + length.amount;
		while (!is_working(written, day))
			day++;
		length.unit = TKT_UNIT_CALENDAR_DAY;
		assert_int_equal(tkt_calendar_add(calendar, start, &length, &result, &error), 0);
		assert_int_equal(result, first_shown((day + 1) * DAY));
	}
}

struct explained {
	int64_t counted, last_start, last_end;
};

static int add_up(const struct tkt_calendar_part *part, void *context, struct tkt_error *error)
{
	struct explained *explained = context;

	(void)error;
	assert_true(part->start >= explained->last_start);
	explained->last_start = part->start;
	if (!part->counts)
		return 0;
	assert_true(part->start >= explained->last_end && part->start < part->end);
	explained->last_end = part->end;
	explained->counted += part->end - part->start;
	return 0;
}

static void compare_explained(
    struct tkt_calendar *calendar, const struct written *written, enum tkt_measure measure)
{
	struct explained explained = { 0, INT64_MIN, INT64_MIN };
	int64_t start = written->from + (int64_t)pick(DAY);
	int64_t end = start + (int64_t)pick((WINDOW_DAYS - 1) * DAY);
	struct tkt_error error;

	assert_int_equal(
	    tkt_calendar_explain(calendar, measure, start, end, add_up, &explained, &error), 0);
	assert_int_equal(explained.counted, library_between(calendar, measure, start, end));
	assert_true(explained.last_end <= end);
}

static bool is_weekly(const struct written *written)
{
	int i;

	for (i = 0; i < TKT_WEEK_DAYS; i++)
		if (written->week[i].count > 0)
			return true;
	return false;
}

/* One the oracle can go on with for ever: some weekday has hours. */
static void pick_weekly(struct written *written)
{
	do
		pick_written(written);
	while (!is_weekly(written));
}

static void test_oracle(void **state)
{
	int round;

	(void)state;
	seed = 20260302;
	for (round = 0; round < ROUNDS; round++) {
		struct written written;
		struct found found = { 0 };
		tkt_autoptr(calendar) calendar = NULL;

		pick_weekly(&written);
		set_wall(&written);
		calendar = read_written(&written);
		look(&written, &found);
		compare_measure(calendar, TKT_MEASURE_OPEN, written.from, found.open);
		compare_measure(calendar, TKT_MEASURE_DAYS, written.from, found.days);
		compare_opening(calendar, &written, &found);
		compare_days(calendar, &written);
		compare_explained(calendar, &written, TKT_MEASURE_OPEN);
		compare_explained(calendar, &written, TKT_MEASURE_DAYS);
	}
}

/* Sums are inverse to differences, add up, and keep the order of time, over years. */
static void assert_laws(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start)
{
	int64_t first = (int64_t)pick(pick(2) ? DAY : 300 * DAY);
	int64_t second = (int64_t)pick(pick(2) ? DAY : 300 * DAY);
	int64_t later = start + (int64_t)pick(20 * DAY);
	int64_t end = library_add(calendar, measure, start, first);

	assert_int_equal(library_between(calendar, measure, start, end), first);
	assert_int_equal(library_between(calendar, measure, end, start), -first);
	if (first > 0)
		assert_int_equal(library_between(calendar, measure, start, end - 1), first - 1);
	assert_int_equal(library_add(calendar, measure, end, second),
	    library_add(calendar, measure, start, first + second));
	assert_int_equal(library_between(calendar, measure, start, later) +
		library_between(calendar, measure, later, end),
	    first);
	assert_true(library_add(calendar, measure, later, first) >= end);
	assert_true(library_add(calendar, measure, start, first + 1) > end);
}

static void test_laws(void **state)
{
	int round, i;

	(void)state;
	seed = 42;
	for (round = 0; round < 25; round++) {
		struct written written;
		tkt_autoptr(calendar) calendar = NULL;

		pick_weekly(&written);
		calendar = read_written(&written);
		for (i = 0; i < 60; i++) {
			int64_t start =
			    written.from + (int64_t)pick((uint64_t)3 * 365 * DAY) - 365 * DAY;

			assert_laws(calendar, TKT_MEASURE_OPEN, start);
			assert_laws(calendar, TKT_MEASURE_DAYS, start);
		}
	}
}

/* What is built in another order says the same. */
static void test_order_of_building(void **state)
{
	int round, i;

	(void)state;
	seed = 7;
	for (round = 0; round < 10; round++) {
		struct written written;
		tkt_autoptr(calendar) old = NULL;

		pick_weekly(&written);
		old = read_written(&written);
		for (i = 0; i < 10; i++) {
			tkt_autoptr(calendar) fresh = read_written(&written);
			int64_t start = written.from + (int64_t)pick((uint64_t)20 * 365 * DAY) -
			    (int64_t)10 * 365 * DAY;
			int64_t seconds = (int64_t)pick(30 * DAY);

			assert_int_equal(library_add(old, TKT_MEASURE_OPEN, start, seconds),
			    library_add(fresh, TKT_MEASURE_OPEN, start, seconds));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oracle),
		cmocka_unit_test(test_laws),
		cmocka_unit_test(test_order_of_building),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
