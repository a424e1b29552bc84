/* lib/mail/html_write.h: the HTML that goes beside a text we send. */
#pragma once
#include <stddef.h>

struct tkt_text;

/*
 * Adds a whole HTML document of the text (valid UTF-8; LF or CR LF), with LF line ends:
 *
 * - What stands between blank lines is a paragraph, a line end in it a <br>.
 * - Lines that begin with '>' are quotes: as many nested blockquotes as there are signs, at
 * most 30.
 * - Addresses of http and https are links to themselves; nothing else is.
 * - The text may be a stranger's: & < > " ' are written as references, so it makes no markup;
 *   controls become U+FFFD, since HTML has none.
 * - Blanks that HTML would drop, at the start of a line or one behind another, are no-break ones.
 */
void tkt_html_write(struct tkt_text *out, const char *text, size_t length);
