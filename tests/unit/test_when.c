/* tests/unit/test_when.c: what a person writes for a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/time.h"
#include "base/when.h"
#include "base/zone.h"

/* Monday 2026-03-02, noon in Moscow. */
#define NOON INT64_C(1772442000)

static void check(const char *string, const struct tkt_present *present, const char *wanted)
{
	struct tkt_error error = { 0 };
	char text[TKT_TIME_SIZE];
	int64_t time;

	if (tkt_when_parse(string, present, &time, &error))
		fail_msg("'%s': %s", string, error.text);
	assert_string_equal(tkt_time_format(time, text), wanted);
}

static void test_words(void **state)
{
	static const struct {
		const char *string, *time;
	} rows[] = {
		{ "now", "2026-03-02T09:00:00Z" },
		{ "+3d", "2026-03-05T09:00:00Z" },
		{ "-2h", "2026-03-02T07:00:00Z" },
		{ "today", "2026-03-01T21:00:00Z" },
		{ "yesterday", "2026-02-28T21:00:00Z" },
		{ "Tomorrow", "2026-03-02T21:00:00Z" },
		{ "tomorrow 14:30", "2026-03-03T11:30:00Z" },
		{ "tuesday", "2026-03-02T21:00:00Z" },
		{ "sun", "2026-03-07T21:00:00Z" },
		{ "SUNDAY 09:00", "2026-03-08T06:00:00Z" },
		{ "monday", "2026-03-08T21:00:00Z" }, /* never today */
		{ "mon 09:00:30", "2026-03-09T06:00:30Z" },
		{ "2026-03-09", "2026-03-08T21:00:00Z" },
		{ "2026-03-09 09:00", "2026-03-09T06:00:00Z" },
		{ "2026-03-09T09:00", "2026-03-09T06:00:00Z" },
		{ "2026-03-09T09:00Z", "2026-03-09T09:00:00Z" },
		{ "2026-03-09T09:00:00+01:00", "2026-03-09T08:00:00Z" },
	};
	struct tkt_present present = { .now = NOON };
	tkt_autoptr(zone) zone = NULL;
	struct tkt_error error = { 0 };
	size_t row;

	(void)state;
	assert_int_equal(tkt_zone_new("Europe/Moscow", &zone, &error), 0);
	present.zone = zone;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		check(rows[row].string, &present, rows[row].time);
}

/* The day is that of the wall clock, and an hour that it skips ends with the gap. */
static void test_wall_clock(void **state)
{
	struct tkt_present present = { .now = 1774738800 }; /* 2026-03-28T23:00:00Z */
	tkt_autoptr(zone) zone = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_zone_new("Europe/Berlin", &zone, &error), 0);
	present.zone = zone;
	check("today", &present, "2026-03-28T23:00:00Z"); /* it is the 29th there */
	check("tomorrow", &present, "2026-03-29T22:00:00Z");
	check("today 02:30", &present, "2026-03-29T01:00:00Z");
	check("sunday", &present, "2026-04-04T22:00:00Z");
	present.zone = NULL;
	check("today", &present, "2026-03-28T00:00:00Z");
}

static void test_refused(void **state)
{
	static const struct {
		const char *string, *text;
	} rows[] = {
#define NO_TIME                                                                             \
	" is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, monday, " \
	"'monday 09:00', or a length from now: +2h, -2d"
		{ "", "''" NO_TIME },
		{ "2h", "'2h'" NO_TIME },
		{ "noday", "'noday'" NO_TIME },
		{ "mo", "'mo'" NO_TIME },
		{ "mond", "'mond'" NO_TIME },
		{ "monday ", "'monday '" NO_TIME },
		{ "monday 9:00", "'monday 9:00'" NO_TIME },
		{ "monday 24:00", "'monday 24:00'" NO_TIME },
		{ "monday 09:60", "'monday 09:60'" NO_TIME },
		{ "monday 09:00Z", "'monday 09:00Z'" NO_TIME },
		{ "2026-02-30", "'2026-02-30'" NO_TIME },
		{ "+2", "'2' has no unit; write 2m, 2h, 2d, 2wh ..." },
		{ "+2wd", "'2wd' needs a calendar; a length of elapsed time is in s, m, h or d" },
		{ "+ 2d", "' 2d' is not a length of time like 30m, 4wh or 3wd" },
	};
	const struct tkt_present present = { .now = NOON };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		struct tkt_error error = { 0 };
		int64_t time = 7;

		assert_int_equal(tkt_when_parse(rows[row].string, &present, &time, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, rows[row].text);
		assert_int_equal(time, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_wall_clock),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
