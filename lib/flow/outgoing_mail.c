#include "flow/outgoing_mail.h"

#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/program.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/attachment.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "flow/token_key.h"
#include "mail/parse.h"
#include "store/counter.h"
#include "store/message.h"
#include "store/outgoing.h"
#include "json/field.h"

#include "base/banned.h"

#define MESSAGE_ID_BYTES 15 /* of chance: 120 bits */

static bool has_address(const json_t *array, const char *text)
{
	const json_t *element;
	size_t at;

	json_array_foreach(array, at, element) {
		if (!strcasecmp(json_string_value(element), text))
			return true;
	}
	return false;
}

static int add_recipient(
    const struct tkt_desk *desk, json_t *recipients, const char *address, struct tkt_error *error)
{
	if (tkt_text_is_empty(address) || tkt_desk_has_address(desk, address) ||
	    has_address(recipients, address))
		return 0;
	return json_array_append_new(recipients, json_string(address)) ? tkt_error_set_memory(error)
								       : 0;
}

int tkt_reply_recipients(
    struct tkt_session *session, const json_t *ticket, json_t **recipients, struct tkt_error *error)
{
	json_auto_t *made = json_array();
	const json_t *element;
	size_t at;

	if (!made)
		return tkt_error_set_memory(error);
	if (add_recipient(session->desk, made, tkt_object_text(ticket, "requester.email"), error))
		return -1;
	json_array_foreach(json_object_get(ticket, "cc"), at, element) {
		if (add_recipient(session->desk, made, json_string_value(element), error))
			return -1;
	}
	*recipients = tkt_take(made);
	return 0;
}

/* {"email":...,"name":...} */
static json_t *person(const char *email, const char *name)
{
	return tkt_text_is_empty(name) ? json_pack("{s:s}", "email", email)
				       : json_pack("{s:s,s:s}", "email", email, "name", name);
}

static int complete_addresses(
    struct tkt_session *session, const json_t *ticket, json_t *message, struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;
	const char *requester = tkt_object_text(ticket, "requester.email");
	json_auto_t *recipients = NULL, *to = json_array(), *cc = json_array();
	const json_t *element;
	size_t at;

	if (!to || !cc)
		return tkt_error_set_memory(error);
	if (!json_object_get(message, "author") &&
	    json_object_set_new(message, "author", person(desk->address, desk->name)))
		return tkt_error_set_memory(error);
	if (json_object_get(message, "to"))
		return 0;
	if (tkt_reply_recipients(session, ticket, &recipients, error))
		return -1;
	json_array_foreach(recipients, at, element) {
		const char *address = json_string_value(element);
		bool is_requester = tkt_text_equal(address, requester);

		if (json_array_append_new(at == 0 || is_requester ? to : cc,
			person(address,
			    is_requester ? tkt_object_text(ticket, "requester.name") : NULL)))
			return tkt_error_set_memory(error);
	}
	if (json_object_set(message, "to", to) ||
	    (json_array_size(cc) && json_object_set(message, "cc", cc)))
		return tkt_error_set_memory(error);
	return 0;
}

/* 'Re: [SUP-1042] subject'; a subject that a template made gets the id alone. */
static int complete_subject(
    struct tkt_session *session, const json_t *ticket, json_t *message, struct tkt_error *error)
{
	const char *id = tkt_object_text(ticket, "id"), *own = tkt_object_text(message, "subject");
	const char *given = own ? own : tkt_object_text(ticket, "subject");
	tkt_autofree char *clean =
	    tkt_subject_clean(given ? given : "", session->desk->ticket_prefix);
	json_t *subject;

	if (!clean)
		return tkt_error_set_memory(error);
	subject = json_sprintf("%s[%s]%s%s", own ? "" : "Re: ", id, *clean ? " " : "", clean);
	return json_object_set_new(message, "subject", subject) ? tkt_error_set_memory(error) : 0;
}

json_t *tkt_message_id_new(struct tkt_session *session, const char *about, struct tkt_error *error)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	const char *domain = strchr(session->desk->address, '@');
	unsigned char chance[MESSAGE_ID_BYTES];
	char text[MESSAGE_ID_BYTES + 1];
	json_t *made;
	size_t i;

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance)) {
		tkt_error_set(error, TKT_ERROR_TEMPORARY, _("the system gives no random bytes"));
		return NULL;
	}
	for (i = 0; i < sizeof(chance); i++)
		text[i] = digits[chance[i] % 32];
	text[i] = '\0';
	made = json_sprintf("%s.%s%s", about, text, domain ? domain : "@localhost");
	if (!made)
		tkt_error_set_memory(error);
	return made;
}

/* 'SUP-1042', which people can see; where no address carries the token, with it. */
static int add_about(
    struct tkt_session *session, const char *id, struct tkt_text *about, struct tkt_error *error)
{
	const struct tkt_token_key *key;
	char token[TKT_TOKEN_SIZE];
	int64_t number;

	tkt_text_add(about, id);
	if (session->desk->recipient_delimiter || tkt_ticket_number(id, &number))
		return tkt_text_check(about, error);
	if (tkt_session_token_key(session, &key, error))
		return -1;
	tkt_token_make(key, TKT_TOKEN_REPLY, number, token);
	tkt_text_format(about, ".%s", token);
	return tkt_text_check(about, error);
}

