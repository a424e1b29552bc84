#include "flow/apply.h"

#include <string.h>
#include <unistd.h>

#include "base/program.h"
#include "base/sha256.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/action.h"
#include "flow/clocks.h"
#include "flow/difference.h"
#include "flow/identity.h"
#include "flow/merge.h"
#include "flow/outgoing_mail.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "flow/story.h"
#include "flow/turn.h"
#include "policy/forbid.h"
#include "policy/identity.h"
#include "policy/status.h"
#include "store/counter.h"
#include "store/event.h"
#include "store/message.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"
#include "json/order.h"

#include "base/banned.h"

/* One change on its way: what is known so far. */
struct applying {
	struct tkt_session *session;
	const json_t *change;
	const struct tkt_apply_manner *manner;
	json_t *performed; /* the change with what its action does; NULL: it has none */
	int proven;        /* rung of the identity that it may bring */
	json_t *before;    /* NULL: the change opens a ticket */
	json_t *was, *set; /* what differs */
	json_t *questions; /* as they were written; NULL: none */
	struct tkt_applied made;
	char now[TKT_TIME_SIZE];
};

void tkt_applied_clear(struct tkt_applied *applied)
{
	json_decref(applied->ticket);
	json_decref(applied->message);
	json_decref(applied->outgoing);
	json_decref(applied->event);
	memset(applied, 0, sizeof(*applied));
}

static void applying_clear(struct applying *applying)
{
	json_decref(applying->performed);
	json_decref(applying->before);
	json_decref(applying->was);
	json_decref(applying->set);
	json_decref(applying->questions);
	tkt_applied_clear(&applying->made);
}

/* Has the ticket moved on since the change was proposed? `was` states what its author saw. */
static int check_was(const struct applying *applying, struct tkt_error *error)
{
	const json_t *was = json_object_get(applying->change, "was");
	const json_t *stated;
	const char *name;

	json_object_foreach((json_t *)was, name, stated) {
		const json_t *present = tkt_object_get(applying->before, name);
		tkt_autofree char *is = NULL, *expected = NULL;

		if (tkt_json_equal(stated, present))
			continue;
		is = tkt_json_words(present);
		expected = tkt_json_words(stated);
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("ticket '%s' has moved on: '%s' is %s, not %s; read it again"),
		    tkt_object_text(applying->before, "id"), name, is ? is : "?",
		    expected ? expected : "?");
	}
	return 0;
}

static int load(struct applying *applying, struct tkt_error *error)
{
	struct tkt_session *session = applying->session;
	const char *id = tkt_object_text(applying->change, "ticket");
	const struct tkt_expression *only_if = applying->manner ? applying->manner->only_if : NULL;

	if (!id)
		return 0;
	if (applying->manner && applying->manner->before)
		applying->before = json_incref((json_t *)applying->manner->before);
	else if (tkt_ticket_require(session->db, id, &applying->before, error))
		return -1;
	if (only_if) {
		int matches = tkt_ticket_matches(
		    session->db, tkt_object_text(applying->before, "id"), only_if, error);

		if (matches < 0)
			return -1;
		if (!matches)
			return tkt_error_set(error, TKT_ERROR_NO, _("ticket '%s' is not so"), id);
	}
	return check_was(applying, error);
}

/* What its action does becomes a part of the change. */
static int perform(struct applying *applying, struct tkt_error *error)
{
	applying->proven = applying->manner && applying->manner->is_proven ? TKT_IDENTITY_COUNT
									   : TKT_IDENTITY_SAID;
	if (tkt_action_perform(applying->session, applying->change, applying->before,
		&applying->performed, &applying->proven, error))
		return -1;
	if (applying->performed)
		applying->change = applying->performed;
	return 0;
}

/* The members every new ticket has; the change may set others than these. */
static int open_ticket(struct applying *applying, json_t **fresh, struct tkt_error *error)
{
	struct tkt_session *session = applying->session;
	const struct tkt_desk *desk = session->desk;
	json_auto_t *made = NULL;
	const char *policy;
	int64_t number;

	if (tkt_session_policy(session, &policy, error) ||
	    tkt_counter_next(session->db, TKT_COUNTER_TICKET, &number, error))
		return -1;
	made = json_pack("{s:s,s:o,s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "type", "ticket", "id",
	    json_sprintf("%s-%jd", desk->ticket_prefix, (intmax_t)number), "rev", 0, "status",
	    "new", "queue", desk->queue, "priority", "normal", "identity", "none", "policy", policy,
	    "received_at", applying->now, "created_at", applying->now);
	if (!made)
		return tkt_error_set_memory(error);
	*fresh = tkt_take(made);
	return 0;
}

