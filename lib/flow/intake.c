#include "flow/intake.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/level.h"
#include "flow/acknowledge.h"
#include "flow/people.h"
#include "flow/policies.h"
#include "flow/render.h"
#include "flow/session.h"
#include "policy/answer.h"
#include "policy/intake.h"
#include "store/message.h"
#include "store/people.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

/* What the pure part needs, as long as it is asked. */
struct gathering {
	struct tkt_intake_case letter;
	json_t *questions;
	struct tkt_text description;
	char now[TKT_TIME_SIZE];
};

static void gathering_clear(struct gathering *gathering)
{
	json_decref(gathering->questions);
	tkt_text_clear(&gathering->description);
}

/* Is the calendar of the ticket's channel closed, where that matters? One that cannot be asked
 * keeps no letter at the door. */
static bool is_after_hours(
    struct tkt_session *session, const struct tkt_intake_rules *rules, const json_t *ticket)
{
	const struct tkt_channel *channel =
	    tkt_channel_find(rules, tkt_object_text(ticket, "channel"));
	int64_t at = tkt_object_time(ticket, "received_at");
	struct tkt_calendars *calendars;
	struct tkt_calendar *calendar;
	struct tkt_error failure = { 0 };

	if (!channel || !channel->has_outside || !channel->calendar)
		return false;
	if (tkt_session_calendars(session, &calendars, &failure) ||
	    tkt_calendars_find(calendars, channel->calendar, &calendar, &failure)) {
		tkt_command_warn(session->command, "%s", failure.text);
		return false;
	}
	if (at == TKT_TIME_NONE)
		at = tkt_command_now(session->command);
	return !tkt_calendar_is_open(calendar, at);
}

static enum tkt_acknowledge acknowledge_of(const struct tkt_desk *desk)
{
	if (desk->acknowledge_all)
		return TKT_ACKNOWLEDGE_ALL;
	return desk->acknowledge_first ? TKT_ACKNOWLEDGE_FIRST : TKT_ACKNOWLEDGE_NONE;
}

/* Questions that an earlier change asks or answers stand as they will then. */
static int add_earlier(json_t *questions, const json_t *changes, struct tkt_error *error)
{
	const json_t *change, *question;
	size_t at, k;

	json_array_foreach(changes, at, change) {
		json_array_foreach(json_object_get(change, "questions"), k, question) {
			json_t *known =
			    tkt_questions_get(questions, tkt_object_text(question, "key"));

			if (known ? json_object_update(known, (json_t *)question)
				  : json_array_append_new(questions, json_deep_copy(question)))
				return tkt_error_set_memory(error);
		}
	}
	return 0;
}

/* Who asks: by the requester's address, on the day the request came (S2-22). */
static int identify(const json_t *ticket, json_t **identity, void *context, struct tkt_error *error)
{
	struct tkt_session *session = context;
	const char *address = tkt_object_text(ticket, "requester.email");
	const struct tkt_person_question question = {
		.address = address ? address : "",
		.at = tkt_object_time(ticket, "received_at"),
		.contract = tkt_object_text(ticket, "fields.contract"),
		.site = tkt_object_text(ticket, "fields.domain"),
	};

	return tkt_person_find(session, &question, identity, error);
}

static int gather(struct tkt_session *session, const struct tkt_intake_rules *rules,
    const struct tkt_intake_request *request, struct gathering *gathering, struct tkt_error *error)
{
	const char *id = tkt_object_text(request->ticket, "id");
	const char *description = tkt_object_text(request->message, "body_new");
	int people;

	tkt_time_format(tkt_command_now(session->command), gathering->now);
	people = tkt_people_has_customers(session->db, error);
	if (people < 0)
		return -1;
	if (!request->opens) {
		if (tkt_question_list(session->db, id, &gathering->questions, error) ||
		    add_earlier(gathering->questions, request->earlier, error) ||
		    tkt_message_description(session->db, id, &gathering->description, error) < 0)
			return -1;
		description = gathering->description.bytes;
	}
	gathering->letter = (struct tkt_intake_case){
		.ticket = request->ticket,
		.message = request->message,
		.description = description,
		.questions = gathering->questions,
		.opens = request->opens,
		.after_hours = request->opens && is_after_hours(session, rules, request->ticket),
		.now = gathering->now,
		.acknowledge = acknowledge_of(session->desk),
		.identify = people ? identify : NULL,
		.context = session,
		.rows = request->rows,
	};
	return 0;
}

/* Whom the mail goes to: who wrote the letter; NULL: nobody that may be written to. */
static const char *address_of(
    const struct tkt_session *session, const struct tkt_intake_request *request)
{
	const char *address = request->message
	    ? tkt_object_text(request->message, "author.email")
	    : tkt_object_text(request->ticket, "requester.email");

	return tkt_text_is_empty(address) || tkt_desk_has_address(session->desk, address) ? NULL
											  : address;
}

