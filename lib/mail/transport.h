/*
 * lib/mail/transport.h: one composed mail to a maildir, a sendmail command, or an SMTP server.
 * libcurl is slow to load: only what sends includes this, and so only tkt-mailout links it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "desk/desk.h"

struct tkt_error;
struct tkt_sender; /* opaque: a transport that is ready; keeps an SMTP connection between mails */

/*
 * Makes the desk's transport ready: makes a maildir that is missing (not its parents), splits the
 * command, reads keys/smtp; connects to nothing. The desk stays borrowed until the sender is freed.
 * 0, or -1 with CONFIGURATION or TEMPORARY.
 */
int tkt_sender_new(
    const struct tkt_desk *desk, struct tkt_sender **sender, struct tkt_error *error);
void tkt_sender_free(struct tkt_sender *sender);
TKT_AUTOPTR(sender)

/* What became of one mail. */
struct tkt_delivery {
	bool unknown; /* it broke off after the data: it may have arrived */
};

/*
 * Hands over one mail (CRLF line ends; a maildir and a command get LF, as their custom is).
 *
 *   from        the envelope sender; "" is the null sender
 *   recipients  of the envelope, one or more, ended by NULL; domains leave in ASCII (IDNA)
 *
 * 0 when the other side has taken it for all recipients and, for a maildir, it is on the disk; -1
 * and `delivery` filled:
 *
 *   UNAVAILABLE    this mail is refused for good: an SMTP reply 5xx to its sender, a recipient or
 *                  the data; a command's exit status that is not named here; an address that is
 *                  none. Some other recipients may have been told by the server, none has the mail.
 *   TEMPORARY      try again: 4xx, no connection, a timeout, a server that greets with 5xx, exit
 *                  71, 73, 74 or 75, a signal, a full disk. Only here can `unknown` be set.
 *   CONFIGURATION  no mail can go until someone has acted: a refused login (530, 534, 535, 538,
 *                  exit 77), no TLS or no valid certificate, a folder or command that is missing
 *                  or not permitted (exit 78, 126, 127).
 */
int tkt_sender_send(struct tkt_sender *sender, const char *from, const char *const *recipients,
    const char *bytes, size_t length, struct tkt_delivery *delivery, struct tkt_error *error);
