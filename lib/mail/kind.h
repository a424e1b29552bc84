/*
 * lib/mail/kind.h: was a mail written by a person, or by which kind of machine.
 *
 * RFC 3834 5 (Auto-Submitted, case-blind; 'no' is a person), RFC 6522 (multipart/report), RFC 3464,
 * RFC 8098, RFC 5965 (complaints: generated), RFC 2919 (List-Id), RFC 3834 2 (null sender), and the
 * habits of mailers: Precedence, X-Autoreply, X-Auto-Response-Suppress (Exchange calls its vacation
 * replies auto-generated), MAILER-DAEMON, wordings.
 *
 * A bounce says that a mail failed or is late; the news that one arrived, was relayed or read is a
 * receipt, also where RFC 3464 carries it. A refusal by a filter of the recipient (RFC 5429 has it
 * sent as a receipt) is a bounce.
 *
 * What can be written by a person never counts alone: not a subject, not a phrase, not a returned
 * mail, not an address that persons have too, such as postmaster's. A customer's letter taken for a
 * machine's is worse than one answer to a machine.
 */
#pragma once
#include <gmime/gmime.h>

#include "base/text.h"
#include "mail/parse.h"

struct tkt_reports;

/*
 * Judges it by the message, by what was read from it, and by the reports of its machine-readable
 * parts. PERSON when memory is out.
 */
enum tkt_mail_kind tkt_kind_of(GMimeMessage *message, const struct tkt_mail *mail,
    const struct tkt_text *body, const struct tkt_reports *reports);
