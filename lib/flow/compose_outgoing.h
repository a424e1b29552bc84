/* lib/flow/compose_outgoing.h: a row of the outbox and its message to RFC 5322 bytes. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;
struct tkt_text;

/*
 * Adds the mail with CRLF line ends: the same bytes each time. What the row and its message do not
 * hold, the signed Reply-To and whether there is HTML, is as desk.conf has it now: a mail that
 * waits asks for answers at no address that the desk has found out not to work. 0, or -1 with DATA
 * (its message or an attachment is not here), TEMPORARY, or what tkt_session_token_key() says.
 */
int tkt_outgoing_compose(struct tkt_session *session, const json_t *outgoing,
    struct tkt_text *bytes, struct tkt_error *error);
