/* tkt-new: open a ticket from options and a text, or tickets from objects on standard input. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/program.h"
#include "base/utf8.h"
#include "flow/batch.h"
#include "flow/enclose.h"
#include "flow/open.h"
#include "flow/panel.h"
#include "flow/session.h"
#include "policy/identity.h"
#include "json/change.h"
#include "json/field.h"

#define TOKEN_FILE_MOST 4096

static struct {
	struct tkt_strings attached;
	const char *subject, *requester, *channel, *key, *fields, *token;
	int64_t token_seconds; /* 0: none is to be made */
	bool atomic, dry_run, no_intake;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_LIST(
	    'a', "attach", N_("FILE"), &wanted.attached, N_("attach a file; may be repeated")),
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every ticket")),
	TKT_OPTION_TEXT('c', "channel", N_("NAME"), &wanted.channel,
	    N_("the way the request came: phone, chat, monitoring")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_TEXT('k', "key", N_("KEY"), &wanted.key,
	    N_("one open ticket for each key: the text joins the one there is")),
	TKT_OPTION_LENGTH(0, "make-token", N_("LENGTH"), &wanted.token_seconds,
	    N_("only print a token of the panel for the requester that counts so long")),
	TKT_OPTION_FLAG(0, "no-intake", &wanted.no_intake,
	    N_("leave what becomes of it to tkt-intake and tkt-route")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,status,subject")),
	TKT_OPTION_TEXT('r', "requester", N_("ADDRESS"), &wanted.requester, N_("who asks")),
	TKT_OPTION_TEXT('s', "subject", N_("TEXT"), &wanted.subject, N_("what it is about")),
	TKT_OPTION_TEXT(0, "token", N_("TOKEN"), &wanted.token,
	    N_("the panel's word for the requester; - is the first line of standard input, PATH/FILE a file")),
	TKT_OPTION_END,
};

struct opening {
	json_t *values; /* of the command line */
	struct tkt_text body, token;
	struct tkt_files files;
};

static void opening_clear(struct opening *opening)
{
	json_decref(opening->values);
	tkt_text_clear(&opening->body);
	if (opening->token.bytes)
		explicit_bzero(opening->token.bytes, opening->token.length);
	tkt_text_clear(&opening->token);
	tkt_files_clear(&opening->files);
}

/* Takes `ticket` over. */
static int add_results(
    const struct tkt_applied *applied, json_t *ticket, json_t *results, struct tkt_error *error)
{
	if (json_array_append_new(results, ticket) ||
	    (applied->message && json_array_append(results, applied->message)))
		return tkt_error_set_memory(error);
	return 0;
}

static struct tkt_opening opening_of(const struct opening *opening, const char *body)
{
	return (struct tkt_opening){ .body = body,
		.files = &opening->files,
		.token = opening->token.length ? opening->token.bytes : NULL,
		.without_intake = wanted.no_intake };
}

/* One ticket of the command line. */
static int open_one(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	struct opening *opening = context;
	const struct tkt_opening one = opening_of(opening, opening->body.bytes);
	tkt_autoapplied applied = { 0 };

	(void)item;
	if (tkt_open_ticket(session, opening->values, &one, &applied, error))
		return -1;
	return add_results(&applied, json_incref(applied.ticket), results, error);
}

/* The object as it was piped in, unknown members too, with what the ticket has now. */
static json_t *object_result(const struct tkt_item *item, const json_t *ticket)
{
	struct tkt_item opened = { .object = json_copy(item->object) };
	json_t *result = NULL;

	json_object_del(opened.object, "body");  /* the message has it */
	json_object_del(opened.object, "token"); /* a secret */
	if (opened.object &&
	    !json_object_set(opened.object, "type", json_object_get(ticket, "type")))
		result = tkt_item_result(&opened, ticket);
	json_decref(opened.object);
	return result;
}

/* One ticket object of standard input; what the command line says counts where the object is
 * silent. */
static int open_object(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	const char *type = tkt_object_text(item->object, "type");
	struct opening *opening = context;
	tkt_autoapplied applied = { 0 };
	json_auto_t *values = NULL;
	struct tkt_opening one;

	if (type && !tkt_text_equal(type, "ticket"))
		return 1;
	values = json_deep_copy(opening->values);
	if (!values || json_object_update_recursive(values, item->object))
		return tkt_error_set_memory(error);
	if (tkt_identity_rung(tkt_object_text(item->object, "identity")) > 1 &&
	    json_object_set_new(values, "identity", json_string("claimed")))
		return tkt_error_set_memory(error); /* nothing of the proof comes along */
	if (tkt_json_is_empty(json_object_get(values, "subject")))
		return tkt_error_set(error, TKT_ERROR_DATA, _("a new ticket needs a 'subject'"));
	if (!tkt_json_is_empty(json_object_get(values, "body")) && !tkt_object_text(values, "body"))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'body' must be a text"));
	one = opening_of(opening, tkt_object_text(values, "body"));
	if (tkt_object_text(values, "token"))
		one.token = tkt_object_text(values, "token");
	if (tkt_open_ticket(session, values, &one, &applied, error))
		return -1;
	return add_results(&applied, object_result(item, applied.ticket), results, error);
}

/* Options and FIELD=VALUE operands as members of a ticket. */
static int read_values(const struct tkt_command *command, const struct tkt_present *present,
    json_t **values, struct tkt_error *error)
{
	const struct {
		const char *name, *value;
	} named[] = { { "subject", wanted.subject }, { "requester.email", wanted.requester },
		{ "channel", wanted.channel } };
	json_auto_t *change = NULL, *made = json_object(), *nothing = json_object();
	size_t i;

	if (!made || !nothing)
		return tkt_error_set_memory(error);
	if (wanted.key && !tkt_utf8_is_valid(wanted.key, strlen(wanted.key)))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the value of '%s' is not UTF-8"), "key");
	if (tkt_change_new(NULL, NULL, &change, error))
		return -1;
	for (i = 0; i < command->operand_count; i++) {
		if (tkt_change_assign_at(change, NULL, command->operands[i], present, error))
			return -1;
	}
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (named[i].value &&
		    tkt_change_set_text(change, NULL, named[i].name, named[i].value, error))
			return -1;
	}
	json_decref(made);
	made = NULL;
	if (tkt_change_preview(change, nothing, &made, error) ||
	    (wanted.key && tkt_object_set(made, "key", json_string(wanted.key), error)))
		return -1;
	json_decref(*values);
	*values = tkt_take(made);
	return 0;
}

