#include "flow/identity.h"

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/session.h"
#include "policy/identity.h"
#include "store/message.h"
#include "json/field.h"

#include "base/banned.h"

struct search {
	const char *address;
	int rung;
};

static int keep_strongest(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct search *search = context;
	json_auto_t *message = NULL;
	int rung;

	if (tkt_row_load(&tkt_message_fields, row, &message, error))
		return -1;
	rung = tkt_identity_of_message(message, search->address);
	if (rung > search->rung)
		search->rung = rung;
	return 0;
}

int tkt_identity_strongest(
    struct tkt_session *session, const json_t *ticket, int *rung, struct tkt_error *error)
{
	struct search search = { .address = tkt_object_text(ticket, "requester.email") };

	if (tkt_message_each(session->db, tkt_object_text(ticket, "id"), true, keep_strongest,
		&search, error) < 0)
		return -1;
	*rung = search.rung;
	return 0;
}

/* Another person asks from now on: what the former one has proven is not his. */
static int start_over(struct tkt_session *session, json_t *after, struct tkt_error *error)
{
	int rung;

	if (tkt_identity_strongest(session, after, &rung, error))
		return -1;
	return tkt_object_set(after, "identity", json_string(tkt_identity_words[rung]), error);
}

/* 0, or -1 with PERMISSION. */
static int check(const json_t *before, const json_t *after, const json_t *message, int proven,
    struct tkt_error *error)
{
	int said = tkt_identity_rung(tkt_object_text(after, "identity")),
	    brought = tkt_identity_rung(tkt_object_text(message, "identity")),
	    had = tkt_identity_rung(tkt_object_text(before, "identity"));

	if (said <= had)
		said = 0;
	if (brought > said)
		said = brought;
	if (said <= proven)
		return 0;
	if (!before)
		return tkt_error_set(error, TKT_ERROR_PERMISSION,
		    _("a new ticket is not '%s' by a word: a letter, the panel or tkt-link --verify proves it"),
		    tkt_identity_words[said]);
	return tkt_error_set(error, TKT_ERROR_PERMISSION,
	    _("ticket '%s' is not '%s' by a word: a letter, the panel or tkt-link --verify proves it"),
	    tkt_object_text(before, "id"), tkt_identity_words[said]);
}

int tkt_identity_settle(struct tkt_session *session, const json_t *change, const json_t *before,
    json_t *after, int proven, struct tkt_error *error)
{
	const json_t *message = json_object_get(change, "message");

	if (check(before, after, message, proven, error))
		return -1;
	if (json_object_get(json_object_get(change, "set"), "identity"))
		return 0;
	if (before &&
	    !tkt_text_equal(tkt_object_text(before, "requester.email"),
		tkt_object_text(after, "requester.email")) &&
	    start_over(session, after, error))
		return -1;
	return tkt_identity_follow(after, message, error);
}
