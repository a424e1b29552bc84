#include "flow/take_in.h"

#include <string.h>

#include "base/program.h"
#include "base/sha256.h"
#include "base/time.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/acknowledge.h"
#include "flow/fingerprint.h"
#include "flow/session.h"
#include "flow/threading.h"
#include "mail/parse.h"
#include "store/blob.h"
#include "store/counter.h"
#include "store/letter.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define COPIES_MOST 10 /* of the first letter's Cc: DESIGN.md 4, Who gets a reply */

/* One letter on its way. */
struct taking {
	struct tkt_session *session;
	const struct tkt_letter *letter;
	const struct tkt_mail *mail; /* NULL: it is no letter */
	struct tkt_thread thread;
	const char *fate;
	const char *reason; /* for the log and the ledger, not translated; NULL */
	char raw_sha256[65], fingerprint[65];
	struct tkt_taken made;
};

void tkt_taken_clear(struct tkt_taken *taken)
{
	json_decref(taken->letter);
	tkt_applied_clear(&taken->applied);
	tkt_applied_clear(&taken->answer);
	memset(taken, 0, sizeof(*taken));
}

static void taking_clear(struct taking *taking)
{
	tkt_thread_clear(&taking->thread);
	tkt_taken_clear(&taking->made);
}

/* Contents under their name. A file would stay behind when the transaction is rolled back. */
static int store(const struct taking *taking, const void *bytes, size_t length,
    char sha256[TKT_SHA256_SIZE], struct tkt_error *error)
{
	if (!taking->letter->is_trial)
		return tkt_blob_write(taking->session->db, bytes, length, sha256, error);
	tkt_sha256(bytes, length, sha256);
	return 0;
}

/* What the message of a letter says beside what is in the mail: attachments by hash, receipt,
 * identity. */
static int make_message(
    const struct taking *taking, const char *kind, json_t **message, struct tkt_error *error)
{
	const struct tkt_mail *mail = taking->mail;
	json_auto_t *made = json_copy(mail->message);
	const char *new_text = tkt_object_text(mail->message, "body_new");
	char received_at[TKT_TIME_SIZE], sha256[65];
	size_t i;

	for (i = 0; i < mail->part_count; i++) {
		if (store(taking, mail->parts[i].bytes, mail->parts[i].size, sha256, error))
			return -1;
	}
	tkt_time_format(taking->letter->received_at, received_at);
	if (!made || json_object_set_new(made, "kind", json_string(kind)) ||
	    json_object_set_new(made, "body_new", json_string(new_text ? new_text : "")) ||
	    json_object_set_new(made, "received_at", json_string(received_at)) ||
	    json_object_set_new(made, "identity", json_string(*mail->from ? "claimed" : "none")) ||
	    json_object_set_new(made, "raw_sha256", json_string(taking->raw_sha256)))
		return tkt_error_set_memory(error);
	*message = tkt_take(made);
	return 0;
}

static int apply(struct taking *taking, json_t *change, struct tkt_error *error)
{
	const char *from = taking->mail->from;
	tkt_autofree char *actor = NULL;

	if (asprintf(&actor, "contact:%s", *from ? from : "unknown") < 0)
		return tkt_error_set_memory(error);
	return tkt_apply_change(taking->session, change,
	    &(struct tkt_apply_manner){ .actor = actor }, &taking->made.applied, error);
}

/* The letter joins the ticket it belongs to. */
static int append(struct taking *taking, const char *why, struct tkt_error *error)
{
	json_auto_t *change = NULL, *message = NULL;

	if (make_message(taking, "public", &message, error) ||
	    tkt_change_new(taking->thread.ticket, why, &change, error))
		return -1;
	if (tkt_change_put(change, "message", json_incref(message), error))
		return -1;
	return apply(taking, change, error);
}

/* The first letter's Cc, at most ten, without our own addresses; NULL: no memory. */
static json_t *copies(const struct taking *taking)
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
static json_t *first_values(const struct taking *taking)
{
	const struct tkt_mail *mail = taking->mail;
	const char *claimed = taking->thread.claimed;

	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "subject", mail->subject, "identity",
	    *mail->from ? "claimed" : "none", "requester.email", mail->from, "requester.name",
	    mail->from_name, "cc", copies(taking), "linked",
	    claimed ? json_pack("[s]", claimed) : json_array(), "sent_at",
	    time_or_null(mail->sent_at), "received_at", time_or_null(taking->letter->received_at));
}

