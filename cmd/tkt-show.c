/* tkt-show: tickets with their correspondence. */
#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/terminal.h"
#include "desk/desk.h"
#include "flow/attachment.h"
#include "flow/blame.h"
#include "flow/lookup.h"
#include "flow/original.h"
#include "flow/page.h"
#include "flow/saving.h"
#include "flow/session.h"
#include "flow/view.h"
#include "json/field.h"
#include "json/output.h"
#include "json/stream.h"

#include "base/banned.h"

#define NO_NUMBER INT64_MIN

static struct {
	int64_t attachment;
	bool aside, blame, mbox, messages, only_new, only_public, raw;
	const char *fields, *save;
} wanted = { .attachment = NO_NUMBER };

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG(
	    0, "aside", &wanted.aside, N_("with --attachment or --save: what was set aside too")),
	TKT_OPTION_NUMBER(0, "attachment", N_("NUMBER"), &wanted.attachment,
	    N_("write one attachment, by its place in the ticket, as it is")),
	TKT_OPTION_FLAG(0, "blame", &wanted.blame,
	    N_("print of each field which event, whose and by which rule, set it")),
	TKT_OPTION_FLAG(0, "mbox", &wanted.mbox, N_("write the mails as an mbox")),
	TKT_OPTION_FLAG('m', "messages", &wanted.messages, N_("print the messages alone")),
	TKT_OPTION_FLAG(
	    0, "new", &wanted.only_new, N_("leave out quoted text and signatures of what came in")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,status,subject")),
	TKT_OPTION_FLAG('p', "public", &wanted.only_public,
	    N_("leave out internal messages and open questions")),
	TKT_OPTION_FLAG(0, "raw", &wanted.raw, N_("write the mails as they came or left")),
	TKT_OPTION_TEXT(0, "save", N_("DIR"), &wanted.save,
	    N_("save all attachments below DIR, print their paths")),
	TKT_OPTION_END,
};

struct showing {
	struct tkt_session *session;
	struct tkt_command *command;
	struct tkt_output *output; /* NULL: objects as they are, or a page */
	struct tkt_page page;      /* its `out` is NULL until the first */
	struct tkt_saving saving;  /* of --save */
	bool found;                /* the attachment */
};

/* What takes place for each message; `count` is that of the attachments before it. */
typedef int message_visit(
    struct showing *showing, const json_t *message, size_t count, struct tkt_error *error);

static bool is_wanted(const json_t *message)
{
	return !wanted.only_public || tkt_text_equal(tkt_object_text(message, "kind"), "public");
}

static int each_message(struct showing *showing, const struct tkt_view *view, message_visit *visit,
    struct tkt_error *error)
{
	size_t i, count = 0;

	for (i = 0; i < view->message_count; i++) {
		json_auto_t *message = NULL;

		if (tkt_view_message(showing->session, view, i, &message, error) ||
		    (is_wanted(message) && visit(showing, message, count, error)) ||
		    tkt_command_flush_full(showing->command, error) < 0)
			return -1;
		count += json_array_size(json_object_get(message, "attachments"));
	}
	return 0;
}

static int print_mail(
    struct showing *showing, const json_t *message, size_t count, struct tkt_error *error)
{
	(void)count;
	return tkt_original_print(showing->session, message, wanted.mbox, error);
}

static int print_attachment(
    struct showing *showing, const json_t *message, size_t count, struct tkt_error *error)
{
	const json_t *list = json_object_get(message, "attachments");
	size_t number = (size_t)wanted.attachment;

	if (number <= count || number > count + json_array_size(list))
		return 0;
	showing->found = true;
	return tkt_attachment_print(showing->session, json_array_get(list, number - count - 1),
	    number, wanted.aside, error);
}

static int find_attachment(
    struct showing *showing, const struct tkt_view *view, struct tkt_error *error)
{
	showing->found = false;
	if (each_message(showing, view, print_attachment, error))
		return -1;
	if (showing->found)
		return 0;
	return tkt_error_set(error, TKT_ERROR_NOT_FOUND, _("ticket '%s' has no attachment %lld"),
	    tkt_object_text(view->ticket, "id"), (long long)wanted.attachment);
}

static int save_attachments(
    struct showing *showing, const json_t *message, size_t count, struct tkt_error *error)
{
	return tkt_saving_message(&showing->saving, showing->session, message, count, error);
}

static int print_message(
    struct showing *showing, const json_t *message, size_t count, struct tkt_error *error)
{
	json_auto_t *shown = json_copy((json_t *)message);

	(void)count;
	if (!shown)
		return tkt_error_set_memory(error);
	if (showing->output)
		return tkt_output_object(showing->output, message, error);
	if (wanted.only_new && tkt_text_equal(tkt_object_text(message, "direction"), "in"))
		json_object_del(shown, "body");
	tkt_object_write(&showing->command->out, shown);
	return tkt_text_check(&showing->command->out, error);
}

