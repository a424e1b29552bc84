/* tests/unit/test_zone.c: wall clocks: offsets, gaps and repeats of the tz database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "base/error.h"
#include "base/zone.h"

static int64_t instant(const char *string)
{
	struct tkt_error error;
	int64_t time = 0;

	assert_int_equal(tkt_time_parse(string, &time, &error), 0);
	return time;
}

/* The wall clock of `zone` shows the UTC-like `wall` at `expected`. */
static void assert_instant(const char *name, const char *wall, const char *expected)
{
	struct tkt_error error;
	struct tkt_civil civil;
	tkt_autoptr(zone) zone = NULL;
	char out[TKT_TIME_SIZE];

	assert_int_equal(tkt_zone_new(name, &zone, &error), 0);
	tkt_civil_from_time(instant(wall), &civil);
	assert_string_equal(tkt_time_format(tkt_zone_time(zone, &civil), out), expected);
}

static void test_instants(void **state)
{
	static const char *const rows[][3] = {
		{ "UTC", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z" },
		{ "+06:00", "2026-03-02T03:00:00Z", "2026-03-01T21:00:00Z" },
		{ "-03:30", "2026-12-31T23:00:00Z", "2027-01-01T02:30:00Z" },
		{ "Europe/Moscow", "2026-03-02T12:00:00Z", "2026-03-02T09:00:00Z" },
		{ "Europe/Moscow", "2027-01-01T00:00:00Z", "2026-12-31T21:00:00Z" },
		/* Moscow moved by law, on days of its own: +03 to +04, and back to stay */
		{ "Europe/Moscow", "2011-03-27T01:59:59Z", "2011-03-26T22:59:59Z" },
		{ "Europe/Moscow", "2011-03-27T02:30:00Z", "2011-03-26T23:00:00Z" },
		{ "Europe/Moscow", "2011-03-27T03:00:00Z", "2011-03-26T23:00:00Z" },
		{ "Europe/Moscow", "2014-10-26T00:59:59Z", "2014-10-25T20:59:59Z" },
		{ "Europe/Moscow", "2014-10-26T01:30:00Z", "2014-10-25T21:30:00Z" },
		{ "Europe/Moscow", "2014-10-26T02:00:00Z", "2014-10-25T23:00:00Z" },
		/* a gap, a repeat */
		{ "Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T00:59:59Z" },
		{ "Europe/Berlin", "2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "2026-03-29T02:59:59Z", "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "2026-03-29T03:00:01Z", "2026-03-29T01:00:01Z" },
		{ "Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z" },
		{ "Europe/Berlin", "2026-10-25T02:59:59Z", "2026-10-25T00:59:59Z" },
		{ "Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z" },
		/* behind the table of a file: its rule */
		{ "Europe/Berlin", "2399-07-01T12:00:00Z", "2399-07-01T10:00:00Z" },
		{ "Europe/Berlin", "9999-12-31T23:59:59Z", "9999-12-31T22:59:59Z" },
		/* half an hour; a whole day that was left out */
		{ "Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z" },
		{ "Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:30:00Z" },
		{ "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z" },
		{ "Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-30T10:00:00Z" },
		/* before zones: local mean time */
		{ "Europe/Berlin", "1800-01-01T00:00:00Z", "1799-12-31T23:06:32Z" },
	};
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		assert_instant(rows[row][0], rows[row][1], rows[row][2]);
}

static void test_wall_clock(void **state)
{
	struct tkt_error error;
	tkt_autoptr(zone) zone = NULL;
	struct tkt_civil civil;

	(void)state;
	assert_int_equal(tkt_zone_new("Asia/Yekaterinburg", &zone, &error), 0);
	assert_int_equal(tkt_zone_civil(zone, instant("2026-12-31T20:00:01Z"), &civil), 18000);
	assert_int_equal(civil.year, 2027);
	assert_int_equal(civil.month, 1);
	assert_int_equal(civil.day, 1);
	assert_int_equal(civil.hour, 1);
	assert_int_equal(civil.minute, 0);
	assert_int_equal(civil.second, 1);
	assert_int_equal(civil.weekday, 4);
	assert_int_equal(tkt_zone_civil(NULL, 0, &civil), 0);
	assert_int_equal(civil.year, 1970);
	assert_true(tkt_zone_time(NULL, &civil) == 0);
	assert_true(
	    tkt_zone_time(zone, &(struct tkt_civil){ .year = 20000, .month = 1, .day = 1 }) >
	    instant("9999-12-31T00:00:00Z"));
}

/* Instants of many years have the offset that localtime_r() gives; that of an instant's wall
 * clock is the instant, or an hour that repeats. */
static void test_against_the_library(void **state)
{
	static const char *const names[] = { "Europe/Moscow", "America/New_York",
		"Africa/Casablanca", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia",
		"America/Caracas", "EST5EDT" };
	int64_t first = instant("1935-01-01T00:00:00Z"), last = instant("2055-01-01T00:00:00Z"), at;
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(names) / sizeof(names[0]); row++) {
		struct tkt_error error;
		tkt_autoptr(zone) zone = NULL;
		struct tkt_civil civil;

		assert_int_equal(tkt_zone_new(names[row], &zone, &error), 0);
		setenv("TZ", names[row], 1);
		tzset();
		for (at = first; at < last; at += 7207) {
			time_t time = at;
			struct tm wall;
			int64_t back;

			assert_non_null(localtime_r(&time, &wall));
			if (tkt_zone_civil(zone, at, &civil) != wall.tm_gmtoff ||
			    civil.hour != wall.tm_hour || civil.minute != wall.tm_min)
				fail_msg("%s at %lld", names[row], (long long)at);
			back = tkt_zone_time(zone, &civil);
			if (back > at || back < at - 26 * 3600)
				fail_msg("%s: %lld comes back as %lld", names[row], (long long)at,
				    (long long)back);
		}
	}
	unsetenv("TZ");
}

