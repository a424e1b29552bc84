/* tests/unit/test_calendars.c: the calendars of desk.conf with their lists, and what they depend
 * on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/zone.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/reading.h"

static char root[64], folder[80], datadir[80];

static const char two[] = "calendar \"office\" {\n timezone = \"+06:00 Asia/Yekaterinburg\"\n"
			  " week = {\"mon-fri 09:00-18:00\"}\n holidays = {\"ru\", \"own\"}\n"
			  " days = {\"2026-03-04 closed\"}\n}\n"
			  "calendar \"night\" { week = {\"mon 22:00-06:00\"} }\n"
			  "channel \"phone\" { calendar = night }\nchannel \"mail\" { }\n";

static void write_file(const char *parent, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", parent, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static void make(const char *parent, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", parent, name);
	assert_int_equal(mkdir(path, 0777), 0);
}

static int make_folders(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/test-calendars-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	snprintf(folder, sizeof(folder), "%s/desk", root);
	snprintf(datadir, sizeof(datadir), "%s/data", root);
	make(root, "desk");
	make(root, "data");
	make(folder, "calendars");
	make(datadir, "calendars");
	write_file(datadir, "calendars/ru.tsv", "2026-03-09\tholiday\tThe day\n");
	write_file(folder, "calendars/own.tsv", "2026-03-03\tshort\tInventory\n");
	return 0;
}

static int remove_folders(void **state)
{
	(void)state;
	return nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static struct tkt_calendars *read_text(const char *text)
{
	struct tkt_calendars *calendars = NULL;
	struct tkt_error error = { 0 };

	if (tkt_calendars_read(folder, datadir, text, strlen(text), &calendars, &error))
		fail_msg("%s", error.text);
	return calendars;
}

static struct tkt_calendar *find(struct tkt_calendars *calendars, const char *name)
{
	struct tkt_calendar *calendar = NULL;
	struct tkt_error error = { 0 };

	if (tkt_calendars_find(calendars, name, &calendar, &error))
		fail_msg("%s", error.text);
	return calendar;
}

static void assert_not_found(struct tkt_calendars *calendars, const char *name,
    enum tkt_error_kind kind, const char *expected)
{
	struct tkt_calendar *calendar = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_calendars_find(calendars, name, &calendar, &error), -1);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.kind, kind);
	assert_null(calendar);
}

/* The open seconds of a day of March 2026, in the calendar's zone. */
static int64_t open_seconds(struct tkt_calendar *calendar, int day)
{
	struct tkt_civil civil = { .year = 2026, .month = 3, .day = day };
	int64_t start = tkt_zone_time(tkt_calendar_zone(calendar), &civil), seconds;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_calendar_between(
			     calendar, TKT_MEASURE_OPEN, start, start + 86400, &seconds, &error),
	    0);
	return seconds;
}

static void test_a_calendar_is_what_its_section_says(void **state)
{
	tkt_autoptr(calendars) calendars = read_text(two);
	struct tkt_calendar *office = find(calendars, "office"), *night = find(calendars, "night");
	struct tkt_civil civil;

	(void)state;
	assert_string_equal(tkt_calendar_name(office), "office");
	assert_int_equal(tkt_zone_civil(tkt_calendar_zone(office), 0, &civil), 6 * 3600);
	assert_int_equal(open_seconds(office, 1), 0);        /* a Sunday */
	assert_int_equal(open_seconds(office, 2), 9 * 3600); /* a Monday */
	assert_int_equal(open_seconds(office, 3), 8 * 3600); /* short, by the desk's list */
	assert_int_equal(open_seconds(office, 4), 0);        /* closed, by the section */
	assert_int_equal(open_seconds(office, 9), 0);        /* a holiday, by the installed list */
	assert_int_equal(tkt_zone_civil(tkt_calendar_zone(night), 0, &civil), 0);
	assert_int_equal(open_seconds(night, 2), 2 * 3600);
	assert_int_equal(open_seconds(night, 3), 6 * 3600);
	assert_ptr_equal(find(calendars, "office"), office); /* made once */
}

