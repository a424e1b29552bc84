/* lib/base/time.h: instants as seconds since 1970-01-01T00:00:00Z, lengths with their unit. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_error;

#define TKT_TIME_NONE INT64_MIN
#define TKT_TIME_SIZE 32 /* holds any formatted time and its NUL */

/* The system's clock. Tools take their time from command->now, which --now and TKT_NOW set. */
int64_t tkt_time_system(void);
/* Milliseconds of a clock that nobody sets: for deadlines and pauses. */
int64_t tkt_monotonic_milliseconds(void);

/*
 * RFC 3339 with an offset or Z: '2026-03-02T09:00:00Z', '2026-03-02 12:00:00+03:00'; fractions of
 * a second are cut, a leap second is the next one. Years 0001 to 9999. 0, or -1 with
 * TKT_ERROR_DATA.
 */
int tkt_time_parse(const char *string, int64_t *time, struct tkt_error *error);
/* RFC 3339 UTC with Z, as the wire has it; the first or last second of the years 0001 to 9999 for a
 * time outside them. Returns `out`. */
const char *tkt_time_format(int64_t time, char out[TKT_TIME_SIZE]);

struct tkt_civil {
	int year, month, day;     /* month and day from 1 */
	int hour, minute, second; /* 24-hour */
	int weekday;              /* 0 Monday to 6 Sunday */
};
int64_t tkt_days_from_date(
    int year, int month, int day); /* since 1970-01-01, proleptic Gregorian */
bool tkt_date_is_valid(int year, int month, int day);
/* In UTC; the first or last second of the years 0001 to 9999 for a time outside them. */
void tkt_civil_from_time(int64_t time, struct tkt_civil *civil);
int64_t tkt_time_from_civil(const struct tkt_civil *civil); /* in UTC; weekday is not read */
/* 'YYYY-MM-DD' and nothing else. 0, or -1 (no error text). */
int tkt_date_parse(const char *string, struct tkt_civil *civil);

/* The units of SLA.md, in the order of their table. */
enum tkt_unit {
	TKT_UNIT_SECOND,
	TKT_UNIT_MINUTE,
	TKT_UNIT_HOUR,
	TKT_UNIT_DAY, /* s m h d: elapsed */
	TKT_UNIT_WORK_SECOND,
	TKT_UNIT_WORK_MINUTE,
	TKT_UNIT_WORK_HOUR, /* ws wm wh */
	TKT_UNIT_DAY_SECOND,
	TKT_UNIT_DAY_MINUTE,
	TKT_UNIT_DAY_HOUR, /* ds dm dh */
	TKT_UNIT_WORK_DAY,
	TKT_UNIT_CALENDAR_DAY, /* wd cd */
};
struct tkt_length {
	int64_t amount; /* 0 or more */
	enum tkt_unit unit;
};
/* '4wh', '30m': digits and one unit; at most a thousand years; a bare number is an error
 * that says so. 0, or -1 with DATA. */
int tkt_length_parse(const char *string, struct tkt_length *length, struct tkt_error *error);
/* The seconds of a length of elapsed time (s m h d). 0, or -1 with DATA for another unit. */
int tkt_length_seconds(const struct tkt_length *length, int64_t *seconds, struct tkt_error *error);
