#include "mail/html_write.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#include "base/banned.h"

enum { DEPTH_MOST = 30 };

/* Where the writing stands. */
struct writing {
	struct tkt_text *out;
	size_t depth;      /* open blockquotes */
	bool in_paragraph; /* one is open, and has a line */
};

/* One character of a text or an attribute, in a reference where it could be markup. */
static void add_byte(struct tkt_text *out, char byte)
{
	switch (byte) {
	case '&':
		tkt_text_add(out, "&amp;");
		break;
	case '<':
		tkt_text_add(out, "&lt;");
		break;
	case '>':
		tkt_text_add(out, "&gt;");
		break;
	case '"':
		tkt_text_add(out, "&quot;");
		break;
	case '\'':
		tkt_text_add(out, "&#39;");
		break;
	default:
		if (((unsigned char)byte < ' ' && byte != '\t') || byte == 0x7f)
			tkt_text_add(out, "\xEF\xBF\xBD"); /* U+FFFD */
		else
			tkt_text_add_byte(out, byte);
	}
}

static void add_escaped(struct tkt_text *out, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		add_byte(out, text[i]);
}

/* What may stand in a URL as it is written in a text. */
static bool is_of_url(char byte)
{
	return (unsigned char)byte > ' ' && byte != 0x7f && !strchr("<>\"`{}|\\^", byte);
}

/* Takes off the signs of the sentence behind a URL: '(see http://example.org/a_(b).)'. Each sign is
 * looked at once, however many there are. */
static size_t without_signs(const char *url, size_t start, size_t end)
{
	long round = 0, square = 0; /* how many more are opened than closed */
	size_t i;

	for (i = start; i < end; i++) {
		round += (url[i] == '(') - (url[i] == ')');
		square += (url[i] == '[') - (url[i] == ']');
	}
	for (; end > start; end--) {
		char last = url[end - 1];

		if (last == ')' && round < 0)
			round++;
		else if (last == ']' && square < 0)
			square++;
		else if (!strchr(".,;:!?'*_", last))
			break;
	}
	return end;
}

/* How long the URL at the start of the text is; 0: there is none. */
static size_t url_length(const char *text, size_t length)
{
	size_t scheme = 0, end;

	if (length > 7 && !strncasecmp(text, "http://", 7))
		scheme = 7;
	else if (length > 8 && !strncasecmp(text, "https://", 8))
		scheme = 8;
	if (!scheme)
		return 0;
	for (end = scheme; end < length && is_of_url(text[end]); end++)
		;
	end = without_signs(text, scheme, end);
	return end > scheme ? end : 0;
}

static void add_link(struct tkt_text *out, const char *url, size_t length)
{
	tkt_text_add(out, "<a href=\"");
	add_escaped(out, url, length);
	tkt_text_add(out, "\">");
	add_escaped(out, url, length);
	tkt_text_add(out, "</a>");
}

static void add_content(struct tkt_text *out, const char *line, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t url =
		    at && g_ascii_isalnum(line[at - 1]) ? 0 : url_length(line + at, length - at);

		if (url) {
			add_link(out, line + at, url);
			at += url;
			continue;
		}
		if (line[at] == ' ' && (at == 0 || line[at - 1] == ' '))
			tkt_text_add(out, "&nbsp;");
		else
			add_byte(out, line[at]);
		at++;
	}
}

static void end_paragraph(struct writing *writing)
{
	if (writing->in_paragraph)
		tkt_text_add(writing->out, "</p>\n");
	writing->in_paragraph = false;
}

static void go_to_depth(struct writing *writing, size_t depth)
{
	if (depth != writing->depth)
		end_paragraph(writing);
	for (; writing->depth < depth; writing->depth++)
		tkt_text_add(writing->out, "<blockquote>\n");
	for (; writing->depth > depth; writing->depth--)
		tkt_text_add(writing->out, "</blockquote>\n");
}

/* Behind the signs of a quote and the blank that follows them. */
static size_t quote_end(const char *line, size_t length, size_t *depth)
{
	size_t at = 0;

	while (at < length && line[at] == '>' && at < DEPTH_MOST)
		at++;
	*depth = at;
	return at && at < length && line[at] == ' ' ? at + 1 : at;
}

static void add_line(struct writing *writing, const char *line, size_t length)
{
	size_t depth, start = quote_end(line, length, &depth);

	go_to_depth(writing, depth);
	while (length > start && (line[length - 1] == ' ' || line[length - 1] == '\r'))
		length--;
	if (length == start) {
		end_paragraph(writing);
		return;
	}
	tkt_text_add(writing->out, writing->in_paragraph ? "<br>\n" : "<p>");
	writing->in_paragraph = true;
	add_content(writing->out, line + start, length - start);
}

void tkt_html_write(struct tkt_text *out, const char *text, size_t length)
{
	struct writing writing = { .out = out };
	size_t at = 0;

	tkt_text_add(out, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
	while (at < length) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t line = end ? (size_t)(end - text) - at : length - at;

		add_line(&writing, text + at, line);
		at += line + 1;
	}
	go_to_depth(&writing, 0);
	end_paragraph(&writing);
	tkt_text_add(out, "</body></html>\n");
}
