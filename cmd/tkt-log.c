/* tkt-log: what was done to the tickets, in order; with --mail, which letters came in. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "expression/expression.h"
#include "flow/event_words.h"
#include "flow/session.h"
#include "store/event.h"
#include "store/letter.h"
#include "json/field.h"
#include "json/output.h"
#include "json/stream.h"

#include "base/banned.h"

#define NO_LIMIT INT64_MIN
#define PAUSE_MILLISECONDS 250 /* between two looks of --follow */

static struct {
	int64_t after;
	int64_t limit, latest;
	const char *fields;
	bool follow;
	bool mail;
} wanted = { .limit = NO_LIMIT, .latest = NO_LIMIT };

static const struct tkt_option options[] = {
	TKT_OPTION_NUMBER(0, "after", N_("NUMBER"), &wanted.after,
	    N_("begin behind the event, or letter, of this number")),
	TKT_OPTION_FLAG('f', "follow", &wanted.follow, N_("go on with what comes, until stopped")),
	TKT_OPTION_NUMBER('l', "limit", N_("NUMBER"), &wanted.limit, N_("print at most so many")),
	TKT_OPTION_NUMBER(0, "last", N_("NUMBER"), &wanted.latest,
	    N_("begin with the last so many; 0: with what comes")),
	TKT_OPTION_FLAG('m', "mail", &wanted.mail, N_("the letters that came in, and their fate")),
	TKT_OPTION_TEXT(
	    'o', "output", N_("FIELDS"), &wanted.fields, N_("the columns to print: seq,at,ticket")),
	TKT_OPTION_END,
};

