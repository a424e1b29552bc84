#include "flow/acknowledge.h"

#include <string.h>

#include "base/program.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/session.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

struct rendering {
	const struct tkt_desk *desk;
	const json_t *ticket;
};

/* Nothing that the sender chose: a forged From would make us write it to a stranger. */
static const char *variable(const char *name, void *context)
{
	const struct rendering *rendering = context;

	if (!strcmp(name, "id"))
		return tkt_object_text(rendering->ticket, "id");
	if (!strcmp(name, "desk.name"))
		return rendering->desk->name;
	if (!strcmp(name, "desk.address"))
		return rendering->desk->address;
	return NULL;
}

int tkt_acknowledge(struct tkt_session *session, const json_t *ticket, const char *address,
    bool is_first, struct tkt_applied *applied, struct tkt_error *error)
{
	struct rendering rendering = { session->desk, ticket };
	json_auto_t *change = NULL, *message = NULL;
	tkt_autotext subject, body;

	tkt_text_init(&subject, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	if (tkt_template_render(session->desk, session->command->datadir,
		is_first ? "ack" : "ack_reply", tkt_object_text(ticket, "lang"), variable,
		&rendering, &subject, &body, error) ||
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
	    &(struct tkt_apply_manner){ .actor = "tool:tkt-mailin" }, applied, error);
}