/* What a new ticket has when nobody has said it: its channel, its language by the text. */
static int fill_new(const struct applying *applying, json_t *ticket, struct tkt_error *error)
{
	const json_t *message = json_object_get(applying->change, "message");
	const char *subject = tkt_object_text(ticket, "subject"),
		   *body = tkt_object_text(message, "body"),
		   *channel = tkt_object_text(message, "channel");
	tkt_autofree char *sample = NULL;

	if (asprintf(&sample, "%s\n%s", subject ? subject : "", body ? body : "") < 0)
		return tkt_error_set_memory(error);
	if (!json_object_get(ticket, "channel") &&
	    json_object_set_new(ticket, "channel", json_string(channel ? channel : "shell")))
		return tkt_error_set_memory(error);
	if (!json_object_get(ticket, "lang") &&
	    json_object_set_new(ticket, "lang",
		json_string(tkt_desk_language(applying->session->desk, sample, strlen(sample)))))
		return tkt_error_set_memory(error);
	return 0;
}

/* One open ticket a key: one that is opened again leaves its key to the one that has it now. */
static int yield_key(const struct applying *applying, json_t *ticket, struct tkt_error *error)
{
	const char *key = tkt_object_text(ticket, "key");
	json_auto_t *holder = NULL;
	int found;

	if (!key || tkt_text_equal(tkt_object_text(ticket, "status"), "closed"))
		return 0;
	found = tkt_ticket_find_key(applying->session->db, key, &holder, error);
	if (found < 0)
		return -1;
	if (found && !tkt_text_equal(tkt_object_text(holder, "id"), tkt_object_text(ticket, "id")))
		json_object_del(ticket, "key");
	return 0;
}

static bool brings(const struct applying *applying, const char *member)
{
	return !tkt_json_is_empty(json_object_get(applying->change, member));
}

/* Does the log tell of it though nothing of the ticket differs? */
static bool is_told(const struct applying *applying)
{
	return brings(applying, "message") || brings(applying, "questions") ||
	    brings(applying, "step") || brings(applying, "action") ||
	    (applying->manner && applying->manner->tells_always);
}

/* Unless nobody did anything, it is the time of the last change: timers may run from it, so it
 * stands there before they follow. */
static int touch(const struct applying *applying, json_t *after, struct tkt_error *error)
{
	json_auto_t *was = NULL, *set = NULL;

	if (applying->before && applying->manner && applying->manner->keeps_updated_at)
		return 0;
	if (applying->before && !is_told(applying)) {
		if (tkt_ticket_difference(applying->before, after, &was, &set, error))
			return -1;
		if (!json_object_size(set))
			return 0;
	}
	return tkt_object_set(after, "updated_at", json_string(applying->now), error);
}

/* Finds what differs, with the new revision. 1; 0: nothing does; -1. */
static int revise(struct applying *applying, struct tkt_error *error)
{
	json_t *after = applying->made.ticket;
	json_int_t rev = json_integer_value(json_object_get(after, "rev"));

	if (tkt_object_set(after, "rev", json_integer(rev + 1), error) ||
	    tkt_object_order(&tkt_ticket_fields, &applying->made.ticket, error) ||
	    tkt_ticket_difference(
		applying->before, applying->made.ticket, &applying->was, &applying->set, error))
		return -1;
	return json_object_size(applying->set) > 1 || is_told(applying); /* rev differs always */
}

/* Who does it, for the log. */
static const char *actor_of(const struct applying *applying)
{
	const char *actor = applying->manner ? applying->manner->actor : NULL;

	if (!actor)
		actor = tkt_object_text(applying->change, "actor");
	return actor ? actor : applying->session->actor;
}

/* A letter is never lost to a rule, and what the desk decides it has written itself: only people
 * are kept from what is forbidden. */
static int check_forbidden(
    const struct applying *applying, const json_t *after, struct tkt_error *error)
{
	const struct tkt_policy *policy;

	if (strncmp(actor_of(applying), "agent:", 6))
		return 0;
	return tkt_session_policy_of(
		   applying->session, tkt_object_text(after, "policy"), &policy, error) ||
		tkt_forbid_judge(policy, applying->before, after, error)
	    ? -1
	    : 0;
}