static int open_ticket(struct taking *taking, struct tkt_error *error)
{
	json_auto_t *change = NULL, *message = NULL, *set = NULL;
	const char *why = taking->thread.claimed ? "a letter from a newcomer" : "a new letter";

	if (make_message(taking, "public", &message, error) ||
	    tkt_change_new(
		NULL, taking->mail->trouble ? taking->mail->trouble : why, &change, error))
		return -1;
	set = first_values(taking);
	if (!set)
		return tkt_error_set_memory(error);
	if (tkt_change_put(change, "set", json_incref(set), error) ||
	    tkt_change_put(change, "message", json_incref(message), error))
		return -1;
	return apply(taking, change, error);
}

/* RFC 3834: answers go to no machine, no null sender, and never to ourselves. */
static bool may_answer(const struct taking *taking)
{
	const struct tkt_desk *desk = taking->session->desk;

	if (!desk->acknowledge_first || taking->mail->kind != TKT_MAIL_PERSON)
		return false;
	if (taking->mail->envelope_from && !*taking->mail->envelope_from)
		return false;
	return *taking->mail->from && !tkt_desk_has_address(desk, taking->mail->from);
}

static int settle(struct taking *taking, const char *fate, const char *reason)
{
	taking->fate = fate;
	taking->reason = reason;
	return 0;
}

/* Machine mail opens nothing: it joins the ticket it is about, if any. */
static int take_machine_mail(
    struct taking *taking, const char *fate, const char *reason, struct tkt_error *error)
{
	settle(taking, fate, reason);
	return taking->thread.ticket ? append(taking, reason, error) : 0;
}

static int take_person_mail(struct taking *taking, struct tkt_error *error)
{
	if (taking->thread.ticket) {
		settle(taking, "appended", NULL);
		return append(taking, "a letter of a participant", error);
	}
	settle(taking, "opened", taking->mail->trouble);
	if (open_ticket(taking, error))
		return -1;
	if (!may_answer(taking))
		return 0;
	return tkt_acknowledge(
	    taking->session, taking->made.applied.ticket, &taking->made.answer, error);
}

/* Is it the same letter again? Then nothing is done; its row says so. */
static int find_duplicate(struct taking *taking, const char *key, struct tkt_error *error)
{
	json_auto_t *earlier = NULL;
	int found = tkt_letter_find(taking->session->db, key, taking->fingerprint, &earlier, error);

	if (found <= 0)
		return found;
	taking->made.letter = json_pack("{s:O*,s:O*}", "ticket", json_object_get(earlier, "ticket"),
	    "message", json_object_get(earlier, "message"));
	settle(taking, "duplicate", "this letter was taken in before");
	return taking->made.letter ? 1 : tkt_error_set_memory(error);
}

/* By what kind of sender wrote it. */
static int take_by_kind(struct taking *taking, struct tkt_error *error)
{
	const struct tkt_desk *desk = taking->session->desk;
	const struct tkt_mail *mail = taking->mail;
	const char *mark;

	if (tkt_session_mark(taking->session, &mark, error) ||
	    tkt_thread_find(taking->session, mail, &taking->thread, error))
		return -1;
	if ((*mark && !strcmp(mail->desk_mark, mark)) || tkt_desk_has_address(desk, mail->from))
		return settle(taking, "automatic", "our own mail came back");
	switch (mail->kind) {
	case TKT_MAIL_BOUNCE:
		return take_machine_mail(taking, "bounce", "a delivery report", error);
	case TKT_MAIL_RECEIPT:
		return take_machine_mail(taking, "automatic", "a receipt", error);
	case TKT_MAIL_AUTOMATIC:
		return take_machine_mail(taking, "automatic", "an automatic reply", error);
	case TKT_MAIL_LIST:
		if (!desk->accept_lists)
			return settle(taking, "automatic", "list mail is not taken");
		break;
	case TKT_MAIL_GENERATED:
		if (!desk->accept_generated)
			return settle(taking, "automatic", "generated mail is not taken");
		break;
	case TKT_MAIL_PERSON:
		break;
	}
	return take_person_mail(taking, error);
}

