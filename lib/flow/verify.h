/* lib/flow/verify.h: do the promises on a ticket stand in the desk as its log has them? */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/* The object is borrowed. 0, or -1 to end the walk. */
typedef int tkt_difference_visit(const json_t *difference, void *context, struct tkt_error *error);

/*
 * Replays the log of a ticket, each change under the policy that it then had and by the present
 * calendars, and hands over what differs of its open clocks, and of what lists and sweeps go by
 * instead of them: objects of tkt_difference_fields. Verdicts are of their time and stay.
 *
 * Returns how many there were; -1. Reads in a transaction of its own, which is over when the first
 * one is handed over: who prints it may take his time.
 */
int tkt_verify_ticket(struct tkt_session *session, const char *id, tkt_difference_visit *visit,
    void *context, struct tkt_error *error);
/* The same for all tickets that are not closed; one that cannot be reckoned is reported and keeps
 * no other back. Returns how many, or -1. */
int tkt_verify_open(struct tkt_session *session, tkt_difference_visit *visit, void *context,
    struct tkt_error *error);
