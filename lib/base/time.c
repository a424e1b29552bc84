#include "base/time.h"

#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

#define DAY_SECONDS 86400
#define FIRST_TIME INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_TIME INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */

int64_t tkt_time_system(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t tkt_monotonic_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool tkt_date_is_valid(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] + (leap && month == 2);
}

/* Counts in years that begin in March, so that the leap day is a year's last, and in eras of 400
 * years, which are 146097 days long each; 719468 days lie between 0000-03-01 and 1970-01-01. */
int64_t tkt_days_from_date(int year, int month, int day)
{
	int64_t from_march = month > 2 ? year : (int64_t)year - 1;
	int64_t era = (from_march >= 0 ? from_march : from_march - 399) / 400;
	int64_t year_of_era = from_march - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

/* The inverse of tkt_days_from_date(), for days of the years 0001 to 9999. */
static void date_from_days(int64_t days, struct tkt_civil *civil)
{
	int64_t shifted = days + 719468, era = shifted / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
	    day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t from_march = (5 * day_of_year + 2) / 153;

	civil->day = (int)(day_of_year - (153 * from_march + 2) / 5 + 1);
	civil->month = (int)(from_march < 10 ? from_march + 3 : from_march - 9);
	civil->year = (int)(year_of_era + era * 400 + (civil->month <= 2));
	civil->weekday = (int)((days % 7 + 10) % 7); /* 1970-01-01 was a Thursday */
}

void tkt_civil_from_time(int64_t time, struct tkt_civil *civil)
{
	int64_t days, second;

	if (time < FIRST_TIME)
		time = FIRST_TIME;
	if (time > LAST_TIME)
		time = LAST_TIME;
	days = (time - FIRST_TIME) / DAY_SECONDS + FIRST_TIME / DAY_SECONDS;
	second = time - days * DAY_SECONDS;
	date_from_days(days, civil);
	civil->hour = (int)(second / 3600);
	civil->minute = (int)(second / 60 % 60);
	civil->second = (int)(second % 60);
}

int64_t tkt_time_from_civil(const struct tkt_civil *civil)
{
	return tkt_days_from_date(civil->year, civil->month, civil->day) * DAY_SECONDS +
	    civil->hour * INT64_C(3600) + civil->minute * INT64_C(60) + civil->second;
}

/* `count` digits at *at, which moves behind them; -1 when they are not there. */
static int digits(const char **at, int count)
{
	int number = 0;

	for (; count > 0; count--, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		number = number * 10 + (**at - '0');
	}
	return number;
}

static bool take(const char **at, const char *one_of)
{
	if (!**at || !strchr(one_of, **at))
		return false;
	(*at)++;
	return true;
}

static int parse_date(const char **at, struct tkt_civil *civil)
{
	*civil = (struct tkt_civil){ .year = digits(at, 4) };
	if (!take(at, "-"))
		return -1;
	civil->month = digits(at, 2);
	if (!take(at, "-"))
		return -1;
	civil->day = digits(at, 2);
	if (!tkt_date_is_valid(civil->year, civil->month, civil->day))
		return -1;
	civil->weekday =
	    (int)((tkt_days_from_date(civil->year, civil->month, civil->day) % 7 + 10) % 7);
	return 0;
}

/* 'HH:MM:SS' and a fraction. Second 60 is let through. */
static int parse_clock(const char **at, struct tkt_civil *civil)
{
	civil->hour = digits(at, 2);
	if (!take(at, ":"))
		return -1;
	civil->minute = digits(at, 2);
	if (!take(at, ":"))
		return -1;
	civil->second = digits(at, 2);
	if (take(at, ".")) {
		if (digits(at, 1) < 0)
			return -1;
		while (**at >= '0' && **at <= '9')
			(*at)++;
	}
	return civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 && civil->minute <= 59 &&
		civil->second >= 0 && civil->second <= 60
	    ? 0
	    : -1;
}

static int parse_offset(const char **at, int *seconds)
{
	int sign = **at == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (take(at, "Zz"))
		return 0;
	if (!take(at, "+-"))
		return -1;
	hours = digits(at, 2);
	if (hours < 0 || hours > 23 || !take(at, ":"))
		return -1;
	minutes = digits(at, 2);
	if (minutes < 0 || minutes > 59)
		return -1;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return 0;
}

int tkt_time_parse(const char *string, int64_t *time, struct tkt_error *error)
{
	const char *at = string;
	struct tkt_civil civil;
	int offset;
	int64_t instant;

	if (parse_date(&at, &civil) || !take(&at, "Tt ") || parse_clock(&at, &civil) ||
	    parse_offset(&at, &offset) || *at)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' is not a time like 2026-03-02T09:00:00Z"), string);
	instant = tkt_time_from_civil(&civil) - offset;
	/* A leap second ends a day of UTC; clocks of seconds since 1970 do not know it. */
	if (instant < FIRST_TIME || instant > LAST_TIME ||
	    (civil.second == 60 && instant % DAY_SECONDS != 0))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' is a time that does not exist"), string);
	*time = instant;
	return 0;
}

static char *put_digits(char *at, int number, int count)
{
	int place;

	for (place = count - 1; place >= 0; place--, number /= 10)
		at[place] = (char)('0' + number % 10);
	return at + count;
}

const char *tkt_time_format(int64_t time, char out[TKT_TIME_SIZE])
{
	struct tkt_civil civil;
	char *at = out;

	tkt_civil_from_time(time, &civil);
	at = put_digits(at, civil.year, 4);
	*at++ = '-';
	at = put_digits(at, civil.month, 2);
	*at++ = '-';
	at = put_digits(at, civil.day, 2);
	*at++ = 'T';
	at = put_digits(at, civil.hour, 2);
	*at++ = ':';
	at = put_digits(at, civil.minute, 2);
	*at++ = ':';
	at = put_digits(at, civil.second, 2);
	*at++ = 'Z';
	*at = '\0';
	return out;
}

int tkt_date_parse(const char *string, struct tkt_civil *civil)
{
	struct tkt_civil parsed;

	if (parse_date(&string, &parsed) || *string)
		return -1;
	*civil = parsed;
	return 0;
}

static const struct {
	const char *name;
	int64_t seconds; /* at most: what bounds the amount */
} units[] = {
	[TKT_UNIT_SECOND] = { "s", 1 },
	[TKT_UNIT_MINUTE] = { "m", 60 },
	[TKT_UNIT_HOUR] = { "h", 3600 },
	[TKT_UNIT_DAY] = { "d", DAY_SECONDS },
	[TKT_UNIT_WORK_SECOND] = { "ws", 1 },
	[TKT_UNIT_WORK_MINUTE] = { "wm", 60 },
	[TKT_UNIT_WORK_HOUR] = { "wh", 3600 },
	[TKT_UNIT_DAY_SECOND] = { "ds", 1 },
	[TKT_UNIT_DAY_MINUTE] = { "dm", 60 },
	[TKT_UNIT_DAY_HOUR] = { "dh", 3600 },
	[TKT_UNIT_WORK_DAY] = { "wd", DAY_SECONDS },
	[TKT_UNIT_CALENDAR_DAY] = { "cd", DAY_SECONDS },
};
#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))

int tkt_length_parse(const char *string, struct tkt_length *length, struct tkt_error *error)
{
	/* A thousand years: sums with an instant stay far from overflow. */
	static const int64_t most_seconds = INT64_C(1000) * 366 * DAY_SECONDS;
	const char *unit_name = string + strspn(string, "0123456789");
	const char *digit;
	int64_t amount = 0;
	size_t unit;

	if (unit_name == string)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' is not a length of time like 30m, 4wh or 3wd"), string);
	if (!*unit_name)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' has no unit; write %sm, %sh, %sd, %swh ..."), string, string, string,
		    string, string);
	for (unit = 0; unit < UNIT_COUNT && strcmp(units[unit].name, unit_name) != 0;)
		unit++;
	if (unit == UNIT_COUNT)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' is not a length of time: units are s m h d, ws wm wh, ds dm dh, "
		      "wd cd"),
		    string);
	for (digit = string; digit < unit_name; digit++) {
		amount = amount * 10 + (*digit - '0');
		if (amount > most_seconds / units[unit].seconds)
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("'%s' is longer than a thousand years"), string);
	}
	*length = (struct tkt_length){ .amount = amount, .unit = (enum tkt_unit)unit };
	return 0;
}

int tkt_length_seconds(const struct tkt_length *length, int64_t *seconds, struct tkt_error *error)
{
	int64_t product;

	if (length->unit > TKT_UNIT_DAY)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%lld%s' needs a calendar; a length of elapsed time is in s, m, h or d"),
		    (long long)length->amount, units[length->unit].name);
	if (__builtin_mul_overflow(length->amount, units[length->unit].seconds, &product))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%lld%s' is too long"),
		    (long long)length->amount, units[length->unit].name);
	*seconds = product;
	return 0;
}
