#include "calendar/calendar_parts.h"

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

struct tkt_calendar *tkt_calendar_new(const char *name)
{
	tkt_autoptr(calendar) made = calloc(1, sizeof(*made));

	if (!made)
		return NULL;
	made->kinds = TKT_DAY_KINDS;
	made->name = strdup(name);
	return made->name ? tkt_take(made) : NULL;
}

/* What was built by what the calendar said until now. */
static void forget(struct tkt_calendar *calendar)
{
	tkt_table_clear(&calendar->open);
	tkt_table_clear(&calendar->days);
}

void tkt_calendar_free(struct tkt_calendar *calendar)
{
	size_t i;

	if (!calendar)
		return;
	forget(calendar);
	for (i = 0; i < calendar->list_count; i++)
		tkt_holidays_free(calendar->lists[i]);
	free(calendar->lists);
	free(calendar->overrides);
	tkt_zone_free(calendar->zone);
	free(calendar->name);
	free(calendar);
}

void tkt_calendar_set_zone(struct tkt_calendar *calendar, struct tkt_zone *zone)
{
	forget(calendar);
	tkt_zone_free(calendar->zone);
	calendar->zone = zone;
}

void tkt_calendar_set_kinds(struct tkt_calendar *calendar, unsigned kinds)
{
	forget(calendar);
	calendar->kinds = kinds;
}

static int compare_spans(const void *a, const void *b)
{
	return ((const struct tkt_span *)a)->start - ((const struct tkt_span *)b)->start;
}

/* 0, or -1: they overlap, or are too many. */
static int merge(struct tkt_hours *into, const struct tkt_hours *hours)
{
	int i;

	if (into->count + hours->count > TKT_SPAN_LIMIT)
		return -1;
	memcpy(
	    into->spans + into->count, hours->spans, (size_t)hours->count * sizeof(*hours->spans));
	into->count += hours->count;
	qsort(into->spans, (size_t)into->count, sizeof(*into->spans), compare_spans);
	for (i = 1; i < into->count; i++)
		if (into->spans[i].start < into->spans[i - 1].end)
			return -1;
	return 0;
}

int tkt_calendar_add_week(
    struct tkt_calendar *calendar, const char *string, struct tkt_error *error)
{
	struct tkt_hours week[TKT_WEEK_DAYS], hours;
	unsigned days;
	int weekday;

	if (tkt_hours_parse_week(string, &days, &hours, error))
		return -1;
	memcpy(week, calendar->week, sizeof(week));
	for (weekday = 0; weekday < TKT_WEEK_DAYS; weekday++)
		if (days & 1U << weekday && merge(&week[weekday], &hours))
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("the spans of '%s' overlap those of an entry before, or are more "
			      "than %d of a day"),
			    string, TKT_SPAN_LIMIT);
	forget(calendar);
	memcpy(calendar->week, week, sizeof(week));
	return 0;
}

int tkt_calendar_add_day(struct tkt_calendar *calendar, const char *string, struct tkt_error *error)
{
	struct tkt_override override, *grown;
	size_t place = calendar->override_count, count = place + 1;

	if (tkt_hours_parse_day(string, &override.day, &override.hours, error))
		return -1;
	while (place > 0 && calendar->overrides[place - 1].day >= override.day)
		place--;
	if (place < calendar->override_count && calendar->overrides[place].day == override.day)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s': the hours of that date are given twice"), string);
	grown = realloc(calendar->overrides, count * sizeof(*grown));
	if (!grown)
		return tkt_error_set_memory(error);
	calendar->overrides = grown;
	memmove(grown + place + 1, grown + place, (count - 1 - place) * sizeof(*grown));
	grown[place] = override;
	calendar->override_count = count;
	forget(calendar);
	return 0;
}

int tkt_calendar_set_worked(
    struct tkt_calendar *calendar, const char *string, struct tkt_error *error)
{
	if (tkt_hours_parse(string, &calendar->worked, error))
		return -1;
	forget(calendar);
	return 0;
}

int tkt_calendar_add_holidays(
    struct tkt_calendar *calendar, struct tkt_holidays *holidays, struct tkt_error *error)
{
	size_t count = calendar->list_count;
	struct tkt_holidays **grown = realloc(calendar->lists, (count + 1) * sizeof(*grown));

	if (!grown) {
		tkt_holidays_free(holidays);
		return tkt_error_set_memory(error);
	}
	grown[count] = holidays;
	calendar->lists = grown;
	calendar->list_count = count + 1;
	forget(calendar);
	return 0;
}

const char *tkt_calendar_name(const struct tkt_calendar *calendar)
{
	return calendar->name;
}

const struct tkt_zone *tkt_calendar_zone(const struct tkt_calendar *calendar)
{
	return calendar->zone;
}

unsigned tkt_calendar_overlaps(const struct tkt_calendar *calendar)
{
	unsigned days = 0;
	int weekday;

	for (weekday = 0; weekday < TKT_WEEK_DAYS; weekday++) {
		const struct tkt_hours *hours = &calendar->week[weekday];
		const struct tkt_hours *next = &calendar->week[(weekday + 1) % TKT_WEEK_DAYS];

		if (hours->count > 0 && next->count > 0 &&
		    hours->spans[hours->count - 1].end - DAY_SECONDS > next->spans[0].start)
			days |= 1U << weekday;
	}
	return days;
}

int tkt_calendar_missing_year(
    const struct tkt_calendar *calendar, int64_t start, int64_t end, int year)
{
	struct tkt_civil first, last;
	size_t i;

	tkt_zone_civil(calendar->zone, start, &first);
	tkt_zone_civil(calendar->zone, end, &last);
	for (year = year > first.year ? year : first.year; year <= last.year; year++)
		for (i = 0; i < calendar->list_count; i++)
			if (!tkt_holidays_has_year(calendar->lists[i], year))
				return year;
	return 0;
}
