/* lib/flow/action.h: a change that performs an action of the desk (tkt-set --action). */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/*
 * Judges the `action` of a change by the policy of its ticket, as the ticket is stored, and puts
 * what the action does into a copy of the change; the text of its `reply` unless the change brings
 * a message. In the write transaction.
 *
 *   before  the stored ticket
 *   made    the copy; NULL: the change performs none
 *   rung    of the identity that the action gives (tkt_identity_rung()); unchanged where it gives
 *           none
 *
 * 0, or -1 with DATA (no such action), what tkt_action_judge() says, or what the store and the
 * template say.
 */
int tkt_action_perform(struct tkt_session *session, const json_t *change, const json_t *before,
    json_t **made, int *rung, struct tkt_error *error);

/* Tells the persons of its `notify`; who has no address is warned of. 0 or -1. */
int tkt_action_tell(struct tkt_session *session, const json_t *change, const json_t *ticket,
    struct tkt_error *error);
