/* lib/flow/calendar_month.h: a month of a calendar, as objects and as a page for a terminal. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "base/time.h"
#include "calendar/calendar.h"

struct tkt_error;

/* '2026-05' and nothing else. 0, or -1 (no error text). */
int tkt_month_parse(const char *string, int *year, int *month);

/* Does a list of holidays of the calendar know nothing about the month's year? */
bool tkt_month_is_missing(const struct tkt_calendar *calendar, int year, int month);

/* An object of tkt_calendar_day_fields. 0, or -1. */
int tkt_month_day(
    struct tkt_calendar *calendar, int64_t day, json_t **object, struct tkt_error *error);

/*
 * Adds the page: the weeks from Monday on with days off, shorter, longer and changed days marked,
 * what the marks mean, the hours of the week, and the days that differ from it with their names.
 */
int tkt_month_page(struct tkt_calendar *calendar, int year, int month, bool colours,
    struct tkt_text *out, struct tkt_error *error);

/* 'Mon' ... 'Sun', translated; 0 is Monday. */
const char *tkt_weekday_short(int weekday);
/* 'Fri 2025-10-31 15:00 +03:00': the zone's wall clock, with seconds where there are any. A term
 * that ends at midnight `is_end` of the day before: 24:00. */
void tkt_wall_add(struct tkt_text *out, const struct tkt_zone *zone, int64_t time, bool is_end);
