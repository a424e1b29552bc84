#include "flow/signed_address.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/token_key.h"
#include "mail/parse.h"
#include "json/field.h"

#include "base/banned.h"

#define LOCAL_MOST 64

int tkt_signed_address_of(
    const struct tkt_session *session, const char *token, char **address, struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;
	const char *domain = strrchr(desk->address, '@');
	int local = (int)(domain - desk->address);

	*address = NULL;
	if (!desk->recipient_delimiter || (size_t)local + 1 + strlen(token) > LOCAL_MOST)
		return 0;
	if (asprintf(address, "%.*s%c%s%s", local, desk->address, desk->recipient_delimiter, token,
		domain) < 0) {
		*address = NULL;
		return tkt_error_set_memory(error);
	}
	return 0;
}

int tkt_signed_address(struct tkt_session *session, enum tkt_token_purpose purpose, int64_t number,
    char **address, struct tkt_error *error)
{
	const struct tkt_token_key *key;
	char token[TKT_TOKEN_SIZE];

	*address = NULL;
	if (!session->desk->recipient_delimiter)
		return 0;
	if (tkt_session_token_key(session, &key, error))
		return -1;
	tkt_token_make(key, purpose, number, token);
	return tkt_signed_address_of(session, token, address, error);
}

/* One search; the best that was found so far. */
struct search {
	const struct tkt_desk *desk;
	const struct tkt_token_key *key;
	enum tkt_token_purpose purpose;
	enum tkt_token_finding finding;
	int64_t number;
};

static void look(struct search *search, const char *text, char separator)
{
	enum tkt_token_finding finding;

	if (!text || search->finding == TKT_TOKEN_GOOD)
		return;
	finding = tkt_token_find(search->key, search->purpose, text, separator, &search->number);
	if (finding > search->finding)
		search->finding = finding;
}

/* Only what is the desk's own: a token at somebody else's address is none of ours. */
static void look_at_address(struct search *search, const char *address)
{
	if (search->desk->recipient_delimiter && tkt_desk_has_address(search->desk, address))
		look(search, address, search->desk->recipient_delimiter);
}

static void look_at_list(struct search *search, const json_t *addresses)
{
	const json_t *element;
	size_t at;

	json_array_foreach(addresses, at, element)
		look_at_address(search, tkt_object_text(element, "email"));
}

int tkt_signed_find(struct tkt_session *session, const struct tkt_mail *mail, const char *recipient,
    enum tkt_token_purpose purpose, enum tkt_token_finding *finding, int64_t *number,
    struct tkt_error *error)
{
	struct search search = { .desk = session->desk, .purpose = purpose };

	if (tkt_session_token_key(session, &search.key, error))
		return -1;
	look_at_address(&search, recipient ? recipient : mail->envelope_to);
	look_at_list(&search, json_object_get(mail->message, "to"));
	look_at_list(&search, json_object_get(mail->message, "cc"));
	if (purpose == TKT_TOKEN_REPLY)
		look(&search, tkt_object_text(mail->message, "in_reply_to"), '.');
	*finding = search.finding;
	if (search.finding == TKT_TOKEN_GOOD)
		*number = search.number;
	return 0;
}

int tkt_signed_is_own(struct tkt_session *session, const char *address, struct tkt_error *error)
{
	static const enum tkt_token_purpose purposes[] = { TKT_TOKEN_REPLY, TKT_TOKEN_BOUNCE };
	struct search search = { .desk = session->desk };
	size_t i;

	if (tkt_desk_is_address(session->desk, address))
		return 1;
	if (!tkt_desk_has_address(session->desk, address))
		return 0;
	if (tkt_session_token_key(session, &search.key, error))
		return -1;
	for (i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++) {
		search.purpose = purposes[i];
		look_at_address(&search, address);
	}
	return search.finding == TKT_TOKEN_GOOD;
}
