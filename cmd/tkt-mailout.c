/* tkt-mailout: send what the outbox holds; list it, retry, cancel, show a mail. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/terminal.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/batch.h"
#include "flow/compose_outgoing.h"
#include "flow/outbox.h"
#include "flow/send.h"
#include "flow/session.h"
#include "store/outgoing.h"
#include "store/ticket.h"
#include "json/field.h"
#include "json/output.h"

static struct {
	const char *fields, *ticket, *to;
	bool list, all, retry, cancel, show, dry_run;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('a', "all", &wanted.all, N_("with --list: sent and cancelled mails too")),
	TKT_OPTION_FLAG(
	    'c', "cancel", &wanted.cancel, N_("let mails that wait or failed never leave")),
	TKT_OPTION_FLAG('l', "list", &wanted.list, N_("list the mails that are not sent")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run,
	    N_("with --retry or --cancel: only print what would be")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: number,state,error")),
	TKT_OPTION_FLAG('r', "retry", &wanted.retry, N_("make mails due at once")),
	TKT_OPTION_FLAG('s', "show", &wanted.show, N_("print mails as they leave")),
	TKT_OPTION_TEXT('t', "ticket", N_("TICKET"), &wanted.ticket,
	    N_("send or list only the mails of this ticket")),
	TKT_OPTION_TEXT(
	    0, "to", N_("ADDRESS"), &wanted.to, N_("with --list: only the mails to this address")),
	TKT_OPTION_END,
};

/* The ticket's id as it is stored; NULL when none is wanted. To be freed. */
static int find_ticket(struct tkt_session *session, char **id, struct tkt_error *error)
{
	json_auto_t *ticket = NULL;

	if (!wanted.ticket)
		return 0;
	if (tkt_ticket_require(session->db, wanted.ticket, &ticket, error))
		return -1;
	*id = strdup(tkt_object_text(ticket, "id"));
	return *id ? 0 : tkt_error_set_memory(error);
}

/* What is left to be done by someone goes to standard error, and into the exit status. */
static void warn_unsent(struct tkt_command *command, const struct tkt_sending *sending)
{
	const json_t *outgoing = sending->outgoing;
	long long number = (long long)json_integer_value(json_object_get(outgoing, "number"));
	const char *ticket = tkt_object_text(outgoing, "ticket");
	const char *due_at = tkt_object_text(outgoing, "due_at");
	struct tkt_error said = { 0 };

	if (!ticket && tkt_text_equal(tkt_object_text(outgoing, "state"), "queued"))
		tkt_error_set(&said, TKT_ERROR_TEMPORARY, _("mail %lld is put off until %s: %s"),
		    number, due_at ? due_at : "?", sending->reason);
	else if (!ticket)
		tkt_error_set(&said, TKT_ERROR_UNAVAILABLE, _("mail %lld has failed: %s"), number,
		    sending->reason);
	else if (tkt_text_equal(tkt_object_text(outgoing, "state"), "queued"))
		tkt_error_set(&said, TKT_ERROR_TEMPORARY,
		    _("mail %lld of ticket '%s' is put off until %s: %s"), number, ticket,
		    due_at ? due_at : "?", sending->reason);
	else
		tkt_error_set(&said, TKT_ERROR_UNAVAILABLE,
		    _("mail %lld of ticket '%s' has failed: %s"), number, ticket, sending->reason);
	tkt_command_report(command, &said);
}

struct listing {
	struct tkt_session *session;
	struct tkt_output *output;
	char *to; /* the address as it stands in a list of recipients; NULL: to all */
};

static void listing_clear(struct listing *listing)
{
	tkt_output_free(listing->output);
	free(listing->to);
}

/* Addresses are stored in lower case, lists as JSON. */
static int quote_address(const char *address, char **quoted, struct tkt_error *error)
{
	tkt_autofree char *lower = strdup(address);
	json_auto_t *text = NULL;

	if (!lower)
		return tkt_error_set_memory(error);
	tkt_ascii_lower(lower);
	text = json_string(lower);
	if (!text)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("the value of '%s' is not UTF-8"), "--to");
	*quoted = json_dumps(text, JSON_ENCODE_ANY);
	return *quoted ? 0 : tkt_error_set_memory(error);
}

static int report(const struct tkt_sending *sending, void *context, struct tkt_error *error)
{
	struct listing *listing = context;
	struct tkt_command *command = listing->session->command;

	if (tkt_output_object(listing->output, sending->outgoing, error) ||
	    tkt_command_flush(command, error) < 0)
		return -1;
	/* A transport that must be mended ends the run: that is said once, by main(). */
	if (sending->kind != TKT_ERROR_NONE && sending->kind != TKT_ERROR_CONFIGURATION)
		warn_unsent(command, sending);
	return 0;
}

