#include "calendar/calendar_parts.h"

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

/* A part before it is handed over. */
struct finding {
	int64_t start, end, day;
	bool counts;
};
struct findings {
	struct finding *findings;
	size_t count, room;
};

static void clear(struct findings *findings)
{
	free(findings->findings);
}

static int add(struct findings *findings, const struct finding *finding, struct tkt_error *error)
{
	if (findings->count == findings->room) {
		size_t room = findings->room ? 2 * findings->room : 64;
		struct finding *grown = realloc(findings->findings, room * sizeof(*grown));

		if (!grown)
			return tkt_error_set_memory(error);
		findings->findings = grown;
		findings->room = room;
	}
	findings->findings[findings->count++] = *finding;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct finding *first = a, *second = b;

	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	return (first->day > second->day) - (first->day < second->day);
}

/* Does nothing count by the date, all of it within the time asked about? */
static bool is_day_off(const struct tkt_calendar *calendar, enum tkt_measure measure,
    const struct finding *midnights, int64_t start, int64_t end)
{
	struct tkt_calendar_day at;

	if (midnights->start < start || midnights->end > end || midnights->start >= midnights->end)
		return false;
	tkt_calendar_day_at(calendar, midnights->day, &at);
	return measure == TKT_MEASURE_DAYS ? !at.is_working : at.hours.count == 0;
}

static int gather_day(struct findings *findings, const struct tkt_calendar *calendar,
    enum tkt_measure measure, int64_t day, int64_t start, int64_t end, struct tkt_error *error)
{
	struct finding midnights = { .day = day };
	tkt_autopieces pieces = { 0 };
	size_t i;

	if (tkt_pieces_add_day(&pieces, calendar, measure, day, start, end, error))
		return -1;
	for (i = 0; i < pieces.count; i++) {
		struct finding part = { pieces.pieces[i].start, pieces.pieces[i].end, day, true };

		if (add(findings, &part, error))
			return -1;
	}
	midnights.start = tkt_day_instant(calendar, day, 0);
	midnights.end = tkt_day_instant(calendar, day + 1, 0);
	if (is_day_off(calendar, measure, &midnights, start, end))
		return add(findings, &midnights, error);
	return 0;
}

/* What two days share is told of the first. */
static int hand_over(const struct findings *findings, const struct tkt_calendar *calendar,
    tkt_calendar_visit *visit, void *context, struct tkt_error *error)
{
	int64_t told = INT64_MIN;
	size_t i;

	for (i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->findings[i];
		struct tkt_calendar_day day;
		struct tkt_calendar_part part = { .counts = finding->counts,
			.start = finding->start,
			.end = finding->end,
			.day = &day };

		if (part.counts && part.start < told)
			part.start = told;
		if (part.start >= part.end)
			continue;
		if (part.counts)
			told = part.end;
		tkt_calendar_day_at(calendar, finding->day, &day);
		if (visit(&part, context, error))
			return -1;
	}
	return 0;
}

/* Elapsed time is one part, whatever the calendar. */
static int explain_elapsed(const struct tkt_calendar *calendar, int64_t start, int64_t end,
    tkt_calendar_visit *visit, void *context, struct tkt_error *error)
{
	static const struct tkt_calendar none; /* never open, in UTC */
	struct tkt_calendar_day day;
	struct tkt_calendar_part part = { .counts = true, .start = start, .end = end, .day = &day };
	int second;

	calendar = calendar ? calendar : &none;
	tkt_calendar_day_at(calendar, tkt_day_of(calendar, start, &second), &day);
	return visit(&part, context, error) ? -1 : 0;
}

int tkt_calendar_explain(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, tkt_calendar_visit *visit, void *context, struct tkt_error *error)
{
	__attribute__((cleanup(clear))) struct findings findings = { 0 };
	int64_t day;

	if (start >= end)
		return 0;
	if (measure == TKT_MEASURE_ELAPSED)
		return explain_elapsed(calendar, start, end, visit, context, error);
	if (start < TKT_TIME_FIRST || end > TKT_TIME_END)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the time lies beyond the years 0001 to 9999"));
	for (day = start / DAY_SECONDS - 3; day <= end / DAY_SECONDS + 1; day++)
		if (gather_day(&findings, calendar, measure, day, start, end, error))
			return -1;
	if (findings.count > 0)
		qsort(findings.findings, findings.count, sizeof(*findings.findings), compare);
	return hand_over(&findings, calendar, visit, context, error);
}
