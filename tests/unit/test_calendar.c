/* tests/unit/test_calendar.c: working time: what is open, and arithmetic over it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "calendar_support.h"

/* The Russian production calendar, as far as the cases below go. */
static const char *const russian[] = { "2025-03-07 short", "2025-03-08 holiday", "2025-04-30 short",
	"2025-05-01 holiday", "2025-05-02 holiday", "2025-06-11 short", "2025-06-12 holiday",
	"2025-06-13 holiday", "2025-11-01 short", "2025-11-03 holiday", "2025-11-04 holiday",
	"2025-12-31 holiday", "2026-01-01 holiday", "2026-01-02 holiday", "2026-01-03 holiday",
	"2026-01-04 holiday", "2026-01-05 holiday", "2026-01-06 holiday", "2026-01-07 holiday",
	"2026-01-08 holiday", "2026-01-09 holiday", NULL };

/* What `length` after `start` gives: a time, or '!' and the error, whose kind is DATA. */
static const char *added(struct tkt_calendar *calendar, const char *start, const char *length)
{
	static char said[1100];
	struct tkt_error error = { 0 };
	struct tkt_length parsed;
	int64_t result = 0;

	assert_int_equal(tkt_length_parse(length, &parsed, &error), 0);
	if (tkt_calendar_add(calendar, instant(start), &parsed, &result, &error)) {
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		snprintf(said, sizeof(said), "!%s", error.text);
		return said;
	}
	return tkt_time_format(result, said);
}

static const char *opening(struct tkt_calendar *calendar, const char *at)
{
	static char said[1100];
	struct tkt_error error = { 0 };
	int64_t result = 0;

	if (tkt_calendar_next_open(calendar, instant(at), &result, &error)) {
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		snprintf(said, sizeof(said), "!%s", error.text);
		return said;
	}
	return tkt_time_format(result, said);
}

static int64_t between(
    struct tkt_calendar *calendar, enum tkt_measure measure, const char *start, const char *end)
{
	struct tkt_error error = { 0 };
	int64_t seconds = -1;

	if (tkt_calendar_between(calendar, measure, instant(start), instant(end), &seconds, &error))
		fail_msg("%s", error.text);
	return seconds;
}

struct sum {
	const char *zone, *week, *start, *length, *expected;
};

/* The vectors of the definition, each with the Russian production calendar. */
static void test_vectors(void **state)
{
	static const struct sum rows[] = {
		{ "Europe/Moscow", "mon-fri 08:00-18:00", "2025-10-31T15:00:00+03:00", "24dh",
		    "2025-11-01T12:00:00Z" },
		{ "Europe/Moscow", "mon-fri 08:00-18:00", "2025-06-11T10:00:00+03:00", "24dh",
		    "2025-06-16T07:00:00Z" },
		{ "Asia/Yekaterinburg", "mon-fri 09:00-18:00", "2025-10-27T09:00:00+05:00", "48wh",
		    "2025-11-01T07:00:00Z" },
		{ "Asia/Yekaterinburg", "mon-fri 09:00-18:00", "2025-10-27T09:00:00+05:00", "48dh",
		    "2025-10-29T04:00:00Z" },
		{ "Asia/Yekaterinburg", "mon-fri 09:00-18:00", "2025-11-05T12:30:00Z", "1wh",
		    "2025-11-06T04:30:00Z" },
		{ "+06:00", "mon-fri 09:00-18:00", "2025-11-05T12:30:00Z", "1wh",
		    "2025-11-06T04:00:00Z" },
		{ "Europe/Berlin", "mon-sun 09:00-18:00", "2025-10-25T12:00:00+02:00", "24dh",
		    "2025-10-26T10:00:00Z" },
		{ "Europe/Moscow", "mon-fri 08:00-18:00", "2025-12-25T11:00:00+03:00", "3cd",
		    "2025-12-29T21:00:00Z" },
		{ "Europe/Moscow", "mon-fri 08:00-18:00", "2025-12-29T11:00:00+03:00", "3cd",
		    "2026-01-12T21:00:00Z" },
		{ "Europe/Moscow", "mon-fri 08:00-18:00", "2025-03-07T16:45:00+03:00", "1wh",
		    "2025-03-10T05:45:00Z" },
	};
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		tkt_autoptr(calendar) calendar = make_calendar(rows[row].zone, rows[row].week);

		add_list(calendar, russian);
		assert_string_equal(
		    added(calendar, rows[row].start, rows[row].length), rows[row].expected);
	}
}

