/*
 * lib/mail/staff_token.h: signed tokens in the addresses and Message-IDs of what an agent is told,
 * by which his answer is known (DESIGN.md 4, Staff mail): 's', the ticket's number, when it expires
 * in seconds since 1970, and 16 letters or digits that only this desk can make for that agent:
 * 's1042-1772442000-mfrggzdfmztwq2lk'. Case never counts.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "mail/token.h"

#define TKT_STAFF_TOKEN_SIZE 64 /* with its NUL */

struct tkt_staff_token {
	int64_t number; /* of the ticket */
	int64_t expires_at;
	char text[TKT_STAFF_TOKEN_SIZE];
};

/* Sets `text` from the other two, both 1 or more, for the agent of that login. */
void tkt_staff_token_make(
    const struct tkt_token_key *key, const char *agent, struct tkt_staff_token *token);

/*
 * Reads the first one, by its looks, in the local part of an address ('support+TOKEN@example.org';
 * `separator` is '+') or of a Message-ID ('notice.TOKEN.chance@example.org'; '.'). Whether this
 * desk has made it is not asked.
 */
bool tkt_staff_token_read(const char *address, char separator, struct tkt_staff_token *token);

/* Has this desk made it for that agent? */
bool tkt_staff_token_is(
    const struct tkt_token_key *key, const char *agent, const struct tkt_staff_token *token);
