/*
 * lib/mail/panel_token.h: the token by which a site says that a customer is logged in there
 * (DESIGN.md 4, Identity): 'EXPIRES-NONCE-MAC': seconds since 1970, up to 32 letters or digits that
 * the site chooses anew each time, and the HMAC-SHA-256 of 'EXPIRES-NONCE-ADDRESS' by the key that
 * both sides have, cut to 160 bits, in 32 letters of base32. All in lower case; case never counts.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct tkt_token_key;

#define TKT_PANEL_TOKEN_SIZE 96 /* with its NUL */
#define TKT_PANEL_NONCE_MOST 32

enum tkt_panel_finding {
	TKT_PANEL_GOOD,
	TKT_PANEL_NO_TOKEN, /* its looks are wrong */
	TKT_PANEL_FORGED,   /* not made with this key for this address */
	TKT_PANEL_EXPIRED,
};

/*
 *   address  lower case
 *   nonce    1 to 32 of a-z and 0-9
 */
void tkt_panel_token_make(const struct tkt_token_key *key, const char *address, int64_t expires_at,
    const char *nonce, char token[TKT_PANEL_TOKEN_SIZE]);

/*
 * Takes the same time whichever letter is wrong.
 *
 *   address  of the requester, lower case
 *   now      a token counts up to the second at which it expires
 *   name     gets 'EXPIRES-NONCE', by which one that was used is known, unless it is NO_TOKEN
 */
enum tkt_panel_finding tkt_panel_token_judge(const struct tkt_token_key *key, const char *token,
    const char *address, int64_t now, char name[TKT_PANEL_TOKEN_SIZE]);