/* The one of a pause: what is left of 4wh when it begins is added where it ends. */
static void test_pause(void **state)
{
	tkt_autoptr(calendar) calendar = make_calendar("Europe/Moscow", "mon-fri 08:00-18:00");
	struct tkt_error error;
	char out[TKT_TIME_SIZE];
	int64_t left, due;

	(void)state;
	left = 4 * 3600 -
	    between(calendar, TKT_MEASURE_OPEN, "2025-11-06T16:30:00+03:00",
		"2025-11-06T17:00:00+03:00");
	assert_int_equal(tkt_calendar_add_seconds(calendar, TKT_MEASURE_OPEN,
			     instant("2025-11-07T10:00:00+03:00"), left, &due, &error),
	    0);
	assert_string_equal(tkt_time_format(due, out), "2025-11-07T10:30:00Z");
}

static void test_sums(void **state)
{
	static const struct sum rows[] = {
		/* due at closing, not at the next opening; nothing changes nothing */
		{ "UTC", "mon-fri 09:00-18:00", "2026-03-02T17:00:00Z", "1wh",
		    "2026-03-02T18:00:00Z" },
		{ "UTC", "mon-fri 09:00-18:00", "2026-03-02T18:00:00Z", "1ws",
		    "2026-03-03T09:00:01Z" },
		{ "UTC", "mon-fri 09:00-18:00", "2026-03-07T12:00:00Z", "0wh",
		    "2026-03-07T12:00:00Z" },
		{ "UTC", "mon-fri 09:00-18:00", "2026-03-07T12:00:00Z", "0wd",
		    "2026-03-07T12:00:00Z" },
		{ "UTC", "mon-fri 09:00-18:00", "2026-03-07T12:00:00Z", "0cd",
		    "2026-03-07T12:00:00Z" },
		{ "UTC", "mon-fri 09:00-18:00", "2026-03-07T12:00:00Z", "1d",
		    "2026-03-08T12:00:00Z" },
		/* several spans; the last of a week */
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-06T12:30:00Z", "90wm",
		    "2026-03-06T15:00:00Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-06T12:30:00Z", "30wm",
		    "2026-03-06T13:00:00Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-06T13:30:00Z", "10wh",
		    "2026-03-09T15:00:00Z" },
		/* a night belongs to the day it begins, also into a day off */
		{ "UTC", "fri 22:00-06:00", "2026-03-07T00:00:00Z", "6wh", "2026-03-07T06:00:00Z" },
		{ "UTC", "fri 22:00-06:00", "2026-03-07T05:00:00Z", "2wh", "2026-03-13T23:00:00Z" },
		/* skipped time counts nothing, repeated time twice */
		{ "Europe/Berlin", "always", "2026-03-29T00:00:00Z", "2wh",
		    "2026-03-29T02:00:00Z" },
		{ "Europe/Berlin", "sun 02:00-04:00", "2026-03-28T12:00:00Z", "1wh",
		    "2026-03-29T02:00:00Z" },
		{ "Europe/Berlin", "sun 02:00-04:00", "2026-10-24T12:00:00Z", "3wh",
		    "2026-10-25T03:00:00Z" },
		{ "Europe/Berlin", "sun 02:15-02:45", "2026-10-24T12:00:00Z", "45wm",
		    "2026-10-25T01:30:00Z" },
		{ "Australia/Lord_Howe", "sun 01:00-03:00", "2026-10-03T00:00:00Z", "90wm",
		    "2026-10-03T16:00:00Z" },
		/* 00:01 goes back to 23:01 of the day before */
		{ "America/St_Johns", "sat 23:00-24:00", "2010-11-07T00:00:00Z", "119wm",
		    "2010-11-07T03:30:00Z" },
		/* working days: before opening, after closing, in a gap, from a day off */
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-05T07:00:00Z", "1wd",
		    "2026-03-06T08:00:00Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-05T20:00:00Z", "2wd",
		    "2026-03-09T18:00:00Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-05T13:30:00Z", "1wd",
		    "2026-03-06T13:00:00Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-05T13:00:00Z", "1wd",
		    "2026-03-06T13:00:00Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-07T14:30:59Z", "1wd",
		    "2026-03-09T14:30:59Z" },
		{ "UTC", "mon-fri 08:00-13:00 14:00-18:00", "2026-03-07T14:30:00Z", "10wd",
		    "2026-03-20T14:30:00Z" },
		/* 23:30 Friday in Moscow is Friday there, and after closing */
		{ "Europe/Moscow", "mon-fri 09:00-18:00", "2026-03-06T20:30:00Z", "1wd",
		    "2026-03-09T15:00:00Z" },
		{ "UTC", "fri 22:00-06:00", "2026-03-02T03:00:00Z", "1wd", "2026-03-06T22:00:00Z" },
		{ "UTC", "fri 22:00-06:00", "2026-03-02T23:00:00Z", "1wd", "2026-03-06T23:00:00Z" },
		/* a time that the day skips is the gap's end, one that it repeats the first */
		{ "Europe/Berlin", "always", "2026-03-28T01:30:00Z", "1wd",
		    "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "always", "2026-10-24T00:30:00Z", "1wd",
		    "2026-10-25T00:30:00Z" },
		/* days of a term: 24:00 there; midnight may be skipped */
		{ "Europe/Moscow", "mon-fri 09:00-18:00", "2026-03-05T21:00:00Z", "1cd",
		    "2026-03-09T21:00:00Z" },
		{ "America/Sao_Paulo", "always", "2018-11-02T12:00:00Z", "1cd",
		    "2018-11-04T03:00:00Z" },
		/* Apia had no 2011-12-30: no working day, and no day of 24 hours */
		{ "Pacific/Apia", "always", "2011-12-29T20:00:00Z", "1wd", "2011-12-30T20:00:00Z" },
		{ "Pacific/Apia", "mon-fri 09:00-17:00", "2011-12-29T20:00:00Z", "1wd",
		    "2012-01-01T20:00:00Z" },
		{ "Pacific/Apia", "always", "2011-12-29T20:00:00Z", "24dh",
		    "2011-12-30T20:00:00Z" },
		{ "Pacific/Apia", "fri 22:00-06:00", "2011-12-29T20:00:00Z", "1wh",
		    "2012-01-06T09:00:00Z" },
		{ "Pacific/Apia", "thu 22:00-06:00", "2011-12-29T20:00:00Z", "3wh",
		    "2012-01-05T09:00:00Z" },
	};
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		tkt_autoptr(calendar) calendar = make_calendar(rows[row].zone, rows[row].week);
		const char *sum = added(calendar, rows[row].start, rows[row].length);

		if (strcmp(sum, rows[row].expected) != 0)
			fail_msg("%s + %s, %s in %s: %s instead of %s", rows[row].start,
			    rows[row].length, rows[row].week, rows[row].zone, sum,
			    rows[row].expected);
	}
}

