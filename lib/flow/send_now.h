/* lib/flow/send_now.h: tkt-mailout run for mails that were just written. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/*
 * Runs the tkt-mailout that stands beside this program (else the one of PATH) for each ticket of
 * the mails, waits, and says on standard error what became of each: 'SUP-1042: sent to
 * anna@example.com', or 'queued' and why. So this program needs no MIME and no curl. Not in a
 * transaction.
 *
 *   outgoing  rows of the outbox, as tkt_apply_change() gives them, those of a ticket together
 *
 * 0, or -1 with what the store says.
 */
int tkt_send_now(struct tkt_session *session, const json_t *outgoing, struct tkt_error *error);
