/* lib/flow/clock_explain.h: what the deadlines of a ticket are made of, piece by piece. */
#pragma once
#include "flow/explanation.h"

struct tkt_error;
struct tkt_session;

/*
 * Hands over, for each clock of a ticket, in order: what counts of its time, up to the deadline or,
 * of a paused one, up to the pause; days off; pauses; then the deadline, whose `seconds` are the
 * sum of the spans. By the present calendars, for stopped clocks too. A year that a holiday list
 * does not know is said on standard error.
 *
 *   id  as a user writes it
 *
 * 0, or -1. Reads in a transaction of its own, and holds none while `visit` runs.
 */
int tkt_clock_explain(struct tkt_session *session, const char *id, tkt_explanation_visit *visit,
    void *context, struct tkt_error *error);
