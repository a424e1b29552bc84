/* lib/flow/signed_address.h: signed tokens: in the addresses that our mail leaves with, in the
 * address that a letter came to, or in the Message-ID of ours that it answers. */
#pragma once
#include <stdint.h>

#include "mail/token.h"

struct tkt_error;
struct tkt_mail;
struct tkt_session;

/*
 * The desk's address with a token: 'support+r1042-mfrggzdfmztwq2lk@example.org' for answers to that
 * ticket (TKT_TOKEN_REPLY), or for bounces of that row of the outbox (TKT_TOKEN_BOUNCE). *address
 * is to be freed; NULL where the desk's mail server knows no extensions (recipient_delimiter =
 * "none"), or the local part would be longer than servers must take (RFC 5321, 4.5.3.1.1). 0, or -1
 * with what tkt_session_token_key() says.
 */
int tkt_signed_address(struct tkt_session *session, enum tkt_token_purpose purpose, int64_t number,
    char **address, struct tkt_error *error);

/* The same with a token that is there already. */
int tkt_signed_address_of(
    const struct tkt_session *session, const char *token, char **address, struct tkt_error *error);

/* Is it an address that our own mail leaves with: the desk's, or one that the desk has signed?
 * Other extensions of it may be a colleague's ('support.lead@'). 1, 0, -1. */
int tkt_signed_is_own(struct tkt_session *session, const char *address, struct tkt_error *error);

/*
 * Looks where a token of that purpose may stand: in the envelope's recipient, else in the desk's
 * own addresses among To and Cc; for replies also in the Message-ID that it is an answer to. Not
 * in References: who answers a customer who passed our mail on to him names it there too. *number
 * is what a good one speaks of; *finding says what there was. 0, or -1 with what
 * tkt_session_token_key() says.
 */
int tkt_signed_find(struct tkt_session *session, const struct tkt_mail *mail, const char *recipient,
    enum tkt_token_purpose purpose, enum tkt_token_finding *finding, int64_t *number,
    struct tkt_error *error);
