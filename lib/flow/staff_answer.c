#include "flow/staff_answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/zone.h"
#include "desk/desk.h"
#include "flow/agents.h"
#include "flow/outgoing_mail.h"
#include "flow/reply.h"
#include "flow/session.h"
#include "flow/staff_text.h"
#include "flow/taking.h"
#include "mail/parse.h"
#include "policy/agent.h"
#include "store/db.h"
#include "store/letter.h"
#include "store/message.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

/* One answer on its way into its ticket. */
struct answering {
	struct tkt_taking *taking;
	struct tkt_staff_answer *answer;
	json_t *change;
	struct tkt_text text; /* behind the orders; "" when there are orders alone */
};

static void answering_clear(struct answering *answering)
{
	json_decref(answering->change);
	tkt_text_clear(&answering->text);
}

void tkt_staff_answer_init(struct tkt_staff_answer *answer)
{
	tkt_staff_orders_init(&answer->orders);
}

void tkt_staff_answer_clear(struct tkt_staff_answer *answer)
{
	tkt_staff_orders_clear(&answer->orders);
}

static int refuse(const struct answering *answering, const char *word)
{
	answering->answer->word = word;
	return 0;
}

/* Adds the text as it leaves; an empty one adds nothing. 0 or -1. */
static int add_clean(struct tkt_text *out, const char *text, struct tkt_error *error)
{
	struct tkt_error refusal = { 0 };

	if (!tkt_reply_text(out, text, strlen(text), &refusal) || refusal.kind == TKT_ERROR_DATA)
		return 0;
	*error = refusal;
	return -1;
}

/* Not every program marks what it answers for one who is away: such a letter quotes nothing. */
static bool is_away(const struct tkt_session *session, const json_t *agent)
{
	char day[TKT_TIME_SIZE];

	tkt_day_at(session->desk->zone, tkt_command_now(session->command), day);
	return tkt_agent_absence(agent, day);
}

/* The text above the line, and the orders at its beginning. 1; 0: `word` says why not; -1. */
static int read_text(struct answering *answering, struct tkt_error *error)
{
	static const char *const words[] = {
		[TKT_STAFF_TEXT_EMPTY] = "empty",
		[TKT_STAFF_TEXT_INLINE] = "inline",
		[TKT_STAFF_TEXT_NO_LINE] = "no_line",
	};
	struct tkt_session *session = answering->taking->session;
	struct tkt_staff_answer *answer = answering->answer;
	enum tkt_staff_text found;
	tkt_autotext above, clean;
	const struct tkt_present present = tkt_session_present(session);
	const json_t *agents;
	const char *at;

	tkt_text_init(&above, TKT_TEXT_LIMIT);
	tkt_text_init(&clean, TKT_TEXT_LIMIT);
	if (tkt_staff_text_read(session, answering->taking->mail->message, &above, &found, error))
		return -1;
	if (found != TKT_STAFF_TEXT_GOOD && found != TKT_STAFF_TEXT_BARE)
		return refuse(answering, words[found]);
	if (add_clean(&clean, above.bytes, error) || tkt_session_agents(session, &agents, error))
		return -1;
	at = clean.bytes;
	if (tkt_staff_orders_read(&at, agents, tkt_object_text(answer->agent, "id"),
		answering->change, &present, &answer->orders, error) ||
	    add_clean(&answering->text, at, error))
		return -1;
	if (answer->orders.is_refused)
		return refuse(answering, "refused");
	if (found == TKT_STAFF_TEXT_BARE && !answer->orders.count &&
	    is_away(session, answer->agent))
		return refuse(answering, "absent");
	return answering->text.length || answer->orders.count ? 1 : refuse(answering, "empty");
}

/* The files of the letter, without forms of its text. 1; 0: the desk does not pass one on; -1. */
static int carry_files(const struct answering *answering, json_t *message, struct tkt_error *error)
{
	struct tkt_taking *taking = answering->taking;
	json_auto_t *letter = NULL, *files = json_array();
	const json_t *attachment;
	size_t at;

	if (!files)
		return tkt_error_set_memory(error);
	if (tkt_taking_message(taking, "public", &letter, error))
		return -1;
	json_array_foreach(json_object_get(letter, "attachments"), at, attachment) {
		if (json_object_get(attachment, "set_aside"))
			return refuse(answering, "set_aside");
		if (!taking->mail->parts[at].is_text &&
		    json_array_append(files, (json_t *)attachment))
			return tkt_error_set_memory(error);
	}
	if (json_array_size(files) && json_object_set(message, "attachments", files))
		return tkt_error_set_memory(error);
	return 1;
}

static bool has_files(const struct tkt_mail *mail)
{
	size_t i;

	for (i = 0; i < mail->part_count; i++)
		if (!mail->parts[i].is_text)
			return true;
	return false;
}

/* A note may be files alone. What goes to the customer has a text: a file without one may as well
 * be the picture in a signature. */
static bool has_message(const struct answering *answering)
{
	return answering->text.length ||
	    (answering->answer->orders.is_note && has_files(answering->taking->mail));
}

