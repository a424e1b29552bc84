/* What a letter does to the tickets: it opens one, or becomes a message of one. */
#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/set_aside.h"
#include "flow/taking.h"
#include "mail/authentication.h"
#include "mail/parse.h"
#include "store/blob.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define COPIES_MOST 10 /* of the first letter's Cc: DESIGN.md 4, Who gets a reply */

/* A file would stay behind when the transaction is rolled back. */
int tkt_taking_store(const struct tkt_taking *taking, const void *bytes, size_t length,
    char sha256[TKT_SHA256_SIZE], struct tkt_error *error)
{
	const struct tkt_letter *letter = taking->letter;
	bool is_kept =
	    !letter->is_trial && !(letter->skip_known && tkt_text_equal(taking->fate, "duplicate"));

	if (is_kept)
		return tkt_blob_write(taking->session->db, bytes, length, sha256, error);
	tkt_sha256(bytes, length, sha256);
	return 0;
}

/* The panel and tkt-link prove more than a letter can. */
static const char *identity_of(const struct tkt_taking *taking)
{
	const struct tkt_mail *mail = taking->mail;

	if (!*mail->from)
		return "none";
	return tkt_mail_is_authenticated(mail, taking->session->desk->trusted_host)
	    ? "authenticated"
	    : "claimed";
}

/* What the message of a letter says beside what is in the mail: attachments by hash, receipt,
 * identity. */
/* Which other address of the desk the letter reached (S1-19), for the envelope knows what To does
 * not tell; signatures in it are left to the thread. */
static int put_recipient(const struct tkt_taking *taking, json_t *message, struct tkt_error *error)
{
	const struct tkt_desk *desk = taking->session->desk;
	const char *recipient = taking->letter->recipient;
	tkt_autofree char *address = NULL;

	if (tkt_text_is_empty(recipient))
		return 0;
	if (tkt_desk_base_address(desk, recipient, &address, error))
		return -1;
	if (!tkt_address_is_valid(address) || tkt_text_equal(address, desk->address))
		return 0;
	return json_object_set_new(message, "recipient", json_string(address))
	    ? tkt_error_set_memory(error)
	    : 0;
}

int tkt_taking_message(
    struct tkt_taking *taking, const char *kind, json_t **message, struct tkt_error *error)
{
	const struct tkt_mail *mail = taking->mail;
	json_auto_t *made = json_copy(mail->message);
	char received_at[TKT_TIME_SIZE], sha256[TKT_SHA256_SIZE];
	size_t i;

	for (i = 0; i < mail->part_count; i++) {
		if (tkt_taking_store(
			taking, mail->parts[i].bytes, mail->parts[i].size, sha256, error))
			return -1;
	}
	tkt_time_format(taking->letter->received_at, received_at);
	if (!made || json_object_set_new(made, "kind", json_string(kind)) ||
	    (!json_object_get(made, "body_new") && /* nothing is new */
		json_object_set_new(made, "body_new", json_string(""))) ||
	    json_object_set_new(made, "received_at", json_string(received_at)) ||
	    json_object_set_new(made, "identity", json_string(identity_of(taking))) ||
	    json_object_set_new(made, "raw_sha256", json_string(taking->raw_sha256)))
		return tkt_error_set_memory(error);
	if (put_recipient(taking, made, error) || tkt_set_aside(taking, made, error))
		return -1;
	*message = tkt_take(made);
	return 0;
}

static int apply(struct tkt_taking *taking, json_t *change, struct tkt_error *error)
{
	const char *from = taking->mail->from;
	tkt_autofree char *actor = NULL;

	if (asprintf(&actor, "contact:%s", *from ? from : "unknown") < 0)
		return tkt_error_set_memory(error);
	return tkt_apply_change(taking->session, change,
	    &(struct tkt_apply_manner){ .actor = actor, .is_proven = true }, &taking->made.applied,
	    error);
}

int tkt_taking_append(
    struct tkt_taking *taking, const char *kind, const char *why, struct tkt_error *error)
{
	json_auto_t *change = NULL, *message = NULL;

	if (tkt_taking_message(taking, kind, &message, error) ||
	    tkt_change_new(taking->thread.ticket, why, &change, error))
		return -1;
	if (tkt_change_put(change, "message", json_incref(message), error))
		return -1;
	return apply(taking, change, error);
}

/* The first letter's Cc, at most ten, without our own addresses; NULL: no memory. */
static json_t *copies(const struct tkt_taking *taking)
{
	json_t *made = json_array();
	const json_t *element;
	size_t at;

	json_array_foreach(json_object_get(taking->mail->message, "cc"), at, element) {
		const char *address = tkt_object_text(element, "email");

		if (json_array_size(made) == COPIES_MOST)
			break;
		if (address && !tkt_desk_has_address(taking->session->desk, address) &&
		    strcmp(address, taking->mail->from) &&
		    json_array_append_new(made, json_string(address))) {
			json_decref(made);
			return NULL;
		}
	}
	return made;
}

static json_t *time_or_null(int64_t time)
{
	char text[TKT_TIME_SIZE];

	return time == TKT_TIME_NONE ? json_null() : json_string(tkt_time_format(time, text));
}

/* The members of a new ticket that its letter decides; channel and language follow from its
 * message. */
static json_t *first_values(const struct tkt_taking *taking)
{
	const struct tkt_mail *mail = taking->mail;
	const char *claimed = taking->thread.claimed;

	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "subject", mail->subject, "identity",
	    identity_of(taking), "requester.email", mail->from, "requester.name", mail->from_name,
	    "cc", copies(taking), "linked", claimed ? json_pack("[s]", claimed) : json_array(),
	    "sent_at", time_or_null(mail->sent_at), "received_at",
	    time_or_null(taking->letter->received_at));
}

int tkt_taking_open(struct tkt_taking *taking, const char *why, struct tkt_error *error)
{
	json_auto_t *change = NULL, *message = NULL, *set = NULL;

	if (tkt_taking_message(taking, "public", &message, error) ||
	    tkt_change_new(NULL, why, &change, error))
		return -1;
	set = first_values(taking);
	if (!set)
		return tkt_error_set_memory(error);
	if (tkt_change_put(change, "set", json_incref(set), error) ||
	    tkt_change_put(change, "message", json_incref(message), error))
		return -1;
	return apply(taking, change, error);
}
