/* Lists of holidays: .tsv and .ics in, days out; what is wrong is named by file and line. */
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
#include "calendar/holidays.h"

/* What a list holds, a line a day; or what is wrong with it. */
static void describe(
    struct tkt_text *out, int result, struct tkt_holidays *holidays, const struct tkt_error *error)
{
	if (result) {
		tkt_text_format(out, "error %d: %s\n", (int)error->kind, error->text);
		return;
	}
	for (size_t index = 0; index < holidays->count; index++) {
		const struct tkt_holiday *day = &holidays->days[index];
		struct tkt_civil civil;

		tkt_civil_from_time(day->day * 86400, &civil);
		tkt_text_format(out, "%04d-%02d-%02d %s%s%s\n", civil.year, civil.month, civil.day,
		    tkt_day_kind_word(day->kind), *day->note ? " " : "", day->note);
	}
}

static void expect_bytes(const char *name, const char *bytes, size_t length, const char *expected)
{
	tkt_autoptr(holidays) holidays = NULL;
	struct tkt_error error = { 0 };
	tkt_autotext out;
	int result;

	tkt_text_init(&out, TKT_TEXT_LIMIT);
	result = tkt_holidays_parse(name, bytes, length, &holidays, &error);
	assert_int_equal(result ? -1 : 0, holidays ? 0 : -1);
	describe(&out, result, holidays, &error);
	assert_string_equal(out.bytes, expected);
}

static void expect(const char *name, const char *bytes, const char *expected)
{
	expect_bytes(name, bytes, strlen(bytes), expected);
}

#define WRONG "error 11: "

static void test_tsv(void **state)
{
	(void)state;
	assert_int_equal(TKT_ERROR_CONFIGURATION, 11);
	expect("a.tsv", "", "");
	expect("a.tsv", "# nothing\n\n", "");
	expect("a.tsv",
	    "# head\n2026-05-01\tholiday\tLabour Day\n2026-04-30\tshort\r\n\r\n"
	    "2026-11-07\tworkday\tfor 2026-11-06\n2026-05-01\tholiday\n",
	    "2026-04-30 short\n2026-05-01 holiday Labour Day\n2026-11-07 workday for 2026-11-06\n");
	expect("a.TSV",
	    "\xef\xbb\xbf"
	    "2026-05-01\tholiday\t\xd0\x9c\xd0\xb0\xd0\xb9",
	    "2026-05-01 holiday \xd0\x9c\xd0\xb0\xd0\xb9\n");
	/* the first note that is one stays */
	expect("a.tsv", "2026-05-01\tholiday\n2026-05-01\tholiday\tone\n2026-05-01\tholiday\ttwo\n",
	    "2026-05-01 holiday one\n");
}

static void test_tsv_errors(void **state)
{
	(void)state;
	expect("ru.tsv", "# x\n2026-13-01\tholiday\n", WRONG "ru.tsv:2: '2026-13-01' is no date\n");
	expect("ru.tsv", "2026-02-29\tholiday\n", WRONG "ru.tsv:1: '2026-02-29' is no date\n");
	expect(
	    "ru.tsv", "2026-02-28 holiday\n", WRONG "ru.tsv:1: '2026-02-28 holiday' is no date\n");
	expect("ru.tsv", "2026-02-28\n",
	    WRONG "ru.tsv:1: a line is a date, a tab, a kind and perhaps a tab and a note\n");
	expect("ru.tsv", "2026-02-28\tHoliday\n",
	    WRONG "ru.tsv:1: 'Holiday' is no kind of day: holiday, workday or short\n");
	expect("ru.tsv", "2026-02-28\tholiday\tone\ttwo\n",
	    WRONG "ru.tsv:1: there are more than 3 columns\n");
	expect("ru.tsv", "\n# \xff\n", WRONG "ru.tsv:2: the line is not UTF-8\n");
	expect_bytes(
	    "ru.tsv", "2026-05-01\tholiday\t\0\n", 21, WRONG "ru.tsv:1: the line is not UTF-8\n");
	expect("ru.tsv",
	    "2026-05-01\tholiday\n2026-05-02\tshort\n2026-05-01\tholiday\n2026-05-01\tshort\n",
	    WRONG "ru.tsv:4: 2026-05-01 is 'short' here and 'holiday' in line 1\n");
	expect("ru.txt", "", WRONG "'ru.txt' ends neither in .tsv nor in .ics\n");
	expect("ru", "", WRONG "'ru' ends neither in .tsv nor in .ics\n");
}

