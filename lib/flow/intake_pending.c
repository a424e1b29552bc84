/* What intake has still to do with a ticket: its log says which letters came after it had its say.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/intake.h"
#include "flow/session.h"
#include "policy/intake.h"
#include "store/event.h"
#include "store/letter.h"
#include "store/message.h"
#include "json/change.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

/* Letters that wait, by the number of their message; "": the ticket was opened without a text. */
struct pending {
	json_t *messages;
	bool opens; /* the first of them opened the ticket */
	bool began; /* an event has been seen */
};

static bool is_by_intake(const json_t *event)
{
	const char *actor = tkt_object_text(event, "actor"), *why = tkt_object_text(event, "why");

	return tkt_text_equal(actor, TKT_INTAKE_ACTOR) ||
	    (tkt_text_equal(actor, "tool:tkt-mailin") && tkt_text_equal(why, "acknowledgement"));
}

/* Is it a person's on the customer's side, or what opened the ticket? */
static bool is_request(const json_t *message, bool opens)
{
	return message && !tkt_text_equal(tkt_object_text(message, "kind"), "internal") &&
	    tkt_text_equal(tkt_object_text(message, "direction"), "in") &&
	    !json_is_true(json_object_get(message, "bounce")) &&
	    (opens || !json_is_true(json_object_get(message, "auto")));
}

static int see_event(const json_t *event, struct pending *pending, struct tkt_error *error)
{
	const json_t *message = json_object_get(event, "message");
	bool opens = !pending->began;
	const char *id = tkt_object_text(message, "id");

	pending->began = true;
	if (is_by_intake(event)) {
		json_array_clear(pending->messages);
		pending->opens = false;
		return 0;
	}
	if (!is_request(message, opens) && !(opens && !message))
		return 0;
	pending->opens = pending->opens || opens;
	return json_array_append_new(pending->messages, json_string(id ? id : ""))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int see_stored(const char *json, size_t length, void *context, struct tkt_error *error)
{
	json_auto_t *event = NULL;

	if (tkt_object_parse(json, length, &event, error))
		return -1;
	return see_event(event, context, error);
}

/* A letter that tkt-mailin would not have answered gets no answer from here. */
struct answering {
	struct tkt_session *session;
	const json_t *message;
};

static int may_mail(void *context, struct tkt_error *error)
{
	const struct answering *answering = context;
	int unanswered;

	if (json_is_true(json_object_get(answering->message, "auto")))
		return 0;
	unanswered = tkt_letter_is_unanswered(
	    answering->session->db, tkt_object_text(answering->message, "id"), error);
	return unanswered < 0 ? -1 : !unanswered;
}

static int load_message(
    struct tkt_session *session, const char *id, json_t **message, struct tkt_error *error)
{
	int64_t number;
	int found;

	*message = NULL;
	if (!*id)
		return 0;
	found = tkt_number_parse(id, &number)
	    ? 0
	    : tkt_message_get(session->db, number, message, error);
	if (found)
		return found < 0 ? -1 : 0;
	return tkt_error_set(error, TKT_ERROR_DATA, _("message '%s' is not here"), id);
}

/* What one letter leads to; *ticket becomes what it makes of it. */
static int catch_up_one(struct tkt_session *session, const char *id, bool opens, json_t **ticket,
    json_t *changes, json_t *rows, struct tkt_error *error)
{
	json_auto_t *message = NULL, *change = NULL, *after = NULL;
	struct answering answering = { .session = session };
	struct tkt_intake_request request = {
		.ticket = *ticket,
		.opens = opens,
		.earlier = changes,
		.may_mail = may_mail,
		.context = &answering,
		.rows = rows,
	};

	if (load_message(session, id, &message, error))
		return -1;
	request.message = answering.message = message;
	if (tkt_intake_propose(session, &request, &change, error))
		return -1;
	if (!change)
		return 0;
	if (tkt_change_preview(change, *ticket, &after, error))
		return -1;
	json_decref(*ticket);
	*ticket = tkt_take(after);
	return json_array_append(changes, change) ? tkt_error_set_memory(error) : 0;
}

int tkt_intake_catch_up(struct tkt_session *session, const json_t *ticket, json_t *changes,
    json_t *rows, struct tkt_error *error)
{
	json_auto_t *messages = json_array(), *present = json_incref((json_t *)ticket);
	struct pending pending = { .messages = messages };
	const json_t *id;
	size_t at;

	if (!messages)
		return tkt_error_set_memory(error);
	if (tkt_event_each_of(
		session->db, tkt_object_text(ticket, "id"), see_stored, &pending, error))
		return -1;
	json_array_foreach(messages, at, id) {
		if (catch_up_one(session, json_string_value(id), pending.opens && !at, &present,
			changes, rows, error))
			return -1;
	}
	return 0;
}