static int list_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	const struct listing *listing = context;
	const struct tkt_field *field;
	size_t key_length;
	const char *key, *recipients;

	field = tkt_field_find(&tkt_outgoing_fields, "recipients", &key, &key_length);
	recipients = row[tkt_field_index(&tkt_outgoing_fields, field)].text;
	if (listing->to && (!recipients || !strstr(recipients, listing->to)))
		return 0;
	return tkt_output_row(listing->output, row, error);
}

/* The mail as it leaves, with the line ends of a file. */
static int show(struct tkt_session *session, const char *number, struct tkt_error *error)
{
	struct tkt_text *out = &session->command->out;
	json_auto_t *outgoing = NULL;
	tkt_autotext bytes;
	size_t at, length;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (tkt_outbox_get(session, number, &outgoing, error) ||
	    tkt_outgoing_compose(session, outgoing, &bytes, error))
		return -1;
	for (at = 0; at < bytes.length; at += length + 2) {
		const char *end =
		    memmem(bytes.bytes + at, bytes.length - at, "\r\n", strlen("\r\n"));

		length = end ? (size_t)(end - bytes.bytes) - at : bytes.length - at;
		tkt_terminal_add(out, bytes.bytes + at, length);
		if (end)
			tkt_text_add_byte(out, '\n');
	}
	return tkt_command_flush(session->command, error) < 0 ? -1 : 0;
}

/* For --retry and --cancel: an operand, or an object of the outbox. */
static int handle_one(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	json_int_t number = json_integer_value(json_object_get(item->object, "number"));
	json_t *outgoing = NULL;
	char text[32];

	(void)context;
	if (item->object && !tkt_text_equal(tkt_object_text(item->object, "type"), "outgoing"))
		return 1;
	snprintf(text, sizeof(text), "%lld", (long long)number);
	if ((wanted.retry ? tkt_outbox_retry : tkt_outbox_cancel)(
		session, item->operand ? item->operand : text, &outgoing, error))
		return -1;
	return json_array_append_new(results, outgoing) ? tkt_error_set_memory(error) : 0;
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	int actions = wanted.list + wanted.retry + wanted.cancel + wanted.show;

	if (actions > 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("give one of --list, --retry, --cancel and --show"));
	if (command->operand_count && (!actions || wanted.list))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("numbers go with --retry, --cancel or --show; for one ticket's mails give --ticket"));
	if (wanted.show && !command->operand_count)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("give the number of a mail; --list shows them"));
	if (wanted.ticket && actions && !wanted.list)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("--ticket goes with --list or with sending"));
	if (wanted.all && !wanted.list)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("--all goes with --list"));
	if (wanted.to && !wanted.list)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("--to goes with --list"));
	if (wanted.dry_run && !wanted.retry && !wanted.cancel)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("--dry-run goes with --retry or --cancel"));
	return 0;
}

/* Sends, or lists. */
static int go_through(struct tkt_session *session, struct tkt_error *error)
{
	__attribute__((cleanup(listing_clear))) struct listing listing = { .session = session };
	tkt_autofree char *ticket = NULL;

	if (find_ticket(session, &ticket, error) ||
	    tkt_output_new(
		session->command, &tkt_outgoing_fields, wanted.fields, &listing.output, error) ||
	    (wanted.to && quote_address(wanted.to, &listing.to, error)))
		return -1;
	tkt_output_set_zone(listing.output, session->desk->zone);
	if (wanted.list)
		return tkt_outgoing_each(
			   session->db, wanted.all, ticket, list_row, &listing, error) < 0
		    ? -1
		    : 0;
	return tkt_send_due(session, ticket, report, &listing, error) < 0 ? -1 : 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	const struct tkt_batch batch = {
		.handle = handle_one,
		.table = &tkt_outgoing_fields,
		.fields = wanted.fields,
		.dry_run = wanted.dry_run,
	};
	size_t i;

	if (check_options(command, error) ||
	    tkt_session_open(
		command, wanted.list || wanted.show ? TKT_DB_READ : TKT_DB_WRITE, &session, error))
		return -1;
	if (wanted.retry || wanted.cancel)
		return tkt_batch_run(session, &batch, 0, error);
	if (!wanted.show)
		return go_through(session, error);
	for (i = 0; i < command->operand_count; i++) {
		struct tkt_error show_error = { 0 };

		if (!show(session, command->operands[i], &show_error))
			continue;
		if (show_error.kind != TKT_ERROR_NOT_FOUND) {
			*error = show_error;
			return -1;
		}
		tkt_command_report(command, &show_error); /* the others are shown */
	}
	return 0;
}

const struct tkt_program tkt_program = {
	.name = "tkt-mailout",
	.synopsis =
	    "[-o FIELDS] [-t TICKET] [-l [-a] [--to ADDRESS] | -s NUMBER... | -r [-n] [NUMBER...] | -c [-n] [NUMBER...]]",
	.summary = N_("Send the mails of the outbox."),
	.operands = N_("NUMBER"),
	.exit_statuses = "0 1 64 65 66 69 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
