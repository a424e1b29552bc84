#include "mail/html_tag.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct tag {
	const char *name;
	int meaning;
} tags[] = {
	{ "a", TKT_HTML_LINK },
	{ "address", TKT_HTML_LINE },
	{ "article", TKT_HTML_LINE },
	{ "blockquote", TKT_HTML_PARAGRAPH | TKT_HTML_QUOTE },
	{ "center", TKT_HTML_LINE },
	{ "dd", TKT_HTML_LINE },
	{ "div", TKT_HTML_LINE },
	{ "dl", TKT_HTML_PARAGRAPH },
	{ "dt", TKT_HTML_LINE },
	{ "fieldset", TKT_HTML_LINE },
	{ "footer", TKT_HTML_LINE },
	{ "form", TKT_HTML_LINE },
	{ "h1", TKT_HTML_PARAGRAPH },
	{ "h2", TKT_HTML_PARAGRAPH },
	{ "h3", TKT_HTML_PARAGRAPH },
	{ "h4", TKT_HTML_PARAGRAPH },
	{ "h5", TKT_HTML_PARAGRAPH },
	{ "h6", TKT_HTML_PARAGRAPH },
	{ "header", TKT_HTML_LINE },
	{ "li", TKT_HTML_LINE | TKT_HTML_ITEM },
	{ "ol", TKT_HTML_LINE | TKT_HTML_LIST },
	{ "p", TKT_HTML_PARAGRAPH },
	{ "pre", TKT_HTML_PARAGRAPH | TKT_HTML_VERBATIM },
	{ "script", TKT_HTML_HIDDEN },
	{ "section", TKT_HTML_LINE },
	{ "style", TKT_HTML_HIDDEN },
	{ "table", TKT_HTML_LINE },
	{ "td", TKT_HTML_CELL },
	{ "template", TKT_HTML_HIDDEN },
	{ "th", TKT_HTML_CELL },
	{ "title", TKT_HTML_HIDDEN },
	{ "tr", TKT_HTML_LINE },
	{ "ul", TKT_HTML_LINE | TKT_HTML_LIST },
	{ "xml", TKT_HTML_HIDDEN },
};

int tkt_html_meaning(const char *name)
{
	for (size_t i = 0; i < COUNT(tags); i++)
		if (strcasecmp(tags[i].name, name) == 0)
			return tags[i].meaning;
	return 0;
}

const char *tkt_html_attribute(const unsigned char **attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2)
		if (strcasecmp((const char *)attributes[0], name) == 0)
			return (const char *)attributes[1];
	return NULL;
}

/* Does the value of a style say `name: value`, in any case and with any blanks? */
static bool has_style(const char *style, const char *name, const char *value)
{
	for (const char *at = style; (at = strcasestr(at, name));) {
		bool whole = at == style || strchr("; \t\r\n", at[-1]);

		at += strlen(name);
		at += strspn(at, " \t\r\n");
		if (!whole || *at != ':')
			continue;
		at += 1 + strspn(at + 1, " \t\r\n");
		if (strncasecmp(at, value, strlen(value)) == 0)
			return true;
	}
	return false;
}

bool tkt_html_is_hidden(const unsigned char **attributes)
{
	const char *style = tkt_html_attribute(attributes, "style");

	for (size_t i = 0; attributes && attributes[i]; i += 2)
		if (strcasecmp((const char *)attributes[i], "hidden") == 0)
			return true;
	return style &&
	    (has_style(style, "display", "none") || has_style(style, "visibility", "hidden") ||
		has_style(style, "mso-hide", "all"));
}
