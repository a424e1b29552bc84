/*
 * lib/mail/bounce.h: what a bounce or a receipt says: whom it is about, and which mail.
 */
#pragma once
#include <gmime/gmime.h>
#include <jansson.h>

#include "base/text.h"
#include "mail/parse.h"
#include "mail/report.h"

struct tkt_error;

/* Adds what the machine-readable parts of the mail report. 0, or -1 TEMPORARY. */
int tkt_bounce_read_parts(const struct tkt_mail *mail, const char *const *languages,
    struct tkt_reports *reports, struct tkt_error *error);

/*
 * Completes the reports of a mail whose kind, message (its recipients) and parts are known. One
 * that is no bounce and no receipt has none. A recipient's address is the one of the
 * machine-readable part, else of X-Failed-Recipients, else of the text, else the only one that the
 * returned mail went to; a bounce about nobody known has one report without an address. A
 * diagnostic that is missing comes from the text, a missing status from the diagnostic. 0, or -1
 * TEMPORARY.
 */
int tkt_bounce_read(const struct tkt_mail *mail, GMimeObject *object, const struct tkt_text *body,
    struct tkt_reports *reports, struct tkt_error *error);

/*
 * Adds the Message-IDs of the mail that a bounce or receipt is about to a JSON array: of the
 * returned mail or its header, of Original-Message-ID, else of a header in the text, else what the
 * notice answers.
 */
void tkt_bounce_returned_ids(
    const struct tkt_mail *mail, GMimeObject *object, const struct tkt_text *body, json_t *ids);

/* The reports as the `reports` of a message object; NULL: no memory. */
json_t *tkt_bounce_reports_json(const struct tkt_report *reports, size_t count);
