/*
 * lib/mail/bounce_text.h: what a mail server's notice says in words: whom it is about, and why.
 *
 * The formats without RFC 3464 have these in common: the address stands at the start of a line,
 * in brackets or alone, and the reason behind it or in the lines below, up to a blank one (qmail,
 * exim, old postfix and sendmail, Exchange, Gmail, Yahoo); or an address stands in the sentence
 * that tells of the failure (IMail, MDaemon, InterScan, Domino); or in the dialogue with the other
 * server ('>>> RCPT TO:<...>', then '<<< 550 ...'). Below a line of dashes that says so, or at the
 * first line of a header, the returned mail begins, which is left out.
 */
#pragma once
#include <stddef.h>

#include "mail/report.h"

struct tkt_error;

/*
 * Adds a report for each address, without a status. With no address found, none. 0, or -1
 * TEMPORARY.
 *
 *   text     UTF-8, LF
 *   not_him  an address that is not meant, as that of the notice's own recipient; or NULL
 *   action   of each of them
 */
int tkt_bounce_text_read(const char *text, size_t length, const char *not_him, const char *action,
    struct tkt_reports *reports, struct tkt_error *error);

/* "delayed", "delivered" or "failed": what subject and text of the notice say. A constant. NULL: no
 * memory. */
const char *tkt_bounce_text_action(const char *subject, const char *text, size_t length);

/* How much of the text stands above the returned mail, in bytes. */
size_t tkt_bounce_text_head(const char *text, size_t length);

/* The first line of the text with a code of a server in it, to be freed; "" when there is none.
 * NULL: no memory. */
char *tkt_bounce_text_reason(const char *text, size_t length);
