#include "mail/html.h"

#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/lazy.h"

#include "base/banned.h"

#define LIST_DEPTH 16
#define LINK_LIMIT 2000          /* bytes of an address worth showing */
#define CHUNK ((size_t)16 << 10) /* handed to the parser at a time */
#define FEED_LIMIT                                                                    \
	((size_t)8 << 20) /* the parser's share; its worst cases grow by depth x tags \
			   */

#define STALL_LIMIT 8000 /* about as many attributes may one tag have */
#define WORK_LIMIT ((size_t)500000000)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a tag means for the text; tags that are not here change nothing. */
enum {
	LINE = 1,      /* begins and ends a line */
	PARAGRAPH = 2, /* the same, with a blank line */
	HIDDEN = 4,    /* its text is not for the reader */
	QUOTE = 8,
	VERBATIM = 16, /* blanks and line ends count */
	CELL = 32,
	LIST = 64,
	ITEM = 128,
	LINK = 256,
};

static const struct tag {
	const char *name;
	int meaning;
} tags[] = {
	{ "a", LINK },
	{ "address", LINE },
	{ "article", LINE },
	{ "blockquote", PARAGRAPH | QUOTE },
	{ "center", LINE },
	{ "dd", LINE },
	{ "div", LINE },
	{ "dl", PARAGRAPH },
	{ "dt", LINE },
	{ "fieldset", LINE },
	{ "footer", LINE },
	{ "form", LINE },
	{ "h1", PARAGRAPH },
	{ "h2", PARAGRAPH },
	{ "h3", PARAGRAPH },
	{ "h4", PARAGRAPH },
	{ "h5", PARAGRAPH },
	{ "h6", PARAGRAPH },
	{ "header", LINE },
	{ "li", LINE | ITEM },
	{ "ol", LINE | LIST },
	{ "p", PARAGRAPH },
	{ "pre", PARAGRAPH | VERBATIM },
	{ "script", HIDDEN },
	{ "section", LINE },
	{ "style", HIDDEN },
	{ "table", LINE },
	{ "td", CELL },
	{ "template", HIDDEN },
	{ "th", CELL },
	{ "title", HIDDEN },
	{ "tr", LINE },
	{ "ul", LINE | LIST },
};

struct page {
	struct tkt_text *out;
	size_t begun;    /* where our text begins in `out` */
	int lines;       /* line ends that are due before the next word */
	bool blank;      /* a blank is due */
	bool tab;        /* a cell ended: a tab is due */
	bool empty_line; /* nothing stands on the line yet */
	int depth, hidden, quote, verbatim;
	int list_depth;
	int numbers[LIST_DEPTH]; /* of the next item; 0: a bullet */
	char *link;              /* address of the open <a>, owned */
	size_t link_text;        /* where its text begins in `out` */
	bool too_deep;
	size_t work;    /* what the attributes have cost so far: libxml2 compares each with each */
	size_t stalled; /* blanks and quotes that were fed since the parser last spoke */
};

static int meaning_of(const char *name)
{
	for (size_t i = 0; i < COUNT(tags); i++)
		if (strcasecmp(tags[i].name, name) == 0)
			return tags[i].meaning;
	return 0;
}

static void want_lines(struct page *page, int lines)
{
	if (page->empty_line && page->out->length > page->begun && lines == 1)
		lines = 0;
	if (page->lines < lines)
		page->lines = lines;
	page->blank = page->tab = false;
}

/* Writes what is due before a word: line ends with the marks of quotes, a tab, a blank. */
static void write_due(struct page *page)
{
	if (page->out->length == page->begun) {
		page->lines = 0;
		page->blank = page->tab = false;
		for (int i = 0; i < page->quote; i++)
			tkt_text_add(page->out, "> ");
	}
	for (; page->lines > 0; page->lines--) {
		tkt_text_add_byte(page->out, '\n');
		for (int i = 0; i < page->quote; i++)
			tkt_text_add(page->out, page->lines > 1 ? ">" : "> ");
		page->blank = page->tab = false;
	}
	if (page->tab)
		tkt_text_add_byte(page->out, '\t');
	else if (page->blank)
		tkt_text_add_byte(page->out, ' ');
	page->blank = page->tab = page->empty_line = false;
}

static void add_words(struct page *page, const char *text, size_t length)
{
	for (size_t at = 0; at < length && !page->out->failed;) {
		size_t end = at;

		if (page->verbatim && text[at] == '\n') {
			if (page->lines < 20)
				page->lines++;
			at++;
			continue;
		}
		if (memchr(page->verbatim ? "\r" : " \t\r\n", text[at], page->verbatim ? 1 : 4)) {
			page->blank = !page->verbatim && !page->empty_line;
			at++;
			continue;
		}
		while (
		    end < length && !memchr(page->verbatim ? "\r\n\n\n" : " \t\r\n", text[end], 4))
			end++;
		write_due(page);
		tkt_text_add_bytes(page->out, text + at, end - at);
		at = end;
	}
}