/* Writes a week's hours, from a Monday on, as 'fri 09:00-18:00', with '*' for a list's word and
 * '=' for an override's, and 'works' where it does without hours. */
static void write_days(
    const struct tkt_calendar *calendar, const char *monday, int count, struct tkt_text *text)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
	int64_t first = day_of(monday), day;
	int i;

	for (day = first; day < first + count; day++) {
		struct tkt_calendar_day at;

		tkt_calendar_day_at(calendar, day, &at);
		assert_int_equal(at.day, day);
		assert_int_equal(at.holiday != NULL, at.reason == TKT_DAY_BY_LIST);
		tkt_text_format(text, "%s%s%s", day > first ? ", " : "", names[at.weekday],
		    at.reason == TKT_DAY_BY_LIST           ? "*"
			: at.reason == TKT_DAY_BY_OVERRIDE ? "="
							   : "");
		for (i = 0; i < at.hours.count; i++)
			tkt_text_format(text, " %02d:%02d-%02d:%02d",
			    at.hours.spans[i].start / 3600, at.hours.spans[i].start / 60 % 60,
			    at.hours.spans[i].end / 3600, at.hours.spans[i].end / 60 % 60);
		if (at.is_working != (at.hours.count > 0))
			tkt_text_add(text, at.is_working ? " works" : " ?");
	}
}

/* What a week from Monday 2026-03-02 has for a week entry, a list, kinds and `worked`. */
static void assert_days(const char *week, const char *const *list, unsigned kinds,
    const char *worked, const char *expected)
{
	tkt_autoptr(calendar) calendar = make_calendar("UTC", week);
	struct tkt_error error;
	tkt_autotext said;

	tkt_text_init(&said, 4096);
	add_list(calendar, list);
	tkt_calendar_set_kinds(calendar, kinds);
	if (worked)
		assert_int_equal(tkt_calendar_set_worked(calendar, worked, &error), 0);
	write_days(calendar, "2026-03-02", 7, &said);
	assert_string_equal(said.bytes, expected);
}

