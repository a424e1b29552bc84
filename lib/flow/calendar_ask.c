#include "flow/calendar_ask.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/time.h"
#include "base/when.h"
#include "base/words.h"
#include "desk/calendars.h"
#include "json/field.h"

#include "base/banned.h"

#define FIRST_YEAR 1

const char *const tkt_ask_words[] = { "add", "between", "next", NULL };
static const char *const measure_words[] = {
	[TKT_MEASURE_ELAPSED] = "elapsed",
	[TKT_MEASURE_OPEN] = "open",
	[TKT_MEASURE_DAYS] = "days",
	NULL,
};
/* What answers leave in an object. */
static const char *const answers[] = { "result", "result_seconds", "missing_years", "explanation" };

/* -- questions -- */

/* A member that must be a text. */
static int get_text(
    const json_t *question, const char *name, const char **text, struct tkt_error *error)
{
	const json_t *value = json_object_get(question, name);

	if (tkt_json_is_empty(value))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is missing"), name);
	if (json_is_integer(value) && strcmp(name, "length") == 0)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' must be a text with its unit: \"4wh\", not 4"), name);
	if (!json_is_string(value))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a text"), name);
	*text = json_string_value(value);
	return 0;
}

/* The place of a word in a list that NULL ends, or -1 with the one that was probably meant, in one
 * of two sentences, which are not translated yet. */
static int find_word(const char *word, const char *const *list, const char *sentence,
    const char *sentence_near, struct tkt_error *error)
{
	struct tkt_nearest nearest;
	int index;

	for (index = 0; list[index]; index++)
		if (strcmp(list[index], word) == 0)
			return index;
	tkt_nearest_init(&nearest, word);
	tkt_nearest_offer_all(&nearest, list);
	if (!nearest.found)
		return tkt_error_set(error, TKT_ERROR_DATA, _(sentence), word);
	return tkt_error_set(error, TKT_ERROR_DATA, _(sentence_near), word, nearest.found);
}

static int read_op(const json_t *question, struct tkt_ask *ask, struct tkt_error *error)
{
	const char *word;
	int op;

	if (get_text(question, "op", &word, error))
		return -1;
	op = find_word(word, tkt_ask_words, N_("there is no operation '%s': add, between or next"),
	    N_("there is no operation '%s'; did you mean '%s'?"), error);
	if (op < 0)
		return -1;
	ask->op = (enum tkt_ask_op)op;
	return 0;
}

/* What is counted: a member of 'between' alone, for a length says it by its unit. */
static int read_measure(const json_t *question, struct tkt_ask *ask, struct tkt_error *error)
{
	const char *word;
	int measure;

	ask->measure = TKT_MEASURE_OPEN;
	if (tkt_json_is_empty(json_object_get(question, "measure")))
		return 0;
	if (ask->op != TKT_ASK_BETWEEN)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'measure' goes with the operation 'between' alone"));
	if (get_text(question, "measure", &word, error))
		return -1;
	measure =
	    find_word(word, measure_words, N_("there is no measure '%s': open, days or elapsed"),
		N_("there is no measure '%s'; did you mean '%s'?"), error);
	if (measure < 0)
		return -1;
	ask->measure = (enum tkt_measure)measure;
	return 0;
}

static int read_time(const json_t *question, const char *name, const struct tkt_ask *ask,
    int64_t now, int64_t *time, struct tkt_error *error)
{
	const char *text;

	if (get_text(question, name, &text, error))
		return -1;
	return tkt_when_parse(
	    text, &(struct tkt_present){ now, tkt_calendar_zone(ask->calendar) }, time, error);
}

int tkt_ask_read(struct tkt_calendars *calendars, int64_t now, const json_t *question,
    struct tkt_ask *ask, struct tkt_error *error)
{
	const char *name, *length;

	if (read_op(question, ask, error) || get_text(question, "calendar", &name, error) ||
	    tkt_calendars_find(calendars, name, &ask->calendar, error) ||
	    read_time(question, "start", ask, now, &ask->start, error) ||
	    read_measure(question, ask, error))
		return -1;
	switch (ask->op) {
	case TKT_ASK_ADD:
		if (get_text(question, "length", &length, error))
			return -1;
		return tkt_length_parse(length, &ask->length, error);
	case TKT_ASK_BETWEEN:
		return read_time(question, "end", ask, now, &ask->end, error);
	default:
		return 0;
	}
}

/* -- answers -- */

int tkt_ask_answer(struct tkt_ask *ask, struct tkt_error *error)
{
	switch (ask->op) {
	case TKT_ASK_ADD:
		return tkt_calendar_add(
		    ask->calendar, ask->start, &ask->length, &ask->result, error);
	case TKT_ASK_BETWEEN:
		return tkt_calendar_between(
		    ask->calendar, ask->measure, ask->start, ask->end, &ask->result, error);
	default:
		return tkt_calendar_next_open(ask->calendar, ask->start, &ask->result, error);
	}
}