/* Up to the end of a line, byte by byte: what stands behind it is another's to read. */
static int read_first_line(struct tkt_text *line, struct tkt_error *error)
{
	ssize_t got;
	char byte;

	while ((got = read(STDIN_FILENO, &byte, 1)) == 1 && byte != '\n')
		tkt_text_add_byte(line, byte);
	if (got < 0)
		return tkt_error_set_system(error, errno, _("cannot read standard input"));
	return tkt_text_check(line, error);
}

/* Where the token is: in a line of standard input, a file, the option itself or the environment. */
static int read_token(
    const struct opening *opening, struct tkt_text *token, struct tkt_error *error)
{
	const char *channel = tkt_object_text(opening->values, "channel");
	const char *given = wanted.token;

	if (!given && tkt_text_equal(channel, TKT_PANEL))
		given = getenv("TKT_TOKEN");
	if (!given)
		return 0;
	if (tkt_text_equal(given, "-")) {
		if (read_first_line(token, error))
			return -1;
	} else if (!strchr(given, '/')) {
		tkt_text_add(token, given);
	} else if (tkt_file_read(given, token, error)) {
		return -1;
	}
	while (token->length && isspace((unsigned char)token->bytes[token->length - 1]))
		tkt_text_truncate(token, token->length - 1);
	return tkt_text_check(token, error);
}

/* For a site that has no HMAC of its own, and for trying out. */
static int make_token(
    struct tkt_session *session, const struct opening *opening, struct tkt_error *error)
{
	const char *address = tkt_object_text(opening->values, "requester.email");
	struct tkt_command *command = session->command;
	char token[TKT_PANEL_TOKEN_SIZE];

	if (!address)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("a token is for somebody: give --requester"));
	if (tkt_panel_issue(session, address, wanted.token_seconds, token, error))
		return -1;
	tkt_text_format(&command->out, "%s\n", token);
	return tkt_text_check(&command->out, error);
}

/* The text of the first message: standard input, as UTF-8 with LF. */
static int read_body(struct tkt_text *body, struct tkt_error *error)
{
	tkt_autotext raw;

	tkt_text_init(&raw, TKT_TEXT_LIMIT);
	if (tkt_file_read("-", &raw, error))
		return -1;
	tkt_utf8_repair_lines(body, raw.bytes, raw.length);
	return tkt_text_check(body, error);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	__attribute__((cleanup(opening_clear))) struct opening opening = { 0 };
	tkt_autoptr(session) session = NULL;
	struct tkt_batch batch = { .context = &opening,
		.table = &tkt_ticket_fields,
		.fields = wanted.fields,
		.atomic = wanted.atomic,
		.dry_run = wanted.dry_run };
	char *one[] = { (char *)"-" };
	struct tkt_present present = {
		0
	}; /* any: what is wrong is said before the desk is opened */

	tkt_text_init(&opening.body, TKT_TEXT_LIMIT);
	tkt_text_init(&opening.token, TOKEN_FILE_MOST);
	opening.files.named_only = wanted.dry_run;
	if (read_values(command, &present, &opening.values, error) ||
	    tkt_files_read(&wanted.attached, &opening.files, error) ||
	    tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	present = tkt_session_present(session);
	if (read_values(command, &present, &opening.values, error))
		return -1;
	if (wanted.token_seconds)
		return make_token(session, &opening, error);
	if (read_token(&opening, &opening.token, error) ||
	    (wanted.subject && read_body(&opening.body, error))) /* a bad desk is said before */
		return -1;
	batch.handle = wanted.subject ? open_one : open_object;
	return tkt_batch_run_over(session, &batch, one, wanted.subject ? 1 : 0, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-new",
	.synopsis =
	    "[-n] [--atomic] [--no-intake] [-s TEXT] [-r ADDRESS] [-c NAME] [-k KEY] [-a FILE] [--token TOKEN] [-o FIELDS] [FIELD=VALUE...]",
	.summary = N_("Open tickets."),
	.operands = N_("FIELD=VALUE"),
	.exit_statuses = "0 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