static void test_environment_stays(void **state)
{
	struct tkt_error error;
	tkt_autoptr(zone) zone = NULL;
	struct tkt_civil civil;
	time_t noon = 43200;
	struct tm wall;

	(void)state;
	setenv("TZ", "Asia/Tokyo", 1);
	assert_int_equal(tkt_zone_new("America/New_York", &zone, &error), 0);
	assert_int_equal(tkt_zone_civil(zone, noon, &civil), -18000);
	assert_string_equal(getenv("TZ"), "Asia/Tokyo");
	localtime_r(&noon, &wall);
	assert_int_equal(wall.tm_hour, 21);
	unsetenv("TZ");
	assert_int_equal(tkt_zone_civil(zone, INT64_C(2000000000), &civil), -14400);
	assert_null(getenv("TZ"));
}

static void test_unknown_names(void **state)
{
	static const char *const bad[] = { "", "Moscow", "Europe", "Europe/Moskau", "zone.tab",
		"tzdata.zi", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "UTC+3", "+6:00",
		"+0600", "+24:00", "+06:60", "+06:00 ", "06:00", "+-6:00", "+ 6:00",
		"Europe/Moscow\n", ":Europe/Moscow", "right/Europe/Moscow" };
	struct tkt_error error = { 0 };
	struct tkt_zone *zone = NULL;
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(bad) / sizeof(bad[0]); row++) {
		assert_int_equal(tkt_zone_new(bad[row], &zone, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
		assert_null(zone);
	}
	tkt_zone_new("Moscow", &zone, &error);
	assert_string_equal(error.text,
	    "'Moscow' is not a time zone; write a name like 'Europe/Moscow' or an offset like "
	    "'+06:00'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_instants),
		cmocka_unit_test(test_wall_clock),
		cmocka_unit_test(test_against_the_library),
		cmocka_unit_test(test_environment_stays),
		cmocka_unit_test(test_unknown_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
