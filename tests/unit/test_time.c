/* tests/unit/test_time.c: instants, dates and lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/time.h"

static void test_parse(void **state)
{
	static const struct {
		const char *string;
		int64_t time;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-03-02T09:00:00Z", 1772442000 },
		{ "2026-03-02 12:00:00+03:00", 1772442000 },
		{ "2026-03-02t09:00:00z", 1772442000 },
		{ "2026-03-02T09:00:00.999999999Z", 1772442000 },
		{ "2026-03-01T23:30:00-09:30", 1772442000 },
		{ "1969-12-31T23:59:59Z", -1 },
		{ "1969-12-31T23:59:59.5-00:00", -1 },
		{ "2000-02-29T00:00:00Z", 951782400 },
		{ "2016-12-31T23:59:60Z", 1483228800 },
		{ "2017-01-01T02:59:60+03:00", 1483228800 },
		{ "0001-01-01T00:00:00Z", INT64_C(-62135596800) },
		{ "9999-12-31T23:59:59Z", INT64_C(253402300799) },
	};
	struct tkt_error error = { 0 };
	int64_t time;
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		assert_int_equal(tkt_time_parse(rows[row].string, &time, &error), 0);
		assert_true(time == rows[row].time);
	}
}

static void test_parse_refuses(void **state)
{
	static const char *const bad[] = { "", "now", "2026-03-02", "2026-03-02T09:00:00",
		"2026-03-02T09:00Z", "2026-03-02T9:00:00Z", "2026-3-2T09:00:00Z",
		"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z", "2026-03-02T09:00:61Z",
		"2026-03-02T09:00:60Z", "2026-03-02T09:00:00.Z", "2026-03-02T09:00:00,5Z",
		"2026-03-02T09:00:00+3:00", "2026-03-02T09:00:00+0300", "2026-03-02T09:00:00+24:00",
		"2026-03-02T09:00:00+03:60", "2026-03-02T09:00:00Zx", " 2026-03-02T09:00:00Z",
		"+2026-03-02T09:00:00Z", "0000-12-31T00:00:00Z", "0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "2026-03-02\n09:00:00Z" };
	struct tkt_error error = { 0 };
	int64_t time = 7;
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(bad) / sizeof(bad[0]); row++) {
		assert_int_equal(tkt_time_parse(bad[row], &time, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
	}
	assert_true(time == 7);
	tkt_time_parse("soon", &time, &error);
	assert_string_equal(error.text, "'soon' is not a time like 2026-03-02T09:00:00Z");
}

static void test_format(void **state)
{
	char out[TKT_TIME_SIZE];

	(void)state;
	assert_string_equal(tkt_time_format(1772442000, out), "2026-03-02T09:00:00Z");
	assert_string_equal(tkt_time_format(-1, out), "1969-12-31T23:59:59Z");
	assert_string_equal(tkt_time_format(INT64_MIN, out), "0001-01-01T00:00:00Z");
	assert_string_equal(tkt_time_format(INT64_MAX, out), "9999-12-31T23:59:59Z");
}

/* Each day of the years 0001 to 9999 follows from the one before by the rules of the calendar. */
static void test_every_day(void **state)
{
	int64_t days = tkt_days_from_date(1, 1, 1);
	int year, month, day, weekday = 0; /* 0001-01-01 was a Monday */

	(void)state;
	assert_true(days == -719162);
	for (year = 1; year <= 9999; year++)
		for (month = 1; month <= 12; month++)
			for (day = 1; tkt_date_is_valid(year, month, day); day++, days++) {
				struct tkt_civil civil;

				tkt_civil_from_time(days * 86400 + 86399, &civil);
				assert_true(tkt_days_from_date(year, month, day) == days &&
				    civil.year == year && civil.month == month &&
				    civil.day == day && civil.hour == 23 && civil.minute == 59 &&
				    civil.second == 59 && civil.weekday == weekday &&
				    tkt_time_from_civil(&civil) == days * 86400 + 86399);
				weekday = (weekday + 1) % 7;
			}
	assert_true(days == 2932897);
	assert_false(tkt_date_is_valid(2026, 2, 29));
	assert_true(tkt_date_is_valid(2024, 2, 29));
	assert_false(tkt_date_is_valid(2100, 2, 29));
	assert_false(tkt_date_is_valid(2026, 4, 31));
	assert_false(tkt_date_is_valid(10000, 1, 1));
}

static void test_date_parse(void **state)
{
	struct tkt_civil civil = { .year = 7 };

	(void)state;
	assert_int_equal(tkt_date_parse("2026-02-29", &civil), -1);
	assert_int_equal(tkt_date_parse("2026-02-28 ", &civil), -1);
	assert_int_equal(tkt_date_parse("2026-2-28", &civil), -1);
	assert_int_equal(tkt_date_parse("", &civil), -1);
	assert_int_equal(civil.year, 7);
	assert_int_equal(tkt_date_parse("2026-11-22", &civil), 0);
	assert_int_equal(civil.year, 2026);
	assert_int_equal(civil.month, 11);
	assert_int_equal(civil.day, 22);
	assert_int_equal(civil.hour + civil.minute + civil.second, 0);
	assert_int_equal(civil.weekday, 6);
}

static void test_lengths(void **state)
{
	static const char *const names[] = { "s", "m", "h", "d", "ws", "wm", "wh", "ds", "dm", "dh",
		"wd", "cd" };
	static const int64_t seconds[] = { 12, 720, 43200, 1036800 };
	struct tkt_error error = { 0 };
	struct tkt_length length;
	int64_t sum;
	int unit;

	(void)state;
	for (unit = 0; unit <= TKT_UNIT_CALENDAR_DAY; unit++) {
		char string[16];

		snprintf(string, sizeof(string), "12%s", names[unit]);
		assert_int_equal(tkt_length_parse(string, &length, &error), 0);
		assert_true(length.amount == 12);
		assert_int_equal(length.unit, unit);
		if (unit <= TKT_UNIT_DAY) {
			assert_int_equal(tkt_length_seconds(&length, &sum, &error), 0);
			assert_true(sum == seconds[unit]);
		} else {
			assert_int_equal(tkt_length_seconds(&length, &sum, &error), -1);
			assert_int_equal(error.kind, TKT_ERROR_DATA);
		}
	}
	assert_string_equal(
	    error.text, "'12cd' needs a calendar; a length of elapsed time is in s, m, h or d");
}

static void assert_no_length(const char *string, const char *text)
{
	struct tkt_length length = { .amount = 7 };
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_length_parse(string, &length, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, text);
	assert_true(length.amount == 7);
}

static void test_lengths_refused(void **state)
{
	struct tkt_length length;
	struct tkt_error error = { 0 };

	(void)state;
	assert_no_length("5", "'5' has no unit; write 5m, 5h, 5d, 5wh ...");
	assert_no_length("", "'' is not a length of time like 30m, 4wh or 3wd");
	assert_no_length("-5m", "'-5m' is not a length of time like 30m, 4wh or 3wd");
	assert_no_length(
	    "5 m", "'5 m' is not a length of time: units are s m h d, ws wm wh, ds dm dh, wd cd");
	assert_no_length(
	    "5M", "'5M' is not a length of time: units are s m h d, ws wm wh, ds dm dh, wd cd");
	assert_no_length("366001d", "'366001d' is longer than a thousand years");
	assert_no_length(
	    "99999999999999999999s", "'99999999999999999999s' is longer than a thousand years");
	assert_int_equal(tkt_length_parse("366000d", &length, &error), 0);
	assert_int_equal(tkt_length_parse("0m", &length, &error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_date_parse),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_lengths_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
