#include "flow/acknowledge.h"

#include "base/program.h"
#include "flow/render.h"
#include "flow/session.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_acknowledge(struct tkt_session *session, const json_t *ticket, struct tkt_applied *applied,
    struct tkt_error *error)
{
	json_auto_t *change = NULL, *message = NULL;
	tkt_autotext subject, body;

	tkt_text_init(&subject, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	if (tkt_render_template(session, "ack", ticket, &subject, &body, error) ||
	    tkt_change_new(ticket, "acknowledgement", &change, error))
		return -1;
	message = json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:[{s:s}]}", "kind", "public", "direction",
	    "out", "channel", "mail", "auto", true, "subject", subject.bytes, "body", body.bytes,
	    "to", "email", tkt_object_text(ticket, "requester.email"));
	if (!message || json_object_set(change, "message", message))
		return tkt_error_set_memory(error);
	return tkt_apply_change(session, change,
	    &(struct tkt_apply_manner){ .actor = "tool:tkt-mailin" }, applied, error);
}
