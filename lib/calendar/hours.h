/*
 * lib/calendar/hours.h: opening hours as people write them: '08:00-13:00 14:00-18:00',
 * 'mon-fri 09:00-18:00', '2026-12-31 closed'.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_error;

#define TKT_SPAN_LIMIT 48 /* spans of one day */
#define TKT_WEEK_DAYS 7

/* Holds its start and not its end. Seconds of the wall clock since midnight of the day it begins;
 * an end beyond 86400 is past midnight. */
struct tkt_span {
	int start, end;
};

/* The spans of a day, in order, none within another; the last one alone may pass midnight. */
struct tkt_hours {
	int count; /* 0: closed */
	struct tkt_span spans[TKT_SPAN_LIMIT];
};

/*
 * '08:00-13:00 14:00-18:00', '22:00-06:00' (past midnight), '00:00-24:00'. 0, or -1 with
 * TKT_ERROR_CONFIGURATION: no span, an empty one, one that ends before it starts and does not stand
 * last, spans that overlap or are out of order.
 */
int tkt_hours_parse(const char *string, struct tkt_hours *hours, struct tkt_error *error);
/*
 * 'mon-fri 08:00-18:00', 'mon,wed-fri 08:00-12:00 13:00-17:00', 'always' (every day, 00:00-24:00).
 * *days gets a bit for each weekday that is named, Monday the lowest. 0, or -1 with CONFIGURATION.
 */
int tkt_hours_parse_week(
    const char *string, unsigned *days, struct tkt_hours *hours, struct tkt_error *error);
/*
 * '2026-12-31 09:00-13:00', '2027-01-09 closed'. *day: days since 1970-01-01. 0, or -1 with
 * CONFIGURATION.
 */
int tkt_hours_parse_day(
    const char *string, int64_t *day, struct tkt_hours *hours, struct tkt_error *error);
