/* lib/mail/compose.h: an outgoing mail to RFC 5322 and MIME bytes, by GMime. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct tkt_error;

struct tkt_address {
	const char *email;
	const char *name; /* NULL or "": none */
};

struct tkt_enclosure {
	const char *name, *content_type;
	const void *bytes;
	size_t size;
};

/* Borrowed for the call. Line breaks and controls in any header value are replaced by blanks. */
struct tkt_outgoing_mail {
	struct tkt_address from;
	const struct tkt_address *to, *cc;
	size_t to_count, cc_count;
	const char *subject;
	const char *message_id, *in_reply_to; /* without angle brackets; in_reply_to may be NULL */
	const char *const *references;        /* oldest first, ended by NULL; NULL: none */
	const char *auto_submitted; /* "auto-replied" (RFC 3834), or NULL for a person's mail */
	const char *desk_mark;      /* X-Tkt-Desk */
	int64_t date;
	const char *body; /* UTF-8, LF; leaves as text/plain, format=flowed */
	const struct tkt_enclosure *enclosures;
	size_t enclosure_count;
};

/* Adds the mail with CRLF line ends. 0, or -1 with DATA (an address that is none) or TEMPORARY. */
int tkt_mail_compose(
    const struct tkt_outgoing_mail *mail, struct tkt_text *out, struct tkt_error *error);
