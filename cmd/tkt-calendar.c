/* tkt-calendar: working time from one instant to another, and what a month looks like. */
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/program.h"
#include "base/terminal.h"
#include "base/zone.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "flow/calendar_ask.h"
#include "flow/calendar_filter.h"
#include "flow/calendar_month.h"
#include "flow/folder.h"
#include "json/output.h"

#include "base/banned.h"

static struct {
	bool explain;
	const char *measure; /* borrowed from argv, as the other; NULL: open */
	const char *fields;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('e', "explain", &wanted.explain,
	    N_("show each span that counts and each day that does not")),
	TKT_OPTION_TEXT('m', "measure", N_("MEASURE"), &wanted.measure,
	    N_("what 'between' counts: open, days or elapsed")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("show these fields, separated by commas")),
	TKT_OPTION_END,
};

/* `seconds` as hours, minutes and seconds. */
static void add_clock(struct tkt_text *out, int64_t seconds)
{
	uint64_t size = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;

	tkt_text_format(out, "%s%llu:%02d:%02d", seconds < 0 ? "-" : "",
	    (unsigned long long)size / 3600, (int)(size / 60 % 60), (int)(size % 60));
}

/* One line for a person, by the calendar's clock. */
static int say(struct tkt_asking *asking, const struct tkt_ask *ask, const json_t *question,
    struct tkt_error *error)
{
	const struct tkt_zone *zone = tkt_calendar_zone(ask->calendar);
	struct tkt_text *out = &asking->command->out;
	tkt_autotext start, end;

	tkt_text_init(&start, TKT_TEXT_LIMIT);
	tkt_text_init(&end, TKT_TEXT_LIMIT);
	tkt_wall_add(&start, zone, ask->start, false);
	switch (ask->op) {
	case TKT_ASK_ADD:
		tkt_wall_add(&end, zone, ask->result, ask->length.unit == TKT_UNIT_CALENDAR_DAY);
		/* TRANSLATORS: a length, the instant it runs from, the instant it ends */
		tkt_text_format(out, _("%s from %s: %s"), tkt_object_text(question, "length"),
		    start.bytes, end.bytes);
		break;
	case TKT_ASK_BETWEEN:
		tkt_wall_add(&end, zone, ask->end, false);
		add_clock(out, ask->result);
		/* TRANSLATORS: behind '4:00:00'; seconds, then two instants */
		tkt_text_format(out, _(" (%lld s) from %s to %s"), (long long)ask->result,
		    start.bytes, end.bytes);
		break;
	default:
		tkt_wall_add(&end, zone, ask->result, false);
		if (ask->result == ask->start)
			tkt_text_format(out, _("open at %s"), start.bytes);
		else
			tkt_text_format(out, _("opens at %s"), end.bytes);
		break;
	}
	tkt_text_add_byte(out, '\n');
	if (tkt_text_check(&start, error) || tkt_text_check(&end, error))
		return -1;
	return 0;
}

static int print_piece(json_t *explanation, void *context, struct tkt_error *error)
{
	return tkt_output_object(context, explanation, error);
}

static int explain(struct tkt_asking *asking, const struct tkt_ask *ask, struct tkt_error *error)
{
	tkt_autoptr(output) output = NULL;

	if (tkt_output_new(asking->command, &tkt_explanation_fields, wanted.fields, &output, error))
		return -1;
	tkt_output_set_zone(output, tkt_calendar_zone(ask->calendar));
	return tkt_ask_explain(ask, print_piece, output, error);
}

static int print_answer(struct tkt_asking *asking, const struct tkt_ask *ask,
    const json_t *question, struct tkt_error *error)
{
	struct tkt_command *command = asking->command;
	bool rows_alone =
	    wanted.fields || command->format == TKT_FORMAT_TSV || command->format == TKT_FORMAT_CSV;
	tkt_autoptr(output) output = NULL;
	json_auto_t *reckoning = NULL;

	if (wanted.explain && explain(asking, ask, error))
		return -1;
	if (command->quiet || (wanted.explain && rows_alone))
		return 0;
	if (command->format == TKT_FORMAT_TABLE && !rows_alone)
		return say(asking, ask, question, error);
	if (tkt_output_new(command, &tkt_reckoning_fields, wanted.fields, &output, error) ||
	    tkt_ask_reckoning(ask, question, &reckoning, error))
		return -1;
	tkt_output_set_zone(output, tkt_calendar_zone(ask->calendar));
	return tkt_output_object(output, reckoning, error);
}

static int say_usage(struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_USAGE,
	    _("give: add CALENDAR START LENGTH, between CALENDAR START END, next CALENDAR [AT] or "
	      "show CALENDAR [YYYY-MM]"));
}

/* The operands behind the operation, by it: names of members; the last may be left out for '?'. */
static int make_question(const struct tkt_command *command, const char *const *members,
    size_t needed, json_t **question, struct tkt_error *error)
{
	json_auto_t *made = json_pack("{s:s}", "op", command->operands[0]);
	size_t index;
	int failed = 0;

	for (index = 0; members[index]; index++) {
		const char *operand =
		    index + 1 < command->operand_count ? command->operands[index + 1] : NULL;

		if (!operand && index < needed)
			break;
		failed |= json_object_set_new(
		    made, members[index], json_string(operand ? operand : "now"));
	}
	if (members[index] || command->operand_count > index + 1)
		return say_usage(error);
	if (wanted.measure)
		failed |= json_object_set_new(made, "measure", json_string(wanted.measure));
	if (failed) /* Jansson takes UTF-8 alone */
		return tkt_error_set(error, TKT_ERROR_USAGE, _("an operand is not UTF-8"));
	*question = tkt_take(made);
	return 0;
}

