#include "flow/merge.h"

#include "base/program.h"
#include "flow/session.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

#define STEPS_MOST 1000 /* a circle that was stored before and has not `id` in it ends there */

/* Was `into` merged into that ticket, itself or by way of others? 1, 0, -1. */
static int leads_to(
    struct tkt_session *session, const json_t *into, const char *id, struct tkt_error *error)
{
	json_auto_t *ticket = json_incref((json_t *)into);
	const char *next;
	int steps;

	for (steps = 0; steps < STEPS_MOST; steps++) {
		json_auto_t *parent = NULL;
		int found;

		next = tkt_object_text(ticket, "merged_into");
		if (!next)
			return 0;
		found = tkt_ticket_find(session->db, next, &parent, error);
		if (found <= 0)
			return found;
		if (tkt_text_equal(tkt_object_text(parent, "id"), id))
			return 1;
		json_decref(ticket);
		ticket = tkt_take(parent);
	}
	return 0;
}

/* 0, or -1 with DATA. */
static int check(
    struct tkt_session *session, const json_t *into, const char *id, struct tkt_error *error)
{
	const char *parent = tkt_object_text(into, "id");
	int leads;

	if (tkt_text_equal(parent, id))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("ticket '%s' cannot be merged into itself"), id);
	leads = leads_to(session, into, id, error);
	if (leads > 0)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("ticket '%s' cannot be merged into '%s', which is merged into it"), id,
		    parent);
	return leads;
}

int tkt_merge_settle(
    struct tkt_session *session, const json_t *before, json_t *after, struct tkt_error *error)
{
	const char *id = tkt_object_text(after, "id");
	const char *written = tkt_object_text(after, "merged_into");
	json_auto_t *into = NULL;
	int found;

	if (!written || tkt_text_equal(written, tkt_object_text(before, "merged_into")))
		return 0;
	found = tkt_ticket_find(session->db, written, &into, error);
	if (found < 0)
		return -1;
	if (!found)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("ticket '%s' cannot be merged into '%s': there is no such ticket"), id,
		    written);
	if (check(session, into, id, error))
		return -1;
	return tkt_object_set(
	    after, "merged_into", json_incref(json_object_get(into, "id")), error);
}
