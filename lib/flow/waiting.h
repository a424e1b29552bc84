/* lib/flow/waiting.h: for whom a ticket has waited, and how long, by its log (S0-11, S0-12). */
#pragma once
#include "flow/explanation.h"

struct tkt_error;
struct tkt_session;

/*
 * Hands over the life of a ticket in order, from its opening to its end or the present, as objects
 * of kind `waiting`: start_at, end_at, elapsed `seconds`, and as `reason` whom it waited for: us,
 * customer, third_party, development. While it is resolved or closed it waits for nobody, and
 * nothing is told.
 *
 *   id  as a user writes it
 *
 * 0, or -1. Reads in a transaction of its own, and holds none while `visit` runs.
 */
int tkt_waiting_explain(struct tkt_session *session, const char *id, tkt_explanation_visit *visit,
    void *context, struct tkt_error *error);