#define CALENDAR(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define EVENT(lines) CALENDAR("BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n")

static void test_ics(void **state)
{
	(void)state;
	expect("a.ics", CALENDAR(""), "");
	expect("a.ics",
	    CALENDAR("X-WR-CALNAME:Russia\\, production\r\n"
		     "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
		     "END:STANDARD\r\nEND:VTIMEZONE\r\n"
		     "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260101\r\n"
		     "DTEND;VALUE=DATE:20260104\r\nSUMMARY:New Year\\, and\\nafter\r\n"
		     "BEGIN:VALARM\r\nSUMMARY:ring\r\nDTSTART:20260101T080000\r\nEND:VALARM\r\n"
		     "END:VEVENT\r\n"
		     "begin:vevent\ndtstart:20261107\nCategories:Public\\,work,wOrKdAy\n"
		     "summary;LANGUAGE=\"a:b\":for\n  the sixth \xd0\n \x9f\nend:vevent\n"
		     "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260430\r\nCATEGORIES:Bank\r\n"
		     "CATEGORIES:SHORT, Eve\r\nDURATION:P1D\r\nEND:VEVENT\r\n"
		     "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260501\r\n"
		     "CATEGORIES:HOLIDAY\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n"
		     "BEGIN:VEVENT\r\nDTSTART:20260601T090000\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"
		     "BEGIN:VTODO\r\nDUE:20260701T000000Z\r\nEND:VTODO\r\n"),
	    "2026-01-01 holiday New Year, and after\n2026-01-02 holiday New Year, and after\n"
	    "2026-01-03 holiday New Year, and after\n2026-04-30 short\n2026-05-01 holiday\n"
	    "2026-11-07 workday for the sixth \xd0\x9f\n");
	/* two calendars in a file, and a day that stands in both */
	expect("a.ics",
	    EVENT("DTSTART;VALUE=DATE:20260101\r\nDURATION:P1W\r\n")
		EVENT("DTSTART;VALUE=DATE:20260107\r\nSUMMARY:seventh\r\n"),
	    "2026-01-01 holiday\n2026-01-02 holiday\n2026-01-03 holiday\n2026-01-04 holiday\n"
	    "2026-01-05 holiday\n2026-01-06 holiday\n2026-01-07 holiday seventh\n");
}

static void test_ics_rules(void **state)
{
	(void)state;
	expect("a.ics",
	    EVENT("DTSTART;VALUE=DATE:20201224\r\nDTEND;VALUE=DATE:20201226\r\nSUMMARY:Xmas\r\n"
		  "RRULE:FREQ=YEARLY;COUNT=3\r\nEXDATE;VALUE=DATE:20211224,20221224\r\n"
		  "RDATE;VALUE=DATE:20300107,20310107\r\n"),
	    "2020-12-24 holiday Xmas\n2020-12-25 holiday Xmas\n2030-01-07 holiday Xmas\n"
	    "2030-01-08 holiday Xmas\n2031-01-07 holiday Xmas\n2031-01-08 holiday Xmas\n");
	expect("a.ics",
	    EVENT("DTSTART;VALUE=DATE:20231123\r\n"
		  "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20251231\r\n"),
	    "2023-11-23 holiday\n2024-11-28 holiday\n2025-11-27 holiday\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:19000229\r\nRRULE:FREQ=YEARLY\r\n"),
	    WRONG "a.ics:4: '19000229' is no date\n");
}

/* The bounds of an endless rule: 1990 to 2100. */
static void test_ics_endless(void **state)
{
	static const char bytes[] =
	    EVENT("DTSTART;VALUE=DATE:19550501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Labour Day\r\n");
	tkt_autoptr(holidays) holidays = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_holidays_parse("a.ics", bytes, strlen(bytes), &holidays, &error), 0);
	assert_int_equal(holidays->count, 111);
	assert_int_equal(holidays->days[0].day, tkt_days_from_date(1990, 5, 1));
	assert_int_equal(holidays->days[110].day, tkt_days_from_date(2100, 5, 1));
	assert_false(tkt_holidays_has_year(holidays, 1989));
	assert_true(tkt_holidays_has_year(holidays, 1990));
	assert_true(tkt_holidays_has_year(holidays, 2100));
	assert_false(tkt_holidays_has_year(holidays, 2101));
}

