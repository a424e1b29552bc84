/* tkt-reply: answer tickets, or note something on them. */
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/terminal.h"
#include "flow/batch.h"
#include "flow/enclose.h"
#include "flow/reply.h"
#include "flow/send_now.h"
#include "flow/session.h"
#include "flow/written.h"
#include "store/ticket.h"
#include "json/field.h"

#define MOST 20 /* mails that leave unless --bulk is given */

static struct {
	struct tkt_strings asked, attached, assignments;
	const char *body, *template, *channel, *status, *action, *why, *fields;
	bool internal, bulk, dry_run;
} wanted = { .channel = "mail" };

static const struct tkt_option options[] = {
	TKT_OPTION_TEXT(0, "action", N_("NAME"), &wanted.action, N_("do this action of desk.conf")),
	TKT_OPTION_LIST(0, "ask", N_("QUESTION"), &wanted.asked,
	    N_("ask it: one of desk.conf by its name, or a text; may be repeated")),
	TKT_OPTION_LIST(
	    'a', "attach", N_("FILE"), &wanted.attached, N_("attach a file; may be repeated")),
	TKT_OPTION_TEXT('b', "body", N_("FILE"), &wanted.body,
	    N_("the text, instead of standard input or the editor; - is standard input")),
	TKT_OPTION_FLAG(0, "bulk", &wanted.bulk, N_("let more than 20 mails leave")),
	TKT_OPTION_TEXT('c', "channel", N_("NAME"), &wanted.channel,
	    N_("the way the answer went, such as phone: recorded, no mail leaves")),
	TKT_OPTION_FLAG(
	    'i', "internal", &wanted.internal, N_("a note for colleagues; no mail leaves")),
	TKT_OPTION_FLAG(
	    'n', "dry-run", &wanted.dry_run, N_("only show the mails that would leave")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,ticket,subject")),
	TKT_OPTION_LIST(0, "set", N_("FIELD=VALUE"), &wanted.assignments,
	    N_("change a field in the same step; may be repeated")),
	TKT_OPTION_TEXT(
	    's', "status", N_("STATUS"), &wanted.status, N_("the ticket's status from then on")),
	TKT_OPTION_TEXT('t', "template", N_("NAME"), &wanted.template,
	    N_("the text of a template, in each ticket's language")),
	TKT_OPTION_TEXT('w', "why", N_("TEXT"), &wanted.why, N_("the reason, for the log")),
	TKT_OPTION_END,
};

struct replying {
	struct tkt_session *session;
	struct tkt_reply reply;
	struct tkt_files files;
	struct tkt_written written;
	json_t *tickets;  /* by operand, as they were when the tool started */
	json_t *answered; /* ids: each ticket once */
	json_t *outgoing; /* what is to leave */
	json_t *alone;    /* ids of tickets with nobody to write to */
	size_t looked_at; /* tickets on standard input */
	bool watched;     /* standard error is a terminal */
};

static void replying_clear(struct replying *replying)
{
	tkt_files_clear(&replying->files);
	tkt_written_clear(&replying->written);
	json_decref(replying->tickets);
	json_decref(replying->answered);
	json_decref(replying->outgoing);
	json_decref(replying->alone);
}

static int show_recipients(
    const struct replying *replying, const json_t *ticket, struct tkt_error *error)
{
	tkt_autotext whom;

	tkt_text_init(&whom, TKT_TEXT_LIMIT);
	if (!replying->watched)
		return 0;
	if (tkt_reply_whom(replying->session, &replying->reply, ticket, &whom, error))
		return -1;
	tkt_command_warn(
	    replying->session->command, "%s: %s", tkt_object_text(ticket, "id"), whom.bytes);
	return 0;
}

/* Tickets alone are answered; their messages, which tkt-show prints too, pass by. */
static const char *ticket_of(const struct tkt_item *item)
{
	const char *type = tkt_object_text(item->object, "type");

	return type && !tkt_text_equal(type, "ticket") ? NULL : tkt_item_ticket(item);
}

static int check_count(const struct replying *replying, size_t count, struct tkt_error *error)
{
	if (count <= MOST || wanted.bulk || !tkt_reply_leaves(&replying->reply))
		return 0;
	return tkt_error_set(error, TKT_ERROR_USAGE,
	    _("more than %d mails would leave, so none does; give --bulk if they are to"), MOST);
}

/* A look at a line of standard input before anything is sent. */
static int look(struct tkt_session *session, const struct tkt_item *item, void *context,
    struct tkt_error *error)
{
	struct replying *replying = context;
	const char *id = ticket_of(item);
	json_auto_t *ticket = NULL;
	int found;

	if (!id)
		return 0;
	if (check_count(replying, ++replying->looked_at, error))
		return -1;
	if (!replying->watched || replying->looked_at > MOST)
		return 0;
	found = tkt_ticket_find(session->db, id, &ticket, error);
	return found <= 0 ? found : show_recipients(replying, ticket, error);
}

/* What is printed of an answer: the message; with -n on a terminal, the mail for a person. */
static int add_result(const struct replying *replying, const struct tkt_applied *applied,
    json_t *results, struct tkt_error *error)
{
	struct tkt_command *command = replying->session->command;

	if (!wanted.dry_run || wanted.fields || command->format != TKT_FORMAT_TABLE)
		return json_array_append(results, applied->message) ? tkt_error_set_memory(error)
								    : 0;
	if (!command->quiet)
		tkt_reply_show(applied->message, &command->out);
	return tkt_text_check(&command->out, error);
}

static int reply_one(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	struct replying *replying = context;
	const char *id = item->operand ? item->operand : ticket_of(item);
	const json_t *seen =
	    item->operand ? json_object_get(replying->tickets, item->operand) : item->object;
	tkt_autoapplied applied = { 0 };
	int64_t number = 0;
	char key[32];

	if (tkt_item_check(item, error))
		return -1;
	if (!id)
		return 1;
	tkt_ticket_number(id, &number);
	snprintf(key, sizeof(key), "%lld", (long long)number);
	if (json_object_get(replying->answered, key))
		return tkt_error_set(error, TKT_ERROR_DATA, _("ticket '%s' stands here twice"), id);
	if (tkt_reply_apply(session, seen, &replying->reply, &applied, error))
		return -1;
	if (json_object_set_new(replying->answered, key, json_true()) ||
	    (applied.outgoing && json_array_extend(replying->outgoing, applied.outgoing)) ||
	    (!applied.outgoing && tkt_reply_leaves(&replying->reply) &&
		json_array_append(replying->alone, json_object_get(applied.ticket, "id"))))
		return tkt_error_set_memory(error);
	return add_result(replying, &applied, results, error);
}

static const json_t *first_ticket(const struct replying *replying)
{
	return json_object_iter_value(json_object_iter(replying->tickets));
}

/* 0; -1 with NO when the person at the terminal does not want it sent. */
static int ask(struct replying *replying, struct tkt_error *error)
{
	struct tkt_command *command = replying->session->command;
	const json_t *ticket;
	const char *operand;

	if (wanted.dry_run || !replying->watched)
		return 0;
	json_object_foreach(replying->tickets, operand, ticket) {
		if (show_recipients(replying, ticket, error))
			return -1;
	}
	if (!command->operand_count || !tkt_reply_leaves(&replying->reply))
		return 0;
	return tkt_written_confirm(&replying->written, command, error);
}

/* On a terminal the mails leave at once, and the person sees whether they did. */
static int send_outgoing(struct replying *replying, struct tkt_error *error)
{
	struct tkt_command *command = replying->session->command;
	const json_t *element;
	size_t at;

	json_array_foreach(replying->alone, at, element)
		tkt_command_warn(command,
		    _("ticket '%s' has nobody to write to: the text is on record, no mail leaves"),
		    json_string_value(element));
	if (!replying->watched || wanted.dry_run)
		return 0;
	if (json_object_size(replying->answered) <= MOST)
		return tkt_send_now(replying->session, replying->outgoing, error);
	tkt_command_warn(command, "%s", _("the mails are queued; tkt-mailout sends them"));
	return 0;
}

static int answer_all(struct replying *replying, struct tkt_error *error)
{
	const struct tkt_batch batch = {
		.handle = reply_one,
		.look = look,
		.context = replying,
		.table = &tkt_message_fields,
		.fields = wanted.fields,
		.dry_run = wanted.dry_run,
	};
	const struct tkt_command *command = replying->session->command;

	/* As they are before a text is asked for: what changes until it leaves is seen. */
	if (tkt_reply_tickets(replying->session, command->operands, command->operand_count,
		replying->tickets, error) ||
	    check_count(replying, command->operand_count, error) ||
	    (!wanted.template &&
		tkt_written_read(&replying->written, replying->session, wanted.body,
		    first_ticket(replying), &replying->reply, error)) ||
	    ask(replying, error))
		return -1;
	return tkt_batch_run(replying->session, &batch, 0, error);
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	if (wanted.body && wanted.template)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give either --body or --template"));
	if (command->operand_count)
		return 0;
	if (tkt_terminal_is(STDIN_FILENO))
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give a ticket"));
	if (!wanted.template && (!wanted.body || tkt_text_equal(wanted.body, "-")))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("give a ticket; where tickets come from standard input, the text is --body FILE or --template NAME"));
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	__attribute__((cleanup(replying_clear))) struct replying replying = {
		.reply = { .template = wanted.template,
		    .channel = wanted.channel,
		    .internal = wanted.internal,
		    .status = wanted.status,
		    .action = wanted.action,
		    .assignments = &wanted.assignments,
		    .asked = &wanted.asked,
		    .why = wanted.why },
		.tickets = json_object(),
		.answered = json_object(),
		.outgoing = json_array(),
		.alone = json_array(),
		.watched = tkt_terminal_is(STDERR_FILENO),
	};
	tkt_autoptr(session) session = NULL;
	int done;

	tkt_written_init(&replying.written);
	replying.files.named_only = wanted.dry_run;
	replying.reply.files = &replying.files;
	if (!replying.tickets || !replying.answered || !replying.outgoing || !replying.alone)
		return tkt_error_set_memory(error);
	if (check_options(command, error) || tkt_reply_check(&replying.reply, error) ||
	    tkt_files_read(&wanted.attached, &replying.files, error) ||
	    tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	replying.session = session;
	done = answer_all(&replying, error);
	if (done)
		tkt_command_report(command, error);
	if (done || command->worst != TKT_ERROR_NONE || (wanted.dry_run && replying.written.draft))
		tkt_written_keep(&replying.written, command,
		    first_ticket(&replying) ? tkt_object_text(first_ticket(&replying), "id") : "");
	else
		tkt_written_drop(&replying.written);
	return done ? 0 : send_outgoing(&replying, error); /* the error has been said */
}

const struct tkt_program tkt_program = {
	.name = "tkt-reply",
	.synopsis =
	    "[-in] [-b FILE | -t NAME] [-a FILE] [-c NAME] [-s STATUS] [--ask QUESTION] [--set FIELD=VALUE] [--action NAME] [--bulk] [-o FIELDS] [-w TEXT] [TICKET...]",
	.summary = N_("Answer tickets."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
