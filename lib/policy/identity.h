/* lib/policy/identity.h: how sure it is who asks (DESIGN.md 4, Identity): a ladder of four rungs.
 */
#pragma once
#include <jansson.h>

struct tkt_error;

#define TKT_IDENTITY_COUNT 4
#define TKT_IDENTITY_SAID 1     /* the rung of 'claimed': what may be said without proof */
#define TKT_IDENTITY_VERIFIED 3 /* that of 'verified', the last: proven by the panel */
extern const char *const tkt_identity_words[TKT_IDENTITY_COUNT]; /* "none" ... "verified" */

/* The place of a rung, 0 to 3; of NULL, "" and an unknown word 0. */
int tkt_identity_rung(const char *word);

/* The rung of a message as far as it speaks for that person: a public one in, of his address, that
 * no machine wrote; else 0. */
int tkt_identity_of_message(const json_t *message, const char *address);

/*
 * Raises the `identity` of `after` to that of a message of its requester. A weaker one does not
 * lower it: a ticket has the identity of the strongest. 0, or -1 with TEMPORARY.
 *
 *   message  that the change brings; NULL
 */
int tkt_identity_follow(json_t *after, const json_t *message, struct tkt_error *error);
