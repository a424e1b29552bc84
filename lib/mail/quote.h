/*
 * lib/mail/quote.h: what is new in the text of a letter, and what is quoted, or a signature.
 *
 * Quoted is what stands behind '>' (RFC 3676, 4.5), the line that says who wrote it, and, in an
 * answer with new text above, all that follows the header lines of an older mail or a full
 * attribution. Answers between quoted lines stay. A forwarded mail is content, not a quote. A
 * signature is what follows '-- ' (RFC 3676, 4.3), or the line a telephone adds. Where it is not
 * plain that a line is another's, it is new.
 */
#pragma once
#include <jansson.h>
#include <stddef.h>

struct tkt_error;
struct tkt_text;

enum tkt_quote_letter {
	TKT_QUOTE_FIRST,   /* answers nothing: older mails in it that are not marked are content */
	TKT_QUOTE_ANSWER,  /* answers another mail */
	TKT_QUOTE_FORWARD, /* passes one on */
};

/* What a message object is, by its subject, in_reply_to and references. */
enum tkt_quote_letter tkt_quote_letter_of(const json_t *message);

/* What a line is, as bytes in the text that tkt_quote_mark() fills. */
#define TKT_QUOTE_NEW 'n'
#define TKT_QUOTE_OLD 'q'
#define TKT_QUOTE_SIGNATURE 's'

/*
 * Marks each line of a text.
 *
 *   text   UTF-8, LF
 *   marks  gets one byte for each line; a line ends at LF or at the end of the text
 *
 * In time that grows with the length alone, and 5 bytes of memory a line. 0, or -1 TEMPORARY.
 */
int tkt_quote_mark(const char *text, size_t length, enum tkt_quote_letter letter,
    struct tkt_text *marks, struct tkt_error *error);

/* Adds the new text alone: the text as it is when nothing else is in it, "" when nothing is new.
 * 0, or -1 TEMPORARY. */
int tkt_quote_add_new(struct tkt_text *out, const char *text, size_t length,
    enum tkt_quote_letter letter, struct tkt_error *error);
