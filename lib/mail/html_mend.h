/*
 * lib/mail/html_mend.h: HTML of mailers, made ready for libxml2's SAX parser, which loses what
 * stands behind </html>, shows Outlook's '<![if !mso]>' as text, and reads '&#146;' as a control.
 */
#pragma once
#include <stddef.h>

struct tkt_text;

/*
 * Adds a copy (UTF-8) without the tags html, head and body, and without '<![...]>'; references to
 * 128 to 159 mean windows-1252, as in HTML 5, and common ones get the ';' that they lack.
 */
void tkt_html_mend(struct tkt_text *out, const char *html, size_t length);