/* A table has room for what an event means, not for its members. A narrow one loses the tool. */
static const struct tkt_field line_fields[] = {
	{ "at", TKT_FIELD_TIME, NULL, 1, 0, NULL, N_("At"), 16 },
	{ "ticket", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Ticket"), 10 },
	{ "actor", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Actor"), 20 },
	{ "tool", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Tool"), 12 },
	{ "change", TKT_FIELD_TEXT, NULL, 1, 0, NULL, N_("Change"), 0 },
};
static const struct tkt_field_table line_table = {
	.type = "event",
	.fields = line_fields,
	.count = sizeof(line_fields) / sizeof(line_fields[0]),
	.shown = "at,ticket,actor,tool,change",
};

struct listing {
	struct tkt_session *session;
	struct tkt_command *command;
	struct tkt_output *output;
	const struct tkt_expression *expression;
	bool as_stored; /* events leave as the bytes of the log */
	bool in_words;
};

static int print_words(const struct listing *listing, const json_t *event, struct tkt_error *error)
{
	json_auto_t *line = NULL;
	tkt_autotext words;

	tkt_text_init(&words, TKT_TEXT_LIMIT);
	if (tkt_event_words(event, &words, error))
		return -1;
	line = json_pack("{s:s, s:O*, s:O*, s:O*, s:O*, s:s%}", "type", "event", "at",
	    json_object_get(event, "at"), "actor", json_object_get(event, "actor"), "tool",
	    json_object_get(event, "tool"), "ticket", json_object_get(event, "ticket"), "change",
	    words.bytes, words.length);
	if (!line)
		return tkt_error_set_memory(error);
	return tkt_output_object(listing->output, line, error);
}

static int add_event(
    const struct listing *listing, const char *json, size_t length, struct tkt_error *error)
{
	struct tkt_text *out = &listing->command->out;
	json_auto_t *event = NULL;

	if (listing->as_stored) {
		if (listing->command->quiet)
			return 0;
		tkt_text_add_bytes(out, json, length);
		tkt_text_add_byte(out, '\n');
		return tkt_text_check(out, error);
	}
	if (tkt_object_parse(json, length, &event, error))
		return -1;
	return listing->in_words ? print_words(listing, event, error)
				 : tkt_output_object(listing->output, event, error);
}

static int print_event(const char *json, size_t length, void *context, struct tkt_error *error)
{
	const struct listing *listing = context;

	if (add_event(listing, json, length, error))
		return -1;
	return tkt_command_is_full(listing->command);
}

static int print_letter(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	const struct listing *listing = context;

	if (tkt_output_row(listing->output, row, error))
		return -1;
	return tkt_command_is_full(listing->command);
}

/* Here no read transaction is open, so that a reader of ours may take its time. */
static int flush(void *context, struct tkt_error *error)
{
	return tkt_command_flush(((struct listing *)context)->command, error) < 0 ? -1 : 0;
}

/* Prints what stands behind *last, at most `limit` (0: all). Returns how many, or -1. */
static int64_t print_next(
    struct listing *listing, int64_t limit, int64_t *last, struct tkt_error *error)
{
	const struct tkt_walk_query query = { *last, limit, listing->expression };
	struct tkt_db *db = listing->session->db;
	int64_t count;

	count = wanted.mail ? tkt_letter_each(db, &query, print_letter, flush, listing, last, error)
			    : tkt_event_each(db, &query, print_event, flush, listing, last, error);
	return count < 0 || flush(listing, error) ? -1 : count;
}

/* Waits a moment. Whoever reads our pipe may leave while there is nothing to write: then we end as
 * a write would have ended us. */
static int pause_for_more(struct tkt_error *error)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	if (poll(&out, 1, PAUSE_MILLISECONDS) < 0 && errno != EINTR)
		return tkt_error_set_system(error, errno, _("cannot wait"));
	if (out.revents & (POLLERR | POLLNVAL))
		raise(SIGPIPE);
	return 0;
}

/* Behind which number --last begins. */
static int find_start(struct tkt_db *db, int64_t *start, struct tkt_error *error)
{
	int64_t last;

	if (wanted.mail ? tkt_letter_last_number(db, &last, error)
			: tkt_event_last(db, &last, error))
		return -1;
	*start = last > wanted.latest ? last - wanted.latest : 0;
	return 0;
}

static int print_log(struct listing *listing, struct tkt_error *error)
{
	int64_t left = wanted.limit == NO_LIMIT ? 0 : wanted.limit, last = wanted.after;

	if (wanted.latest != NO_LIMIT && find_start(listing->session->db, &last, error))
		return -1;
	for (;;) {
		int64_t count = print_next(listing, left, &last, error);

		if (count < 0)
			return -1;
		if (!wanted.follow || (left && count == left))
			return 0;
		left -= left ? count : 0;
		if (pause_for_more(error))
			return -1;
	}
}

static int run_listing(struct listing *listing, struct tkt_error *error)
{
	const struct tkt_command *command = listing->command;
	const struct tkt_field_table *table = wanted.mail ? &tkt_letter_fields : &tkt_event_fields;
	const struct tkt_expression_scope scope = tkt_session_scope(listing->session);
	tkt_autoptr(expression) expression = NULL;
	tkt_autoptr(output) output = NULL;

	if (tkt_expression_parse_all((const char *const *)command->operands, command->operand_count,
		table, &scope, &expression, error))
		return -1;
	listing->expression = expression;
	if (!wanted.mail && !wanted.fields) {
		listing->as_stored = command->format == TKT_FORMAT_JSON;
		listing->in_words = command->format == TKT_FORMAT_TABLE;
	}
	if (tkt_output_new(listing->command, listing->in_words ? &line_table : table, wanted.fields,
		&output, error))
		return -1;
	tkt_output_set_zone(output, listing->session->desk->zone);
	listing->output = output;
	return print_log(listing, error);
}

static int check_options(struct tkt_error *error)
{
	if (wanted.limit != NO_LIMIT && wanted.limit < 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--limit' needs a number of 1 or more"));
	if (wanted.after < 0)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' needs a number of 0 or more"), "--after");
	if (wanted.latest != NO_LIMIT && wanted.latest < 0)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' needs a number of 0 or more"), "--last");
	if (wanted.latest != NO_LIMIT && wanted.after)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give either --after or --last"));
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	struct listing listing = { .command = command };

	if (check_options(error) || tkt_session_open(command, TKT_DB_READ, &session, error))
		return -1;
	listing.session = session;
	return run_listing(&listing, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-log",
	.synopsis =
	    "[-fm] [--after NUMBER | --last NUMBER] [-l NUMBER] [-o FIELDS] [EXPRESSION...]",
	.summary = N_("Print what was done to the tickets."),
	.operands = N_("EXPRESSION"),
	.exit_statuses = "0 64 65 66 70 74 75 77 78",
	.options = options,
	.run = run,
};
