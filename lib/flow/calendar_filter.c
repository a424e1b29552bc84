#include "flow/calendar_filter.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/program.h"
#include "desk/calendars.h"
#include "flow/calendar_ask.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

#define YEARS_APART 3       /* years in a row that are said one by one */
#define PROGRESS_LINES 1000 /* a look at the clock and the terminal costs as much as an answer */

/* A year that a calendar's lists lack, as it was said. */
struct tkt_missing_year {
	const struct tkt_calendar *calendar;
	int year;
};

void tkt_asking_clear(struct tkt_asking *asking)
{
	free(asking->warned);
}

static bool was_said(const struct tkt_asking *asking, const struct tkt_calendar *calendar, int year)
{
	for (size_t index = 0; index < asking->warned_count; index++)
		if (asking->warned[index].year == year &&
		    asking->warned[index].calendar == calendar)
			return true;
	return false;
}

static int remember(struct tkt_asking *asking, const struct tkt_calendar *calendar, int year,
    struct tkt_error *error)
{
	struct tkt_missing_year *grown =
	    reallocarray(asking->warned, asking->warned_count + 1, sizeof(*grown));

	if (!grown)
		return tkt_error_set_memory(error);
	asking->warned = grown;
	grown[asking->warned_count++] = (struct tkt_missing_year){ calendar, year };
	return 0;
}

/* Years that follow each other: a line each, or one for them all when they are many. */
static void say_years(
    struct tkt_asking *asking, const struct tkt_calendar *calendar, int first, int last)
{
	const char *name = tkt_calendar_name(calendar);

	if (last - first >= YEARS_APART)
		tkt_command_warn(asking->command,
		    _("calendar '%s': no holidays are known for %d to %d; see tkt-calendar(1)"),
		    name, first, last);
	else
		for (; first <= last; first++)
			tkt_command_warn(asking->command,
			    _("calendar '%s': no holidays are known for %d; see tkt-calendar(1)"),
			    name, first);
}

int tkt_asking_warn_year(struct tkt_asking *asking, const struct tkt_calendar *calendar, int year,
    struct tkt_error *error)
{
	if (was_said(asking, calendar, year))
		return 0;
	say_years(asking, calendar, year, year);
	return remember(asking, calendar, year, error);
}

int tkt_asking_warn(struct tkt_asking *asking, const struct tkt_ask *ask, struct tkt_error *error)
{
	int first = 0, last = 0; /* a run that is still to be said */
	int year;

	for (year = tkt_ask_missing_year(ask, 1); year;
	     year = tkt_ask_missing_year(ask, year + 1)) {
		if (was_said(asking, ask->calendar, year))
			continue;
		if (remember(asking, ask->calendar, year, error))
			return -1;
		if (first && year != last + 1)
			say_years(asking, ask->calendar, first, last);
		if (!first || year != last + 1)
			first = year;
		last = year;
	}
	if (first)
		say_years(asking, ask->calendar, first, last);
	return 0;
}

static int gather_piece(json_t *explanation, void *context, struct tkt_error *error)
{
	json_t *pieces = context;

	return json_array_append(pieces, explanation) ? tkt_error_set_memory(error) : 0;
}

static int answer_object(struct tkt_asking *asking, json_t *object, struct tkt_error *error)
{
	struct tkt_ask ask;
	json_auto_t *pieces = NULL;

	if (tkt_ask_read(
		asking->calendars, tkt_command_now(asking->command), object, &ask, error) ||
	    tkt_ask_answer(&ask, error) || tkt_ask_add_result(&ask, object, error) ||
	    tkt_asking_warn(asking, &ask, error))
		return -1;
	if (!asking->explain)
		return 0;
	pieces = json_array();
	if (!pieces)
		return tkt_error_set_memory(error);
	if (tkt_ask_explain(&ask, gather_piece, pieces, error))
		return -1;
	return json_object_set(object, "explanation", pieces) ? tkt_error_set_memory(error) : 0;
}

/* A bad line is said and does not keep the others back. 0, or -1 for what concerns them all. */
static int answer_line(struct tkt_asking *asking, const struct tkt_stream *stream,
    const struct tkt_line *line, struct tkt_error *error)
{
	struct tkt_text *out = &asking->command->out;
	struct tkt_error line_error = { 0 };

	if (!tkt_json_is_empty(json_object_get(line->object, "type"))) {
		if (!asking->command->quiet) {
			tkt_text_add_bytes(out, line->bytes, line->length);
			tkt_text_add_byte(out, '\n');
		}
		return 0;
	}
	if (!answer_object(asking, line->object, &line_error)) {
		if (!asking->command->quiet)
			tkt_object_write(out, line->object);
		return 0;
	}
	tkt_stream_prefix(stream, line, &line_error);
	if (line_error.kind != TKT_ERROR_DATA && line_error.kind != TKT_ERROR_NOT_FOUND) {
		*error = line_error;
		return -1;
	}
	line_error.kind = TKT_ERROR_DATA;
	tkt_command_report(asking->command, &line_error);
	return 0;
}

int tkt_asking_filter(struct tkt_asking *asking, struct tkt_error *error)
{
	struct tkt_command *command = asking->command;
	tkt_autoptr(stream) stream = NULL;
	struct tkt_line line;
	int got, answered;

	if (tkt_stream_new(STDIN_FILENO, "stdin", &stream, error))
		return -1;
	while ((got = tkt_stream_next(stream, &line, error)) != 0) {
		if (got == -1)
			return -1;
		if (got < 0)
			tkt_command_report(command, error);
		answered = got < 0 ? 0 : answer_line(asking, stream, &line, error);
		json_decref(line.object);
		if (answered)
			return -1;
		if (line.number % PROGRESS_LINES == 0)
			tkt_command_progress(command, PROGRESS_LINES);
		if (tkt_stream_is_ready(stream) ? tkt_command_flush_full(command, error)
						: tkt_command_flush(command, error))
			return -1;
	}
	return 0;
}