static void test_kinds(void **state)
{
	static const char *const list[] = { "2026-03-03 holiday", "2026-03-04 workday",
		"2026-03-05 short", "2026-03-07 short", "2026-03-08 workday", NULL };
	static const char week[] = "mon-fri 08:00-12:00 13:00-17:00";

	(void)state;
	assert_days(week, list, TKT_DAY_KINDS, NULL,
	    "mon 08:00-12:00 13:00-17:00, tue*, wed* 08:00-12:00 13:00-17:00, "
	    "thu* 08:00-12:00 13:00-16:00, fri 08:00-12:00 13:00-17:00, "
	    "sat* 08:00-12:00 13:00-16:00, sun* 08:00-12:00 13:00-17:00");
	assert_days(week, list, TKT_DAY_HOLIDAY, NULL,
	    "mon 08:00-12:00 13:00-17:00, tue*, wed 08:00-12:00 13:00-17:00, "
	    "thu 08:00-12:00 13:00-17:00, fri 08:00-12:00 13:00-17:00, sat, sun");
	assert_days(week, list, TKT_DAY_WORKDAY, NULL,
	    "mon 08:00-12:00 13:00-17:00, tue 08:00-12:00 13:00-17:00, "
	    "wed* 08:00-12:00 13:00-17:00, thu 08:00-12:00 13:00-17:00, "
	    "fri 08:00-12:00 13:00-17:00, sat* 08:00-12:00 13:00-17:00, "
	    "sun* 08:00-12:00 13:00-17:00");
	assert_days(week, list, TKT_DAY_SHORT, NULL,
	    "mon 08:00-12:00 13:00-17:00, tue 08:00-12:00 13:00-17:00, "
	    "wed 08:00-12:00 13:00-17:00, thu* 08:00-12:00 13:00-16:00, "
	    "fri 08:00-12:00 13:00-17:00, sat* 08:00-12:00 13:00-16:00, sun");
	/* a weekend's own hours; a day of the week that is always off stays off when short */
	assert_days("mon,tue,wed,fri-sun 10:00-14:00", list, TKT_DAY_KINDS, NULL,
	    "mon 10:00-14:00, tue*, wed* 10:00-14:00, thu, fri 10:00-14:00, sat* 10:00-13:00, "
	    "sun* 10:00-14:00");
	/* neither its own nor Friday's: what `worked` says */
	assert_days("mon-thu 10:00-14:00", list, TKT_DAY_KINDS, "09:00-18:00",
	    "mon 10:00-14:00, tue*, wed* 10:00-14:00, thu* 10:00-13:00, fri, sat* 09:00-17:00, "
	    "sun* 09:00-18:00");
	assert_days("mon-thu 10:00-14:00", list, TKT_DAY_KINDS, NULL,
	    "mon 10:00-14:00, tue*, wed* 10:00-14:00, thu* 10:00-13:00, fri, sat*, sun*");
	/* an hour less takes all of a last span, and what else lies behind; it may leave nothing */
	assert_days("mon-fri 08:00-12:00 13:00-13:30", list, TKT_DAY_KINDS, NULL,
	    "mon 08:00-12:00 13:00-13:30, tue*, wed* 08:00-12:00 13:00-13:30, "
	    "thu* 08:00-12:00, fri 08:00-12:00 13:00-13:30, sat* 08:00-12:00, "
	    "sun* 08:00-12:00 13:00-13:30");
	assert_days("mon-fri 12:00-12:30 12:45-13:00", list, TKT_DAY_KINDS, NULL,
	    "mon 12:00-12:30 12:45-13:00, tue*, wed* 12:00-12:30 12:45-13:00, thu* works, "
	    "fri 12:00-12:30 12:45-13:00, sat* works, sun* 12:00-12:30 12:45-13:00");
	assert_days("mon-fri 22:00-02:00", list, TKT_DAY_KINDS, NULL,
	    "mon 22:00-26:00, tue*, wed* 22:00-26:00, thu* 22:00-25:00, fri 22:00-26:00, "
	    "sat* 22:00-25:00, sun* 22:00-26:00");
}

/* A short day that has lost all its hours works round the clock all the same. */
static void test_nothing_left(void **state)
{
	static const char *const list[] = { "2026-03-05 short", NULL };
	tkt_autoptr(calendar) calendar = make_calendar("UTC", "mon-fri 09:00-10:00");

	(void)state;
	add_list(calendar, list);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_DAYS, "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z"),
	    86400);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z"), 0);
	assert_string_equal(added(calendar, "2026-03-04T09:30:00Z", "1wd"), "2026-03-05T09:00:00Z");
	assert_string_equal(added(calendar, "2026-03-04T12:00:00Z", "1cd"), "2026-03-06T00:00:00Z");
}

static void test_order_of_reasons(void **state)
{
	static const char *const first[] = { "2026-03-02 holiday", "2026-03-03 holiday",
		"2026-03-04 short", "2026-03-05 holiday", NULL };
	static const char *const second[] = { "2026-03-03 short", "2026-03-04 holiday", NULL };
	tkt_autoptr(calendar) calendar = make_calendar("UTC", "mon-fri 09:00-18:00");
	tkt_autotext said;

	(void)state;
	tkt_text_init(&said, 4096);
	add_list(calendar, first);
	add_list(calendar, second);
	add_day(calendar, "2026-03-05 10:00-11:00");
	add_day(calendar, "2026-03-02 12:00-13:00 20:00-01:00");
	add_day(calendar, "2026-03-06 closed");
	write_days(calendar, "2026-03-02", 7, &said);
	assert_string_equal(said.bytes,
	    "mon= 12:00-13:00 20:00-25:00, tue* 09:00-17:00, wed*, thu= 10:00-11:00, fri=, sat, "
	    "sun");
}

