#include "flow/clock_explain.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/time.h"
#include "desk/calendars.h"
#include "flow/clocks_view.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "policy/clock.h"
#include "store/db.h"
#include "store/ticket.h"
#include "json/field.h"
#include "json/order.h"

#include "base/banned.h"

/* One clock on its way. */
struct explaining {
	struct tkt_session *session;
	const char *ticket; /* its id */
	const struct tkt_clock *clock;
	struct tkt_calendar *calendar; /* NULL: elapsed time alone */
	struct tkt_length length;
	int64_t due; /* TKT_TIME_NONE: it is paused */
	int64_t sum; /* of the spans so far */
	tkt_explanation_visit *visit;
	void *context;
};

/* Whose piece it is goes behind `type`. */
static int hand_over(json_t *piece, void *context, struct tkt_error *error)
{
	struct explaining *explaining = context;
	json_auto_t *whole = json_pack("{s:s, s:s, s:s, s:I}", "type", tkt_explanation_fields.type,
	    "ticket", explaining->ticket, "clock", tkt_clock_words[explaining->clock->name],
	    "cycle", (json_int_t)explaining->clock->cycle);

	if (!whole || json_object_update(whole, piece))
		return tkt_error_set_memory(error);
	if (tkt_object_order(&tkt_explanation_fields, &whole, error))
		return -1;
	explaining->sum += json_integer_value(json_object_get(piece, "seconds"));
	return explaining->visit(whole, explaining->context, error);
}

static int explain_span(
    struct explaining *explaining, int64_t start, int64_t end, struct tkt_error *error)
{
	if (start >= end)
		return 0;
	return tkt_explanation_each(explaining->calendar, tkt_unit_measure(explaining->length.unit),
	    start, end, hand_over, explaining, error);
}

