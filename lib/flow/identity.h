/* lib/flow/identity.h: the identity of a ticket, by what it was and what a change brings. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/*
 * Settles the `identity` of a ticket that is about to be written. A message of its requester raises
 * it; where a change names another requester and no identity, it is that of the strongest message
 * that he has written there. In the write transaction.
 *
 *   before     the ticket as it was; NULL when the change opens it
 *   after      as the change makes it; changed in place
 *   proven     the rung up to which the change may raise it: TKT_IDENTITY_SAID where nobody vouches
 *              for what it says; letters, the panel, tkt-link or an action of the desk prove more
 *
 * 0, or -1 with PERMISSION (it would raise it by its own word) or what the store says.
 */
int tkt_identity_settle(struct tkt_session *session, const json_t *change, const json_t *before,
    json_t *after, int proven, struct tkt_error *error);

/* The strongest rung of what the requester of a stored ticket has written there himself. 0 or -1.
 */
int tkt_identity_strongest(
    struct tkt_session *session, const json_t *ticket, int *rung, struct tkt_error *error);