static void test_kinds(void **state)
{
	tkt_autoptr(calendars) calendars =
	    read_text("calendar \"a\" { week = {\"mon-fri 09:00-18:00\"} holidays = {ru, own}\n"
		      " kinds = {short} }\n"
		      "calendar \"b\" { week = {\"mon-fri 09:00-18:00\"} holidays = {ru, own}\n"
		      " kinds = {holiday, workday} }\n");

	(void)state;
	assert_int_equal(open_seconds(find(calendars, "a"), 3), 8 * 3600);
	assert_int_equal(open_seconds(find(calendars, "a"), 9), 9 * 3600);
	assert_int_equal(open_seconds(find(calendars, "b"), 3), 9 * 3600);
	assert_int_equal(open_seconds(find(calendars, "b"), 9), 0);
}

static void test_names_and_channels(void **state)
{
	tkt_autoptr(calendars) calendars = read_text(two);
	tkt_autoptr(calendars) none = read_text("");
	const char *const *names = tkt_calendars_names(calendars);

	(void)state;
	assert_string_equal(names[0], "office");
	assert_string_equal(names[1], "night");
	assert_null(names[2]);
	assert_string_equal(tkt_calendars_of_channel(calendars, "phone"), "night");
	assert_null(tkt_calendars_of_channel(calendars, "mail"));
	assert_null(tkt_calendars_of_channel(calendars, "fax"));
	assert_null(tkt_calendars_of_channel(calendars, NULL));
	assert_null(tkt_calendars_names(none)[0]);
	assert_not_found(calendars, "ofice", TKT_ERROR_NOT_FOUND,
	    "there is no calendar 'ofice'; did you mean 'office'?");
	assert_not_found(calendars, "x", TKT_ERROR_NOT_FOUND, "there is no calendar 'x'");
	assert_not_found(none, "office", TKT_ERROR_NOT_FOUND, "there is no calendar 'office'");
}

static void test_a_list_is_read_when_its_calendar_is_asked_for(void **state)
{
	tkt_autoptr(calendars) calendars =
	    read_text("calendar \"a\" { week = {always}\n holidays = {gone} }\n"
		      "calendar \"b\" { week = {always}\n\n holidays = {bad} }\n"
		      "calendar \"c\" { week = {always} }\n");

	(void)state;
	write_file(folder, "calendars/bad.tsv", "2026-01-01\tholiday\n2026-13-01\tholiday\n");
	assert_int_equal(open_seconds(find(calendars, "c"), 1), 86400);
	assert_not_found(calendars, "a", TKT_ERROR_CONFIGURATION,
	    "desk.conf:2: calendar 'a': there is neither 'calendars/gone.tsv' nor "
	    "'calendars/gone.ics'");
	assert_not_found(calendars, "b", TKT_ERROR_CONFIGURATION,
	    "desk.conf:5: calendar 'b': calendars/bad.tsv:2: '2026-13-01' is no date");
	write_file(folder, "calendars/bad.tsv", "2026-01-01\tholiday\n");
	assert_int_equal(open_seconds(find(calendars, "b"), 2), 86400); /* mended meanwhile */
}

static void digest(const char *text, char out[65])
{
	tkt_autoptr(calendars) calendars = read_text(text);
	tkt_autotext made;
	struct tkt_error error = { 0 };

	tkt_text_init(&made, 1000);
	assert_int_equal(tkt_calendars_digest(calendars, &made, &error), 0);
	assert_int_equal(made.length, 64);
	memcpy(out, made.bytes, 65);
}

