#include "flow/written.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/program.h"
#include "base/terminal.h"
#include "flow/draft.h"
#include "flow/reply.h"
#include "json/field.h"

#include "base/banned.h"

void tkt_written_init(struct tkt_written *written)
{
	tkt_text_init(&written->raw, TKT_TEXT_LIMIT);
	tkt_text_init(&written->body, TKT_TEXT_LIMIT);
}

void tkt_written_clear(struct tkt_written *written)
{
	tkt_text_clear(&written->raw);
	tkt_text_clear(&written->body);
	tkt_draft_free(written->draft);
	written->draft = NULL;
}

/* In a file that stays until it has left. */
static int edit(struct tkt_written *written, struct tkt_session *session, const json_t *ticket,
    const struct tkt_reply *reply, struct tkt_error *error)
{
	tkt_autotext frame, whom;

	tkt_text_init(&frame, TKT_TEXT_LIMIT);
	tkt_text_init(&whom, TKT_TEXT_LIMIT);
	if (tkt_reply_whom(session, reply, ticket, &whom, error) ||
	    tkt_draft_frame(session, ticket, whom.bytes, &frame, error) ||
	    tkt_draft_new(
		tkt_object_text(ticket, "id"), frame.bytes, frame.length, &written->draft, error) ||
	    tkt_draft_edit(written->draft, error))
		return -1;
	return tkt_draft_read(written->draft, &written->raw, error);
}

/* Questions may stand alone; an editor's empty text sends nothing. */
static bool may_be_empty(const struct tkt_written *written, const struct tkt_reply *reply)
{
	return reply->asked && reply->asked->count && !written->draft &&
	    !written->raw.bytes[strspn(written->raw.bytes, " \t\r\n")];
}

int tkt_written_read(struct tkt_written *written, struct tkt_session *session, const char *path,
    const json_t *ticket, struct tkt_reply *reply, struct tkt_error *error)
{
	int done;

	written->typed = !path || tkt_text_equal(path, "-");
	done = !path && tkt_terminal_is(STDIN_FILENO)
	    ? edit(written, session, ticket, reply, error)
	    : tkt_file_read(path ? path : "-", &written->raw, error);
	if (done ||
	    (!may_be_empty(written, reply) &&
		tkt_reply_text(&written->body, written->raw.bytes, written->raw.length, error)))
		return -1;
	reply->body = written->body.bytes;
	return 0;
}

int tkt_written_confirm(
    const struct tkt_written *written, struct tkt_command *command, struct tkt_error *error)
{
	char answer[64] = "";
	ssize_t got;

	if (!tkt_terminal_is(STDIN_FILENO))
		return 0;
	if (written->draft) /* ^C at the question ends the program */
		tkt_command_warn(command, _("until it is sent, the text is in '%s'"),
		    tkt_draft_path(written->draft));
	/* TRANSLATORS: y and n stand for what rpmatch(3) takes for yes and no in your language. */
	tkt_command_warn(command, "%s", _("send it? (y/n)"));
	got = read(STDIN_FILENO, answer, sizeof(answer) - 1);
	if (got > 0 && rpmatch(answer) == 1)
		return 0;
	tkt_command_warn(command, "%s", _("nothing is sent"));
	return tkt_error_set(error, TKT_ERROR_NO, _("nothing is sent"));
}

/* Has nothing been typed but what the editor began with? */
static bool is_blank(const struct tkt_written *written)
{
	struct tkt_error ignored = { 0 };
	tkt_autotext now, body;

	tkt_text_init(&now, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	if (!written->draft)
		tkt_text_add_bytes(&now, written->raw.bytes, written->raw.length);
	else if (tkt_draft_read(written->draft, &now, &ignored))
		return false;
	return tkt_reply_text(&body, now.bytes, now.length, &ignored) &&
	    ignored.kind == TKT_ERROR_DATA && !body.failed && !now.failed;
}

void tkt_written_keep(struct tkt_written *written, struct tkt_command *command, const char *name)
{
	const struct tkt_text *raw = &written->raw;
	struct tkt_error error = { 0 };

	if (!written->typed)
		return;
	if (written->draft && access(tkt_draft_path(written->draft), F_OK))
		return; /* the editor took it away */
	if (is_blank(written)) {
		tkt_written_drop(written);
		return;
	}
	if (!written->draft &&
	    tkt_draft_new(name, raw->bytes, raw->length, &written->draft, &error)) {
		tkt_command_report(command, &error);
		tkt_file_write_all(STDERR_FILENO, "-", raw->bytes, raw->length, &error);
		return;
	}
	tkt_command_warn(command, _("the text is kept in '%s'"), tkt_draft_path(written->draft));
}

void tkt_written_drop(struct tkt_written *written)
{
	if (written->draft)
		tkt_draft_remove(written->draft);
}
