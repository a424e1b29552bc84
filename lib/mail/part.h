/*
 * lib/mail/part.h: what a mail consists of: its text, and all other parts as attachments.
 *
 * Of multipart/alternative one text is taken, as alternative.h says; texts of multipart/mixed stand
 * behind each other. Each leaf that is not in the text is an attachment, images within the text,
 * the other alternatives, mails within the mail and files uuencoded in a text too.
 */
#pragma once
#include <gmime/gmime.h>
#include <stddef.h>

#include "base/text.h"
#include "mail/parse.h"
#include "mail/protection.h"

struct tkt_error;
struct tkt_judge;

#define TKT_BODY_LIMIT ((size_t)8 << 20) /* bytes of text; what has more is an attachment too */

struct tkt_parsing {
	struct tkt_mail *mail;        /* gets the parts and the trouble */
	const char *const *languages; /* borrowed */
	struct tkt_judge *judge;      /* of strange contents; borrowed */
	struct tkt_text body;         /* UTF-8, LF */
	unsigned leaf;                /* leaves seen so far */
	enum tkt_protection protection;
};

/* Reads the tree under `object` into reading->body and the mail's parts. 0, or -1 TEMPORARY. */
int tkt_part_read_all(struct tkt_parsing *reading, GMimeObject *object, struct tkt_error *error);

/* Adds a part to the mail; takes `bytes` and `name` (made safe before), also on failure. */
int tkt_part_add(struct tkt_mail *mail, char *name, const char *content_type, void *bytes,
    size_t size, struct tkt_error *error);

/*
 * A file name that is safe to create and to show: the last component, no controls, no leading
 * dots, blanks or dashes, at most 200 bytes; "part-N.EXT" when nothing is left. NULL: no memory.
 */
char *tkt_part_name(const char *given, const char *content_type, unsigned number);

/* Adds text with CRLF and CR as LF, and paragraphs of format=flowed (RFC 3676) as one line each. */
void tkt_part_lines(struct tkt_text *out, const char *bytes, size_t length);
void tkt_part_unflow(struct tkt_text *out, const char *bytes, size_t length, bool delete_space);
