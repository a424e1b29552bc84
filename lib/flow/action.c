#include "flow/action.h"

#include <stdbool.h>

#include "base/program.h"
#include "base/text.h"
#include "desk/action_rule.h"
#include "flow/notice.h"
#include "flow/people.h"
#include "flow/policies.h"
#include "flow/reply.h"
#include "flow/session.h"
#include "flow/told.h"
#include "policy/action.h"
#include "policy/identity.h"
#include "store/derived.h"
#include "store/message.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

struct search {
	const char *address; /* of the requester; NULL: he has none */
	json_t *channels;
	bool has_claimed; /* he has written himself, from that address */
};

static int add_channel(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct search *search = context;
	json_auto_t *message = NULL;

	if (tkt_row_load(&tkt_message_fields, row, &message, error))
		return -1;
	if (!tkt_text_equal(tkt_object_text(message, "direction"), "in") ||
	    json_is_true(json_object_get(message, "auto")) ||
	    !tkt_text_equal(tkt_object_text(message, "author.email"), search->address))
		return 0;
	search->has_claimed |=
	    tkt_identity_of_message(message, search->address) >= TKT_IDENTITY_SAID;
	return json_array_append(search->channels, json_object_get(message, "channel"))
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* S3-4: is the requester's address exactly the one in the ticket's contract today, or, where it has
 * none, in one of his customer's? 1, 0, -1. */
static int is_contract_address(
    struct tkt_session *session, const json_t *ticket, struct tkt_error *error)
{
	const struct tkt_person_question question = {
		.address = tkt_object_text(ticket, "requester.email"),
		.at = tkt_command_now(session->command),
		.contract = tkt_object_text(ticket, "contract"),
	};
	json_auto_t *person = NULL;

	if (tkt_text_is_empty(question.address))
		return 0;
	if (tkt_person_find(session, &question, &person, error))
		return -1;
	return json_is_true(json_object_get(person, "is_contract_address")) &&
	    (tkt_text_is_empty(question.contract) ||
		tkt_text_equal(question.contract, tkt_object_text(person, "contract")));
}

/* By what is stored: a field that was set by hand is no way that somebody came. */
static int judge(struct tkt_session *session, const struct tkt_action *action, const json_t *change,
    const json_t *before, struct tkt_error *error)
{
	json_auto_t *channels = json_array();
	struct search search = { tkt_object_text(before, "requester.email"), channels, false };
	json_auto_t *told = json_copy((json_t *)before);
	struct tkt_action_facts facts = { .ticket = told, .channels = channels };
	int is_exact = action->by_contract ? is_contract_address(session, before, error) : 0;

	if (!channels || !told)
		return tkt_error_set_memory(error);
	if (is_exact < 0 || tkt_derived_load(session->db, told, error) < 0 ||
	    ((action->channels[0] || is_exact) &&
		tkt_message_each(session->db, tkt_object_text(before, "id"), true, add_channel,
		    &search, error) < 0))
		return -1;
	facts.is_contract_address = is_exact && search.has_claimed;
	return tkt_action_judge(action, &facts, tkt_object_text(change, "why"), error);
}

/* The template of its reply, in the ticket's language, as the ticket will be. */
static int put_reply(struct tkt_session *session, const struct tkt_action *action, json_t *change,
    const json_t *before, struct tkt_error *error)
{
	const struct tkt_reply reply = { .template = action->reply, .channel = "mail" };
	json_auto_t *after = NULL, *message = NULL;

	if (!action->reply || json_object_get(change, "message"))
		return 0;
	if (tkt_change_preview(change, before, &after, error) ||
	    tkt_reply_message(session, after, &reply, &message, error))
		return -1;
	return tkt_change_put(change, "message", json_incref(message), error);
}

int tkt_action_perform(struct tkt_session *session, const json_t *change, const json_t *before,
    json_t **made, int *rung, struct tkt_error *error)
{
	const char *name = tkt_object_text(change, "action");
	const struct tkt_action *action;
	const struct tkt_policy *policy;
	json_auto_t *extended = NULL, *own = NULL;
	const json_t *identity;

	*made = NULL;
	if (tkt_text_is_empty(name))
		return 0;
	if (!before)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("action '%s' is for a ticket that is there already"), name);
	if (tkt_session_policy_of(session, tkt_object_text(before, "policy"), &policy, error))
		return -1;
	action = tkt_action_find(policy, name);
	if (!action)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the policy of ticket '%s' has no action '%s'"),
		    tkt_object_text(before, "id"), name);
	if (judge(session, action, change, before, error))
		return -1;
	extended = json_deep_copy(change);
	own = json_object();
	if (!extended || !own)
		return tkt_error_set_memory(error);
	if (tkt_action_extend(action, before, own, error) ||
	    tkt_action_extend(action, before, extended, error) ||
	    put_reply(session, action, extended, before, error))
		return -1;
	identity = json_object_get(json_object_get(own, "set"), "identity");
	if (identity)
		*rung = tkt_identity_rung(json_string_value(identity));
	*made = json_incref(extended);
	return 0;
}

int tkt_action_tell(struct tkt_session *session, const json_t *change, const json_t *ticket,
    struct tkt_error *error)
{
	tkt_autotext complaints;

	tkt_text_init(&complaints, TKT_TEXT_LIMIT);
	if (tkt_notices_add(session, change, ticket, &complaints, error) ||
	    tkt_text_check(&complaints, error))
		return -1;
	if (complaints.length)
		tkt_complain(session->command, &complaints);
	return 0;
}
