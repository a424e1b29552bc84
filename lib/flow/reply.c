#include "flow/reply.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/ask.h"
#include "flow/difference.h"
#include "flow/enclose.h"
#include "flow/outgoing_mail.h"
#include "flow/render.h"
#include "flow/session.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

bool tkt_reply_leaves(const struct tkt_reply *reply)
{
	return !reply->internal && tkt_text_equal(reply->channel, "mail");
}

/* The fields that change with the answer. */
static int add_fields(json_t *change, const json_t *seen, const struct tkt_reply *reply,
    const struct tkt_present *present, struct tkt_error *error)
{
	size_t i;

	if (reply->status && tkt_change_set_text(change, seen, "status", reply->status, error))
		return -1;
	for (i = 0; i < reply->assignments->count; i++) {
		if (tkt_change_assign_at(
			change, seen, reply->assignments->items[i], present, error))
			return -1;
	}
	return 0;
}

int tkt_reply_check(const struct tkt_reply *reply, struct tkt_error *error)
{
	const struct tkt_present any = { 0 };
	json_auto_t *change = NULL;

	if (tkt_text_is_empty(reply->channel) ||
	    !tkt_utf8_is_valid(reply->channel, strlen(reply->channel)))
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'%s' is no channel"),
		    reply->channel ? reply->channel : "");
	if (reply->template && !tkt_template_is_name(reply->template))
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' is no name of a template"), reply->template);
	if (reply->action && !tkt_change_is_action(reply->action))
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' is no name of an action"), reply->action);
	if (reply->asked && reply->asked->count && reply->internal)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' goes with an answer, not with a note"), "--ask");
	if ((reply->asked && tkt_ask_check(reply->asked, error)) ||
	    tkt_change_new(NULL, NULL, &change, error))
		return -1;
	return add_fields(change, NULL, reply, &any, error);
}

int tkt_reply_text(struct tkt_text *out, const char *bytes, size_t length, struct tkt_error *error)
{
	size_t start = 0, end, line;
	tkt_autotext clean;

	tkt_text_init(&clean, TKT_TEXT_LIMIT);
	tkt_utf8_repair_lines(&clean, bytes, length);
	if (tkt_text_check(&clean, error))
		return -1;
	for (end = clean.length; end > 0 && strchr(" \t\n", clean.bytes[end - 1]); end--)
		;
	for (line = 0; line < end && strchr(" \t\n", clean.bytes[line]); line++) {
		if (clean.bytes[line] == '\n')
			start = line + 1;
	}
	if (!end)
		return tkt_error_set(error, TKT_ERROR_DATA, _("the text is empty"));
	tkt_text_add_bytes(out, clean.bytes + start, end - start);
	return tkt_text_check(out, error);
}

int tkt_reply_tickets(struct tkt_session *session, char *const *names, size_t count,
    json_t *tickets, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < count; i++) {
		json_t *ticket = NULL;

		if (tkt_ticket_require(session->db, names[i], &ticket, error))
			return -1;
		if (json_object_set_new(tickets, names[i], ticket))
			return tkt_error_set_memory(error);
	}
	return 0;
}

/* Has the ticket got a message, or other readers, since the agent saw it? */
static int check_fresh(
    const json_t *stored, const json_t *seen, bool leaves, struct tkt_error *error)
{
	static const char *const names[] = { "last_in_at", "last_out_at", "requester.email", "cc" };
	const char *const sentences[] = {
		_("a message arrived on ticket '%s' since it was read; read it again"),
		_("ticket '%s' was answered since it was read; read it again"),
		_("ticket '%s' has another requester since it was read; read it again"),
		_("ticket '%s' is copied to others since it was read; read it again"),
	};
	const json_t *rev = json_object_get(seen, "rev");
	size_t i;

	if (!json_is_integer(rev) || json_equal(rev, json_object_get(stored, "rev")))
		return 0;
	for (i = 0; i < (leaves ? 4 : 2); i++) {
		if (!tkt_json_equal(
			tkt_object_get(stored, names[i]), tkt_object_get(seen, names[i])))
			return tkt_error_set(
			    error, TKT_ERROR_DATA, sentences[i], tkt_object_text(stored, "id"));
	}
	return 0;
}

/* Its author is the desk, for whom it leaves; a note is the agent's own. The log knows who. */
static json_t *author(const struct tkt_session *session, const struct tkt_reply *reply)
{
	const struct tkt_desk *desk = session->desk;

	if (reply->internal)
		return json_pack("{s:s}", "name", tkt_session_agent(session));
	return tkt_text_is_empty(desk->name)
	    ? json_pack("{s:s}", "email", desk->address)
	    : json_pack("{s:s,s:s}", "email", desk->address, "name", desk->name);
}

