#include "flow/compose_outgoing.h"

#include "base/program.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "flow/staff_address.h"
#include "mail/compose.h"
#include "store/blob.h"
#include "store/message.h"
#include "json/field.h"

#include "base/banned.h"

/* The lists of a mail, as compose.h wants them; texts are borrowed from the message. */
struct composing {
	struct tkt_address *to, *cc;
	const char **references;
	struct tkt_enclosure *enclosures;
	struct tkt_text *contents; /* of the enclosures */
	size_t to_count, cc_count, enclosure_count;
};

static void composing_clear(struct composing *composing)
{
	size_t i;

	for (i = 0; composing->contents && i < composing->enclosure_count; i++)
		tkt_text_clear(&composing->contents[i]);
	free(composing->to);
	free(composing->cc);
	free(composing->references);
	free(composing->enclosures);
	free(composing->contents);
}

static int read_addresses(
    const json_t *list, struct tkt_address **addresses, size_t *count, struct tkt_error *error)
{
	const json_t *element;
	size_t at;

	*count = json_array_size(list);
	*addresses = calloc(*count + 1, sizeof(**addresses));
	if (!*addresses)
		return tkt_error_set_memory(error);
	json_array_foreach(list, at, element) {
		(*addresses)[at].email = tkt_object_text(element, "email");
		(*addresses)[at].name = tkt_object_text(element, "name");
	}
	return 0;
}

static int read_references(const json_t *list, struct composing *composing, struct tkt_error *error)
{
	const json_t *element;
	size_t at;

	composing->references = calloc(json_array_size(list) + 1, sizeof(*composing->references));
	if (!composing->references)
		return tkt_error_set_memory(error);
	json_array_foreach(list, at, element)
		composing->references[at] = json_string_value(element);
	return 0;
}

static int read_enclosures(struct tkt_session *session, const json_t *list,
    struct composing *composing, struct tkt_error *error)
{
	size_t count = json_array_size(list), at;
	const json_t *element;

	composing->enclosures = calloc(count + 1, sizeof(*composing->enclosures));
	composing->contents = calloc(count + 1, sizeof(*composing->contents));
	if (!composing->enclosures || !composing->contents)
		return tkt_error_set_memory(error);
	json_array_foreach(list, at, element) {
		struct tkt_text *content = &composing->contents[at];
		const char *sha256 = tkt_object_text(element, "sha256");
		int found;

		tkt_text_init(content, TKT_TEXT_LIMIT);
		composing->enclosure_count = at + 1;
		found = tkt_blob_read(session->db, sha256 ? sha256 : "", content, error);
		if (found < 0)
			return -1;
		if (!found)
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("the contents of attachment '%s' are not here"),
			    tkt_object_text(element, "name"));
		composing->enclosures[at] = (struct tkt_enclosure){
			.name = tkt_object_text(element, "name"),
			.content_type = tkt_object_text(element, "content_type"),
			.bytes = content->bytes,
			.size = content->length,
		};
	}
	return 0;
}

/* A mail that is no message of a ticket says all that it is in its row. */
static int make_message(
    const struct tkt_desk *desk, const json_t *outgoing, json_t **message, struct tkt_error *error)
{
	json_auto_t *made =
	    json_pack("{s:{s:s,s:s},s:[],s:O*,s:O*,s:O*}", "author", "email", desk->address, "name",
		desk->name, "to", "subject", json_object_get(outgoing, "subject"), "message_id",
		json_object_get(outgoing, "message_id"), "body", json_object_get(outgoing, "body"));
	const json_t *address;
	size_t at;

	if (!made)
		return tkt_error_set_memory(error);
	json_array_foreach(json_object_get(outgoing, "recipients"), at, address) {
		if (json_array_append_new(
			json_object_get(made, "to"), json_pack("{s:O}", "email", address)))
			return tkt_error_set_memory(error);
	}
	*message = json_incref(made);
	return 0;
}

static int find_message(
    struct tkt_session *session, const json_t *outgoing, json_t **message, struct tkt_error *error)
{
	const char *id = tkt_object_text(outgoing, "message");
	int64_t number;
	int found;

	if (!id && tkt_object_text(outgoing, "body"))
		return make_message(session->desk, outgoing, message, error);
	if (!id || tkt_number_parse(id, &number))
		return tkt_error_set(error, TKT_ERROR_DATA, _("an outgoing mail names no message"));
	found = tkt_message_get(session->db, number, message, error);
	if (found == 0)
		return tkt_error_set(error, TKT_ERROR_DATA, _("message '%s' is not here"), id);
	return found < 0 ? -1 : 0;
}

/* Where answers go: to the ticket of the mail, or of the token in what the staff is told. NULL: to
 * its author. To be freed. */
static int find_reply_to(
    struct tkt_session *session, const json_t *message, char **address, struct tkt_error *error)
{
	const char *ticket = tkt_object_text(message, "ticket");
	int64_t number;

	*address = NULL;
	if (!ticket)
		return tkt_staff_reply_to(
		    session, tkt_object_text(message, "message_id"), address, error);
	if (tkt_ticket_number(ticket, &number))
		return 0;
	return tkt_signed_address(session, TKT_TOKEN_REPLY, number, address, error);
}

int tkt_outgoing_compose(struct tkt_session *session, const json_t *outgoing,
    struct tkt_text *bytes, struct tkt_error *error)
{
	__attribute__((cleanup(composing_clear))) struct composing composing = { 0 };
	const char *created_at = tkt_object_text(outgoing, "created_at");
	int64_t date = tkt_command_now(session->command);
	struct tkt_outgoing_mail mail;
	json_auto_t *message = NULL;
	tkt_autofree char *reply_to = NULL;
	const char *mark, *body;

	if (find_message(session, outgoing, &message, error) ||
	    read_addresses(
		json_object_get(message, "to"), &composing.to, &composing.to_count, error) ||
	    read_addresses(
		json_object_get(message, "cc"), &composing.cc, &composing.cc_count, error) ||
	    read_references(json_object_get(message, "references"), &composing, error) ||
	    read_enclosures(session, json_object_get(message, "attachments"), &composing, error) ||
	    tkt_session_mark(session, &mark, error) ||
	    find_reply_to(session, message, &reply_to, error) ||
	    (created_at && tkt_time_parse(created_at, &date, error)))
		return -1;
	body = tkt_object_text(message, "body");
	mail = (struct tkt_outgoing_mail){
		.from = { tkt_object_text(message, "author.email"),
		    tkt_object_text(message, "author.name") },
		.reply_to = { reply_to, tkt_object_text(message, "author.name") },
		.to = composing.to,
		.to_count = composing.to_count,
		.cc = composing.cc,
		.cc_count = composing.cc_count,
		.subject = tkt_object_text(message, "subject"),
		.message_id = tkt_object_text(message, "message_id"),
		.in_reply_to = tkt_object_text(message, "in_reply_to"),
		.references = composing.references,
		.auto_submitted = !json_object_get(message, "id")    ? "auto-generated"
		    : json_is_true(json_object_get(message, "auto")) ? "auto-replied"
								     : NULL,
		.desk_mark = mark,
		.date = date,
		.body = body ? body : "",
		.has_html = session->desk->html && json_object_get(message, "ticket"),
		.enclosures = composing.enclosures,
		.enclosure_count = composing.enclosure_count,
	};
	return tkt_mail_compose(&mail, bytes, error);
}