static void test_the_digest_is_of_what_a_reckoning_depends_on(void **state)
{
	char before[65], after[65];
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, 1 << 16);
	digest(two, before);
	tkt_text_format(&text,
	    "name = x # other\nsla \"a\" { resolution = 3d }\n%s"
	    "channel \"chat\" { identity = none }\n",
	    two);
	digest(text.bytes, after);
	assert_string_equal(before, after);
	tkt_text_format(&text, "channel \"fax\" { calendar = office }\n");
	digest(text.bytes, after);
	assert_string_not_equal(before, after);

	write_file(datadir, "calendars/ru.tsv", "2026-03-10\tholiday\tThe day\n");
	digest(two, after);
	assert_string_not_equal(before, after);
	write_file(datadir, "calendars/ru.tsv", "2026-03-09\tholiday\tThe day\n");
	digest(two, after);
	assert_string_equal(before, after);
	write_file(folder, "calendars/ru.ics", ""); /* the desk's own counts before the installed */
	digest(two, after);
	assert_string_not_equal(before, after);
}

static void add_status(struct tkt_text *out, const char *parent, const char *name)
{
	struct stat status;
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", parent, name);
	assert_int_equal(stat(path, &status), 0);
	tkt_text_format(out, "%s %ju %jd %jd.%09ld\n", parent == folder ? name : path,
	    (uintmax_t)status.st_ino, (intmax_t)status.st_size, (intmax_t)status.st_mtim.tv_sec,
	    status.st_mtim.tv_nsec);
}

static void test_the_files_and_whether_they_are_the_same(void **state)
{
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(calendars) calendars = NULL;
	tkt_autotext files;
	tkt_autotext expected;
	struct tkt_error error = { 0 };
	char path[256];

	(void)state;
	tkt_text_init(&files, 1 << 16);
	tkt_text_init(&expected, 1 << 16);
	write_file(folder, "desk.conf", "include(\"my hours.conf\")\n");
	write_file(folder, "my hours.conf", two);
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_false(desk->has_levels);
	assert_int_equal(tkt_calendars_make(desk->reading, datadir, &calendars, &error), 0);
	assert_int_equal(tkt_calendars_files(calendars, &files, &error), 0);
	add_status(&expected, folder, "desk.conf");
	add_status(&expected, folder, "my hours.conf");
	tkt_text_add(&expected, "calendars/ru.tsv -\ncalendars/ru.ics -\n");
	add_status(&expected, datadir, "calendars/ru.tsv");
	add_status(&expected, folder, "calendars/own.tsv");
	assert_string_equal(files.bytes, expected.bytes);

	assert_true(tkt_files_are_same(folder, files.bytes));
	write_file(folder, "calendars/ru.ics", "");
	assert_false(tkt_files_are_same(folder, files.bytes));
	snprintf(path, sizeof(path), "%s/calendars/ru.ics", folder);
	assert_int_equal(unlink(path), 0);
	assert_true(tkt_files_are_same(folder, files.bytes));
	write_file(folder, "my hours.conf", "# less\n");
	assert_false(tkt_files_are_same(folder, files.bytes));
	assert_false(tkt_files_are_same(folder, ""));
	assert_false(tkt_files_are_same(folder, "desk.conf"));
	assert_true(tkt_files_are_same(folder, "nothing here -\n"));
	assert_false(tkt_files_are_same(folder, "\n"));
	assert_false(tkt_files_are_same(folder, "desk.conf -\n"));
}

static void test_a_text_that_is_wrong_is_refused(void **state)
{
	static const char text[] = "calendar \"a\" {\n week = {\"mon\"} }\n";
	struct tkt_calendars *calendars = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(
	    tkt_calendars_read(folder, datadir, text, strlen(text), &calendars, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_string_equal(error.text, "desk.conf:2: 'mon' has no span of time: 'HH:MM-HH:MM'");
	assert_null(calendars);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_a_calendar_is_what_its_section_says, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(test_kinds, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
		    test_names_and_channels, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(test_a_list_is_read_when_its_calendar_is_asked_for,
		    make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(test_the_digest_is_of_what_a_reckoning_depends_on,
		    make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
		    test_the_files_and_whether_they_are_the_same, make_folders, remove_folders),
		cmocka_unit_test_setup_teardown(
		    test_a_text_that_is_wrong_is_refused, make_folders, remove_folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