int tkt_reply_message(struct tkt_session *session, const json_t *ticket,
    const struct tkt_reply *reply, json_t **message, struct tkt_error *error)
{
	tkt_autotext subject, rendered, body;
	json_auto_t *made = NULL;

	tkt_text_init(&subject, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&rendered, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	if (reply->template &&
	    (tkt_render_template(session, reply->template, ticket, &subject, &rendered, error) ||
		tkt_reply_text(&body, rendered.bytes, rendered.length, error)))
		return -1;
	made = json_pack("{s:s,s:s,s:s,s:o,s:s}", "kind", reply->internal ? "internal" : "public",
	    "direction", "out", "channel",
	    reply->internal && tkt_text_equal(reply->channel, "mail") ? "shell" : reply->channel,
	    "author", author(session, reply), "body", reply->template ? body.bytes : reply->body);
	if (!made ||
	    (subject.length && json_object_set_new(made, "subject", json_string(subject.bytes))))
		return tkt_error_set_memory(error);
	if (reply->files && tkt_files_enclose(session, reply->files, made, error))
		return -1;
	*message = tkt_take(made);
	return 0;
}

/* Questions below the text, which the ticket keeps until they are answered. */
static int ask(struct tkt_session *session, const json_t *ticket, const struct tkt_reply *reply,
    json_t *change, struct tkt_error *error)
{
	json_auto_t *questions = NULL;

	if (tkt_ask_add(session, ticket, reply->asked, json_object_get(change, "message"),
		&questions, error))
		return -1;
	return json_array_size(questions)
	    ? tkt_change_put(change, "questions", json_incref(questions), error)
	    : 0;
}

int tkt_reply_apply(struct tkt_session *session, const json_t *seen, const struct tkt_reply *reply,
    struct tkt_applied *applied, struct tkt_error *error)
{
	const struct tkt_present present = tkt_session_present(session);
	json_auto_t *change = NULL, *stored = NULL;
	json_t *message = NULL;

	if (tkt_change_new(seen, reply->why, &change, error) ||
	    tkt_ticket_require(session->db, tkt_object_text(change, "ticket"), &stored, error))
		return -1;
	if ((!reply->internal && check_fresh(stored, seen, tkt_reply_leaves(reply), error)) ||
	    add_fields(change, seen, reply, &present, error) ||
	    tkt_reply_message(session, stored, reply, &message, error) ||
	    tkt_change_put(change, "message", message, error) ||
	    (reply->asked && reply->asked->count && ask(session, stored, reply, change, error)) ||
	    (reply->action && tkt_change_put(change, "action", json_string(reply->action), error)))
		return -1;
	return tkt_apply_change(session, change, NULL, applied, error);
}

static void add_shown(struct tkt_text *out, const char *text)
{
	tkt_utf8_terminal(out, text, strlen(text), TKT_UTF8_ONE_LINE);
}

/* 'To: anna@example.org, ...', nothing for an empty list. `member` is what to show of each. */
static void show_list(
    struct tkt_text *out, const char *title, const json_t *list, const char *member)
{
	const json_t *element;
	size_t at;

	json_array_foreach(list, at, element) {
		const char *text = tkt_object_text(element, member);

		tkt_text_add(out, at ? ", " : title);
		add_shown(out, text ? text : "?");
	}
	if (json_array_size(list))
		tkt_text_add_byte(out, '\n');
}

void tkt_reply_show(const json_t *message, struct tkt_text *out)
{
	const char *subject = tkt_object_text(message, "subject");
	const char *body = tkt_object_text(message, "body");

	show_list(out, _("To: "), json_object_get(message, "to"), "email");
	show_list(out, _("Cc: "), json_object_get(message, "cc"), "email");
	if (subject) {
		tkt_text_add(out, _("Subject: "));
		add_shown(out, subject);
		tkt_text_add_byte(out, '\n');
	}
	show_list(out, _("Attachments: "), json_object_get(message, "attachments"), "name");
	tkt_text_add_byte(out, '\n');
	if (body)
		tkt_utf8_terminal(out, body, strlen(body), TKT_UTF8_LINES);
	tkt_text_add(out, "\n");
}

int tkt_reply_whom(struct tkt_session *session, const struct tkt_reply *reply, const json_t *ticket,
    struct tkt_text *out, struct tkt_error *error)
{
	json_auto_t *recipients = NULL;
	tkt_autotext addresses;
	const json_t *element;
	size_t at;

	tkt_text_init(&addresses, TKT_TEXT_LIMIT);
	if (!tkt_reply_leaves(reply)) {
		tkt_text_add(out, _("no mail leaves"));
		return tkt_text_check(out, error);
	}
	if (tkt_reply_recipients(session, ticket, &recipients, error))
		return -1;
	json_array_foreach(recipients, at, element) {
		tkt_text_add(&addresses, at ? ", " : "");
		add_shown(&addresses, json_string_value(element));
	}
	if (tkt_text_check(&addresses, error))
		return -1;
	if (addresses.length)
		/* TRANSLATORS: addresses, with commas between */
		tkt_text_format(out, _("to %s"), addresses.bytes);
	else
		tkt_text_add(out, _("to nobody: no address is known"));
	return tkt_text_check(out, error);
}
