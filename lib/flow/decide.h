/* lib/flow/decide.h: what becomes of a request that has just come in: intake, then its way. */
#pragma once
#include "flow/intake.h"

/*
 * Runs what tkt-intake and tkt-route do, inside the caller's transaction. A ticket that somebody
 * has taken up goes its own way: only one that is still new is routed.
 *
 *   applied  its ticket becomes what was made of it; it stays as it is when nothing was. Of message
 *            and mail it has those of intake
 *
 * 0, or -1 as tkt_intake_apply() and tkt_route_decide().
 */
int tkt_decide_request(struct tkt_session *session, const struct tkt_intake_request *request,
    struct tkt_applied *applied, struct tkt_error *error);
