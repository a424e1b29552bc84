/* lib/flow/signed_address.h: the signed tokens of a letter: in the address that it came to, or in
 * the Message-ID of ours that it answers. */
#pragma once
#include <stdint.h>

#include "mail/token.h"

struct tkt_error;
struct tkt_mail;
struct tkt_session;

/*
 * Looks where a token of that purpose may stand: in the envelope's recipient, else in the desk's
 * own addresses among To and Cc; for replies also in the Message-IDs that it names. *number is what
 * a good one speaks of; *finding says what there was. 0, or -1 with what tkt_session_token_key()
 * says.
 */
int tkt_signed_find(struct tkt_session *session, const struct tkt_mail *mail, const char *recipient,
    enum tkt_token_purpose purpose, enum tkt_token_finding *finding, int64_t *number,
    struct tkt_error *error);