static int answer_operands(struct tkt_asking *asking, enum tkt_ask_op op, struct tkt_error *error)
{
	static const char *const members[TKT_ASK_COUNT][4] = {
		[TKT_ASK_ADD] = { "calendar", "start", "length" },
		[TKT_ASK_BETWEEN] = { "calendar", "start", "end" },
		[TKT_ASK_NEXT] = { "calendar", "start" },
	};
	json_auto_t *question = NULL;
	struct tkt_ask ask;

	if (make_question(
		asking->command, members[op], op == TKT_ASK_NEXT ? 1 : 3, &question, error))
		return -1;
	if (tkt_ask_read(
		asking->calendars, tkt_command_now(asking->command), question, &ask, error)) {
		if (error->kind == TKT_ERROR_DATA) /* an operand is wrong, no data are */
			error->kind = TKT_ERROR_USAGE;
		return -1;
	}
	if (tkt_ask_answer(&ask, error) || tkt_asking_warn(asking, &ask, error))
		return -1;
	return print_answer(asking, &ask, question, error);
}

static int print_days(struct tkt_asking *asking, struct tkt_calendar *calendar, int64_t first,
    int64_t next, struct tkt_error *error)
{
	struct tkt_command *command = asking->command;
	tkt_autoptr(output) output = NULL;

	if (tkt_output_new(command, &tkt_calendar_day_fields, wanted.fields, &output, error))
		return -1;
	for (int64_t day = first; day < next; day++) {
		json_auto_t *object = NULL;

		if (tkt_month_day(calendar, day, &object, error) ||
		    tkt_output_object(output, object, error))
			return -1;
	}
	return 0;
}

static int choose_month(struct tkt_asking *asking, const struct tkt_calendar *calendar, int *year,
    int *month, struct tkt_error *error)
{
	const struct tkt_command *command = asking->command;
	struct tkt_civil civil;

	tkt_zone_civil(tkt_calendar_zone(calendar), tkt_command_now(command), &civil);
	*year = civil.year;
	*month = civil.month;
	if (command->operand_count > 2 && tkt_month_parse(command->operands[2], year, month))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' is no month; write it as '2026-05'"), command->operands[2]);
	return 0;
}

static int show(struct tkt_asking *asking, struct tkt_error *error)
{
	struct tkt_command *command = asking->command;
	struct tkt_calendar *calendar;
	int64_t first, next;
	int year, month;

	if (command->operand_count < 2 || command->operand_count > 3)
		return say_usage(error);
	if (wanted.explain)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--explain' goes with add, between and next"));
	if (tkt_calendars_find(asking->calendars, command->operands[1], &calendar, error) ||
	    choose_month(asking, calendar, &year, &month, error))
		return -1;
	first = tkt_days_from_date(year, month, 1);
	next = tkt_days_from_date(year + month / 12, month % 12 + 1, 1);
	if (tkt_month_is_missing(calendar, year, month) &&
	    tkt_asking_warn_year(asking, calendar, year, error))
		return -1;
	if (command->format != TKT_FORMAT_TABLE || wanted.fields)
		return print_days(asking, calendar, first, next, error);
	if (command->quiet)
		return 0;
	return tkt_month_page(
	    calendar, year, month, tkt_terminal_has_colours(STDOUT_FILENO), &command->out, error);
}

static int answer(struct tkt_asking *asking, struct tkt_error *error)
{
	struct tkt_command *command = asking->command;
	const char *word = command->operands[0];
	struct tkt_nearest nearest;

	if (wanted.measure && (!word || strcmp(word, "between") != 0))
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--measure' goes with 'between' as an operand"));
	if (!word && wanted.fields)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'--output' goes with a question that is given as operands"));
	if (!word)
		return tkt_asking_filter(asking, error);
	if (strcmp(word, "show") == 0)
		return show(asking, error);
	for (int op = 0; op < TKT_ASK_COUNT; op++)
		if (strcmp(word, tkt_ask_words[op]) == 0)
			return answer_operands(asking, (enum tkt_ask_op)op, error);
	tkt_nearest_init(&nearest, word);
	tkt_nearest_offer_all(&nearest, tkt_ask_words);
	tkt_nearest_offer(&nearest, "show");
	if (!nearest.found)
		return say_usage(error);
	return tkt_error_set(error, TKT_ERROR_USAGE,
	    _("there is no operation '%s'; did you mean '%s'?"), word, nearest.found);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	struct tkt_asking asking = { .command = command, .explain = wanted.explain };
	const char *folder = tkt_folder_find(command, error);
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(calendars) calendars = NULL;
	int result;

	if (!folder || tkt_desk_read(folder, &desk, error))
		return -1;
	if (desk->reading
		? tkt_calendars_make(desk->reading, command->datadir, &calendars, error)
		: tkt_calendars_read(desk->path, command->datadir, "", 0, &calendars, error))
		return -1;
	asking.calendars = calendars;
	result = answer(&asking, error);
	tkt_asking_clear(&asking);
	return result;
}

const struct tkt_program tkt_program = {
	.name = "tkt-calendar",
	.synopsis = "[-e] [-m MEASURE] [-o FIELDS] [OPERATION CALENDAR [WHEN...]]",
	.summary = N_("Reckon with working time, and show when a calendar is open."),
	.operands = N_("OPERATION"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.run = run,
};