static void test_ics_errors(void **state)
{
	static const char gregorian[] =
	    WRONG "a.ics:5: a rule of holidays is yearly, of days, in the Gregorian calendar\n";

	(void)state;
	expect("a.ics", "", WRONG "a.ics:1: 'BEGIN:VCALENDAR' is missing\n");
	expect("a.ics", "\n\nVERSION:2.0\n", WRONG "a.ics:3: 'BEGIN:VCALENDAR' is missing\n");
	expect(
	    "a.ics", "BEGIN:VEVENT\nEND:VEVENT\n", WRONG "a.ics:1: 'BEGIN:VCALENDAR' is missing\n");
	expect("a.ics", "BEGIN:VCALENDAR\nVERSION:2.0\n",
	    WRONG "a.ics:2: 'END:VCALENDAR' is missing\n");
	expect("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
	    WRONG "a.ics:3: 'END:VCALENDAR' has no BEGIN\n");
	expect("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\nX:y\n",
	    WRONG "a.ics:3: 'BEGIN:VCALENDAR' is missing\n");
	expect("a.ics", "BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR\n",
	    WRONG "a.ics:2: the line is not 'NAME:VALUE'\n");
	expect("a.ics", "BEGIN:VCALENDAR\nSUMMARY:\xff\nEND:VCALENDAR\n",
	    WRONG "a.ics:2: the line is not UTF-8\n");
	expect("a.ics", EVENT("SUMMARY:x\r\n"), WRONG "a.ics:3: an event without 'DTSTART'\n");
	expect("a.ics", EVENT("SUMMARY:x\r\nDTSTART:20260101T090000Z\r\n"),
	    WRONG "a.ics:5: an event with a time of day; a list of holidays has whole days, as "
		  "'DTSTART;VALUE=DATE:20260101'\n");
	expect("a.ics",
	    EVENT("DTSTART;VALUE=DATE:20260101\r\n"
		  "DTEND;TZID=Europe/Moscow:20260102T000000\r\n"),
	    WRONG "a.ics:5: an event with a time of day; a list of holidays has whole days, as "
		  "'DTSTART;VALUE=DATE:20260101'\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:20261345\r\n"),
	    WRONG "a.ics:4: '20261345' is no date\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:20260102\r\nDTEND;VALUE=DATE:20260101\r\n"),
	    WRONG "a.ics:5: the event ends before it starts\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:20260102\r\nDTEND;VALUE=DATE:20290101\r\n"),
	    WRONG "a.ics:5: the event is longer than a year\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:20260102\r\nDURATION:PT5H\r\n"),
	    WRONG "a.ics:5: the duration is not of whole days\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:20260102\r\nCATEGORIES:HOLIDAY,Short\r\n"),
	    WRONG "a.ics:5: the event is of two kinds\n");
	expect("a.ics",
	    CALENDAR("BEGIN:VEVENT\r\nDTSTART:20260102\r\nEND:VEVENT\r\n"
		     "BEGIN:VEVENT\r\nDTSTART:20260102\r\nCATEGORIES:SHORT\r\nEND:VEVENT\r\n"),
	    WRONG "a.ics:6: 2026-01-02 is 'short' here and 'holiday' in line 3\n");
	expect("a.ics", EVENT("DTSTART;VALUE=DATE:20260102\r\nRECURRENCE-ID:20260102\r\n"),
	    WRONG "a.ics:3: 'RECURRENCE-ID' is not understood; name the days that fall away in "
		  "'EXDATE'\n");
	expect("a.ics", EVENT("DTSTART:20260102\r\nRRULE:FREQ=SECONDLY\r\n"), gregorian);
	expect("a.ics", EVENT("DTSTART:20260102\r\nRRULE:FREQ=DAILY\r\n"), gregorian);
	expect("a.ics", EVENT("DTSTART:20260102\r\nRRULE:FREQ=YEARLY;BYHOUR=3\r\n"), gregorian);
	expect(
	    "a.ics", EVENT("DTSTART:20260102\r\nRRULE:RSCALE=CHINESE;FREQ=YEARLY\r\n"), gregorian);
	expect("a.ics", EVENT("DTSTART:18990102\r\nRRULE:FREQ=YEARLY\r\n"),
	    WRONG "a.ics:5: a rule begins in 1900 or later\n");
	expect("a.ics", EVENT("DTSTART:20260102\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n"),
	    WRONG "a.ics:5: the rule has no days\n");
	expect("a.ics", EVENT("DTSTART:20260102\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n"),
	    WRONG "a.ics:5: the first day of the event is none of its rule's\n");
}