/* What a list says of a kind that is not honoured does not hide what another one says. */
static void test_lists_of_other_kinds(void **state)
{
	static const char *const first[] = { "2026-03-03 holiday", "2026-03-04 short",
		"2026-03-05 workday", "2026-03-07 workday", "2026-03-08 holiday", NULL };
	static const char *const second[] = { "2026-03-03 short", "2026-03-04 workday",
		"2026-03-05 short", "2026-03-07 short", "2026-03-08 workday", NULL };
	static const struct {
		unsigned kinds;
		const char *expected;
	} rows[] = {
		{ TKT_DAY_KINDS,
		    "mon 09:00-18:00, tue* 09:00-17:00, wed* 09:00-18:00, "
		    "thu* 09:00-17:00, fri 09:00-18:00, sat* 09:00-17:00, "
		    "sun* 09:00-18:00" },
		{ TKT_DAY_HOLIDAY,
		    "mon 09:00-18:00, tue*, wed 09:00-18:00, thu 09:00-18:00, "
		    "fri 09:00-18:00, sat, sun*" },
		{ TKT_DAY_SHORT,
		    "mon 09:00-18:00, tue* 09:00-17:00, wed* 09:00-17:00, "
		    "thu* 09:00-17:00, fri 09:00-18:00, sat* 09:00-17:00, sun" },
		{ TKT_DAY_HOLIDAY | TKT_DAY_WORKDAY,
		    "mon 09:00-18:00, tue*, wed* 09:00-18:00, thu* 09:00-18:00, "
		    "fri 09:00-18:00, sat* 09:00-18:00, sun* 09:00-18:00" },
	};
	tkt_autoptr(calendar) calendar = make_calendar("UTC", "mon-fri 09:00-18:00");
	tkt_autotext said;
	size_t i;

	(void)state;
	tkt_text_init(&said, 4096);
	add_list(calendar, first);
	add_list(calendar, second);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tkt_calendar_set_kinds(calendar, rows[i].kinds);
		tkt_text_reset(&said);
		write_days(calendar, "2026-03-02", 7, &said);
		assert_string_equal(said.bytes, rows[i].expected);
	}
}

static void test_never_open(void **state)
{
	static const char *const worked[] = { "2026-03-07 workday", "2026-04-04 short", NULL };
	tkt_autoptr(calendar) never = make_calendar("UTC", NULL);
	tkt_autoptr(calendar) once = make_calendar("UTC", NULL);
	struct tkt_error error;

	(void)state;
	add_day(never, "2026-12-31 closed");
	assert_false(tkt_calendar_is_ever_open(never));
	assert_false(tkt_calendar_is_open(never, 0));
	assert_string_equal(
	    added(never, "2026-03-02T09:00:00Z", "1wh"), "!calendar 'office' is never open");
	assert_string_equal(
	    added(never, "2026-03-02T09:00:00Z", "1dh"), "!calendar 'office' is never open");
	assert_string_equal(
	    added(never, "2026-03-02T09:00:00Z", "1wd"), "!calendar 'office' is never open");
	assert_string_equal(
	    added(never, "2026-03-02T09:00:00Z", "1cd"), "!calendar 'office' is never open");
	assert_string_equal(
	    opening(never, "2026-03-02T09:00:00Z"), "!calendar 'office' is never open");
	assert_string_equal(added(never, "2026-03-02T09:00:00Z", "1h"), "2026-03-02T10:00:00Z");
	assert_int_equal(
	    between(never, TKT_MEASURE_OPEN, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), 0);

	add_list(once, worked);
	assert_false(tkt_calendar_is_ever_open(once));
	assert_int_equal(tkt_calendar_set_worked(once, "09:00-18:00", &error), 0);
	assert_true(tkt_calendar_is_ever_open(once));
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "10wh"), "2026-04-04T10:00:00Z");
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "17wh"), "2026-04-04T17:00:00Z");
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "18wh"),
	    "!calendar 'office' is not open after 2026-04-04");
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "48dh"), "2026-04-05T00:00:00Z");
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "49dh"),
	    "!calendar 'office' is not open after 2026-04-04");
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "3wd"),
	    "!calendar 'office' is not open after 2026-04-04");
	assert_string_equal(added(once, "2026-03-02T09:00:00Z", "40cd"),
	    "!calendar 'office' is not open after 2026-04-04");
	assert_string_equal(opening(once, "2026-04-04T17:00:00Z"),
	    "!calendar 'office' is not open after 2026-04-04");
	assert_int_equal(
	    between(once, TKT_MEASURE_OPEN, "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
	    17 * 3600);
}

/* Elapsed time needs no calendar, working time does. */
static void test_no_calendar(void **state)
{
	static const enum tkt_unit units[] = { TKT_UNIT_WORK_HOUR, TKT_UNIT_DAY_HOUR,
		TKT_UNIT_WORK_DAY, TKT_UNIT_CALENDAR_DAY };
	int64_t result;
	size_t i;

	(void)state;
	assert_string_equal(added(NULL, "2026-03-02T09:00:00Z", "2h"), "2026-03-02T11:00:00Z");
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct tkt_length length = { 1, units[i] };
		struct tkt_error error = { 0 };

		assert_int_equal(tkt_calendar_add(NULL, 0, &length, &result, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, "working time needs a calendar");
	}
}

