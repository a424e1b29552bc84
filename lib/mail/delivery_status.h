/*
 * lib/mail/delivery_status.h: the fields that a machine wrote for a machine: of a delivery status
 * notification (RFC 3464; RFC 6533 with UTF-8) and of a receipt (RFC 8098).
 *
 * Groups of fields are told apart by blank lines and, since some servers leave these out, by a
 * field that comes twice. Of the recipient's addresses the first that is one counts:
 * Original-Recipient, Final-Recipient, X-Actual-Recipient.
 */
#pragma once
#include <stddef.h>

#include "mail/report.h"

/*
 * Adds a report for each recipient of a message/delivery-status (`text` is UTF-8, any line ends).
 * A group without Action is judged by its Status: 2 is delivered, else failed. 0, or -1 TEMPORARY.
 */
int tkt_delivery_status_read(
    const char *text, size_t length, struct tkt_reports *reports, struct tkt_error *error);

/* The same for a message/disposition-notification: one report, its action the disposition type
 * (RFC 8098, 3.2.6.2; RFC 2298 has more of them), "processed" for one that is not known. */
int tkt_disposition_read(
    const char *text, size_t length, struct tkt_reports *reports, struct tkt_error *error);

/*
 * The address in the value of a recipient field, as in "rfc822; <Anna@example.org>", "utf-8; ..."
 * with \x{...} (RFC 6533, 3) or +2B and +3D (RFC 3461, 4) in it; lower case. NULL: it is none that
 * could stand in a mail. To be freed.
 */
char *tkt_recipient_address(const char *value);
