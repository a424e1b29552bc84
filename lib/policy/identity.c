#include "policy/identity.h"

#include "base/error.h"
#include "base/text.h"
#include "json/field.h"

#include "base/banned.h"

const char *const tkt_identity_words[TKT_IDENTITY_COUNT] = { "none", "claimed", "authenticated",
	"verified" };

int tkt_identity_rung(const char *word)
{
	int rung;

	for (rung = TKT_IDENTITY_COUNT - 1; rung > 0; rung--)
		if (tkt_text_equal(tkt_identity_words[rung], word))
			break;
	return rung;
}

/* What a message does not say is what a writer makes it: public, out. */
int tkt_identity_of_message(const json_t *message, const char *address)
{
	const char *kind = tkt_object_text(message, "kind");

	if (tkt_text_is_empty(address) ||
	    !tkt_text_equal(tkt_object_text(message, "direction"), "in") ||
	    (kind && !tkt_text_equal(kind, "public")) ||
	    json_is_true(json_object_get(message, "auto")) ||
	    !tkt_text_equal(tkt_object_text(message, "author.email"), address))
		return 0;
	return tkt_identity_rung(tkt_object_text(message, "identity"));
}

int tkt_identity_follow(json_t *after, const json_t *message, struct tkt_error *error)
{
	int rung = tkt_identity_of_message(message, tkt_object_text(after, "requester.email"));

	if (rung <= tkt_identity_rung(tkt_object_text(after, "identity")))
		return 0;
	return tkt_object_set(after, "identity", json_string(tkt_identity_words[rung]), error);
}