/* What libical says of a line is its own, so its beginning alone is ours. */
static void expect_trouble(const char *bytes)
{
	static const char expected[] = "a.ics:3: the event cannot be read: ";
	tkt_autoptr(holidays) holidays = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_holidays_parse("a.ics", bytes, strlen(bytes), &holidays, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_memory_equal(error.text, expected, strlen(expected));
}

static void test_ics_trouble(void **state)
{
	(void)state;
	expect_trouble(EVENT("DTSTART;VALUE=DATE:20260102\r\nRRULE:FREQ=FOO\r\n"));
	expect_trouble(EVENT("DTSTART;VALUE=DATE:20260102\r\nRRULE:FREQ=YEARLY;INTERVAL=0\r\n"));
	expect_trouble(EVENT("DTSTART;VALUE=TEXT:20260102\r\n"));
	expect_trouble(EVENT("DTSTART:\r\n"));
}

/* Adds `part` until there are `size` bytes. */
static void fill(struct tkt_text *out, const char *part, size_t size)
{
	while (out->length < size)
		tkt_text_add(out, part);
}

static void test_bounds(void **state)
{
	tkt_autotext bytes;

	(void)state;
	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	fill(&bytes, "# x\n", (4 << 20) + 1);
	expect("a.tsv", bytes.bytes, WRONG "'a.tsv' is larger than 4194304 bytes\n");
	expect("a.ics", bytes.bytes, WRONG "'a.ics' is larger than 4194304 bytes\n");

	tkt_text_reset(&bytes);
	fill(&bytes, "2026-05-01\tholiday\n", 19 * 100001);
	expect("a.tsv", bytes.bytes, WRONG "a.tsv:100001: more than 100000 days\n");

	tkt_text_reset(&bytes);
	fill(&bytes, "BEGIN:VCALENDAR\n", 16 * 20);
	expect("a.ics", bytes.bytes,
	    WRONG "a.ics:17: components are nested too deeply or named too long\n");

	tkt_text_reset(&bytes);
	tkt_text_add(&bytes, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n");
	fill(&bytes, "SUMMARY:x\n", 70 << 10);
	tkt_text_add(&bytes, "END:VEVENT\nEND:VCALENDAR\n");
	expect("a.ics", bytes.bytes, WRONG "a.ics:7168: the event is too large\n");

	tkt_text_reset(&bytes);
	tkt_text_add(&bytes, "BEGIN:VCALENDAR\n");
	for (int event = 0; event < 40; event++)
		tkt_text_add(&bytes,
		    "BEGIN:VEVENT\nDTSTART:19000101\nRRULE:FREQ=YEARLY;UNTIL=19891231;"
		    "BYDAY=MO,TU,WE,TH,FR,SA,SU\nEND:VEVENT\n");
	tkt_text_add(&bytes, "END:VCALENDAR\n");
	expect(
	    "a.ics", bytes.bytes, WRONG "a.ics:124: the rules of the list come to too many days\n");
}

static void test_find(void **state)
{
	static const char bytes[] =
	    "2024-12-31\tshort\n2026-01-01\tholiday\tA\n2026-01-03\tshort\n";
	tkt_autoptr(holidays) holidays = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_holidays_parse("a.tsv", bytes, strlen(bytes), &holidays, &error), 0);
	assert_string_equal(tkt_holidays_find(holidays, tkt_days_from_date(2026, 1, 1))->note, "A");
	assert_int_equal(
	    tkt_holidays_find(holidays, tkt_days_from_date(2026, 1, 3))->kind, TKT_DAY_SHORT);
	assert_null(tkt_holidays_find(holidays, tkt_days_from_date(2026, 1, 2)));
	assert_null(tkt_holidays_find(holidays, tkt_days_from_date(2026, 1, 4)));
	assert_null(tkt_holidays_find(holidays, tkt_days_from_date(1999, 1, 4)));
	assert_true(tkt_holidays_has_year(holidays, 2024));
	assert_false(tkt_holidays_has_year(holidays, 2025));
	assert_true(tkt_holidays_has_year(holidays, 2026));
	assert_false(tkt_holidays_has_year(holidays, 2027));
	assert_int_equal(tkt_day_kind_from_word("workday"), TKT_DAY_WORKDAY);
	assert_int_equal(tkt_day_kind_from_word("Workday"), 0);
	assert_string_equal(tkt_day_kind_word(TKT_DAY_SHORT), "short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tsv),
		cmocka_unit_test(test_tsv_errors),
		cmocka_unit_test(test_ics),
		cmocka_unit_test(test_ics_rules),
		cmocka_unit_test(test_ics_endless),
		cmocka_unit_test(test_ics_errors),
		cmocka_unit_test(test_ics_trouble),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