/* Puts the message into the change. 1; 0: `word` says why not; -1. */
static int put_message(struct answering *answering, struct tkt_error *error)
{
	struct tkt_session *session = answering->taking->session;
	const struct tkt_staff_answer *answer = answering->answer;
	const struct tkt_reply reply = {
		.body = answering->text.bytes,
		.channel = "mail",
		.internal = answer->orders.is_note,
	};
	json_auto_t *message = NULL, *recipients = NULL;
	int carried;

	if (!has_message(answering))
		return 1;
	if (tkt_reply_recipients(session, answer->ticket, &recipients, error))
		return -1;
	if (!reply.internal && !json_array_size(recipients))
		return refuse(answering, "nobody");
	if (tkt_reply_message(session, answer->ticket, &reply, &message, error))
		return -1;
	if (json_object_set_new(message, "channel", json_string("mail")))
		return tkt_error_set_memory(error);
	carried = carry_files(answering, message, error);
	if (carried <= 0)
		return carried;
	return tkt_change_put(answering->change, "message", json_incref(message), error) ? -1 : 1;
}

/* An action may ask for a reason, which is then his. */
static int put_why(const struct answering *answering, struct tkt_error *error)
{
	const json_t *change = answering->change;

	if (json_object_get(change, "why") || json_object_get(change, "action"))
		return 0;
	return tkt_change_put(answering->change, "why", json_string("by mail"), error);
}

/* What was done. */
static const char *done_word(const struct answering *answering)
{
	const struct tkt_taking *taking = answering->taking;

	if (has_message(answering))
		return answering->answer->orders.is_note ? "noted" : "answered";
	if (has_files(taking->mail))
		return "files_left";
	return taking->made.applied.event ? "done" : "unchanged";
}

/* All of it or nothing. 1; 0: the desk says no; -1. */
static int apply(struct answering *answering, struct tkt_error *error)
{
	struct tkt_staff_answer *answer = answering->answer;
	struct tkt_taking *taking = answering->taking;
	struct tkt_db *db = taking->session->db;

	if (tkt_savepoint_begin(db, error))
		return -1;
	if (!tkt_apply_change(taking->session, answering->change, NULL, &taking->made.applied,
		&answer->refusal)) {
		answer->word = done_word(answering);
		return tkt_savepoint_keep(db, error) ? -1 : 1;
	}
	switch (answer->refusal.kind) {
	case TKT_ERROR_DATA:
	case TKT_ERROR_NO:
	case TKT_ERROR_NOT_FOUND:
	case TKT_ERROR_PERMISSION:
	case TKT_ERROR_USAGE:
		return tkt_savepoint_undo(db, error) ? -1 : refuse(answering, "refused");
	default:
		*error = answer->refusal;
		return -1;
	}
}

static int answer_as_agent(struct answering *answering, struct tkt_error *error)
{
	int done = read_text(answering, error);

	if (done <= 0)
		return done;
	done = put_message(answering, error);
	if (done <= 0)
		return done;
	return put_why(answering, error) ? -1 : apply(answering, error);
}

int tkt_staff_answer_apply(
    struct tkt_taking *taking, struct tkt_staff_answer *answer, struct tkt_error *error)
{
	__attribute__((cleanup(answering_clear))) struct answering answering = {
		.taking = taking,
		.answer = answer,
	};
	char *actor = taking->session->actor, *agent = NULL;
	int done;

	tkt_text_init(&answering.text, TKT_TEXT_LIMIT);
	if (asprintf(&agent, "agent:%s", tkt_object_text(answer->agent, "id")) < 0)
		return tkt_error_set_memory(error);
	/* What is done here is his deed, whoever runs the tool. */
	taking->session->actor = agent;
	done = tkt_change_new(answer->ticket, NULL, &answering.change, error)
	    ? -1
	    : answer_as_agent(&answering, error);
	taking->session->actor = actor;
	free(agent);
	return done;
}

/* Is what the letter says the text of that message, or has it no text where it became none? */
static int is_same_text(
    const struct answering *answering, const json_t *letter, struct tkt_error *error)
{
	const char *id = tkt_object_text(letter, "message");
	json_auto_t *message = NULL;
	int64_t number;

	if (!id)
		return !answering->text.length;
	if (tkt_number_parse(id, &number))
		return tkt_error_set(error, TKT_ERROR_DATA, _("message '%s' is not here"), id);
	if (tkt_message_get(answering->taking->session->db, number, &message, error) < 0)
		return -1;
	return tkt_text_equal(tkt_object_text(message, "direction"), "out") &&
	    tkt_text_equal(tkt_object_text(message, "body"), answering->text.bytes);
}

int tkt_staff_answer_is_repeated(
    struct tkt_taking *taking, struct tkt_staff_answer *answer, struct tkt_error *error)
{
	__attribute__((cleanup(answering_clear))) struct answering answering = {
		.taking = taking,
		.answer = answer,
	};
	json_auto_t *letter = NULL;
	int found;

	tkt_text_init(&answering.text, TKT_TEXT_LIMIT);
	if (!*taking->mail->message_id || taking->letter->released)
		return 0;
	found = tkt_letter_find_key(taking->session->db, taking->mail->message_id, &letter, error);
	if (found <= 0)
		return found;
	if (tkt_change_new(answer->ticket, NULL, &answering.change, error))
		return -1;
	found = read_text(&answering, error);
	found = found > 0 ? is_same_text(&answering, letter, error) : found;
	if (found <= 0)
		return found;
	taking->made.letter = json_pack("{s:O*,s:O*}", "ticket", json_object_get(letter, "ticket"),
	    "message", json_object_get(letter, "message"));
	return taking->made.letter ? 1 : tkt_error_set_memory(error);
}
