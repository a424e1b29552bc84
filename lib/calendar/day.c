#include "calendar/calendar_parts.h"

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

#define SHORTER_SECONDS 3600 /* what a short day loses */
#define FRIDAY 4
#define SATURDAY 5

static const struct tkt_hours closed;

static int weekday_of(int64_t day)
{
	return (int)((day % 7 + 10) % 7); /* 1970-01-01 was a Thursday */
}

static int compare_overrides(const void *day, const void *override)
{
	int64_t a = *(const int64_t *)day, b = ((const struct tkt_override *) override)->day;

	return (a > b) - (a < b);
}

static const struct tkt_hours *find_override(const struct tkt_calendar *calendar, int64_t day)
{
	const struct tkt_override *found;

	if (calendar->override_count == 0)
		return NULL;
	found = bsearch(&day, calendar->overrides, calendar->override_count,
	    sizeof(*calendar->overrides), compare_overrides);
	return found ? &found->hours : NULL;
}

/* Of a day that a list has worked. */
static const struct tkt_hours *worked_hours(const struct tkt_calendar *calendar, int weekday)
{
	if (calendar->week[weekday].count > 0)
		return &calendar->week[weekday];
	if (calendar->week[FRIDAY].count > 0)
		return &calendar->week[FRIDAY];
	return &calendar->worked;
}

/* Fills in what a list says of a day, if its kind is honoured. A short Saturday is worked, so it is
 * a full day where only `workday` is honoured; a short Monday stays off where Mondays are. */
static bool follow(const struct tkt_calendar *calendar, const struct tkt_holiday *holiday,
    int weekday, struct tkt_day_basis *basis)
{
	bool is_honoured = calendar->kinds & holiday->kind;

	switch (holiday->kind) {
	case TKT_DAY_HOLIDAY:
		if (!is_honoured)
			return false;
		basis->hours = &closed;
		break;
	case TKT_DAY_WORKDAY:
		if (!is_honoured)
			return false;
		basis->hours = worked_hours(calendar, weekday);
		break;
	case TKT_DAY_SHORT:
		if (weekday >= SATURDAY && calendar->kinds & (TKT_DAY_WORKDAY | TKT_DAY_SHORT))
			basis->hours = worked_hours(calendar, weekday);
		else if (!is_honoured || basis->hours->count == 0)
			return false;
		basis->is_short = is_honoured;
		break;
	}
	basis->reason = TKT_DAY_BY_LIST;
	basis->holiday = holiday;
	return true;
}

/* The list that was added last goes first; what it says and is not honoured hides no other. */
static void follow_lists(
    const struct tkt_calendar *calendar, int64_t day, int weekday, struct tkt_day_basis *basis)
{
	size_t i;

	for (i = calendar->list_count; i-- > 0;) {
		const struct tkt_holiday *holiday = tkt_holidays_find(calendar->lists[i], day);

		if (holiday && follow(calendar, holiday, weekday, basis))
			return;
	}
}

void tkt_day_basis_find(
    const struct tkt_calendar *calendar, int64_t day, struct tkt_day_basis *basis)
{
	int weekday = weekday_of(day);
	const struct tkt_hours *override = find_override(calendar, day);

	*basis = (struct tkt_day_basis){ .reason = TKT_DAY_BY_WEEK };
	basis->hours = &calendar->week[weekday];
	if (override) {
		basis->reason = TKT_DAY_BY_OVERRIDE;
		basis->hours = override;
	} else {
		follow_lists(calendar, day, weekday, basis);
	}
}

const struct tkt_hours *tkt_day_basis_hours(
    const struct tkt_day_basis *basis, struct tkt_hours *cut)
{
	const struct tkt_hours *hours = basis->hours;
	int closing;

	if (!basis->is_short || hours->count == 0)
		return hours;
	closing = hours->spans[hours->count - 1].end - SHORTER_SECONDS;
	for (cut->count = 0; cut->count < hours->count; cut->count++) {
		struct tkt_span span = hours->spans[cut->count];

		if (span.start >= closing)
			break;
		if (span.end > closing)
			span.end = closing;
		cut->spans[cut->count] = span;
	}
	return cut;
}