static const char *attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2)
		if (strcasecmp((const char *)attributes[0], name) == 0)
			return (const char *)attributes[1];
	return NULL;
}

static void begin_item(struct page *page)
{
	int *number = page->list_depth > 0 && page->list_depth <= LIST_DEPTH
	    ? &page->numbers[page->list_depth - 1]
	    : NULL;
	char mark[32] = "- ";

	for (int i = 1; i < page->list_depth && i < LIST_DEPTH; i++) {
		write_due(page);
		tkt_text_add(page->out, "  ");
	}
	if (number && *number)
		snprintf(mark, sizeof mark, "%d. ", (*number)++);
	write_due(page);
	tkt_text_add(page->out, mark);
	page->empty_line = true; /* <li><p> stays on this line */
}

static void end_link(struct page *page)
{
	const char *link = page->link, *text;

	if (!link)
		return;
	text = page->out->length > page->link_text ? page->out->bytes + page->link_text : "";
	text += strspn(text, " \t\n>");
	if (strncasecmp(link, "mailto:", 7) == 0 && strcasecmp(link + 7, text) == 0)
		link = text;
	if (*text && strcmp(link, text) != 0) {
		write_due(page);
		tkt_text_format(page->out, " <%s>", link);
	}
	free(page->link);
	page->link = NULL;
}

static void begin_link(struct page *page, const char *target)
{
	end_link(page);
	if (!target || strlen(target) > LINK_LIMIT || strpbrk(target, " \r\n\t<>"))
		return;
	if (strncasecmp(target, "http://", 7) == 0 || strncasecmp(target, "https://", 8) == 0 ||
	    strncasecmp(target, "mailto:", 7) == 0 || strncasecmp(target, "tel:", 4) == 0 ||
	    strncasecmp(target, "ftp://", 6) == 0) {
		page->link = strdup(target);
		page->link_text = page->out->length;
	}
}

/* The blank line before a quote does not belong to it. */
static void begin_quote(struct page *page)
{
	for (; page->lines > 1 && page->out->length > page->begun; page->lines--) {
		tkt_text_add_byte(page->out, '\n');
		for (int i = 0; i < page->quote; i++)
			tkt_text_add_byte(page->out, '>');
	}
	page->quote += page->quote < 20;
}

static void begin_tag(void *context, const xmlChar *tag, const xmlChar **attributes)
{
	struct page *page = context;
	const char *name = (const char *)tag, *alt;
	int meaning = meaning_of(name);

	page->stalled = 0;
	for (size_t i = 0; attributes && attributes[i]; i += 2)
		page->work += i;
	if (++page->depth > TKT_HTML_DEPTH || page->work > WORK_LIMIT)
		page->too_deep = true;
	if (meaning & HIDDEN)
		page->hidden++;
	if (page->hidden)
		return;
	if (strcasecmp(name, "br") == 0) {
		if (page->lines < 20)
			page->lines++;
		page->blank = page->tab = false;
	} else if (strcasecmp(name, "hr") == 0) {
		want_lines(page, 1);
		write_due(page);
		tkt_text_add(page->out, "----------");
		want_lines(page, 1);
	} else if (strcasecmp(name, "img") == 0 && (alt = attribute(attributes, "alt")) && *alt) {
		add_words(page, alt, strlen(alt));
	}
	if (meaning & (LINE | PARAGRAPH))
		want_lines(page, meaning & PARAGRAPH ? 2 : 1);
	if (meaning & QUOTE)
		begin_quote(page);
	page->verbatim += (meaning & VERBATIM) != 0;
	if (meaning & LIST && page->list_depth++ < LIST_DEPTH)
		page->numbers[page->list_depth - 1] = strcasecmp(name, "ol") == 0;
	if (meaning & ITEM)
		begin_item(page);
	if (meaning & LINK)
		begin_link(page, attribute(attributes, "href"));
}

static void end_tag(void *context, const xmlChar *tag)
{
	struct page *page = context;
	int meaning = meaning_of((const char *)tag);

	page->stalled = 0;
	page->depth--;
	if (meaning & HIDDEN && page->hidden > 0)
		page->hidden--;
	if (page->hidden)
		return;
	if (meaning & LINK)
		end_link(page);
	if (meaning & (LINE | PARAGRAPH))
		want_lines(page, meaning & PARAGRAPH ? 2 : 1);
	if (meaning & CELL && !page->lines)
		page->tab = !page->empty_line;
	if (meaning & QUOTE && page->quote > 0)
		page->quote--;
	if (meaning & VERBATIM && page->verbatim > 0)
		page->verbatim--;
	if (meaning & LIST && page->list_depth > 0)
		page->list_depth--;
}

