/* The row of a letter in the ledger: what came, from whom to whom, and what became of it. */
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "flow/session.h"
#include "flow/taking.h"
#include "mail/parse.h"
#include "store/counter.h"
#include "store/letter.h"
#include "json/field.h"

#include "base/banned.h"

static int set_texts(const struct tkt_taking *taking, json_t *row)
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
	} texts[] = { { "reason", taking->reason },
		{ "kind", mail ? tkt_mail_kind_word(mail->kind) : NULL },
		{ "unanswered", taking->unanswered },
		/* unlike one that is not known; --release needs it too */
		{ "sender", sender && !*sender ? TKT_NULL_SENDER : sender },
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

/* 'released by agent:anna; the brake: more than ...'; to be freed. */
static char *released_reason(const struct tkt_taking *taking)
{
	const char *before = tkt_object_text(taking->letter->released, "reason");
	char *reason = NULL;

	return asprintf(&reason, "released by %s%s%s", taking->session->actor, before ? "; " : "",
		   before ? before : "") < 0
	    ? NULL
	    : reason;
}

/* A row that is there already: the letter has been released. */
static int record_release(struct tkt_taking *taking, struct tkt_error *error)
{
	tkt_autofree char *reason = released_reason(taking);
	json_t *row = json_deep_copy(taking->letter->released);

	taking->made.letter = row;
	taking->reason = reason;
	if (!row || !reason || json_object_set_new(row, "fate", json_string(taking->fate)) ||
	    set_texts(taking, row))
		return tkt_error_set_memory(error);
	return tkt_letter_settle(taking->session->db, row, error);
}

int tkt_taking_record(struct tkt_taking *taking, const char *key, struct tkt_error *error)
{
	char received_at[TKT_TIME_SIZE];
	json_t *row = taking->made.letter;
	int64_t number;

	if (taking->letter->released)
		return record_release(taking, error);
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