static void test_far_ends(void **state)
{
	tkt_autoptr(calendar) calendar = make_calendar("Europe/Berlin", "mon-fri 08:00-16:00");
	tkt_autoptr(calendar) always = make_calendar("UTC", "always");
	struct tkt_error error;
	int64_t result;

	(void)state;
	/* 400 years are 20871 weeks of 40 hours and begin on the same weekday */
	assert_string_equal(
	    added(calendar, "2026-03-02T07:00:00Z", "834840wh"), "2426-02-27T15:00:00Z");
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-02T07:00:00Z", "2426-03-02T07:00:00Z"),
	    INT64_C(834840) * 3600);
	assert_string_equal(added(always, "9999-12-31T00:00:00Z", "23wh"), "9999-12-31T23:00:00Z");
	assert_string_equal(
	    added(always, "9999-12-31T00:00:00Z", "25wh"), "!the time lies beyond the year 9999");
	assert_string_equal(
	    added(always, "9999-12-31T00:00:00Z", "24h"), "!the time lies beyond the year 9999");
	assert_string_equal(
	    added(always, "9999-12-30T12:00:00Z", "1wd"), "!the time lies beyond the year 9999");
	assert_string_equal(
	    added(always, "9999-12-30T12:00:00Z", "1cd"), "!the time lies beyond the year 9999");
	assert_string_equal(added(always, "9999-12-29T12:00:00Z", "1cd"), "9999-12-31T00:00:00Z");
	assert_string_equal(added(always, "0001-01-01T00:00:00Z", "1wh"), "0001-01-01T01:00:00Z");
	assert_int_equal(tkt_calendar_add_seconds(always, TKT_MEASURE_OPEN,
			     instant("2026-03-02T09:00:00Z"), INT64_MAX, &result, &error),
	    -1);
	assert_string_equal(error.text, "the time lies beyond the year 9999");
	assert_int_equal(
	    tkt_calendar_add_seconds(always, TKT_MEASURE_OPEN, INT64_MAX, 1, &result, &error), -1);
	assert_string_equal(error.text, "the time lies beyond the year 9999");
	assert_int_equal(tkt_calendar_next_open(always, INT64_MAX, &result, &error), -1);
	assert_string_equal(error.text, "the time lies beyond the year 9999");
	assert_int_equal(
	    tkt_calendar_add_seconds(always, TKT_MEASURE_OPEN, INT64_MIN, 1, &result, &error), -1);
	assert_string_equal(error.text, "the time lies beyond the years 0001 to 9999");
}

/* Years before and behind those that are built. */
static void test_growth(void **state)
{
	static const char *const days[] = { "2026-03-02", "2020-03-02", "2030-03-04", "2019-03-04",
		"1999-03-01", "2029-03-05" };
	tkt_autoptr(calendar) grown = make_calendar("Europe/Berlin", "mon-fri 09:00-17:30");
	char start[] = "YYYY-MM-DDT08:00:00Z", out[TKT_TIME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		memcpy(start, days[i], strlen(days[i]));
		memcpy(out, start, sizeof(start));
		memcpy(out + strlen(days[i]), "T16:30:00Z", sizeof("T16:30:00Z"));
		assert_string_equal(added(grown, start, "510wm"), out);
	}
	assert_int_equal(
	    between(grown, TKT_MEASURE_OPEN, "1999-03-01T00:00:00Z", "2030-03-04T00:00:00Z"),
	    INT64_C(1618) * 5 * 17 * 1800);
	/* another week: what was built is forgotten */
	add_week(grown, "sat 10:00-11:00");
	assert_string_equal(added(grown, "2026-03-07T08:00:00Z", "1wh"), "2026-03-07T10:00:00Z");
}

static void test_between(void **state)
{
	tkt_autoptr(calendar) calendar = make_calendar("UTC", "mon-fri 09:00-18:00");

	(void)state;
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-06T17:00:00Z", "2026-03-09T10:00:00Z"),
	    7200);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-09T10:00:00Z", "2026-03-06T17:00:00Z"),
	    -7200);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_DAYS, "2026-03-06T17:00:00Z", "2026-03-09T10:00:00Z"),
	    17 * 3600);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_ELAPSED, "2026-03-06T17:00:00Z", "2026-03-09T10:00:00Z"),
	    65 * 3600);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-12-31T17:00:00Z", "2027-01-01T00:00:00Z"),
	    3600);
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-06T17:00:00Z", "2026-03-06T17:00:00Z"), 0);
}

