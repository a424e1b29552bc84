/*
 * lib/mail/token.h: signed tokens in the addresses and Message-IDs of our mail, which say what an
 * answer or a bounce is about (DESIGN.md 4, Threading): a letter, a number, '-' and 16 letters or
 * digits that only this desk can make: 'r1042-mfrggzdfmztwq2lk'. Mail servers fold an address's
 * case, so case never counts.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TKT_TOKEN_SIZE 40 /* with its NUL */
#define TKT_TOKEN_KEY_SIZE 32

struct tkt_token_key {
	unsigned char bytes[TKT_TOKEN_KEY_SIZE];
};

enum tkt_token_purpose {
	TKT_TOKEN_REPLY = 'r',  /* an answer to the ticket of that number */
	TKT_TOKEN_BOUNCE = 'b', /* a report about the outgoing mail of that number */
};

/* What was found where a token may stand. */
enum tkt_token_finding {
	TKT_TOKEN_NONE,
	TKT_TOKEN_FORGED, /* it looks like one and was not made with this key */
	TKT_TOKEN_GOOD,
};

/* What only this desk can add to a text: 16 letters or digits. */
#define TKT_TOKEN_MAC_SIZE 17 /* with its NUL */
void tkt_token_sign(const struct tkt_token_key *key, const char *text, size_t length,
    char letters[TKT_TOKEN_MAC_SIZE]);

/* number: 1 or more. */
void tkt_token_make(const struct tkt_token_key *key, enum tkt_token_purpose purpose, int64_t number,
    char token[TKT_TOKEN_SIZE]);

/*
 * Looks for a token of that purpose in the local part of an address ('support+TOKEN@example.org';
 * `separator` is '+') or of a Message-ID ('SUP-1042.TOKEN.chance@example.org'; '.'). *number is set
 * when it is good. Takes the same time whichever letter is wrong.
 */
enum tkt_token_finding tkt_token_find(const struct tkt_token_key *key,
    enum tkt_token_purpose purpose, const char *address, char separator, int64_t *number);
