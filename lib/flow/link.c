#include "flow/link.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/apply.h"
#include "flow/identity.h"
#include "flow/session.h"
#include "policy/identity.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

static const char *id_of(const json_t *ticket)
{
	return tkt_object_text(ticket, "id");
}

static bool is_verified(const json_t *ticket)
{
	return tkt_identity_rung(tkt_object_text(ticket, "identity")) == TKT_IDENTITY_VERIFIED;
}

/* Did its requester ask by the panel? One that was lifted itself lifts no other. 1, 0, -1. */
static int has_proof(struct tkt_session *session, const json_t *ticket, struct tkt_error *error)
{
	int rung;

	if (!is_verified(ticket))
		return 0;
	if (tkt_identity_strongest(session, ticket, &rung, error))
		return -1;
	return rung == TKT_IDENTITY_VERIFIED;
}

static bool are_equal(const json_t *one, const json_t *other, const char *name)
{
	const char *text = tkt_object_text(one, name);

	return !tkt_text_is_empty(text) && tkt_text_equal(text, tkt_object_text(other, name));
}

/* The one of the two that is to be lifted by the other; NULL: both are verified. 0, or -1. */
static int choose_lifted(struct tkt_session *session, const json_t *one, const json_t *other,
    const json_t **lifted, struct tkt_error *error)
{
	int one_proves = has_proof(session, one, error);
	int other_proves = one_proves < 0 ? -1 : has_proof(session, other, error);

	if (other_proves < 0)
		return -1;
	if (!one_proves && !other_proves)
		return tkt_error_set(error, TKT_ERROR_PERMISSION,
		    _("neither '%s' nor '%s' is a request that the panel has verified"), id_of(one),
		    id_of(other));
	if (!are_equal(one, other, "requester.email") && !are_equal(one, other, "customer"))
		return tkt_error_set(error, TKT_ERROR_PERMISSION,
		    _("tickets '%s' and '%s' are not of one requester or customer"), id_of(one),
		    id_of(other));
	*lifted = one_proves ? other : one;
	if (is_verified(*lifted))
		*lifted = NULL;
	return 0;
}

/* What the log says of it; NULL without memory. To be freed. */
static char *reason(const struct tkt_link *link, const char *id, bool is_lifted)
{
	const char *why = tkt_text_is_empty(link->why) ? NULL : link->why;
	char *text = NULL;

	return asprintf(&text, "%s %s%s%s", is_lifted ? "verified by the request" : "linked with",
		   id, why ? ": " : "", why ? why : "") < 0
	    ? NULL
	    : text;
}

static int change_one(struct tkt_session *session, const struct tkt_link *link,
    const json_t *ticket, const json_t *with, bool is_lifted, json_t **after,
    struct tkt_error *error)
{
	const struct tkt_apply_manner manner = { .before = ticket, .is_proven = true };
	tkt_autofree char *why = reason(link, id_of(with), is_lifted);
	json_auto_t *change = NULL;
	tkt_autoapplied applied = { 0 };

	if (!why)
		return tkt_error_set_memory(error);
	if (tkt_change_new(ticket, why, &change, error) ||
	    tkt_change_add(change, "linked", id_of(with), error) ||
	    (is_lifted &&
		tkt_change_set_text(
		    change, NULL, "identity", tkt_identity_words[TKT_IDENTITY_VERIFIED], error)) ||
	    tkt_apply_change(session, change, &manner, &applied, error))
		return -1;
	*after = json_incref(applied.ticket);
	return 0;
}

int tkt_link_apply(struct tkt_session *session, const struct tkt_link *link, json_t **one,
    json_t **other, struct tkt_error *error)
{
	json_auto_t *first = NULL, *second = NULL, *after = NULL;
	const json_t *lifted = NULL;

	if (tkt_ticket_require(session->db, link->one, &first, error) ||
	    tkt_ticket_require(session->db, link->other, &second, error))
		return -1;
	if (tkt_text_equal(id_of(first), id_of(second)))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("ticket '%s' cannot be linked with itself"), id_of(first));
	if ((link->verify && choose_lifted(session, first, second, &lifted, error)) ||
	    change_one(session, link, first, second, lifted == first, &after, error) ||
	    change_one(session, link, second, first, lifted == second, other, error))
		return -1;
	*one = json_incref(after);
	return 0;
}
