/* lib/mail/transport.h: one composed mail to a maildir, a sendmail command, or an SMTP server. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "desk/desk.h"

struct tkt_error;
struct tkt_sender; /* opaque: a transport that is ready; keeps an SMTP connection between mails */

int tkt_sender_new(
    const struct tkt_desk *desk, struct tkt_sender **sender, struct tkt_error *error);
void tkt_sender_free(struct tkt_sender *sender);
TKT_AUTOPTR(sender)

/* What became of one mail. Kinds: refused for good (5xx) UNAVAILABLE; try again (4xx, no
 * connection) TEMPORARY. */
struct tkt_delivery {
	bool unknown; /* it broke off after the data: it may have arrived */
};

/*
 * Hands over one mail (CRLF line ends).
 *
 *   from        the envelope sender; "" is the null sender
 *   recipients  of the envelope, ended by NULL
 *
 * 0 when the other side has taken it for all recipients and, for a maildir, it is on the disk; -1
 * with UNAVAILABLE, TEMPORARY, CONFIGURATION; `delivery` is filled in both cases.
 */
int tkt_sender_send(struct tkt_sender *sender, const char *from, const char *const *recipients,
    const char *bytes, size_t length, struct tkt_delivery *delivery, struct tkt_error *error);
