#include "flow/panel.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/base32.h"
#include "base/program.h"
#include "base/text.h"
#include "flow/session.h"
#include "flow/token_key.h"
#include "store/message.h"

#include "base/banned.h"

void tkt_panel_request_clear(struct tkt_panel_request *request)
{
	free(request->message_id);
	*request = (struct tkt_panel_request){ 0 };
}

/* It does not count: that is said to the site's log and to the desk's. */
static void refuse(struct tkt_session *session, const char *said, const char *why,
    struct tkt_panel_request *request)
{
	tkt_command_warn(session->command, _("%s: the request is taken as a claim"), said);
	request->why = why;
}

/* A token counts once: the message that it brought has its name. 0 or -1. */
static int use(struct tkt_session *session, const char *name, struct tkt_panel_request *request,
    struct tkt_error *error)
{
	tkt_autofree char *message_id = NULL, *ticket = NULL;
	int64_t number;
	int used;

	if (asprintf(&message_id, "%s@panel.invalid", name) < 0) {
		message_id = NULL;
		return tkt_error_set_memory(error);
	}
	used = tkt_message_find(session->db, message_id, &ticket, &number, error);
	if (used < 0)
		return -1;
	if (used) {
		refuse(session, _("the token was used before"),
		    "a panel request with a token that was used before", request);
		return 0;
	}
	request->identity = "verified";
	request->why = "a panel request with a token";
	request->message_id = tkt_take(message_id);
	return 0;
}

int tkt_panel_judge(struct tkt_session *session, const char *token, const char *address,
    struct tkt_panel_request *request, struct tkt_error *error)
{
	const struct tkt_token_key *key;
	char name[TKT_PANEL_TOKEN_SIZE];

	request->identity = tkt_text_is_empty(address) ? "none" : "claimed";
	request->why = "a panel request without a token";
	if (!token)
		return 0;
	if (tkt_session_panel_key(session, &key, error))
		return -1;
	switch (tkt_panel_token_judge(
	    key, token, address ? address : "", tkt_command_now(session->command), name)) {
	case TKT_PANEL_GOOD:
		if (!tkt_text_is_empty(address))
			return use(session, name, request, error);
		break;
	case TKT_PANEL_EXPIRED:
		refuse(session, _("the token has expired"),
		    "a panel request with a token that has expired", request);
		return 0;
	case TKT_PANEL_FORGED:
	case TKT_PANEL_NO_TOKEN:
		break;
	}
	refuse(session, _("the token is none of this desk's for that requester"),
	    "a panel request with a token that is not ours", request);
	return 0;
}

int tkt_panel_issue(struct tkt_session *session, const char *address, int64_t seconds,
    char token[TKT_PANEL_TOKEN_SIZE], struct tkt_error *error)
{
	const struct tkt_token_key *key;
	unsigned char chance[10];
	char nonce[17];

	if (tkt_session_panel_key(session, &key, error))
		return -1;
	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return tkt_error_set(
		    error, TKT_ERROR_TEMPORARY, _("the system gives no random bytes"));
	tkt_base32(chance, sizeof(chance), nonce);
	tkt_panel_token_make(
	    key, address, tkt_command_now(session->command) + seconds, nonce, token);
	return 0;
}
