#include "flow/lookup.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "flow/batch.h"
#include "flow/session.h"
#include "json/stream.h"

#include "base/banned.h"

struct walk {
	struct tkt_session *session;
	const struct tkt_lookup *lookup;
	struct tkt_stream *stream;
	char *last; /* the id that the line before was about; owned; NULL */
};

static bool is_of_item(enum tkt_error_kind kind)
{
	return kind == TKT_ERROR_NOT_FOUND || kind == TKT_ERROR_DATA || kind == TKT_ERROR_USAGE;
}

/* What was printed before stands before what is said about the next one. */
static int report(
    struct tkt_command *command, const struct tkt_error *item_error, struct tkt_error *error)
{
	if (!is_of_item(item_error->kind)) {
		*error = *item_error;
		return -1;
	}
	if (tkt_command_flush(command, error) < 0)
		return -1;
	tkt_command_report(command, item_error);
	return 0;
}

static int show_operand(struct tkt_session *session, const struct tkt_lookup *lookup,
    const char *operand, struct tkt_error *error)
{
	const struct tkt_item item = { .operand = operand };

	if (lookup->take)
		return lookup->take(session, &item, lookup->context, error);
	return lookup->show(session, operand, lookup->context, error);
}

static int show_operands(
    struct tkt_session *session, const struct tkt_lookup *lookup, struct tkt_error *error)
{
	const struct tkt_command *command = session->command;
	size_t i;

	for (i = 0; i < command->operand_count; i++) {
		struct tkt_error item_error = { 0 };

		if (show_operand(session, lookup, command->operands[i], &item_error) &&
		    report(session->command, &item_error, error))
			return -1;
	}
	return 0;
}

static int pass(struct walk *walk, const struct tkt_line *line, struct tkt_error *error)
{
	struct tkt_command *command = walk->session->command;

	if (!walk->lookup->passes || command->quiet)
		return 0;
	tkt_text_add_bytes(&command->out, line->bytes, line->length);
	tkt_text_add_byte(&command->out, '\n');
	return tkt_text_check(&command->out, error);
}

/* What is wrong with a line is said with its number. */
static int report_line(struct walk *walk, const struct tkt_line *line, struct tkt_error *item_error,
    struct tkt_error *error)
{
	if (is_of_item(item_error->kind)) {
		item_error->kind = TKT_ERROR_DATA;
		tkt_stream_prefix(walk->stream, line, item_error);
	}
	return report(walk->session->command, item_error, error);
}

static int take_line(struct walk *walk, const struct tkt_line *line, struct tkt_error *error)
{
	const struct tkt_item item = { NULL, line->object, line->bytes, line->length };
	const struct tkt_lookup *lookup = walk->lookup;
	struct tkt_error item_error = { 0 };
	int taken = lookup->take(walk->session, &item, lookup->context, &item_error);

	if (taken < 0)
		return report_line(walk, line, &item_error, error);
	return taken ? pass(walk, line, error) : 0;
}

static int show_line(struct walk *walk, const struct tkt_line *line, struct tkt_error *error)
{
	const struct tkt_item item = { .object = line->object };
	struct tkt_error item_error = { 0 };
	const char *id = tkt_item_ticket(&item);

	if (tkt_item_check(&item, &item_error))
		return report_line(walk, line, &item_error, error);
	if (walk->lookup->take)
		return take_line(walk, line, error);
	if (!id && tkt_item_is_ticket(&item)) {
		tkt_error_set(&item_error, TKT_ERROR_DATA, _("a ticket needs an 'id'"));
		return report_line(walk, line, &item_error, error);
	}
	if (!id)
		return pass(walk, line, error);
	if (tkt_text_equal(id, walk->last))
		return 0;
	free(walk->last);
	walk->last = strdup(id);
	if (!walk->last)
		return tkt_error_set_memory(error);
	if (!walk->lookup->show(walk->session, id, walk->lookup->context, &item_error))
		return 0;
	return report_line(walk, line, &item_error, error);
}

/* What is ready goes out before the next line is waited for. */
static int show_next(struct walk *walk, bool *ended, struct tkt_error *error)
{
	struct tkt_command *command = walk->session->command;
	struct tkt_error line_error = { 0 };
	struct tkt_line line = { 0 };
	int got, result;

	if (!tkt_stream_is_ready(walk->stream) && tkt_command_flush(command, error) < 0)
		return -1;
	got = tkt_stream_next(walk->stream, &line, &line_error);
	*ended = got == 0;
	if (got == -2)
		return report(command, &line_error, error);
	if (got < 0)
		*error = line_error;
	if (got <= 0)
		return got;
	result = show_line(walk, &line, error);
	json_decref(line.object);
	return result;
}

static int show_lines(struct walk *walk, struct tkt_error *error)
{
	bool ended = false;

	while (!ended)
		if (show_next(walk, &ended, error))
			return -1;
	return 0;
}

int tkt_lookup_run(
    struct tkt_session *session, const struct tkt_lookup *lookup, struct tkt_error *error)
{
	struct walk walk = { .session = session, .lookup = lookup };
	int result;

	if (session->command->operand_count)
		return show_operands(session, lookup, error);
	if (tkt_stream_new(STDIN_FILENO, "stdin", &walk.stream, error))
		return -1;
	result = show_lines(&walk, error);
	tkt_stream_free(walk.stream);
	free(walk.last);
	return result;
}
