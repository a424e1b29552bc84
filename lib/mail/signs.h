/*
 * lib/mail/signs.h: what the header of a mail says about the kind of its sender.
 */
#pragma once
#include <gmime/gmime.h>
#include <stdbool.h>

#include "mail/parse.h"

struct tkt_signs {
	GMimeMessage *message;
	const struct tkt_mail *mail; /* subject, from, envelope_from are read */
	const char *subject;         /* folded, see wording.h */
	bool null_sender;            /* in the envelope */
	bool answers;                /* In-Reply-To or References */
	bool reply_subject;          /* 'Re:' and kin, or 'Fwd:', before the subject */
	bool person;                 /* Auto-Submitted: no (RFC 3834, 5) */
	bool automatic;              /* Auto-Submitted: anything else */
};

enum tkt_daemon {
	TKT_DAEMON_NONE,
	TKT_DAEMON_ROLE,       /* an address or a name that mail servers use, and persons too */
	TKT_DAEMON_POSTMASTER, /* both do (RFC 2142, 5); or an author '<>' */
	TKT_DAEMON_SURE,       /* MAILER-DAEMON, or a postmaster who wrote with the null sender */
};

/* Fills it from the message; subject is borrowed. */
void tkt_signs_read(struct tkt_signs *signs, GMimeMessage *message, const struct tkt_mail *mail,
    const char *subject);

/* Does the mail come from the part of a mail server that reports on deliveries? */
enum tkt_daemon tkt_signs_daemon(const struct tkt_signs *signs);
/* A field that only notices about deliveries have. */
bool tkt_signs_bounce(const struct tkt_signs *signs);
/* An automatic answer; whether its text speaks of an absence is asked of `text_says`. */
bool tkt_signs_answer(const struct tkt_signs *signs, bool (*text_says)(void *), void *context);
bool tkt_signs_list(const struct tkt_signs *signs);
bool tkt_signs_generated(const struct tkt_signs *signs);
