#include "flow/open.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/desk.h"
#include "flow/decide.h"
#include "flow/enclose.h"
#include "flow/panel.h"
#include "flow/session.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

/* Members of a ticket object that say what it was, not what it is to be: a copy of one may be piped
 * in. */
static bool is_ours(const struct tkt_field *field)
{
	return !(field->flags & TKT_FIELD_SETTABLE);
}

/* Every settable member of the values goes into the change. */
static int set_values(json_t *change, const json_t *values, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < tkt_ticket_fields.count; i++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[i];
		json_t *value = tkt_object_get(values, field->name);

		if (!value)
			value = json_object_get(values, field->name); /* dotted as one name */
		if (tkt_json_is_empty(value) || is_ours(field))
			continue;
		if (tkt_change_set(change, NULL, field->name, json_incref(value), error)) {
			error->kind = TKT_ERROR_DATA;
			return -1;
		}
	}
	return 0;
}

/* The requester's own words, by whichever way they came. */
static int make_message(struct tkt_session *session, const json_t *ticket,
    const struct tkt_opening *opening, const struct tkt_panel_request *panel, json_t **message,
    struct tkt_error *error)
{
	const char *email = tkt_object_text(ticket, "requester.email"),
		   *name = tkt_object_text(ticket, "requester.name");
	const char *channel = tkt_object_text(ticket, "channel"),
		   *subject = tkt_object_text(ticket, "subject");
	json_auto_t *made = NULL;

	made = json_pack("{s:s,s:s,s:s,s:s?,s:s,s:s*,s:s*}", "kind", "public", "direction", "in",
	    "channel", channel ? channel : "shell", "subject", subject, "body",
	    opening->body ? opening->body : "", "message_id", panel->message_id, "identity",
	    panel->identity);
	if (!made)
		return tkt_error_set_memory(error);
	if (email && tkt_object_set(made, "author.email", json_string(email), error))
		return -1;
	if (name && tkt_object_set(made, "author.name", json_string(name), error))
		return -1;
	if (opening->files && tkt_files_enclose(session, opening->files, made, error))
		return -1;
	*message = tkt_take(made);
	return 0;
}

/*
 *   ticket  as the change leaves it
 *   person  who asks, and by which way
 */
static int apply_with_message(struct tkt_session *session, json_t *change, const json_t *person,
    const struct tkt_opening *opening, const struct tkt_panel_request *panel,
    struct tkt_applied *applied, struct tkt_error *error)
{
	const struct tkt_apply_manner manner = { .is_proven = panel->message_id != NULL };
	json_t *message = NULL;

	if (!tkt_text_is_empty(opening->body) || (opening->files && opening->files->count) ||
	    panel->message_id) {
		if (make_message(session, person, opening, panel, &message, error) ||
		    tkt_change_put(change, "message", message, error))
			return -1;
	}
	return tkt_apply_change(session, change, &manner, applied, error);
}

static int join(struct tkt_session *session, const json_t *ticket, const json_t *draft,
    const struct tkt_opening *opening, const struct tkt_panel_request *panel,
    struct tkt_applied *applied, struct tkt_error *error)
{
	json_auto_t *change = NULL;

	if (tkt_change_new(ticket, "the same key again", &change, error))
		return -1;
	/* What the panel proves is about who calls now; else it is the ticket's requester. */
	return apply_with_message(
	    session, change, panel->message_id ? draft : ticket, opening, panel, applied, error);
}

/* The values as a change that opens a ticket, and the ticket as it would be. */
static int make_change(const json_t *values, const struct tkt_opening *opening, json_t **change,
    json_t **draft, struct tkt_error *error)
{
	const char *key = tkt_object_text(values, "key");
	json_auto_t *made = NULL, *nothing = json_object();
	json_t *set;

	if (tkt_change_new(NULL, NULL, &made, error) || set_values(made, values, error))
		return -1;
	set = json_object_get(made, "set");
	if (!set && tkt_change_put(made, "set", set = json_object(), error))
		return -1;
	if (!nothing ||
	    (opening->token && !json_object_get(set, "channel") &&
		json_object_set_new(set, "channel", json_string(TKT_PANEL))) ||
	    (!tkt_text_is_empty(key) && json_object_set_new(set, "key", json_string(key))))
		return tkt_error_set_memory(error);
	if (tkt_change_preview(made, nothing, draft, error))
		return -1;
	*change = tkt_take(made);
	return 0;
}

/* What is known of who asks by the panel; nothing by other ways. */
static int judge_panel(struct tkt_session *session, const json_t *draft, json_t *change,
    const struct tkt_opening *opening, struct tkt_panel_request *panel, struct tkt_error *error)
{
	json_t *set = json_object_get(change, "set");

	if (!opening->token && !tkt_text_equal(tkt_object_text(draft, "channel"), TKT_PANEL))
		return 0;
	if (tkt_panel_judge(
		session, opening->token, tkt_object_text(draft, "requester.email"), panel, error) ||
	    tkt_change_put(change, "why", json_string(panel->why), error))
		return -1;
	if (panel->message_id || json_object_get(set, "identity"))
		return 0;
	return json_object_set_new(set, "identity", json_string(panel->identity))
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* What becomes of the request; *applied then has the ticket as that leaves it. */
static int decide(
    struct tkt_session *session, bool opens, struct tkt_applied *applied, struct tkt_error *error)
{
	const struct tkt_intake_request request = {
		.ticket = applied->ticket, .message = applied->message, .opens = opens
	};
	tkt_autoapplied decided = { 0 };

	if (!opens && !applied->message)
		return 0;
	if (tkt_decide_request(session, &request, &decided, error))
		return -1;
	if (decided.ticket) {
		json_decref(applied->ticket);
		applied->ticket = json_incref(decided.ticket);
	}
	return 0;
}

int tkt_open_ticket(struct tkt_session *session, const json_t *values,
    const struct tkt_opening *opening, struct tkt_applied *applied, struct tkt_error *error)
{
	const char *key = tkt_object_text(values, "key");
	json_auto_t *change = NULL, *present = NULL, *draft = NULL;
	tkt_autopanel panel = { 0 };
	int found =
	    tkt_text_is_empty(key) ? 0 : tkt_ticket_find_key(session->db, key, &present, error);

	if (found < 0 || make_change(values, opening, &change, &draft, error) ||
	    judge_panel(session, draft, change, opening, &panel, error))
		return -1;
	if (tkt_intake_admit(session, draft, error) ||
	    (found ? join(session, present, draft, opening, &panel, applied, error)
		   : apply_with_message(session, change, draft, opening, &panel, applied, error)))
		return -1;
	return opening->without_intake || session->desk->intake_is_manual
	    ? 0
	    : decide(session, !found, applied, error);
}
