/* tests/unit/test_hours.c: opening hours as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "calendar/hours.h"

/* Adds ' 08:00-18:00' for each span; what is past midnight has hours beyond 24. */
static void describe(const struct tkt_hours *hours, struct tkt_text *text)
{
	int i;

	for (i = 0; i < hours->count; i++)
		tkt_text_format(text, " %02d:%02d-%02d:%02d", hours->spans[i].start / 3600,
		    hours->spans[i].start / 60 % 60, hours->spans[i].end / 3600,
		    hours->spans[i].end / 60 % 60);
}

static void test_spans(void **state)
{
	static const char *const rows[][2] = {
		{ "09:00-18:00", " 09:00-18:00" },
		{ "08:00-13:00 14:00-18:00", " 08:00-13:00 14:00-18:00" },
		{ "  08:00-13:00   13:00-18:30 ", " 08:00-13:00 13:00-18:30" },
		{ "22:00-06:00", " 22:00-30:00" },
		{ "00:00-06:00 22:00-06:00", " 00:00-06:00 22:00-30:00" },
		{ "00:00-24:00", " 00:00-24:00" },
		{ "18:00-00:00", " 18:00-24:00" },
		{ "23:59-23:58", " 23:59-47:58" },
		{ "", "!'' has no span of time: 'HH:MM-HH:MM'" },
		{ "  ", "!'  ' has no span of time: 'HH:MM-HH:MM'" },
		{ "9-18", "!'9-18' is no span of time: 'HH:MM-HH:MM'" },
		{ "09:00-18:0", "!'09:00-18:0' is no span of time: 'HH:MM-HH:MM'" },
		{ "09:00-24:01", "!'09:00-24:01' is no span of time: 'HH:MM-HH:MM'" },
		{ "09:60-18:00", "!'09:60-18:00' is no span of time: 'HH:MM-HH:MM'" },
		{ "24:00-06:00", "!'24:00-06:00' is no span of time: 'HH:MM-HH:MM'" },
		{ "09:00-18:00 x", "!'x' is no span of time: 'HH:MM-HH:MM'" },
		{ "closed", "!'closed' is no span of time: 'HH:MM-HH:MM'" },
		{ "09:00-09:00", "!'09:00-09:00' is empty: a whole day is '00:00-24:00'" },
		{ "09:00-13:00 12:00-18:00",
		    "!the spans of '09:00-13:00 12:00-18:00' overlap or are out of order" },
		{ "14:00-18:00 09:00-13:00",
		    "!the spans of '14:00-18:00 09:00-13:00' overlap or are out of order" },
		{ "22:00-06:00 23:00-23:30",
		    "!the spans of '22:00-06:00 23:00-23:30' overlap or are out of order" },
	};
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		struct tkt_hours hours = { .count = -1 };
		struct tkt_error error = { 0 };
		tkt_autotext said;

		tkt_text_init(&said, 1024);
		if (tkt_hours_parse(rows[row][0], &hours, &error)) {
			tkt_text_format(&said, "!%s", error.text);
			assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
			assert_int_equal(hours.count, -1);
		} else {
			describe(&hours, &said);
		}
		assert_string_equal(said.bytes, rows[row][1]);
	}
}

static void test_span_limit(void **state)
{
	struct tkt_error error = { 0 };
	struct tkt_hours hours;
	tkt_autotext many;
	int i;

	(void)state;
	tkt_text_init(&many, 4096);
	for (i = 0; i < TKT_SPAN_LIMIT; i++)
		tkt_text_format(
		    &many, "%02d:%02d-%02d:%02d ", i / 4, i % 4 * 15, i / 4, i % 4 * 15 + 5);
	assert_int_equal(tkt_hours_parse(many.bytes, &hours, &error), 0);
	assert_int_equal(hours.count, TKT_SPAN_LIMIT);
	tkt_text_add(&many, "23:00-23:30");
	assert_int_equal(tkt_hours_parse(many.bytes, &hours, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_string_equal(error.text, "a day has at most 48 spans of time");
}

static void test_weeks(void **state)
{
	static const char *const rows[][2] = {
		{ "mon 09:00-18:00", "01 09:00-18:00" },
		{ "mon-fri 08:00-18:00", "1f 08:00-18:00" },
		{ "mon,wed-fri 08:00-12:00 13:00-17:00", "1d 08:00-12:00 13:00-17:00" },
		{ "sat,sun 22:00-02:00", "60 22:00-26:00" },
		{ "fri-mon 10:00-11:00", "71 10:00-11:00" },
		{ "sun-sun 10:00-11:00", "40 10:00-11:00" },
		{ "always", "7f 00:00-24:00" },
		{ "mon", "!'mon' has no span of time: 'HH:MM-HH:MM'" },
		{ "always 09:00-18:00",
		    "!'always 09:00-18:00' begins with no weekdays: 'mon', 'mon-fri', 'mon,wed' or "
		    "'always'" },
		{ "mon-fri,may 09:00-18:00",
		    "!'mon-fri,may 09:00-18:00' begins with no weekdays: 'mon', 'mon-fri', "
		    "'mon,wed' or 'always'" },
		{ "mon, 09:00-18:00",
		    "!'mon, 09:00-18:00' begins with no weekdays: 'mon', 'mon-fri', 'mon,wed' or "
		    "'always'" },
		{ "", "!'' begins with no weekdays: 'mon', 'mon-fri', 'mon,wed' or 'always'" },
		{ "mon-fri 9-18", "!'9-18' is no span of time: 'HH:MM-HH:MM'" },
	};
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		struct tkt_error error = { 0 };
		struct tkt_hours hours;
		unsigned days = 0;
		tkt_autotext said;

		tkt_text_init(&said, 1024);
		if (tkt_hours_parse_week(rows[row][0], &days, &hours, &error)) {
			tkt_text_format(&said, "!%s", error.text);
			assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
			assert_int_equal(days, 0);
		} else {
			tkt_text_format(&said, "%02x", days);
			describe(&hours, &said);
		}
		assert_string_equal(said.bytes, rows[row][1]);
	}
}

static void test_days(void **state)
{
	static const char *const rows[][2] = {
		{ "1970-01-01 closed", "0" },
		{ "1970-01-03 09:00-13:00", "2 09:00-13:00" },
		{ "2026-12-31 09:00-13:00 22:00-02:00", "20818 09:00-13:00 22:00-26:00" },
		{ "2027-01-09 closed", "20827" },
		{ "2026-13-01 closed", "!'2026-13-01 closed' begins with no date: 'YYYY-MM-DD'" },
		{ "31.12.2026 closed", "!'31.12.2026 closed' begins with no date: 'YYYY-MM-DD'" },
		{ "2026-12-31", "!'2026-12-31' has no span of time: 'HH:MM-HH:MM'" },
		{ "2026-12-31 shut", "!'shut' is no span of time: 'HH:MM-HH:MM'" },
	};
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		struct tkt_error error = { 0 };
		struct tkt_hours hours;
		int64_t day = -1;
		tkt_autotext said;

		tkt_text_init(&said, 1024);
		if (tkt_hours_parse_day(rows[row][0], &day, &hours, &error)) {
			tkt_text_format(&said, "!%s", error.text);
			assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
			assert_int_equal(day, -1);
		} else {
			tkt_text_format(&said, "%lld", (long long)day);
			describe(&hours, &said);
		}
		assert_string_equal(said.bytes, rows[row][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_span_limit),
		cmocka_unit_test(test_weeks),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
