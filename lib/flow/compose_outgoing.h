/* lib/flow/compose_outgoing.h: a row of the outbox and its message to RFC 5322 bytes. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;
struct tkt_text;

/* Adds the mail with CRLF line ends. 0, or -1 with DATA (its message or an attachment is not here)
 * or TEMPORARY. */
int tkt_outgoing_compose(struct tkt_session *session, const json_t *outgoing,
    struct tkt_text *bytes, struct tkt_error *error);
