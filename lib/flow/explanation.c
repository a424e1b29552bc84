#include "flow/explanation.h"

#include <stdio.h>

#include "base/error.h"
#include "base/time.h"
#include "base/zone.h"
#include "json/field.h"

#include "base/banned.h"

#define DAY_SECONDS 86400

/* A walk of a calendar that hands over objects. */
struct walk {
	const struct tkt_calendar *calendar;
	enum tkt_measure measure;
	int64_t passed_from; /* of cd: days off from this day on are told, and no spans */
	tkt_explanation_visit *visit;
	void *context;
};

const char *tkt_explanation_reason(const struct tkt_calendar_day *day)
{
	switch (day->reason) {
	case TKT_DAY_BY_OVERRIDE:
		return "days";
	case TKT_DAY_BY_LIST:
		return tkt_day_kind_word(day->holiday->kind);
	default:
		return "week";
	}
}

const char *tkt_explanation_date(int64_t day, char out[TKT_DATE_SIZE])
{
	struct tkt_civil civil;

	tkt_civil_from_time(day * DAY_SECONDS, &civil);
	snprintf(out, TKT_DATE_SIZE, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
	return out;
}

/* An object with what every piece has; NULL when memory is out. */
static json_t *new_piece(
    const struct tkt_calendar *calendar, const char *kind, int64_t start, int64_t end, int64_t day)
{
	char date[TKT_DATE_SIZE], start_text[TKT_TIME_SIZE], end_text[TKT_TIME_SIZE];

	return json_pack("{s:s, s:s*, s:s, s:s, s:s*, s:s}", "type", "explanation", "calendar",
	    calendar ? tkt_calendar_name(calendar) : NULL, "kind", kind, "date",
	    tkt_explanation_date(day, date), "start_at",
	    start == end ? NULL : tkt_time_format(start, start_text), "end_at",
	    tkt_time_format(end, end_text));
}

static json_t *new_part(const struct walk *walk, const struct tkt_calendar_part *part)
{
	const struct tkt_calendar_day *day = part->day;
	json_auto_t *made = new_piece(
	    walk->calendar, part->counts ? "span" : "day_off", part->start, part->end, day->day);
	const char *note =
	    day->reason == TKT_DAY_BY_LIST && *day->holiday->note ? day->holiday->note : NULL;
	int failed;

	failed = json_object_set_new(
	    made, "seconds", json_integer(part->counts ? part->end - part->start : 0));
	if (walk->measure != TKT_MEASURE_ELAPSED) /* else the days say nothing */
		failed |=
		    json_object_set_new(made, "reason", json_string(tkt_explanation_reason(day)));
	if (walk->measure != TKT_MEASURE_ELAPSED && note)
		failed |= json_object_set_new(made, "note", json_string(note));
	return failed ? NULL : tkt_take(made);
}

static int hand_over(const struct tkt_calendar_part *part, void *context, struct tkt_error *error)
{
	const struct walk *walk = context;
	json_auto_t *piece = NULL;

	if (part->day->day < walk->passed_from || (part->counts && walk->passed_from != INT64_MIN))
		return 0;
	piece = new_part(walk, part);
	if (!piece)
		return tkt_error_set_memory(error);
	return walk->visit(piece, walk->context, error);
}

int tkt_explanation_each(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, tkt_explanation_visit *visit, void *context, struct tkt_error *error)
{
	struct walk walk = { calendar, measure, INT64_MIN, visit, context };

	return tkt_calendar_explain(calendar, measure, start < end ? start : end,
	    start < end ? end : start, hand_over, &walk, error);
}

/* The date of an instant by the calendar's clock. */
static int64_t day_of(const struct tkt_calendar *calendar, int64_t time)
{
	struct tkt_civil civil;

	tkt_zone_civil(calendar ? tkt_calendar_zone(calendar) : NULL, time, &civil);
	return tkt_days_from_date(civil.year, civil.month, civil.day);
}

int tkt_explanation_of_length(struct tkt_calendar *calendar, const struct tkt_length *length,
    int64_t start, int64_t end, tkt_explanation_visit *visit, void *context,
    struct tkt_error *error)
{
	enum tkt_measure measure = tkt_unit_measure(length->unit);
	struct walk walk = { calendar, TKT_MEASURE_DAYS, 0, visit, context };

	if (tkt_explanation_each(calendar, measure, start, end, visit, context, error))
		return -1;
	if (length->unit != TKT_UNIT_CALENDAR_DAY || !length->amount)
		return 0;
	walk.passed_from = day_of(calendar, start) + length->amount;
	return tkt_calendar_explain(
	    calendar, TKT_MEASURE_DAYS, start, end, hand_over, &walk, error);
}

json_t *tkt_explanation_deadline(
    const struct tkt_calendar *calendar, int64_t deadline, int64_t seconds)
{
	json_auto_t *made =
	    new_piece(calendar, "deadline", deadline, deadline, day_of(calendar, deadline - 1));

	if (json_object_set_new(made, "seconds", json_integer(seconds)))
		return NULL;
	return tkt_take(made);
}