bool tkt_day_exists(const struct tkt_calendar *calendar, int64_t day)
{
	int64_t until;

	/* No offset is more than a day: one that lasts from the day before to the day after has it.
	 */
	tkt_zone_offset(calendar->zone, (day - 1) * DAY_SECONDS, &until);
	return until >= (day + 2) * DAY_SECONDS ||
	    tkt_day_instant(calendar, day, 0) < tkt_day_instant(calendar, day + 1, 0);
}

bool tkt_day_is_working(const struct tkt_calendar *calendar, int64_t day)
{
	struct tkt_day_basis basis;

	tkt_day_basis_find(calendar, day, &basis);
	return basis.hours->count > 0 && tkt_day_exists(calendar, day);
}

void tkt_calendar_day_at(
    const struct tkt_calendar *calendar, int64_t day, struct tkt_calendar_day *out)
{
	struct tkt_day_basis basis;
	struct tkt_hours cut;

	tkt_day_basis_find(calendar, day, &basis);
	*out = (struct tkt_calendar_day){ .day = day,
		.weekday = weekday_of(day),
		.reason = basis.reason,
		.holiday = basis.holiday };
	if (basis.hours->count == 0 || !tkt_day_exists(calendar, day))
		return;
	out->is_working = true;
	out->hours = *tkt_day_basis_hours(&basis, &cut);
}

int64_t tkt_day_of(const struct tkt_calendar *calendar, int64_t time, int *second)
{
	struct tkt_civil civil;

	tkt_zone_civil(calendar->zone, time, &civil);
	*second = (civil.hour * 60 + civil.minute) * 60 + civil.second;
	return tkt_days_from_date(civil.year, civil.month, civil.day);
}

int64_t tkt_day_instant(const struct tkt_calendar *calendar, int64_t day, int second)
{
	struct tkt_civil civil;

	tkt_civil_from_time(day * DAY_SECONDS + second, &civil);
	return tkt_zone_time(calendar->zone, &civil);
}

static bool has_second(const struct tkt_calendar *calendar, int64_t day, int second)
{
	struct tkt_calendar_day at;
	int i;

	tkt_calendar_day_at(calendar, day, &at);
	for (i = 0; i < at.hours.count; i++)
		if (second >= at.hours.spans[i].start && second < at.hours.spans[i].end)
			return true;
	return false;
}

bool tkt_calendar_is_open(struct tkt_calendar *calendar, int64_t at)
{
	int second;
	int64_t day = tkt_day_of(calendar, at, &second);

	return has_second(calendar, day, second) ||
	    has_second(calendar, day - 1, second + DAY_SECONDS);
}

/* The later of `last` and `day`, if something counts on that. */
static int64_t later(
    const struct tkt_calendar *calendar, enum tkt_measure measure, int64_t day, int64_t last)
{
	struct tkt_calendar_day at;

	if (day <= last)
		return last;
	tkt_calendar_day_at(calendar, day, &at);
	return (measure == TKT_MEASURE_DAYS ? at.is_working : at.hours.count > 0) ? day : last;
}

int64_t tkt_day_last(const struct tkt_calendar *calendar, enum tkt_measure measure)
{
	int64_t last = INT64_MIN;
	size_t i, j;

	for (i = 0; i < TKT_WEEK_DAYS; i++)
		if (calendar->week[i].count > 0)
			return INT64_MAX;
	for (i = 0; i < calendar->override_count; i++)
		last = later(calendar, measure, calendar->overrides[i].day, last);
	for (i = 0; i < calendar->list_count; i++)
		for (j = 0; j < calendar->lists[i]->count; j++)
			last = later(calendar, measure, calendar->lists[i]->days[j].day, last);
	return last;
}

bool tkt_calendar_is_ever_open(const struct tkt_calendar *calendar)
{
	return tkt_day_last(calendar, TKT_MEASURE_OPEN) != INT64_MIN;
}

int tkt_day_refuse(const struct tkt_calendar *calendar, int64_t last, struct tkt_error *error)
{
	char date[TKT_TIME_SIZE];

	if (last == INT64_MIN)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("calendar '%s' is never open"), calendar->name);
	tkt_time_format(last * DAY_SECONDS, date);
	date[strlen("YYYY-MM-DD")] = '\0';
	return tkt_error_set(
	    error, TKT_ERROR_DATA, _("calendar '%s' is not open after %s"), calendar->name, date);
}
