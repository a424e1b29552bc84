/* lib/flow/panel.h: requests by way of a site that the customers log in to (mail/panel_token.h). */
#pragma once
#include <stdint.h>

#include "base/cleanup.h"
#include "mail/panel_token.h"

struct tkt_error;
struct tkt_session;

#define TKT_PANEL "panel" /* the channel */

struct tkt_panel_request {
	const char *identity; /* "verified"; "claimed", "none" where the token does not count */
	const char *why;      /* for the log, not translated */
	char *message_id; /* of a message that uses the token up; owned; NULL: it does not count */
};
void tkt_panel_request_clear(struct tkt_panel_request *request);
#define tkt_autopanel __attribute__((cleanup(tkt_panel_request_clear))) struct tkt_panel_request

/*
 * What a request by the panel proves. A token that does not count keeps no request back: that is
 * warned of, and it is a claim as it would be without one. In the write transaction, since a token
 * counts once.
 *
 *   token    NULL: none was given
 *   address  of the requester, lower case; NULL or "": he has none
 *
 * 0 and *request filled, or -1 with what tkt_session_panel_key() and the store say.
 */
int tkt_panel_judge(struct tkt_session *session, const char *token, const char *address,
    struct tkt_panel_request *request, struct tkt_error *error);

/* A new token for that address, lower case, that counts for so long. 0 or -1. */
int tkt_panel_issue(struct tkt_session *session, const char *address, int64_t seconds,
    char token[TKT_PANEL_TOKEN_SIZE], struct tkt_error *error);
