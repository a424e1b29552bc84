/*
 * lib/flow/bounced.h: which mails of the outbox a delivery report is about (RFC 3464, and what is
 * known without it), and what that means for them.
 */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_mail;
struct tkt_session;

/* The ticket of the outgoing mail whose signed bounce address a machine's letter came to. 1 and its
 * id, to be freed; 0; -1. */
int tkt_bounce_ticket(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, char **ticket, struct tkt_error *error);

/*
 * A bounce makes what it reports as failed `bounced`, with status code and reason; the ticket says
 * so (`undelivered`). The mail is that of the signed address, whatever the report calls its
 * recipient (he may have had it forwarded); without one it is found by the returned Message-ID and
 * the reported recipient, or by the Message-ID alone when that went to one recipient. What is only
 * late stays as it is. In a write transaction. 0 or -1.
 */
int tkt_bounce_follow(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, struct tkt_error *error);
