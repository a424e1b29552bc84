/*
 * lib/mail/kind.h: was a mail written by a person, or by which kind of machine.
 *
 * RFC 3834 5 (Auto-Submitted, case-blind; 'no' is a person), RFC 6522 (multipart/report), RFC 3464,
 * RFC 8098, RFC 2919 (List-Id), RFC 3834 2 (null sender), and the habits of mailers: Precedence,
 * X-Autoreply, X-Auto-Response-Suppress (Exchange calls its vacation replies auto-generated).
 */
#pragma once
#include <gmime/gmime.h>

#include "mail/parse.h"

/*   envelope_from  "" is the null sender, NULL is unknown
 *   from           the address of the author, lower case */
enum tkt_mail_kind tkt_kind_of(GMimeMessage *message, const char *envelope_from, const char *from);