static void add_text(void *context, const xmlChar *text, int length)
{
	struct page *page = context;

	page->stalled = 0;
	if (!page->hidden && length > 0)
		add_words(page, (const char *)text, (size_t)length);
}

/* Removes tags and nothing else: for what the parser is not given. */
static void strip(struct page *page, const char *html, size_t length)
{
	bool lines = true;

	page->hidden = page->quote = page->verbatim = page->list_depth = 0;
	for (size_t at = 0; at < length && !page->out->failed;) {
		const char *tag = memchr(html + at, '<', length - at), *end;
		size_t stop = tag ? (size_t)(tag - html) : length;

		add_words(page, html + at, stop - at);
		end = tag ? memchr(tag, '>', length - stop) : NULL;
		if (tag && !end) { /* no tag: it is text to the end */
			add_words(page, tag, length - stop);
			break;
		}
		if (tag && lines && (end - tag) < 12)
			want_lines(page, 1);
		at = end ? (size_t)(end - html) + 1 : length;
	}
}

/* Feeds the parser until the end or a bound; returns how much it was given, 0 without libxml2. */
static size_t parse(struct page *page, const char *html, size_t length)
{
	struct {
		__typeof__(htmlCreatePushParserCtxt) *create;
		__typeof__(htmlParseChunk) *feed;
		__typeof__(htmlCtxtUseOptions) *options;
		__typeof__(htmlFreeParserCtxt) *free;
	} library;
	const struct tkt_lazy_symbol symbols[] = {
		{ "htmlCreatePushParserCtxt", (void **)&library.create },
		{ "htmlParseChunk", (void **)&library.feed },
		{ "htmlCtxtUseOptions", (void **)&library.options },
		{ "htmlFreeParserCtxt", (void **)&library.free },
		{ NULL, NULL },
	};
	htmlSAXHandler handler = {
		.startElement = begin_tag,
		.endElement = end_tag,
		.characters = add_text,
		.cdataBlock = add_text,
		.ignorableWhitespace = add_text,
	};
	htmlParserCtxtPtr parser;
	struct tkt_error error;
	size_t fed = 0, spoken = 0;

	if (tkt_lazy_open("libxml2.so.2", symbols, &error))
		return 0;
	parser = library.create(&handler, page, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (!parser)
		return 0;
	library.options(parser,
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
		HTML_PARSE_IGNORE_ENC);
	while (fed < length && fed < FEED_LIMIT && !page->too_deep && !page->out->failed &&
	    page->stalled < STALL_LIMIT) {
		size_t chunk = length - fed < CHUNK ? length - fed : CHUNK;
		size_t separators = page->stalled;

		for (size_t i = fed; i < fed + chunk; i++)
			separators += strchr(" \t\r\n\"'", html[i]) != NULL;
		page->stalled = separators;
		library.feed(parser, html + fed, (int)chunk, 0);
		fed += chunk;
		if (page->stalled < separators)
			spoken = fed;
	}
	if (page->stalled < STALL_LIMIT) {
		library.feed(parser, NULL, 0, 1);
	} else { /* one endless tag: what stands behind it is still text */
		const char *end = memchr(html + spoken, '>', length - spoken);

		fed = end ? (size_t)(end - html) + 1 : spoken;
	}
	library.free(parser);
	return fed;
}

int tkt_html_to_text(struct tkt_text *out, const char *html, size_t length, struct tkt_error *error)
{
	struct page page = { .out = out, .begun = out->length, .empty_line = true };
	size_t fed = parse(&page, html, length);

	if (fed < length)
		strip(&page, html + fed, length - fed);
	free(page.link);
	if (tkt_text_check(out, error) && error->kind == TKT_ERROR_TEMPORARY)
		return -1;
	return 0;
}

void tkt_html_charset(const char *html, size_t length, char name[static 40])
{
	size_t size = 0;

	if (length > 2048)
		length = 2048;
	name[0] = 0;
	for (size_t at = 0; at + 8 < length; at++) {
		if (strncasecmp(html + at, "charset=", 8) != 0)
			continue;
		for (at += 8; at < length && size < 39; at++) {
			if (memchr(" ;>/\t\r\n", html[at], 7))
				break;
			if (html[at] != '"' && html[at] != '\'')
				name[size++] = html[at];
		}
		break;
	}
	name[size] = 0;
}
