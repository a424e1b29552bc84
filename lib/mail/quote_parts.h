/* lib/mail/quote_parts.h: the lines of a letter and what each is, for quote.c and its parts alone.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/quote.h"
#include "mail/quote_line.h"

/* While they work, besides the marks of quote.h: no text, and content whatever it looks like. Both
 * are new in the end. */
#define TKT_QUOTE_BLANK 'b'
#define TKT_QUOTE_CONTENT 'c'

struct tkt_quoting {
	const char *text;
	size_t length;
	uint32_t *starts; /* where each line begins */
	char *marks;      /* one for each line */
	size_t count;
	enum tkt_quote_letter letter;
};

/* The bytes of a line without its LF. */
const char *tkt_quoting_line(const struct tkt_quoting *quoting, size_t i, size_t *length);
void tkt_quoting_read(const struct tkt_quoting *quoting, size_t i, struct tkt_quote_line *line);
/* Is there a line i, and is that its mark? */
bool tkt_quoting_is(const struct tkt_quoting *quoting, size_t i, char mark);
void tkt_quoting_mark(struct tkt_quoting *quoting, size_t from, size_t end, char mark);

/* Marks what belongs to quotes, and content, among the lines that seem new. */
void tkt_quoting_find_quotes(struct tkt_quoting *quoting);
/* Marks signatures: at the end, and before a quote. */
void tkt_quoting_find_signatures(struct tkt_quoting *quoting);
