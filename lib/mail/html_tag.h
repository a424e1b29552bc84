/* lib/mail/html_tag.h: what tags of HTML and their attributes mean for the text. */
#pragma once
#include <stdbool.h>

/* What a tag means for the text; tags that are not here change nothing. */
enum tkt_html_meaning {
	TKT_HTML_LINE = 1,      /* begins and ends a line */
	TKT_HTML_PARAGRAPH = 2, /* the same, with a blank line */
	TKT_HTML_HIDDEN = 4,    /* its text is not for the reader */
	TKT_HTML_QUOTE = 8,
	TKT_HTML_VERBATIM = 16, /* blanks and line ends count */
	TKT_HTML_CELL = 32,
	TKT_HTML_LIST = 64,
	TKT_HTML_ITEM = 128,
	TKT_HTML_LINK = 256,
};

/* The meanings of a tag, or-ed; 0 when it changes nothing. */
int tkt_html_meaning(const char *name);
/*   attributes  names and values in turn, ended by NULL; NULL is none */
const char *tkt_html_attribute(const unsigned char **attributes, const char *name);
/* Is an element made invisible, as the preview texts of newsletters are? */
bool tkt_html_is_hidden(const unsigned char **attributes);
