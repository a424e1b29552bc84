#include "flow/staff_address.h"

#include "base/program.h"
#include "base/text.h"
#include "desk/desk.h"
#include "flow/agents.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "flow/token_key.h"
#include "mail/parse.h"
#include "policy/agent.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

#define TOKENS_MOST 20 /* of one letter: each is tried for each agent */

int tkt_staff_agent(
    struct tkt_session *session, const char *address, const json_t **agent, struct tkt_error *error)
{
	const json_t *agents, *element;
	size_t at;

	*agent = NULL;
	if (tkt_session_agents(session, &agents, error))
		return -1;
	json_array_foreach(agents, at, element) {
		if (tkt_text_equal(tkt_object_text(element, "email"), address) ||
		    tkt_agent_has(element, "addresses", address)) {
			*agent = element;
			return 0;
		}
	}
	return 0;
}

int tkt_staff_token_new(struct tkt_session *session, const json_t *agent, const char *ticket,
    struct tkt_staff_token *token, struct tkt_error *error)
{
	const struct tkt_token_key *key;

	if (tkt_ticket_number(ticket, &token->number))
		return tkt_error_set(
		    error, TKT_ERROR_NOT_FOUND, _("there is no ticket '%s'"), ticket);
	if (tkt_session_token_key(session, &key, error))
		return -1;
	token->expires_at = tkt_command_now(session->command) + session->desk->staff_token_seconds;
	tkt_staff_token_make(key, tkt_object_text(agent, "id"), token);
	return 0;
}

int tkt_staff_reply_to(const struct tkt_session *session, const char *message_id, char **address,
    struct tkt_error *error)
{
	struct tkt_staff_token token;

	*address = NULL;
	if (!message_id || !tkt_staff_token_read(message_id, '.', &token))
		return 0;
	return tkt_signed_address_of(session, token.text, address, error);
}

/* All that looks like a token in one letter. */
struct candidates {
	struct tkt_staff_token tokens[TOKENS_MOST];
	size_t count;
};

static void add(struct candidates *candidates, const char *text, char separator)
{
	if (text && candidates->count < TOKENS_MOST &&
	    tkt_staff_token_read(text, separator, &candidates->tokens[candidates->count]))
		candidates->count++;
}

/* Only what is the desk's own: a token at somebody else's address is none of ours. */
static void add_address(
    struct candidates *candidates, const struct tkt_desk *desk, const char *address)
{
	if (address && tkt_desk_has_address(desk, address))
		add(candidates, address, desk->recipient_delimiter);
}

static void add_list(
    struct candidates *candidates, const struct tkt_desk *desk, const json_t *addresses)
{
	const json_t *element;
	size_t at;

	json_array_foreach(addresses, at, element)
		add_address(candidates, desk, tkt_object_text(element, "email"));
}

static void gather(struct candidates *candidates, const struct tkt_desk *desk,
    const struct tkt_mail *mail, const char *recipient)
{
	if (desk->recipient_delimiter) {
		add_address(candidates, desk, recipient ? recipient : mail->envelope_to);
		add_list(candidates, desk, json_object_get(mail->message, "to"));
		add_list(candidates, desk, json_object_get(mail->message, "cc"));
	}
	add(candidates, tkt_object_text(mail->message, "in_reply_to"), '.');
}

bool tkt_staff_token_seems(
    const struct tkt_session *session, const struct tkt_mail *mail, const char *recipient)
{
	struct candidates candidates = { .count = 0 };

	gather(&candidates, session->desk, mail, recipient);
	return candidates.count > 0;
}

/* For whom it was made; NULL: for nobody here. */
static const json_t *agent_of(const json_t *agents, const struct tkt_token_key *key,
    const json_t *author, const struct tkt_staff_token *token)
{
	const json_t *agent;
	size_t at;

	if (author && tkt_staff_token_is(key, tkt_object_text(author, "id"), token))
		return author;
	json_array_foreach(agents, at, agent)
		if (tkt_staff_token_is(key, tkt_object_text(agent, "id"), token))
			return agent;
	return NULL;
}

static bool is_better(const struct tkt_staff_found *found, const struct tkt_staff_token *token,
    const json_t *agent, const json_t *author)
{
	bool is_his = agent == author, was_his = found->agent == author;

	if (!found->agent || is_his != was_his)
		return !found->agent || is_his;
	return token->expires_at > found->token.expires_at;
}

int tkt_staff_token_find(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, const json_t *author, struct tkt_staff_found *found,
    struct tkt_error *error)
{
	struct candidates candidates = { .count = 0 };
	const struct tkt_token_key *key;
	const json_t *agents;
	size_t i;

	found->agent = NULL;
	found->is_several = false;
	gather(&candidates, session->desk, mail, recipient);
	if (!candidates.count)
		return 0;
	if (tkt_session_token_key(session, &key, error) ||
	    tkt_session_agents(session, &agents, error))
		return -1;
	for (i = 0; i < candidates.count; i++) {
		const struct tkt_staff_token *token = &candidates.tokens[i];
		const json_t *agent = agent_of(agents, key, author, token);

		if (agent && agent == found->agent && token->number != found->token.number)
			found->is_several = true;
		if (agent && is_better(found, token, agent, author)) {
			found->is_several = found->is_several && agent == found->agent;
			found->token = *token;
			found->agent = agent;
		}
	}
	return 0;
}