static void test_open(void **state)
{
	tkt_autoptr(calendar) calendar = make_calendar("Europe/Moscow", "mon-fri 09:00-18:00");

	(void)state;
	add_week(calendar, "fri 22:00-02:00");
	assert_false(tkt_calendar_is_open(calendar, instant("2026-03-02T08:59:59+03:00")));
	assert_true(tkt_calendar_is_open(calendar, instant("2026-03-02T09:00:00+03:00")));
	assert_true(tkt_calendar_is_open(calendar, instant("2026-03-02T17:59:59+03:00")));
	assert_false(tkt_calendar_is_open(calendar, instant("2026-03-02T18:00:00+03:00")));
	assert_true(tkt_calendar_is_open(calendar, instant("2026-03-07T01:59:59+03:00")));
	assert_false(tkt_calendar_is_open(calendar, instant("2026-03-07T02:00:00+03:00")));
	assert_string_equal(opening(calendar, "2026-03-02T09:00:01+03:00"), "2026-03-02T06:00:01Z");
	assert_string_equal(opening(calendar, "2026-03-02T18:00:00+03:00"), "2026-03-03T06:00:00Z");
	assert_string_equal(opening(calendar, "2026-03-07T02:00:00+03:00"), "2026-03-09T06:00:00Z");
	assert_string_equal(opening(calendar, "2026-12-31T19:00:00+03:00"), "2027-01-01T06:00:00Z");
}