/* Does the answer not depend on days at all? */
static bool is_elapsed(const struct tkt_ask *ask)
{
	switch (ask->op) {
	case TKT_ASK_ADD:
		return ask->length.unit != TKT_UNIT_CALENDAR_DAY &&
		    tkt_unit_measure(ask->length.unit) == TKT_MEASURE_ELAPSED;
	case TKT_ASK_BETWEEN:
		return ask->measure == TKT_MEASURE_ELAPSED;
	default:
		return false;
	}
}

int tkt_ask_missing_year(const struct tkt_ask *ask, int year)
{
	int64_t end = ask->op == TKT_ASK_BETWEEN ? ask->end : ask->result;
	int64_t first = ask->start < end ? ask->start : end;
	int64_t last = ask->start < end ? end : ask->start;

	if (is_elapsed(ask))
		return 0;
	if (ask->op != TKT_ASK_NEXT && last > first)
		last--; /* what ends with a year needs nothing of the next */
	return tkt_calendar_missing_year(ask->calendar, first, last, year);
}

static int add_missing_years(const struct tkt_ask *ask, json_t *object, struct tkt_error *error)
{
	int year = tkt_ask_missing_year(ask, FIRST_YEAR);
	json_t *years;

	if (!year)
		return 0;
	years = json_array();
	if (json_object_set_new(object, "missing_years", years))
		return tkt_error_set_memory(error);
	for (; year; year = tkt_ask_missing_year(ask, year + 1))
		if (json_array_append_new(years, json_integer(year)))
			return tkt_error_set_memory(error);
	return 0;
}

int tkt_ask_add_result(const struct tkt_ask *ask, json_t *object, struct tkt_error *error)
{
	char text[TKT_TIME_SIZE];
	int failed;

	for (size_t index = 0; index < sizeof(answers) / sizeof(answers[0]); index++)
		json_object_del(object, answers[index]);
	if (ask->op == TKT_ASK_BETWEEN)
		failed = json_object_set_new(object, "result_seconds", json_integer(ask->result));
	else
		failed = json_object_set_new(
		    object, "result", json_string(tkt_time_format(ask->result, text)));
	if (failed)
		return tkt_error_set_memory(error);
	return add_missing_years(ask, object, error);
}

int tkt_ask_reckoning(
    const struct tkt_ask *ask, const json_t *question, json_t **reckoning, struct tkt_error *error)
{
	char start[TKT_TIME_SIZE], end[TKT_TIME_SIZE];
	json_auto_t *made = json_pack("{s:s, s:s, s:s, s:s*, s:s, s:s*, s:s*}", "type", "reckoning",
	    "calendar", tkt_calendar_name(ask->calendar), "op", tkt_ask_words[ask->op], "measure",
	    ask->op == TKT_ASK_BETWEEN ? measure_words[ask->measure] : NULL, "start",
	    tkt_time_format(ask->start, start), "end",
	    ask->op == TKT_ASK_BETWEEN ? tkt_time_format(ask->end, end) : NULL, "length",
	    ask->op == TKT_ASK_ADD ? tkt_object_text(question, "length") : NULL);

	if (!made)
		return tkt_error_set_memory(error);
	if (tkt_ask_add_result(ask, made, error))
		return -1;
	*reckoning = tkt_take(made);
	return 0;
}

/* The visit of a caller, and what the pieces add up to. */
struct summing {
	tkt_explanation_visit *visit;
	void *context;
	json_int_t seconds;
};

static int add_up(json_t *piece, void *context, struct tkt_error *error)
{
	struct summing *summing = context;

	summing->seconds += json_integer_value(json_object_get(piece, "seconds"));
	return summing->visit(piece, summing->context, error);
}

int tkt_ask_explain(
    const struct tkt_ask *ask, tkt_explanation_visit *visit, void *context, struct tkt_error *error)
{
	struct summing summing = { visit, context, 0 };
	json_auto_t *deadline = NULL;

	if (ask->op == TKT_ASK_BETWEEN)
		return tkt_explanation_each(
		    ask->calendar, ask->measure, ask->start, ask->end, visit, context, error);
	if (ask->op == TKT_ASK_NEXT)
		return tkt_explanation_each(ask->calendar, TKT_MEASURE_OPEN, ask->start,
		    ask->result, visit, context, error);
	if (tkt_explanation_of_length(
		ask->calendar, &ask->length, ask->start, ask->result, add_up, &summing, error))
		return -1;
	deadline = tkt_explanation_deadline(ask->calendar, ask->result, summing.seconds);
	if (!deadline)
		return tkt_error_set_memory(error);
	return visit(deadline, context, error);
}
