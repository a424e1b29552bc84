/* tests/unit/calendar_support.h: calendars made of a few words. */
#pragma once
#include "base/error.h"
#include "base/time.h"
#include "base/zone.h"
#include "calendar/calendar.h"

/* '2026-03-02T09:00:00Z', or with an offset. */
static inline int64_t instant(const char *string)
{
	struct tkt_error error;
	int64_t time = 0;

	assert_int_equal(tkt_time_parse(string, &time, &error), 0);
	return time;
}

static inline int64_t day_of(const char *date)
{
	struct tkt_civil civil;

	assert_int_equal(tkt_date_parse(date, &civil), 0);
	return tkt_days_from_date(civil.year, civil.month, civil.day);
}

/* Days of one list, '2026-05-01 holiday', in order, ended by NULL. */
static inline void add_list(struct tkt_calendar *calendar, const char *const *lines)
{
	struct tkt_holidays *list = calloc(1, sizeof(*list));
	struct tkt_error error;

	assert_non_null(list);
	list->days = calloc(512, sizeof(*list->days));
	assert_non_null(list->days);
	for (; *lines; lines++) {
		struct tkt_holiday *holiday = &list->days[list->count++];
		char date[] = "YYYY-MM-DD";

		assert_true(list->count <= 512);
		memcpy(date, *lines, strlen(date));
		holiday->day = day_of(date);
		holiday->kind = strcmp(*lines + strlen(date), " short") == 0 ? TKT_DAY_SHORT
		    : strcmp(*lines + strlen(date), " workday") == 0         ? TKT_DAY_WORKDAY
									     : TKT_DAY_HOLIDAY;
		holiday->note = "";
	}
	assert_int_equal(tkt_calendar_add_holidays(calendar, list, &error), 0);
}

static inline void add_week(struct tkt_calendar *calendar, const char *entry)
{
	struct tkt_error error = { 0 };

	if (tkt_calendar_add_week(calendar, entry, &error))
		fail_msg("%s", error.text);
}

static inline void add_day(struct tkt_calendar *calendar, const char *entry)
{
	struct tkt_error error = { 0 };

	if (tkt_calendar_add_day(calendar, entry, &error))
		fail_msg("%s", error.text);
}

/* A calendar 'office'; week NULL: none. */
static inline struct tkt_calendar *make_calendar(const char *zone_name, const char *week)
{
	struct tkt_calendar *calendar = tkt_calendar_new("office");
	struct tkt_zone *zone = NULL;
	struct tkt_error error;

	assert_non_null(calendar);
	assert_int_equal(tkt_zone_new(zone_name, &zone, &error), 0);
	tkt_calendar_set_zone(calendar, zone);
	if (week)
		add_week(calendar, week);
	return calendar;
}
