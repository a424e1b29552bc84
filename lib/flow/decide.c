#include "flow/decide.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "flow/route.h"
#include "flow/session.h"
#include "flow/told.h"
#include "json/field.h"

#include "base/banned.h"

/* Puts a ticket where it belongs; *routed stays empty when it is there. */
static int route(struct tkt_session *session, const json_t *ticket, struct tkt_applied *routed,
    struct tkt_error *error)
{
	const struct tkt_apply_manner manner = { .before = ticket };
	tkt_autorouter router = { 0 };
	json_auto_t *change = NULL;
	tkt_autotext complaints;
	int done;

	tkt_text_init(&complaints, TKT_TEXT_LIMIT);
	if (tkt_route_decide(session, &router, ticket, &change, NULL, error))
		return -1;
	if (!change)
		return 0;
	done = tkt_apply_told(session, change, &manner, routed, &complaints, error);
	if (!done)
		tkt_complain(session->command, &complaints);
	return done;
}

int tkt_decide_request(struct tkt_session *session, const struct tkt_intake_request *request,
    struct tkt_applied *applied, struct tkt_error *error)
{
	tkt_autoapplied routed = { 0 };
	const json_t *ticket;

	if (tkt_intake_apply(session, request, applied, error))
		return -1;
	if (!tkt_text_equal(tkt_object_text(request->ticket, "status"), "new"))
		return 0;
	ticket = applied->ticket ? applied->ticket : request->ticket;
	if (route(session, ticket, &routed, error))
		return -1;
	if (routed.ticket) {
		json_decref(applied->ticket);
		applied->ticket = json_incref(routed.ticket);
	}
	return 0;
}
