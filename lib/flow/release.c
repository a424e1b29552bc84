#include "flow/release.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/receive.h"
#include "flow/session.h"
#include "store/blob.h"
#include "store/letter.h"
#include "json/field.h"

#include "base/banned.h"

static int find(
    struct tkt_session *session, const char *text, json_t **row, struct tkt_error *error)
{
	int64_t number;
	int found =
	    tkt_number_parse(text, &number) ? 0 : tkt_letter_get(session->db, number, row, error);

	if (found < 0)
		return -1;
	if (!found)
		return tkt_error_set(error, TKT_ERROR_NOT_FOUND,
		    _("there is no letter '%s'; 'tkt-log --mail fate=quarantined' lists those kept aside"),
		    text);
	if (!tkt_text_equal(tkt_object_text(*row, "fate"), "quarantined"))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the fate of letter %s is '%s', not '%s'"), text,
		    tkt_object_text(*row, "fate"), "quarantined");
	return 0;
}

int tkt_release_letter(
    const struct tkt_receiving *receiving, const char *number, struct tkt_error *error)
{
	struct tkt_session *session = receiving->session;
	struct tkt_letter letter = { 0 };
	json_auto_t *row = NULL;
	const char *sender;
	tkt_autotext bytes;
	int found;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (find(session, number, &row, error))
		return -1;
	found = tkt_object_text(row, "dropped_at")
	    ? 0
	    : tkt_blob_read(session->db, tkt_object_text(row, "raw_sha256"), &bytes, error);
	if (found < 0)
		return -1;
	if (!found)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the contents of letter %s are not here any more"), number);
	sender = tkt_object_text(row, "sender");
	letter = (struct tkt_letter){
		.bytes = bytes.bytes,
		.length = bytes.length,
		.sender = tkt_text_equal(sender, TKT_NULL_SENDER) ? "" : sender,
		.recipient = tkt_object_text(row, "recipient"),
		.received_at = tkt_object_time(row, "received_at"),
		.released = row,
	};
	return tkt_receive_known(receiving, &letter, error);
}
