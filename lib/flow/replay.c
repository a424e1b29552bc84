#include "flow/apply.h"

#include <string.h>

#include "base/program.h"
#include "flow/people.h"
#include "flow/session.h"
#include "flow/turn.h"
#include "store/counter.h"
#include "store/event.h"
#include "store/message.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"
#include "json/order.h"

#include "base/banned.h"

/* No number that the log has given out is given out again. */
static int raise_counter(struct tkt_session *session, enum tkt_counter counter,
    const json_t *number, struct tkt_error *error)
{
	int64_t value = json_integer_value(number);

	if (json_is_string(number) && tkt_number_parse(json_string_value(number), &value))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' is no number"), json_string_value(number));
	return value ? tkt_counter_raise(session->db, counter, value, error) : 0;
}

/* A list of mails; a mail alone in logs of when it had all its recipients. */
static int raise_outgoing(
    struct tkt_session *session, const json_t *outgoing, struct tkt_error *error)
{
	const json_t *mail;
	size_t at;

	json_array_foreach(outgoing, at, mail)
		if (raise_counter(
			session, TKT_COUNTER_OUTGOING, json_object_get(mail, "number"), error))
			return -1;
	return raise_counter(
	    session, TKT_COUNTER_OUTGOING, json_object_get(outgoing, "number"), error);
}

/* Is it an object of `type`, about the ticket of the event? */
static bool belongs(const json_t *object, const char *type, const json_t *event)
{
	return tkt_text_equal(tkt_object_text(object, "type"), type) &&
	    tkt_text_equal(tkt_object_text(object, "ticket"), tkt_object_text(event, "ticket"));
}

static int check_event(const json_t *event, struct tkt_error *error)
{
	const json_t *message = json_object_get(event, "message"),
		     *questions = json_object_get(event, "questions"),
		     *set = json_object_get(event, "set"), *question;
	size_t at;

	if (!tkt_text_equal(tkt_object_text(event, "type"), "event") ||
	    json_integer_value(json_object_get(event, "seq")) <= 0)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("this is no event: it needs 'type' and 'seq'"));
	if (set && !json_is_object(set))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be an object"), "set");
	if (message && !belongs(message, "message", event))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the '%s' of an event must be of its ticket"), "message");
	if (questions && !json_is_array(questions))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a list"), "questions");
	json_array_foreach(questions, at, question) {
		if (!belongs(question, "question", event))
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("the '%s' of an event must be of its ticket"), "questions");
	}
	return 0;
}

/* The ticket as the event leaves it: `set` verbatim on what was there. */
static int replay_ticket(
    struct tkt_session *session, const json_t *event, json_t **ticket, struct tkt_error *error)
{
	const char *id = tkt_object_text(event, "ticket");
	json_auto_t *before = NULL, *fresh = NULL, *after = NULL;
	int64_t number;
	int found;

	if (!id || tkt_ticket_number(id, &number))
		return tkt_error_set(error, TKT_ERROR_DATA, _("an event needs a 'ticket'"));
	found = tkt_ticket_find(session->db, id, &before, error);
	if (found < 0)
		return -1;
	fresh = json_pack("{s:s,s:s}", "type", "ticket", "id", id);
	if (!fresh)
		return tkt_error_set_memory(error);
	if (tkt_change_preview(event, before ? before : fresh, &after, error))
		return -1;
	if (!tkt_text_equal(tkt_object_text(after, "id"), id))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("an event cannot give ticket '%s' another id"), id);
	if (!tkt_object_text(after, "status"))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("ticket '%s' has no status: the event that opened it is missing"), id);
	if (tkt_object_order(&tkt_ticket_fields, &after, error) ||
	    tkt_ticket_write(session->db, before, after, error) ||
	    tkt_counter_raise(session->db, TKT_COUNTER_TICKET, number, error))
		return -1;
	*ticket = tkt_take(after);
	return 0;
}

static int replay_correspondence(
    struct tkt_session *session, const json_t *event, struct tkt_error *error)
{
	const json_t *message = json_object_get(event, "message");
	const json_t *question;
	size_t at;

	if (message &&
	    (tkt_message_write(session->db, message, error) ||
		raise_counter(session, TKT_COUNTER_MESSAGE, json_object_get(message, "id"), error)))
		return -1;
	json_array_foreach(json_object_get(event, "questions"), at, question) {
		if (tkt_question_write(session->db, question, error))
			return -1;
	}
	return raise_outgoing(session, json_object_get(event, "outgoing"), error);
}

/* Of a mail that belongs to no ticket: there is nothing to bring about but its number. */
static bool is_of_mail(const json_t *event)
{
	return json_object_get(event, "outgoing") && !json_object_get(event, "ticket") &&
	    !json_object_get(event, "set") && !json_object_get(event, "message");
}

int tkt_apply_event(
    struct tkt_session *session, const json_t *event, json_t **ticket, struct tkt_error *error)
{
	json_auto_t *made = NULL;
	int of_people;

	if (check_event(event, error))
		return -1;
	of_people = tkt_people_replay(session, event, error);
	if (of_people < 0 ||
	    (!of_people && !is_of_mail(event) && replay_ticket(session, event, &made, error)) ||
	    replay_correspondence(session, event, error) ||
	    tkt_event_write(session->db, event, error) || tkt_turn_follow(session, event, error) ||
	    raise_counter(session, TKT_COUNTER_EVENT, json_object_get(event, "seq"), error))
		return -1;
	*ticket = tkt_take(made);
	return 0;
}
