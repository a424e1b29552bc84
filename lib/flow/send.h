/* lib/flow/send.h: the outbox emptied: lease, compose, hand over, record (DESIGN.md 4, The outbox).
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct tkt_session;

/* What became of one mail of the outbox. */
struct tkt_sending {
	const json_t *outgoing; /* the row as it now is; borrowed for the call */
	/* NONE: it was sent. CONFIGURATION: the run ends with it. Else its `state` says whether it
	 * waits (queued) or has failed. */
	enum tkt_error_kind kind;
	const char *reason; /* why it was not */
};
typedef int tkt_sending_report(
    const struct tkt_sending *sending, void *context, struct tkt_error *error);

/*
 * Sends what is due, each mail leased to this process and its attempt recorded before anything is
 * connected; one bad mail blocks no other. What is put off waits longer each time: 1, 5, 15, 30
 * minutes, 1, 2, 4, 8 hours, then every 8 hours, up to 5 days. A mail whose outcome is unknown
 * (the connection broke behind the data; its sender was killed, seen when the lease is over) is
 * tried again twice, then shown to a person. What finally fails is said on its ticket
 * (`undelivered`). When as many have been handed over, by all senders, as the transport's rate
 * allows, the others stay due for the next run.
 *
 *   ticket  NULL, or only this ticket's mails
 *
 * Returns how many were handed over to the transport with success, or -1: CONFIGURATION when the
 * desk is not armed for this host, path and inode, or when no mail can go until someone has mended
 * the transport; the mail that met this is tried again a minute later.
 */
int64_t tkt_send_due(struct tkt_session *session, const char *ticket, tkt_sending_report *report,
    void *context, struct tkt_error *error);