/* 'acknowledgement' behind what was decided besides. */
static int add_reason(json_t *change, const struct tkt_intake *intake, struct tkt_error *error)
{
	const char *why = tkt_object_text(change, "why");
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (why)
		tkt_text_format(&text, "%s; ", why);
	if (intake->is_answer)
		tkt_text_format(&text, "reply %s", intake->template);
	else
		tkt_text_add(&text, "acknowledgement");
	if (tkt_text_check(&text, error) ||
	    tkt_change_put(change, "why", json_string(text.bytes), error))
		return -1;
	return tkt_change_put(change, "actor", json_string(TKT_INTAKE_ACTOR), error);
}

static int put_mail(struct tkt_session *session, const struct tkt_intake_request *request,
    const struct tkt_intake *intake, const char *address, json_t **change, struct tkt_error *error)
{
	json_auto_t *after = NULL, *message = NULL;
	struct tkt_acknowledgement mail = {
		.address = address, .template = intake->template, .to_ask = intake->to_ask
	};

	if (!*change && tkt_change_new(request->ticket, NULL, change, error))
		return -1;
	if (tkt_change_preview(*change, request->ticket, &after, error))
		return -1;
	mail.ticket = after;
	if (tkt_acknowledge_compose(session, &mail, &message, error) ||
	    tkt_change_put(*change, "message", json_incref(message), error))
		return -1;
	return add_reason(*change, intake, error);
}

int tkt_intake_propose(struct tkt_session *session, const struct tkt_intake_request *request,
    json_t **change, struct tkt_error *error)
{
	__attribute__((cleanup(gathering_clear))) struct gathering gathering = { 0 };
	const char *address = address_of(session, request);
	const struct tkt_policy *policy;
	tkt_autointake intake = { 0 };
	int may = 0;

	tkt_text_init(&gathering.description, TKT_TEXT_LIMIT);
	if (tkt_session_policy_of(
		session, tkt_object_text(request->ticket, "policy"), &policy, error) ||
	    gather(session, &policy->intake, request, &gathering, error) ||
	    tkt_intake_decide(&policy->intake, &gathering.letter, &intake, error))
		return -1;
	if (intake.template)
		may = request->may_mail ? request->may_mail(request->context, error) : 1;
	if (may < 0 ||
	    (may && address && put_mail(session, request, &intake, address, &intake.change, error)))
		return -1;
	*change = tkt_take(intake.change);
	return 0;
}

int tkt_intake_apply(struct tkt_session *session, const struct tkt_intake_request *request,
    struct tkt_applied *applied, struct tkt_error *error)
{
	json_auto_t *change = NULL;

	if (tkt_intake_propose(session, request, &change, error))
		return -1;
	return change ? tkt_apply_change(session, change,
			    &(struct tkt_apply_manner){ .before = request->ticket }, applied, error)
		      : 0;
}

/* The text of a template as one line, for whoever stands at the shell. */
static void add_line(struct tkt_text *out, const char *text)
{
	for (; *text; text++) {
		bool is_blank = strchr(" \t\n", *text) != NULL;

		if (!is_blank || (out->length && out->bytes[out->length - 1] != ' '))
			tkt_text_add_byte(out, is_blank ? ' ' : *text);
	}
	while (out->length && out->bytes[out->length - 1] == ' ')
		tkt_text_truncate(out, out->length - 1);
}

static int refuse(struct tkt_session *session, const struct tkt_channel *channel,
    const json_t *ticket, struct tkt_error *error)
{
	tkt_autotext subject, body, line;

	tkt_text_init(&subject, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	tkt_text_init(&line, TKT_TEXT_LIMIT);
	if (channel->rule.reply &&
	    tkt_render_template(session, channel->rule.reply, ticket, &subject, &body, error))
		return -1;
	add_line(&line, body.bytes);
	return tkt_error_set(error, TKT_ERROR_PERMISSION,
	    _("nothing is registered: channel '%s' takes no such request (%s): %s"),
	    channel->rule.title, channel->rule.rule, line.bytes);
}

int tkt_intake_admit(struct tkt_session *session, const json_t *ticket, struct tkt_error *error)
{
	const struct tkt_policy *policy;
	const struct tkt_channel *channel;
	enum tkt_acceptance acceptance;

	if (tkt_session_policy_of(session, NULL, &policy, error) ||
	    tkt_intake_accepts(&policy->intake, ticket,
		is_after_hours(session, &policy->intake, ticket), &channel, &acceptance, error))
		return -1;
	return acceptance == TKT_ACCEPT_NONE ? refuse(session, channel, ticket, error) : 0;
}