static int print_on_page(
    struct showing *showing, const json_t *message, size_t count, struct tkt_error *error)
{
	showing->page.attachments = count;
	return tkt_page_message(&showing->page, message, error);
}

static int print_page(struct showing *showing, const struct tkt_view *view, struct tkt_error *error)
{
	struct tkt_page *page = &showing->page;

	if (showing->command->quiet)
		return 0;
	if (page->out)
		tkt_text_add(page->out, "\n\n");
	page->out = &showing->command->out;
	page->zone = showing->session->desk->zone;
	page->width = (size_t)tkt_terminal_columns(STDOUT_FILENO);
	page->only_new = wanted.only_new;
	page->colours = tkt_terminal_has_colours(STDOUT_FILENO);
	if (!wanted.messages && tkt_page_ticket(page, view->ticket, error))
		return -1;
	if (each_message(showing, view, print_on_page, error))
		return -1;
	if (wanted.messages || wanted.only_public)
		return 0;
	return tkt_page_questions(page, view->questions, error);
}

static int print_objects(
    struct showing *showing, const struct tkt_view *view, struct tkt_error *error)
{
	struct tkt_text *out = &showing->command->out;
	const json_t *question;
	size_t at;

	if (showing->command->quiet)
		return 0;
	if (!wanted.messages)
		tkt_object_write(out, view->ticket);
	if (each_message(showing, view, print_message, error))
		return -1;
	if (wanted.messages || wanted.only_public)
		return 0;
	json_array_foreach(view->questions, at, question)
		tkt_object_write(out, question);
	return tkt_text_check(out, error);
}

static int show_view(struct showing *showing, const struct tkt_view *view, struct tkt_error *error)
{
	if (wanted.raw || wanted.mbox)
		return each_message(showing, view, print_mail, error);
	if (wanted.save)
		return each_message(showing, view, save_attachments, error);
	if (wanted.attachment != NO_NUMBER)
		return find_attachment(showing, view, error);
	if (showing->output && wanted.messages)
		return each_message(showing, view, print_message, error);
	if (showing->output)
		return tkt_view_columns(showing->session, view, showing->output, error);
	return showing->command->format == TKT_FORMAT_TABLE ? print_page(showing, view, error)
							    : print_objects(showing, view, error);
}

static int show(struct tkt_session *session, const char *id, void *context, struct tkt_error *error)
{
	struct showing *showing = context;
	tkt_autoview view = { 0 };

	if (tkt_view_load(session, id, &view, error) || show_view(showing, &view, error))
		return -1;
	return tkt_command_flush_full(showing->command, error) < 0 ? -1 : 0;
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	bool has_attachment = wanted.attachment != NO_NUMBER;

	if (has_attachment + wanted.mbox + wanted.raw + !!wanted.save +
		(wanted.messages || (wanted.fields && !wanted.blame)) + wanted.blame >
	    1)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("give only one of --attachment, --blame, --mbox, --messages (or --output), --raw, --save"));
	if (wanted.aside && !has_attachment && !wanted.save)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--aside' goes with --attachment or --save"));
	if (has_attachment && wanted.attachment < 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--attachment' needs a number of 1 or more"));
	if (has_attachment && command->operand_count > 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--attachment' is about one ticket"));
	if (wanted.save && !*wanted.save)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'%s' is empty"), "--save");
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) output = NULL;
	struct showing showing = { .command = command,
		.saving = { .folder = -1, .with_aside = wanted.aside } };
	struct tkt_lookup reading = { .show = show, .context = &showing };
	bool in_columns =
	    wanted.fields || command->format == TKT_FORMAT_TSV || command->format == TKT_FORMAT_CSV;
	int result;

	if (check_options(command, error) ||
	    tkt_session_open(command, TKT_DB_READ, &session, error))
		return -1;
	if (wanted.blame)
		return tkt_blame_run(session, wanted.fields, error);
	if (in_columns) {
		if (tkt_output_new(command,
			wanted.messages ? &tkt_message_fields : &tkt_ticket_fields, wanted.fields,
			&output, error))
			return -1;
		tkt_output_set_zone(output, session->desk->zone);
	}
	if (wanted.save && tkt_saving_open(&showing.saving, wanted.save, error))
		return -1;
	showing.session = session;
	showing.output = output;
	reading.passes = command->format == TKT_FORMAT_JSON && !in_columns && !wanted.raw &&
	    !wanted.mbox && !wanted.save && wanted.attachment == NO_NUMBER;
	result = tkt_lookup_run(session, &reading, error);
	tkt_saving_clear(&showing.saving);
	return result;
}

const struct tkt_program tkt_program = {
	.name = "tkt-show",
	.synopsis =
	    "[-mp] [--new] [-o FIELDS] [--aside] [--attachment NUMBER | --blame | --mbox | --raw | --save DIR] [TICKET...]",
	.summary = N_("Show tickets with their correspondence."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.run = run,
};
