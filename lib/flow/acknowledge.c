#include "flow/acknowledge.h"

#include <string.h>

#include "base/program.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/session.h"
#include "flow/set_aside.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

struct rendering {
	const struct tkt_desk *desk;
	const json_t *ticket;
	struct tkt_text told[TKT_ASIDE_TOLD]; /* of what was set aside */
	struct tkt_text questions;            /* numbered, a line each */
};

static void rendering_clear(struct rendering *rendering)
{
	size_t i;

	for (i = 0; i < TKT_ASIDE_TOLD; i++)
		tkt_text_clear(&rendering->told[i]);
	tkt_text_clear(&rendering->questions);
}

/* Nothing that the sender chose: a forged From would make us write it to a stranger. */
static const char *variable(const char *name, void *context)
{
	const struct rendering *rendering = context;
	size_t i;

	if (!strcmp(name, "id"))
		return tkt_object_text(rendering->ticket, "id");
	if (!strcmp(name, "desk.name"))
		return rendering->desk->name;
	if (!strcmp(name, "desk.address"))
		return rendering->desk->address;
	if (!strcmp(name, "questions"))
		return rendering->questions.bytes;
	for (i = 0; i < TKT_ASIDE_TOLD; i++)
		if (!strcmp(name, tkt_aside_names[i]))
			return rendering->told[i].bytes;
	return NULL;
}

/* '1. Which browser?'; the last line ends with the template's own. */
static void add_questions(const json_t *to_ask, struct tkt_text *out)
{
	const json_t *question;
	size_t at;

	json_array_foreach(to_ask, at, question) {
		const char *text = tkt_object_text(question, "text");

		tkt_text_format(out, "%s%lld. %s", at ? "\n" : "",
		    (long long)json_integer_value(json_object_get(question, "number")),
		    text ? text : "");
	}
}

int tkt_acknowledge_compose(struct tkt_session *session, const struct tkt_acknowledgement *mail,
    json_t **message, struct tkt_error *error)
{
	__attribute__((cleanup(rendering_clear))) struct rendering rendering = {
		.desk = session->desk, .ticket = mail->ticket
	};
	tkt_autotext subject, body;

	tkt_text_init(&subject, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	tkt_text_init(&rendering.questions, TKT_TEMPLATE_LIMIT);
	add_questions(mail->to_ask, &rendering.questions);
	if (tkt_text_check(&rendering.questions, error) ||
	    tkt_aside_tell(mail->aside, rendering.told, error) ||
	    tkt_template_render(session->desk, session->command->datadir, &session->templates,
		mail->template, tkt_object_text(mail->ticket, "lang"), variable, &rendering,
		&subject, &body, error))
		return -1;
	*message = json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:[{s:s}]}", "kind", "public", "direction",
	    "out", "channel", "mail", "auto", true, "subject", subject.bytes, "body", body.bytes,
	    "to", "email", mail->address);
	return *message ? 0 : tkt_error_set_memory(error);
}

int tkt_acknowledge_aside(struct tkt_session *session, const json_t *ticket, const char *address,
    const json_t *aside, struct tkt_applied *applied, struct tkt_error *error)
{
	const struct tkt_acknowledgement mail = {
		.ticket = ticket, .address = address, .template = "set_aside", .aside = aside
	};
	json_auto_t *change = NULL, *message = NULL;

	if (tkt_acknowledge_compose(session, &mail, &message, error) ||
	    tkt_change_new(ticket, "attachments are set aside", &change, error) ||
	    tkt_change_put(change, "message", json_incref(message), error))
		return -1;
	return tkt_apply_change(session, change,
	    &(struct tkt_apply_manner){ .actor = "tool:tkt-mailin", .before = ticket }, applied,
	    error);
}
