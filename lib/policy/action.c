#include "policy/action.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/action_rule.h"
#include "policy/identity.h"
#include "policy/rule.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

static bool is_open(const struct tkt_action *action, const char *channel)
{
	size_t i;

	for (i = 0; action->channels[i]; i++)
		if (tkt_text_equal(action->channels[i], channel))
			return true;
	return !i;
}

/* By one of its ways, or, where he has not written at all, by the ticket's. */
static int judge_channel(
    const struct tkt_action *action, const struct tkt_action_facts *facts, struct tkt_error *error)
{
	const char *first = tkt_object_text(facts->ticket, "channel");
	tkt_autotext ways;
	const json_t *channel;
	size_t at;

	tkt_text_init(&ways, TKT_TEXT_LIMIT);
	if (!json_array_size(facts->channels) && is_open(action, first))
		return 0;
	json_array_foreach(facts->channels, at, channel)
		if (is_open(action, json_string_value(channel)))
			return 0;
	for (at = 0; action->channels[at]; at++)
		tkt_text_format(&ways, "%s%s", at ? ", " : "", action->channels[at]);
	if (tkt_text_check(&ways, error))
		return -1;
	/* TRANSLATORS: an action, a ticket, channels with commas between */
	return tkt_error_set(error, TKT_ERROR_PERMISSION,
	    _("action '%s' is not done for ticket '%s': it is asked for by %s alone"),
	    action->title, tkt_object_text(facts->ticket, "id"), ways.bytes);
}

/* S3-3, S3-4: exactly that address, or the site's own form; what it is, and whether there is one,
 * is not said. */
static int judge_address(
    const struct tkt_action *action, const struct tkt_action_facts *facts, struct tkt_error *error)
{
	int rung = tkt_identity_rung(tkt_object_text(facts->ticket, "identity"));

	if (!action->by_contract || facts->is_contract_address || rung == TKT_IDENTITY_VERIFIED)
		return 0;
	return tkt_error_set(error, TKT_ERROR_PERMISSION,
	    _("action '%s' is not done for ticket '%s': the requester does not write from the address in the contract"),
	    action->title, tkt_object_text(facts->ticket, "id"));
}

int tkt_action_judge(const struct tkt_action *action, const struct tkt_action_facts *facts,
    const char *why, struct tkt_error *error)
{
	const char *id = tkt_object_text(facts->ticket, "id");
	int has = tkt_identity_rung(tkt_object_text(facts->ticket, "identity"));
	int matches = tkt_match_ticket(&action->match, facts->ticket, error);

	if (matches < 0)
		return -1;
	if (!matches)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("action '%s' is not for tickets like '%s'"), action->title, id);
	if (judge_channel(action, facts, error) || judge_address(action, facts, error))
		return -1;
	if (has < tkt_identity_rung(action->needs))
		return tkt_error_set(error, TKT_ERROR_PERMISSION,
		    _("action '%s' needs the identity '%s', and ticket '%s' has '%s'"),
		    action->title, action->needs, id, tkt_identity_words[has]);
	if (action->needs_reason && tkt_text_is_empty(why))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("action '%s' needs a reason: --why"), action->title);
	return 0;
}

/* One of `set` or `add`: where it names a field, with the ticket's own value (S2-24). */
static int put_one(const struct tkt_action *action, const char *assignment, bool is_added,
    const json_t *ticket, json_t *change, struct tkt_error *error)
{
	char *const list[] = { (char *)assignment, NULL };
	tkt_autofree char *field = NULL, *name = NULL;
	const char *value;

	if (!tkt_action_field_of(assignment, NULL, NULL))
		return is_added ? tkt_rule_add(change, list, error)
				: tkt_rule_set(change, NULL, list, error);
	tkt_action_field_of(assignment, &name, &field);
	if (!name || !field)
		return tkt_error_set_memory(error);
	value = tkt_object_text(ticket, field);
	if (tkt_text_is_empty(value))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("action '%s' needs '%s' of ticket '%s', which is empty"), action->title,
		    field, tkt_object_text(ticket, "id"));
	return is_added ? tkt_change_add(change, name, value, error)
			: tkt_change_set_text(change, NULL, name, value, error);
}

int tkt_action_extend(
    const struct tkt_action *action, const json_t *ticket, json_t *change, struct tkt_error *error)
{
	size_t i;

	for (i = 0; action->set[i]; i++)
		if (put_one(action, action->set[i], false, ticket, change, error))
			return -1;
	for (i = 0; action->add[i]; i++)
		if (put_one(action, action->add[i], true, ticket, change, error))
			return -1;
	return tkt_rule_put(change, "notify", action->notify, error) ||
		tkt_change_put(change, "rule", json_string(action->rule), error)
	    ? -1
	    : 0;
}
