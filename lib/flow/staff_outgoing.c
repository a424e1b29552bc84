#include "flow/staff_outgoing.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/outbox.h"
#include "flow/outgoing_mail.h"
#include "flow/session.h"
#include "mail/staff_token.h"

#include "base/banned.h"

const char *tkt_staff_variable(const struct tkt_session *session, const char *name)
{
	if (!strcmp(name, "desk.name"))
		return session->desk->name;
	if (!strcmp(name, "desk.address"))
		return session->desk->address;
	return NULL;
}

static const char *variable(const char *name, void *context)
{
	return tkt_staff_variable(context, name);
}

int tkt_staff_line(struct tkt_session *session, const char *language, struct tkt_text *line,
    struct tkt_text *body, struct tkt_error *error)
{
	size_t begun = line->length;

	if (tkt_template_render(session->desk, session->command->datadir, &session->templates,
		"staff_line", language, variable, session, line, body, error))
		return -1;
	while (line->length > begun && line->bytes[line->length - 1] == ' ')
		tkt_text_truncate(line, line->length - 1);
	return tkt_text_check(line, error);
}

/* The line, what is said of it, the text. */
static int add_body(struct tkt_session *session, const struct tkt_staff_outgoing *mail,
    struct tkt_text *body, struct tkt_error *error)
{
	tkt_autotext said;

	tkt_text_init(&said, TKT_TEMPLATE_LIMIT);
	if (mail->is_answerable) {
		if (tkt_staff_line(session, NULL, body, &said, error))
			return -1;
		tkt_text_format(body, "\n\n%s\n", said.bytes);
	}
	tkt_text_add(body, mail->body);
	return tkt_text_check(body, error);
}

int tkt_staff_outgoing_put(
    struct tkt_session *session, const struct tkt_staff_outgoing *mail, struct tkt_error *error)
{
	json_auto_t *message_id = NULL, *row = NULL;
	struct tkt_outgoing_put put = {
		.recipient = mail->address,
		.subject = mail->subject,
		.is_answer = mail->is_answer,
	};
	tkt_autotext body, about;

	tkt_text_init(&body, TKT_TEXT_LIMIT);
	tkt_text_init(&about, TKT_TEXT_LIMIT);
	tkt_text_add(&about, "notice");
	if (mail->token)
		tkt_text_format(&about, ".%s", mail->token->text);
	if (tkt_text_check(&about, error) || add_body(session, mail, &body, error))
		return -1;
	message_id = tkt_message_id_new(session, about.bytes, error);
	if (!message_id)
		return -1;
	put.message_id = json_string_value(message_id);
	put.body = body.bytes;
	if (tkt_outgoing_put(session, &put, &row, error))
		return -1;
	return tkt_outbox_log(session, row, mail->actor, mail->why, error);
}
