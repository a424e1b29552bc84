#include "base/zone.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/words.h"

#include "base/banned.h"

#define DAY_SECONDS 86400
#define YEARS_KEPT 32   /* a year is kept in the place of its number modulo this */
#define MOST_CHANGES 16 /* in a year; the tz database knows of fewer */
#define ZONE_FOLDER "/usr/share/zoneinfo"

/* The offsets of one year of UTC, asked of the C library once. */
struct year {
	int number; /* 0: none */
	int offset; /* at its start */
	int change_count;
	struct {
		int64_t at;
		int offset; /* from then on */
	} changes[MOST_CHANGES];
};

struct tkt_zone {
	char *assignment; /* 'TZ=:Europe/Moscow'; NULL: a fixed offset */
	int fixed_offset;
	struct year *years; /* YEARS_KEPT of them */
};

static int parse_fixed(const char *name, int *offset)
{
	int hours, minutes, length = 0;

	if (strcmp(name, "UTC") == 0) {
		*offset = 0;
		return 0;
	}
	if (strlen(name) != 6 || !strchr("+-", name[0]) || strspn(name + 1, "0123456789:") != 5 ||
	    sscanf(name + 1, "%2d:%2d%n", &hours, &minutes, &length) != 2 || length != 5 ||
	    name[3] != ':' || hours > 23 || minutes > 59)
		return -1;
	*offset = (hours * 60 + minutes) * (name[0] == '-' ? -60 : 60);
	return 0;
}

/* The C library takes what it cannot read for UTC, so the file is looked at here. */
static bool has_file(const char *name)
{
	const char *folder = getenv("TZDIR");
	tkt_autofree char *path = NULL;
	char magic[4] = { 0 };
	int file;

	/* No dots, so no '..': a name leads nowhere else. 'right/' counts leap seconds. */
	if (!*name || name[0] == '/' || strncmp(name, "right/", 6) == 0 ||
	    name[strspn(
		name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/")])
		return false;
	path = tkt_path_join(tkt_text_is_empty(folder) ? ZONE_FOLDER : folder, name);
	file = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (file < 0)
		return false;
	if (read(file, magic, sizeof(magic)) != (ssize_t)sizeof(magic))
		magic[0] = '\0';
	close(file);
	return memcmp(magic, "TZif", sizeof(magic)) == 0;
}

static int fill(struct tkt_zone *zone, const char *name, struct tkt_error *error)
{
	if (parse_fixed(name, &zone->fixed_offset) == 0)
		return 0;
	if (!has_file(name))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is not a time zone; write a name like 'Europe/Moscow' or an offset "
		      "like '+06:00'"),
		    name);
	zone->years = calloc(YEARS_KEPT, sizeof(*zone->years));
	if (!zone->years)
		return tkt_error_set_memory(error);
	if (asprintf(&zone->assignment, "TZ=:%s", name) < 0) {
		zone->assignment = NULL;
		return tkt_error_set_memory(error);
	}
	return 0;
}

int tkt_zone_new(const char *name, struct tkt_zone **zone, struct tkt_error *error)
{
	tkt_autoptr(zone) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	if (fill(made, name, error))
		return -1;
	*zone = tkt_take(made);
	return 0;
}

void tkt_zone_free(struct tkt_zone *zone)
{
	if (!zone)
		return;
	free(zone->assignment);
	free(zone->years);
	free(zone);
}

/* What the C library says while TZ is the zone's. */
static int ask_offset(int64_t time)
{
	time_t instant = time;
	struct tm wall;

	return localtime_r(&instant, &wall) ? (int)wall.tm_gmtoff : 0;
}

/* The first second in (from, until] with another offset than `from` has; at `until` it is another.
 */
static int64_t find_change(int64_t from, int64_t until)
{
	int before = ask_offset(from);

	while (until - from > 1) {
		int64_t middle = from + (until - from) / 2;

		if (ask_offset(middle) == before)
			from = middle;
		else
			until = middle;
	}
	return until;
}

static void fill_year(struct year *year, int number)
{
	int64_t day = tkt_days_from_date(number, 1, 1) * DAY_SECONDS;
	int64_t end = tkt_days_from_date(number + 1, 1, 1) * DAY_SECONDS;
	int offset = ask_offset(day);

	*year = (struct year){ .number = number, .offset = offset };
	for (; day < end && year->change_count < MOST_CHANGES; day += DAY_SECONDS) {
		int next = ask_offset(day + DAY_SECONDS);

		if (next == offset)
			continue;
		year->changes[year->change_count].at = find_change(day, day + DAY_SECONDS);
		year->changes[year->change_count++].offset = next;
		offset = next;
	}
}

/* The environment is exchanged as a whole, not by setenv(): that takes memory, so it may fail, and
 * it keeps it. */
static const struct year *find_year(const struct tkt_zone *zone, int number)
{
	struct year *year = &zone->years[number % YEARS_KEPT];
	char *folder = getenv("TZDIR"), **saved = environ;
	char *only[] = { zone->assignment, folder ? folder - strlen("TZDIR=") : NULL, NULL };

	if (year->number == number)
		return year;
	environ = only;
	tzset();
	fill_year(year, number);
	environ = saved;
	tzset();
	return year;
}

int tkt_zone_offset(const struct tkt_zone *zone, int64_t time, int64_t *until)
{
	const struct year *year;
	struct tkt_civil civil;
	int offset, change;

	*until = INT64_MAX;
	if (!zone || !zone->assignment)
		return zone ? zone->fixed_offset : 0;
	tkt_civil_from_time(time, &civil);
	year = find_year(zone, civil.year);
	*until = tkt_days_from_date(civil.year + 1, 1, 1) * DAY_SECONDS;
	offset = year->offset;
	for (change = 0; change < year->change_count; change++) {
		if (time < year->changes[change].at) {
			*until = year->changes[change].at;
			break;
		}
		offset = year->changes[change].offset;
	}
	return offset;
}

int tkt_zone_civil(const struct tkt_zone *zone, int64_t time, struct tkt_civil *civil)
{
	int64_t until;
	int offset = tkt_zone_offset(zone, time, &until);

	tkt_civil_from_time(time + offset, civil);
	return offset;
}

/* Goes through the spans of one offset around the time wanted, the earliest first. In a span the
 * clock shows `wall` at wall - offset, if that is not behind its end; if it is before its start,
 * the clock jumped over it there. */
const char *tkt_day_at(const struct tkt_zone *zone, int64_t time, char out[TKT_TIME_SIZE])
{
	struct tkt_civil civil;

	tkt_zone_civil(zone, time, &civil);
	snprintf(out, TKT_TIME_SIZE, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
	return out;
}

int64_t tkt_zone_time(const struct tkt_zone *zone, const struct tkt_civil *civil)
{
	int64_t wall = tkt_time_from_civil(civil);
	int64_t start = wall - 2 * DAY_SECONDS, last = wall + 2 * DAY_SECONDS, until = start;

	while (start < last) {
		int64_t instant = wall - tkt_zone_offset(zone, start, &until);

		if (instant < start)
			return start;
		if (instant < until || until <= start) /* the latter: beyond year 9999 */
			return instant;
		start = until;
	}
	return wall; /* not reached: no offset is two days */
}