static int complete_message_id(
    struct tkt_session *session, const json_t *ticket, json_t *message, struct tkt_error *error)
{
	tkt_autotext about;
	json_t *id;

	tkt_text_init(&about, TKT_TEXT_LIMIT);
	if (json_object_get(message, "message_id"))
		return 0;
	if (add_about(session, tkt_object_text(ticket, "id"), &about, error))
		return -1;
	id = tkt_message_id_new(session, about.bytes, error);
	if (!id)
		return -1;
	return json_object_set_new(message, "message_id", id) ? tkt_error_set_memory(error) : 0;
}

static int complete_references(
    struct tkt_session *session, const json_t *ticket, json_t *message, struct tkt_error *error)
{
	json_auto_t *thread = NULL;
	size_t count;

	if (json_object_get(message, "references"))
		return 0;
	if (tkt_message_thread(session->db, tkt_object_text(ticket, "id"), &thread, error))
		return -1;
	count = json_array_size(thread);
	if (!count)
		return 0;
	if ((!json_object_get(message, "in_reply_to") &&
		json_object_set(message, "in_reply_to", json_array_get(thread, count - 1))) ||
	    json_object_set(message, "references", thread))
		return tkt_error_set_memory(error);
	return 0;
}

/* What the desk does not take from its customers it does not pass on. */
static int check_attachments(const json_t *message, struct tkt_error *error)
{
	const json_t *attachment;
	size_t at;

	json_array_foreach(json_object_get(message, "attachments"), at, attachment) {
		const char *why = tkt_attachment_aside(attachment);

		if (why)
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("attachment '%s' was set aside and does not leave: %s"),
			    tkt_object_text(attachment, "name"), why);
	}
	return 0;
}

int tkt_outgoing_complete(
    struct tkt_session *session, const json_t *ticket, json_t *message, struct tkt_error *error)
{
	if (check_attachments(message, error) ||
	    complete_addresses(session, ticket, message, error) ||
	    complete_subject(session, ticket, message, error) ||
	    complete_message_id(session, ticket, message, error))
		return -1;
	return complete_references(session, ticket, message, error);
}

/* The addresses of to and cc, each once: the envelopes (Bcc never comes here). */
static int envelope(const json_t *message, json_t *recipients)
{
	static const char *const names[] = { "to", "cc" };
	const json_t *element;
	size_t i, at;

	for (i = 0; i < 2; i++) {
		json_array_foreach(json_object_get(message, names[i]), at, element) {
			const char *address = tkt_object_text(element, "email");

			if (address && !has_address(recipients, address) &&
			    json_array_append_new(recipients, json_string(address)))
				return -1;
		}
	}
	return 0;
}

int tkt_outgoing_put(struct tkt_session *session, const struct tkt_outgoing_put *mail, json_t **row,
    struct tkt_error *error)
{
	tkt_autofree char *signed_sender = NULL;
	const char *sender = session->desk->address;
	json_auto_t *made = NULL;
	char now[TKT_TIME_SIZE];
	int64_t number;

	if (tkt_counter_next(session->db, TKT_COUNTER_OUTGOING, &number, error) ||
	    tkt_signed_address(session, TKT_TOKEN_BOUNCE, number, &signed_sender, error))
		return -1;
	if (signed_sender)
		sender = signed_sender;
	if (mail->is_answer) /* so that nothing answers it (RFC 3834, 3.3) */
		sender = "";
	tkt_time_format(tkt_command_now(session->command), now);
	made = json_pack("{s:s,s:I,s:s*,s:s*,s:s,s:[s],s:s,s:s,s:s,s:s*,s:i,s:i,s:s,s:s}", "type",
	    "outgoing", "number", (json_int_t)number, "ticket", mail->ticket, "message",
	    mail->message, "state", "queued", "recipients", mail->recipient, "sender", sender,
	    "subject", mail->subject, "message_id", mail->message_id, "body", mail->body,
	    "attempts", 0, "unknowns", 0, "due_at", now, "created_at", now);
	if (!made)
		return tkt_error_set_memory(error);
	if (tkt_outgoing_write(session->db, made, error))
		return -1;
	*row = tkt_take(made);
	return 0;
}

int tkt_outgoing_enqueue(struct tkt_session *session, const json_t *ticket, const json_t *message,
    json_t **outgoing, struct tkt_error *error)
{
	json_auto_t *recipients = json_array(), *rows = json_array();
	struct tkt_outgoing_put mail = {
		.ticket = tkt_object_text(ticket, "id"),
		.message = tkt_object_text(message, "id"),
		.subject = tkt_object_text(message, "subject"),
		.message_id = tkt_object_text(message, "message_id"),
		.is_answer = json_is_true(json_object_get(message, "auto")),
	};
	const json_t *recipient;
	size_t at;

	if (!recipients || !rows || envelope(message, recipients))
		return tkt_error_set_memory(error);
	json_array_foreach(recipients, at, recipient) {
		json_t *row = NULL;

		mail.recipient = json_string_value(recipient);
		if (tkt_outgoing_put(session, &mail, &row, error))
			return -1;
		if (json_array_append_new(rows, row))
			return tkt_error_set_memory(error);
	}
	*outgoing = json_array_size(rows) ? tkt_take(rows) : NULL;
	return 0;
}