/* The ticket as the change makes it, with what follows from that. 1; 0: as it was; -1. */
static int advance(struct applying *applying, struct tkt_error *error)
{
	const json_t *message = json_object_get(applying->change, "message");
	const struct tkt_status_cause cause = {
		.letter_in = tkt_message_is(message, "public", "in"),
		.reply_out = tkt_message_is(message, "public", "out"),
		.status_set =
		    tkt_object_get(json_object_get(applying->change, "set"), "status") != NULL,
		.is_decided = brings(applying, "actor"),
		.now = tkt_command_now(applying->session->command),
	};
	enum tkt_clocks_way way = applying->manner ? applying->manner->way : TKT_CLOCKS_FOLLOW;
	json_auto_t *fresh = NULL;
	json_t *after;

	if (!applying->before && open_ticket(applying, &fresh, error))
		return -1;
	if (tkt_change_preview(applying->change, applying->before ? applying->before : fresh,
		&applying->made.ticket, error))
		return -1;
	after = applying->made.ticket;
	if (!applying->before && fill_new(applying, after, error))
		return -1;
	if (tkt_merge_settle(applying->session, applying->before, after, error) ||
	    tkt_identity_settle(applying->session, applying->change, applying->before, after,
		applying->proven, error) ||
	    tkt_status_follow(applying->before, after, &cause, error) ||
	    check_forbidden(applying, after, error) || yield_key(applying, after, error) ||
	    touch(applying, after, error) ||
	    tkt_clocks_advance(
		applying->session, applying->change, applying->before, after, way, error))
		return -1;
	return revise(applying, error);
}

static int set_default(json_t *object, const char *name, json_t *value, struct tkt_error *error)
{
	if (json_object_get(object, name)) {
		json_decref(value);
		return 0;
	}
	return json_object_set_new(object, name, value) ? tkt_error_set_memory(error) : 0;
}

/* What came in is new as a whole unless its reader has said what of it is ("": nothing). */
static int set_new_text(json_t *message, struct tkt_error *error)
{
	json_t *body = json_object_get(message, "body");

	if (!body || !tkt_text_equal(tkt_object_text(message, "direction"), "in"))
		return 0;
	return set_default(message, "body_new", json_incref(body), error);
}

static int complete_message(struct applying *applying, json_t *message, struct tkt_error *error)
{
	struct tkt_session *session = applying->session;
	const char *body = tkt_object_text(message, "body");
	char sha256[65];
	int64_t number;

	if (tkt_counter_next(session->db, TKT_COUNTER_MESSAGE, &number, error))
		return -1;
	tkt_sha256(body ? body : "", body ? strlen(body) : 0, sha256);
	if (json_object_set_new(message, "type", json_string("message")) ||
	    json_object_set_new(message, "id", json_sprintf("%jd", (intmax_t)number)) ||
	    json_object_set(message, "ticket", json_object_get(applying->made.ticket, "id")) ||
	    json_object_set_new(message, "body_sha256", json_string(sha256)))
		return tkt_error_set_memory(error);
	return set_default(message, "kind", json_string("public"), error) ||
		set_default(message, "direction", json_string("out"), error) ||
		set_default(message, "channel", json_string("mail"), error) ||
		set_default(message, "auto", json_false(), error) ||
		set_default(message, "bounce", json_false(), error) ||
		set_default(message, "received_at", json_string(applying->now), error) ||
		set_new_text(message, error)
	    ? -1
	    : 0;
}

static int write_message(struct applying *applying, struct tkt_error *error)
{
	const json_t *given = json_object_get(applying->change, "message");
	struct tkt_applied *made = &applying->made;
	bool leaves;

	if (!given)
		return 0;
	made->message = json_deep_copy(given);
	if (!made->message)
		return tkt_error_set_memory(error);
	if (complete_message(applying, made->message, error))
		return -1;
	leaves = tkt_text_equal(tkt_object_text(made->message, "kind"), "public") &&
	    tkt_text_equal(tkt_object_text(made->message, "direction"), "out") &&
	    tkt_text_equal(tkt_object_text(made->message, "channel"), "mail");
	if (leaves && tkt_outgoing_complete(applying->session, made->ticket, made->message, error))
		return -1;
	if (tkt_object_order(&tkt_message_fields, &made->message, error) ||
	    tkt_message_write(applying->session->db, made->message, error))
		return -1;
	return leaves ? tkt_outgoing_enqueue(
			    applying->session, made->ticket, made->message, &made->outgoing, error)
		      : 0;
}