static int set_time(json_t *piece, const char *name, int64_t time, struct tkt_error *error)
{
	char text[TKT_TIME_SIZE];

	if (time == TKT_TIME_NONE)
		return 0;
	return json_object_set_new(piece, name, json_string(tkt_time_format(time, text)))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static json_t *new_piece(const struct explaining *explaining, const char *kind, int64_t seconds)
{
	return json_pack("{s:s*, s:s, s:I}", "calendar", explaining->clock->calendar, "kind", kind,
	    "seconds", (json_int_t)seconds);
}

static int explain_pause(
    struct explaining *explaining, const struct tkt_clock_pause *pause, struct tkt_error *error)
{
	json_auto_t *piece = new_piece(explaining, "pause", 0);

	if (!piece)
		return tkt_error_set_memory(error);
	if (set_time(piece, "start_at", pause->started_at, error) ||
	    set_time(piece, "end_at", pause->ended_at, error))
		return -1;
	return hand_over(piece, explaining, error);
}

/* A paused clock has no deadline, but a sum too. */
static int explain_deadline(struct explaining *explaining, struct tkt_error *error)
{
	json_auto_t *piece = explaining->due == TKT_TIME_NONE
	    ? new_piece(explaining, "deadline", explaining->sum)
	    : tkt_explanation_deadline(explaining->calendar, explaining->due, explaining->sum);

	if (!piece || json_object_set_new(piece, "note", json_string(explaining->clock->target)))
		return tkt_error_set_memory(error);
	return hand_over(piece, explaining, error);
}

/* Spans and pauses in turn; a term of cd takes no pause. */
static int explain_pieces(struct explaining *explaining, struct tkt_error *error)
{
	const struct tkt_clock *clock = explaining->clock;
	int64_t from = clock->started_at;
	size_t i;

	for (i = 0; i < clock->pause_count; i++) {
		const struct tkt_clock_pause *pause = &clock->pauses[i];

		if (explaining->due != TKT_TIME_NONE && pause->started_at > explaining->due)
			break;
		if (explain_span(explaining, from, pause->started_at, error) ||
		    explain_pause(explaining, pause, error))
			return -1;
		if (pause->ended_at == TKT_TIME_NONE)
			return 0;
		from = pause->ended_at > from ? pause->ended_at : from;
	}
	return explain_span(explaining, from, explaining->due, error);
}

static int explain_term(struct explaining *explaining, struct tkt_error *error)
{
	const struct tkt_clock *clock = explaining->clock;
	int64_t end = explaining->due;

	if (end == TKT_TIME_NONE)
		end = clock->pauses[clock->pause_count - 1].started_at;
	return tkt_explanation_of_length(explaining->calendar, &explaining->length,
	    clock->started_at, end, hand_over, explaining, error);
}

/* What nobody has said of a year is not that it has no holidays. */
static void warn_years(const struct explaining *explaining)
{
	const struct tkt_clock *clock = explaining->clock;
	int64_t end = explaining->due == TKT_TIME_NONE
	    ? clock->pauses[clock->pause_count - 1].started_at
	    : explaining->due;
	int year = 0;

	if (!explaining->calendar || end < clock->started_at ||
	    (tkt_unit_measure(explaining->length.unit) == TKT_MEASURE_ELAPSED &&
		explaining->length.unit != TKT_UNIT_CALENDAR_DAY))
		return;
	while ((year = tkt_calendar_missing_year(
		    explaining->calendar, clock->started_at, end, year + 1)))
		tkt_command_warn(explaining->session->command,
		    _("calendar '%s': no holidays are known for %d; see tkt-calendar(1)"),
		    tkt_calendar_name(explaining->calendar), year);
}

static int find_calendar(struct explaining *explaining, struct tkt_error *error)
{
	const char *name = explaining->clock->calendar;
	struct tkt_calendars *calendars;

	explaining->calendar = NULL;
	if (!name)
		return 0;
	if (tkt_session_calendars(explaining->session, &calendars, error))
		return -1;
	if (!tkt_calendars_find(calendars, name, &explaining->calendar, error))
		return 0;
	if (error->kind == TKT_ERROR_NOT_FOUND) /* that of a clock that has stopped */
		error->kind = TKT_ERROR_CONFIGURATION;
	return -1;
}

static int explain_clock(struct explaining *explaining, struct tkt_error *error)
{
	if (tkt_length_parse(explaining->clock->target, &explaining->length, error))
		return -1;
	explaining->sum = 0;
	explaining->due = explaining->clock->state == TKT_CLOCK_PAUSED ? TKT_TIME_NONE
								       : explaining->clock->due_at;
	warn_years(explaining);
	if (explaining->length.unit == TKT_UNIT_CALENDAR_DAY ? explain_term(explaining, error)
							     : explain_pieces(explaining, error))
		return -1;
	return explain_deadline(explaining, error);
}

/* The ticket and its clocks as they are at this moment, of one state of the desk. */
static int read_ticket(struct tkt_session *session, const char *id, json_t **ticket,
    struct tkt_clocks *clocks, struct tkt_level *level, struct tkt_error *error)
{
	struct tkt_error ignored = { 0 };
	int result;

	if (tkt_read_begin(session->db, error))
		return -1;
	result = tkt_ticket_require(session->db, id, ticket, error) ||
	    tkt_clocks_fresh(session, *ticket, clocks, level, error);
	return tkt_read_end(session->db, result ? &ignored : error) || result ? -1 : 0;
}

int tkt_clock_explain(struct tkt_session *session, const char *id, tkt_explanation_visit *visit,
    void *context, struct tkt_error *error)
{
	struct explaining explaining = { .session = session, .visit = visit, .context = context };
	tkt_autoclocks clocks = { 0 };
	json_auto_t *ticket = NULL;
	struct tkt_level level;
	size_t i;

	if (read_ticket(session, id, &ticket, &clocks, &level, error))
		return -1;
	explaining.ticket = tkt_object_text(ticket, "id");
	for (i = 0; i < clocks.count; i++) {
		explaining.clock = &clocks.clocks[i];
		if (find_calendar(&explaining, error) || explain_clock(&explaining, error))
			return -1;
	}
	return 0;
}
