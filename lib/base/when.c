#include "base/when.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/time.h"
#include "base/words.h"
#include "base/zone.h"

#include "base/banned.h"

#define DAY_SECONDS 86400
#define WEEK 7

static const char *const weekdays[WEEK] = { "monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday", "sunday" };
static const struct {
	const char *name;
	int days; /* from today */
} near_days[] = { { "yesterday", -1 }, { "today", 0 }, { "tomorrow", 1 } };

/* Two digits below `limit`. */
static bool read_two(const char **at, int limit, int *number)
{
	const char *digits = *at;

	if (digits[0] < '0' || digits[0] > '9' || digits[1] < '0' || digits[1] > '9')
		return false;
	*number = (digits[0] - '0') * 10 + digits[1] - '0';
	*at += 2;
	return *number < limit;
}

/* Reads '2026-03-02'; *at moves behind it. */
static bool read_date(const char **at, struct tkt_civil *civil)
{
	char date[] = "YYYY-MM-DD";

	if (strlen(*at) < strlen(date))
		return false;
	memcpy(date, *at, strlen(date));
	if (tkt_date_parse(date, civil))
		return false;
	*at += strlen(date);
	return true;
}

/* Reads 'monday', 'mon', 'tomorrow'; *at moves behind it. */
static bool read_day(const char **at, const struct tkt_present *present, struct tkt_civil *civil)
{
	size_t length = strcspn(*at, " "), i;
	int days = WEEK + 1;

	tkt_zone_civil(present->zone, present->now, civil);
	for (i = 0; i < WEEK; i++) {
		if ((length == 3 || length == strlen(weekdays[i])) &&
		    !strncasecmp(weekdays[i], *at, length))
			days = ((int)i - civil->weekday + WEEK - 1) % WEEK + 1;
	}
	for (i = 0; i < sizeof(near_days) / sizeof(near_days[0]); i++) {
		if (length == strlen(near_days[i].name) &&
		    !strncasecmp(near_days[i].name, *at, length))
			days = near_days[i].days;
	}
	if (days > WEEK)
		return false;
	*at += length;
	civil->hour = civil->minute = civil->second = 0;
	tkt_civil_from_time(tkt_time_from_civil(civil) + (int64_t)days * DAY_SECONDS, civil);
	return true;
}

/* Reads nothing, which is midnight, or ' 09:00', 'T09:00:30'; *at moves behind it. */
static bool read_clock(const char **at, struct tkt_civil *civil, bool *has_seconds)
{
	civil->hour = civil->minute = civil->second = 0;
	*has_seconds = true;
	if (!**at)
		return true;
	if (!strchr(" Tt", **at))
		return false;
	(*at)++;
	if (!read_two(at, 24, &civil->hour) || *(*at)++ != ':' || !read_two(at, 60, &civil->minute))
		return false;
	*has_seconds = **at == ':';
	return !*has_seconds || ((*at)++, read_two(at, 60, &civil->second));
}

static int read_length(
    const char *string, const struct tkt_present *present, int64_t *time, struct tkt_error *error)
{
	struct tkt_length length;
	int64_t seconds;

	if (tkt_length_parse(string + 1, &length, error) ||
	    tkt_length_seconds(&length, &seconds, error))
		return -1;
	*time = *string == '+' ? present->now + seconds : present->now - seconds;
	return 0;
}

int tkt_when_parse(
    const char *string, const struct tkt_present *present, int64_t *time, struct tkt_error *error)
{
	const char *rest = string;
	char whole[TKT_TIME_SIZE];
	struct tkt_civil civil;
	bool has_seconds = true;

	if (*string == '+' || *string == '-')
		return read_length(string, present, time, error);
	if (!strcasecmp(string, "now")) {
		*time = present->now;
		return 0;
	}
	if ((read_date(&rest, &civil) || read_day(&rest, present, &civil)) &&
	    read_clock(&rest, &civil, &has_seconds) && !*rest) {
		*time = tkt_zone_time(present->zone, &civil);
		return 0;
	}
	/* people leave out the seconds of '12:30Z' too */
	if (!has_seconds && strlen(string) < sizeof(whole) - strlen(":00")) {
		snprintf(whole, sizeof(whole), "%.*s:00%s", (int)(rest - string), string, rest);
		if (!tkt_time_parse(whole, time, error))
			return 0;
	}
	if (!tkt_time_parse(string, time, error))
		return 0;
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("'%.100s' is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, "
	      "monday, 'monday 09:00', or a length from now: +2h, -2d"),
	    string);
}