static void test_bad_entries(void **state)
{
	tkt_autoptr(calendar) calendar = make_calendar("UTC", "mon-fri 09:00-13:00");
	struct tkt_error error;

	(void)state;
	add_week(calendar, "fri-sun 13:00-18:00");
	assert_int_equal(tkt_calendar_add_week(calendar, "wed,sun 12:00-14:00", &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_string_equal(error.text,
	    "the spans of 'wed,sun 12:00-14:00' overlap those of an entry before, or are more than "
	    "48 of a day");
	assert_int_equal(tkt_calendar_add_week(calendar, "mon-fri", &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	add_day(calendar, "2026-12-31 closed");
	assert_int_equal(tkt_calendar_add_day(calendar, "2026-12-31 09:00-10:00", &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_string_equal(
	    error.text, "'2026-12-31 09:00-10:00': the hours of that date are given twice");
	assert_int_equal(tkt_calendar_set_worked(calendar, "9-18", &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	/* nothing of that was taken */
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"),
	    (5 * 4 + 3 * 5) * 3600);
}

static void test_overlaps(void **state)
{
	tkt_autoptr(calendar) calendar = make_calendar("UTC", "mon,tue 22:00-06:00");

	(void)state;
	assert_int_equal(tkt_calendar_overlaps(calendar), 0);
	add_week(calendar, "wed 05:59-18:00");
	assert_int_equal(tkt_calendar_overlaps(calendar), 1 << 1);
	add_week(calendar, "sun 20:00-22:30");
	assert_int_equal(tkt_calendar_overlaps(calendar), 1 << 1);
	add_week(calendar, "sun 23:00-22:30");
	assert_int_equal(tkt_calendar_overlaps(calendar), 1 << 1 | 1 << 6);
	/* counted once */
	assert_int_equal(
	    between(calendar, TKT_MEASURE_OPEN, "2026-03-03T22:00:00Z", "2026-03-04T18:00:00Z"),
	    20 * 3600);
}

static void test_missing_year(void **state)
{
	static const char *const second[] = { "2026-03-03 short", "2028-03-03 holiday", NULL };
	tkt_autoptr(calendar) calendar = make_calendar("Europe/Moscow", "always");
	int64_t start = instant("2025-05-01T00:00:00Z"), end = instant("2027-12-31T20:59:59Z");

	(void)state;
	assert_int_equal(tkt_calendar_missing_year(calendar, start, end, 0), 0);
	add_list(calendar, russian);
	assert_int_equal(tkt_calendar_missing_year(calendar, start, end, 0), 2027);
	assert_int_equal(tkt_calendar_missing_year(calendar, start, end, 2028), 0);
	assert_int_equal(tkt_calendar_missing_year(calendar, start, end + 1, 2028), 2028);
	add_list(calendar, second);
	assert_int_equal(tkt_calendar_missing_year(calendar, start, end, 0), 2025);
	assert_int_equal(tkt_calendar_missing_year(calendar, start, end, 2026), 2027);
}

static int write_part(const struct tkt_calendar_part *part, void *context, struct tkt_error *error)
{
	char start[TKT_TIME_SIZE], end[TKT_TIME_SIZE], date[TKT_TIME_SIZE];

	(void)error;
	tkt_time_format(part->day->day * 86400, date);
	date[10] = '\0';
	tkt_text_format(context, "%s %s %s %s\n", date + 5, part->counts ? "counts" : "off",
	    tkt_time_format(part->start, start) + 5, tkt_time_format(part->end, end) + 5);
	return 0;
}

static void assert_explained(struct tkt_calendar *calendar, enum tkt_measure measure,
    const char *start, const char *end, const char *expected)
{
	struct tkt_error error;
	tkt_autotext said;

	tkt_text_init(&said, 4096);
	assert_int_equal(tkt_calendar_explain(calendar, measure, instant(start), instant(end),
			     write_part, &said, &error),
	    0);
	assert_string_equal(said.bytes, expected);
}

static void test_explain(void **state)
{
	tkt_autoptr(calendar) moscow =
	    make_calendar("Europe/Moscow", "mon-fri 08:00-13:00 14:00-18:00");
	tkt_autoptr(calendar) nights = make_calendar("UTC", "fri,sat 22:00-06:00");
	tkt_autoptr(calendar) newfoundland = make_calendar("America/St_Johns", "sat 23:00-24:00");

	(void)state;
	add_list(moscow, russian);
	assert_explained(moscow, TKT_MEASURE_OPEN, "2025-10-31T15:00:00+03:00",
	    "2025-11-05T08:30:00+03:00",
	    "10-31 counts 10-31T12:00:00Z 10-31T15:00:00Z\n"
	    "11-01 counts 11-01T05:00:00Z 11-01T10:00:00Z\n"
	    "11-01 counts 11-01T11:00:00Z 11-01T14:00:00Z\n"
	    "11-02 off 11-01T21:00:00Z 11-02T21:00:00Z\n"
	    "11-03 off 11-02T21:00:00Z 11-03T21:00:00Z\n"
	    "11-04 off 11-03T21:00:00Z 11-04T21:00:00Z\n"
	    "11-05 counts 11-05T05:00:00Z 11-05T05:30:00Z\n");
	assert_explained(moscow, TKT_MEASURE_DAYS, "2025-10-31T15:00:00+03:00",
	    "2025-11-03T15:00:00+03:00",
	    "10-31 counts 10-31T12:00:00Z 10-31T21:00:00Z\n"
	    "11-01 counts 10-31T21:00:00Z 11-01T21:00:00Z\n"
	    "11-02 off 11-01T21:00:00Z 11-02T21:00:00Z\n");
	assert_explained(moscow, TKT_MEASURE_ELAPSED, "2025-10-31T15:00:00+03:00",
	    "2025-11-03T15:00:00+03:00", "10-31 counts 10-31T12:00:00Z 11-03T12:00:00Z\n");
	assert_explained(NULL, TKT_MEASURE_ELAPSED, "2025-10-31T23:00:00+03:00",
	    "2025-11-03T15:00:00+03:00", "10-31 counts 10-31T20:00:00Z 11-03T12:00:00Z\n");
	assert_explained(
	    moscow, TKT_MEASURE_OPEN, "2025-11-03T15:00:00+03:00", "2025-11-03T15:00:00+03:00", "");
	/* a night into a day off; what two days share is the first one's */
	add_week(nights, "sat 05:00-07:00");
	assert_explained(nights, TKT_MEASURE_OPEN, "2026-03-06T00:00:00Z", "2026-03-09T00:00:00Z",
	    "03-06 counts 03-06T22:00:00Z 03-07T06:00:00Z\n"
	    "03-07 counts 03-07T06:00:00Z 03-07T07:00:00Z\n"
	    "03-07 counts 03-07T22:00:00Z 03-08T06:00:00Z\n"
	    "03-08 off 03-08T00:00:00Z 03-09T00:00:00Z\n");
	/* Saturday comes back after a minute of Sunday */
	assert_explained(newfoundland, TKT_MEASURE_DAYS, "2010-11-07T02:00:00Z",
	    "2010-11-07T12:00:00Z",
	    "11-06 counts 11-07T02:00:00Z 11-07T02:30:00Z\n"
	    "11-06 counts 11-07T02:31:00Z 11-07T03:30:00Z\n");
}

static void test_units(void **state)
{
	static const struct {
		const char *length;
		enum tkt_measure measure;
		int64_t seconds;
	} rows[] = { { "2s", TKT_MEASURE_ELAPSED, 2 }, { "2d", TKT_MEASURE_ELAPSED, 172800 },
		{ "2ws", TKT_MEASURE_OPEN, 2 }, { "2wm", TKT_MEASURE_OPEN, 120 },
		{ "2wh", TKT_MEASURE_OPEN, 7200 }, { "2ds", TKT_MEASURE_DAYS, 2 },
		{ "2dm", TKT_MEASURE_DAYS, 120 }, { "2dh", TKT_MEASURE_DAYS, 7200 },
		{ "2wd", TKT_MEASURE_OPEN, -1 }, { "2cd", TKT_MEASURE_ELAPSED, -1 } };
	struct tkt_length length;
	struct tkt_error error;
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		assert_int_equal(tkt_length_parse(rows[row].length, &length, &error), 0);
		assert_int_equal(tkt_unit_measure(length.unit), rows[row].measure);
		assert_int_equal(tkt_length_measured(&length), rows[row].seconds);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_order_of_reasons),
		cmocka_unit_test(test_lists_of_other_kinds),
		cmocka_unit_test(test_never_open),
		cmocka_unit_test(test_no_calendar),
		cmocka_unit_test(test_far_ends),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_bad_entries),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_missing_year),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