static int write_questions(struct applying *applying, struct tkt_error *error)
{
	const json_t *given = json_object_get(applying->change, "questions");
	json_t *question;
	size_t at;

	if (!given)
		return 0;
	applying->questions = json_deep_copy(given);
	if (!applying->questions)
		return tkt_error_set_memory(error);
	json_array_foreach(applying->questions, at, question) {
		if (set_default(question, "type", json_string("question"), error) ||
		    json_object_set(
			question, "ticket", json_object_get(applying->made.ticket, "id")) ||
		    (!json_object_get(question, "answered_at") &&
			set_default(question, "asked_at", json_string(applying->now), error)))
			return tkt_error_set_memory(error);
		if (tkt_question_write(applying->session->db, question, error))
			return -1;
	}
	return 0;
}

/* Contents go by SHA-256: the log tells of a message without repeating it. */
static json_t *without_body(const json_t *message)
{
	json_t *copy = json_copy((json_t *)message);

	if (copy)
		json_object_del(copy, "body");
	if (copy)
		json_object_del(copy, "body_new");
	return copy;
}

/* Copies a member of the change into the event when it has one. */
static int carry(json_t *event, const json_t *from, const char *name)
{
	json_t *value = json_object_get(from, name);

	return tkt_json_is_empty(value) ? 0 : json_object_set(event, name, value);
}

static int write_event(struct applying *applying, struct tkt_error *error)
{
	struct tkt_session *session = applying->session;
	const struct tkt_command *command = session->command;
	struct tkt_applied *made = &applying->made;
	json_auto_t *event = NULL;
	int64_t seq;

	if (tkt_counter_next(session->db, TKT_COUNTER_EVENT, &seq, error))
		return -1;
	event = json_pack("{s:s,s:I,s:s,s:s,s:I,s:s,s:O,s:O,s:b}", "type", "event", "seq",
	    (json_int_t)seq, "at", applying->now, "actor", actor_of(applying), "uid",
	    (json_int_t)getuid(), "tool", command->program->name, "ticket",
	    json_object_get(made->ticket, "id"), "rev", json_object_get(made->ticket, "rev"), "now",
	    command->now_given);
	if (!event ||
	    (json_object_size(applying->was) && json_object_set(event, "was", applying->was)) ||
	    json_object_set(event, "set", applying->set) ||
	    (applying->questions && json_object_set(event, "questions", applying->questions)) ||
	    (made->message && json_object_set_new(event, "message", without_body(made->message))) ||
	    (made->outgoing && json_object_set(event, "outgoing", made->outgoing)) ||
	    carry(event, applying->change, "step") || carry(event, applying->change, "notify") ||
	    carry(event, applying->change, "team") || carry(event, applying->change, "action") ||
	    carry(event, made->ticket, "policy") || carry(event, applying->change, "why") ||
	    carry(event, applying->change, "rule") || carry(event, applying->change, "rules"))
		return tkt_error_set_memory(error);
	if (tkt_event_write(session->db, event, error) || tkt_turn_follow(session, event, error))
		return -1;
	made->event = tkt_take(event);
	return 0;
}

static int write_all(struct applying *applying, struct tkt_error *error)
{
	return tkt_ticket_write(
		   applying->session->db, applying->before, applying->made.ticket, error) ||
		write_message(applying, error) || write_questions(applying, error) ||
		write_event(applying, error)
	    ? -1
	    : 0;
}

int tkt_apply_change(struct tkt_session *session, const json_t *change,
    const struct tkt_apply_manner *manner, struct tkt_applied *applied, struct tkt_error *error)
{
	__attribute__((cleanup(applying_clear))) struct applying applying = {
		.session = session,
		.change = change,
		.manner = manner,
	};
	int differs;

	tkt_time_format(tkt_command_now(session->command), applying.now);
	if (load(&applying, error) || perform(&applying, error))
		return -1;
	differs = advance(&applying, error);
	if (differs < 0 || (differs && write_all(&applying, error)) ||
	    (applying.performed &&
		tkt_action_tell(session, applying.performed, applying.made.ticket, error)))
		return -1;
	if (!differs) {
		json_decref(applying.made.ticket);
		applying.made.ticket = json_incref(applying.before);
	}
	tkt_applied_clear(applied);
	*applied = applying.made;
	memset(&applying.made, 0, sizeof(applying.made));
	return 0;
}