static int set_texts(const struct taking *taking, json_t *row)
{
	const struct tkt_letter *letter = taking->letter;
	const struct tkt_mail *mail = taking->mail;
	const char *sender = letter->sender ? letter->sender : mail ? mail->envelope_from : NULL;
	const char *recipient = letter->recipient ? letter->recipient
	    : mail                                ? mail->envelope_to
						  : NULL;
	const struct tkt_applied *applied = &taking->made.applied;
	json_t *ticket = json_object_get(applied->ticket, "id"),
	       *message = json_object_get(applied->message, "id");
	const struct {
		const char *name, *value;
	} texts[] = { { "reason", taking->reason }, { "sender", sender },
		{ "recipient", recipient }, { "message_id", mail ? mail->message_id : NULL } };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		tkt_autotext clean; /* an address of the envelope may be any bytes */

		tkt_text_init(&clean, TKT_TEXT_LIMIT);
		if (tkt_text_is_empty(texts[i].value))
			continue;
		tkt_utf8_repair(&clean, texts[i].value, strlen(texts[i].value));
		if (clean.failed ||
		    json_object_set_new(row, texts[i].name, json_string(clean.bytes)))
			return -1;
	}
	if ((ticket && json_object_set(row, "ticket", ticket)) ||
	    (message && json_object_set(row, "message", message)))
		return -1;
	return 0;
}

static int write_row(struct taking *taking, const char *key, struct tkt_error *error)
{
	char received_at[TKT_TIME_SIZE];
	json_t *row = taking->made.letter;
	int64_t number;

	if (!row)
		row = taking->made.letter = json_object();
	if (tkt_counter_next(taking->session->db, TKT_COUNTER_LETTER, &number, error))
		return -1;
	tkt_time_format(taking->letter->received_at, received_at);
	if (!row || json_object_set_new(row, "type", json_string("letter")) ||
	    json_object_set_new(row, "number", json_integer(number)) ||
	    json_object_set_new(row, "received_at", json_string(received_at)) ||
	    json_object_set_new(row, "fate", json_string(taking->fate)) ||
	    json_object_set_new(row, "raw_sha256", json_string(taking->raw_sha256)) ||
	    json_object_set_new(row, "size", json_integer((json_int_t)taking->letter->length)) ||
	    set_texts(taking, row))
		return tkt_error_set_memory(error);
	return tkt_letter_write(taking->session->db, row, key, taking->fingerprint, error);
}

/* A Message-ID, or what stands for it in a letter that has none. */
static char *letter_key(const struct taking *taking)
{
	char *key = NULL;

	if (taking->mail && *taking->mail->message_id)
		return strdup(taking->mail->message_id);
	return asprintf(&key, "sha256:%s", taking->fingerprint) < 0 ? NULL : key;
}

int tkt_take_in(struct tkt_session *session, const struct tkt_letter *letter,
    const struct tkt_mail *mail, struct tkt_taken *taken, struct tkt_error *error)
{
	__attribute__((cleanup(taking_clear))) struct taking taking = {
		.session = session,
		.letter = letter,
		.mail = mail,
	};
	tkt_autofree char *key = NULL;
	int duplicate;

	tkt_letter_fingerprint(letter->bytes, letter->length, taking.fingerprint);
	key = letter_key(&taking);
	if (!key)
		return tkt_error_set_memory(error);
	if (store(&taking, letter->bytes, letter->length, taking.raw_sha256, error))
		return -1;
	duplicate = mail ? find_duplicate(&taking, key, error) : 0;
	if (duplicate < 0)
		return -1;
	if (!mail)
		settle(&taking, "refused", "not one header field: no letter");
	else if (!duplicate && take_by_kind(&taking, error))
		return -1;
	if (write_row(&taking, key, error))
		return -1;
	tkt_taken_clear(taken);
	*taken = taking.made;
	memset(&taking.made, 0, sizeof(taking.made));
	return 0;
}
