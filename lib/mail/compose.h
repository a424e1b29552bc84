/* lib/mail/compose.h: an outgoing mail to RFC 5322 and MIME bytes, by GMime. */
#pragma once
#include <stdbool.h>
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

/*
 * Borrowed for the call. Header texts and names may come from strangers: broken UTF-8 is repaired,
 * line breaks and controls become blanks, '=?' becomes '= ?' (it would be read as an encoded word),
 * what is beyond 1000 bytes is cut; one that is empty then is left out.
 */
struct tkt_outgoing_mail {
	struct tkt_address from;
	struct tkt_address reply_to; /* without an address: none */
	const struct tkt_address *to, *cc;
	size_t to_count, cc_count;
	const char *subject;
	/* Without angle brackets; the latter two may be NULL. One of them that is no id (blanks,
	 * brackets, not ASCII, over 250 bytes) is left out; of many references the first and the
	 * last 19 stay; in_reply_to is added as the last one. */
	const char *message_id, *in_reply_to;
	const char *const *references; /* oldest first, ended by NULL */
	/* "auto-replied", "auto-generated" (RFC 3834, 5), or NULL for a person's mail. Exchange,
	 * which does not read it, is asked for no automatic answers too; bounces are welcome. */
	const char *auto_submitted;
	const char *desk_mark; /* X-Tkt-Desk */
	int64_t date;
	const char *body; /* UTF-8, LF; leaves as text/plain, format=flowed */
	bool has_html;    /* it leaves as HTML too, the other choice of multipart/alternative */
	const struct tkt_enclosure *enclosures;
	size_t enclosure_count;
};

/*
 * Adds the mail: CRLF line ends, ASCII alone, no line beyond 998 bytes; the same bytes each time.
 * multipart/mixed only when there are enclosures, around multipart/alternative if there is HTML; an
 * enclosure's type loses its parameters, and one that is no plain type becomes
 * application/octet-stream. 0, or -1 with DATA (an address or message_id that is none, a date
 * beyond year 9999) or TEMPORARY.
 */
int tkt_mail_compose(
    const struct tkt_outgoing_mail *mail, struct tkt_text *out, struct tkt_error *error);
