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
};

static void rendering_clear(struct rendering *rendering)
{
	size_t i;

	for (i = 0; i < TKT_ASIDE_TOLD; i++)
		tkt_text_clear(&rendering->told[i]);
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
	for (i = 0; i < TKT_ASIDE_TOLD; i++)
		if (!strcmp(name, tkt_aside_names[i]))
			return rendering->told[i].bytes;
	return NULL;
}

int tkt_acknowledge(struct tkt_session *session, const json_t *ticket, const char *address,
    const char *template, const json_t *aside, struct tkt_applied *applied, struct tkt_error *error)
{
	__attribute__((cleanup(rendering_clear))) struct rendering rendering = {
		.desk = session->desk, .ticket = ticket
	};
	json_auto_t *change = NULL, *message = NULL;
	tkt_autotext subject, body;

	tkt_text_init(&subject, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	if (tkt_aside_tell(aside, rendering.told, error) ||
	    tkt_template_render(session->desk, session->command->datadir, &session->templates,
		template, tkt_object_text(ticket, "lang"), variable, &rendering, &subject, &body,
		error) ||
	    tkt_change_new(ticket, "acknowledgement", &change, error))
		return -1;
	message = json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:[{s:s}]}", "kind", "public", "direction",
	    "out", "channel", "mail", "auto", true, "subject", subject.bytes, "body", body.bytes,
	    "to", "email", address);
	if (!message)
		return tkt_error_set_memory(error);
	if (tkt_change_put(change, "message", json_incref(message), error))
		return -1;
	return tkt_apply_change(session, change,
	    &(struct tkt_apply_manner){ .actor = "tool:tkt-mailin", .before = ticket }, applied,
	    error);
}
