#include "desk/holiday_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/words.h"
#include "calendar/holidays.h"

#include "base/banned.h"

static const char *const suffixes[] = { "tsv", "ics" };

#define PLACE_COUNT 4 /* two suffixes in two folders */

/* The number'th place where a list is looked for: below the desk, or absolute. NULL: memory. */
static char *place_of(const char *datadir, const char *name, int number)
{
	const char *suffix = suffixes[number % 2];
	char *path;
	int made = number < 2 ? asprintf(&path, "calendars/%s.%s", name, suffix)
			      : asprintf(&path, "%s/calendars/%s.%s", datadir, name, suffix);

	return made < 0 ? NULL : path;
}

static char *path_of(const char *folder, const char *path)
{
	return *path == '/' ? strdup(path) : tkt_path_join(folder, path);
}

/* 1, 0: there is none, -1. A fifo would make us wait. */
static int read_file(const char *path, struct tkt_text *contents, struct tkt_error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	int result;

	if (file < 0)
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
	if (fstat(file, &status))
		result = tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
	else if (!S_ISREG(status.st_mode))
		result = tkt_error_set(error, TKT_ERROR_CONFIGURATION, _("'%s' is no file"), path);
	else
		result = tkt_file_read_all(file, path, contents, error);
	close(file);
	return result ? -1 : 1;
}

int tkt_holiday_file_contents(const char *folder, const char *datadir, const char *name,
    struct tkt_text *shown, struct tkt_text *contents, struct tkt_error *error)
{
	int number, found = 0;

	for (number = 0; number < PLACE_COUNT && !found; number++) {
		tkt_autofree char *place = place_of(datadir, name, number);
		tkt_autofree char *path = place ? path_of(folder, place) : NULL;

		if (!path)
			return tkt_error_set_memory(error);
		found = read_file(path, contents, error);
		if (found && shown)
			tkt_text_add(shown, place);
	}
	return found;
}

int tkt_holiday_file_read(const char *folder, const char *datadir, const char *name,
    struct tkt_holidays **holidays, struct tkt_error *error)
{
	tkt_autotext shown;
	tkt_autotext contents;
	int found;

	tkt_text_init(&shown, TKT_TEXT_LIMIT);
	tkt_text_init(&contents, TKT_HOLIDAYS_SIZE);
	found = tkt_holiday_file_contents(folder, datadir, name, &shown, &contents, error);
	if (found < 0 || tkt_text_check(&shown, error))
		return -1;
	if (!found)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("there is neither 'calendars/%s.tsv' nor 'calendars/%s.ics'"), name, name);
	return tkt_holidays_parse(shown.bytes, contents.bytes, contents.length, holidays, error);
}

int tkt_file_status_add(
    const char *folder, const char *path, struct tkt_text *files, struct tkt_error *error)
{
	tkt_autofree char *whole = path_of(folder, path);
	struct stat status;

	if (!whole)
		return tkt_error_set_memory(error);
	if (stat(whole, &status)) {
		tkt_text_format(files, "%s -\n", path);
		return 0;
	}
	tkt_text_format(files, "%s %ju %jd %jd.%09ld\n", path, (uintmax_t)status.st_ino,
	    (intmax_t)status.st_size, (intmax_t)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
	return 1;
}

int tkt_holiday_file_status(const char *folder, const char *datadir, const char *name,
    struct tkt_text *files, struct tkt_error *error)
{
	int number, found = 0;

	for (number = 0; number < PLACE_COUNT && !found; number++) {
		tkt_autofree char *place = place_of(datadir, name, number);

		if (!place)
			return tkt_error_set_memory(error);
		found = tkt_file_status_add(folder, place, files, error);
	}
	return found < 0 ? -1 : 0;
}
