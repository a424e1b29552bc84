/*
 * lib/flow/explanation.h: the time behind an answer, piece by piece, as objects of the table
 * tkt_explanation_fields: a span that counts, a whole day on which none does.
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "calendar/calendar.h"

struct tkt_error;

/* The object is borrowed; members may be added to it. 0, or -1 to end the walk. */
typedef int tkt_explanation_visit(json_t *explanation, void *context, struct tkt_error *error);

/*
 * Hands over what counts between two instants, whichever is the earlier, in order. The `seconds` of
 * all objects add up to tkt_calendar_between(), or to its opposite when end is before start.
 *
 *   calendar  NULL will do for TKT_MEASURE_ELAPSED
 *
 * 0, or -1: the error of `visit`, or TEMPORARY.
 */
int tkt_explanation_each(struct tkt_calendar *calendar, enum tkt_measure measure, int64_t start,
    int64_t end, tkt_explanation_visit *visit, void *context, struct tkt_error *error);
/*
 * The same for a length that was added to `start` and gave `end`. A term of wd is explained by the
 * opening hours within it, one of cd by its elapsed time and the days off that its end passed over.
 */
int tkt_explanation_of_length(struct tkt_calendar *calendar, const struct tkt_length *length,
    int64_t start, int64_t end, tkt_explanation_visit *visit, void *context,
    struct tkt_error *error);

/* A new object of kind `deadline` with its instant, the date that it ends on (at midnight that is
 * the day before) and the sum of the seconds that led to it. NULL when memory is out. */
json_t *tkt_explanation_deadline(
    const struct tkt_calendar *calendar, int64_t deadline, int64_t seconds);

/* 'week', 'days' or the kind of day: why a date has its hours. */
const char *tkt_explanation_reason(const struct tkt_calendar_day *day);
#define TKT_DATE_SIZE 32
/* '2026-05-01' for days since 1970-01-01. Returns `out`. */
const char *tkt_explanation_date(int64_t day, char out[TKT_DATE_SIZE]);
