#include "mail/html.h"

#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/lazy.h"
#include "mail/html_mend.h"
#include "mail/html_tag.h"

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

struct page {
	struct tkt_text *out;
	size_t begun;    /* where our text begins in `out` */
	int lines;       /* line ends that are due before the next word */
	bool blank;      /* a blank is due */
	int hard;        /* no-break spaces that are due */
	bool tab;        /* a cell ended: a tab is due */
	bool empty_line; /* nothing stands on the line yet */
	bool fresh;      /* an item or a quote has just begun: its first block needs no line */
	int depth, quote, verbatim;
	int hidden;     /* the depth at which something hidden began; 0: nothing is */
	bool show_all;  /* styles hide nothing */
	bool pre_begun; /* the line end behind <pre> is none */
	int list_depth;
	int numbers[LIST_DEPTH]; /* of the next item; 0: a bullet */
	char *link;              /* address of the open <a>, owned */
	size_t link_text;        /* where its text begins in `out` */
	bool too_deep;
	size_t work;    /* what the attributes have cost so far: libxml2 compares each with each */
	size_t stalled; /* blanks and quotes that were fed since the parser last spoke */
};

static void want_lines(struct page *page, int lines)
{
	page->blank = page->tab = false;
	page->hard = 0;
	if (page->fresh)
		return;
	if (page->empty_line && page->out->length > page->begun && lines == 1)
		lines = 0;
	if (page->lines < lines)
		page->lines = lines;
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
			tkt_text_add(
			    page->out, page->lines > 1 && i + 1 == page->quote ? ">" : "> ");
		page->blank = page->tab = false;
	}
	if (page->tab)
		tkt_text_add_byte(page->out, '\t');
	else if (page->blank && !page->hard)
		tkt_text_add_byte(page->out, ' ');
	for (; page->hard > 0 && !page->tab; page->hard--)
		tkt_text_add_byte(page->out, ' ');
	page->hard = 0;
	page->blank = page->tab = page->empty_line = page->fresh = false;
}

/* How many bytes at `text` are blank, here: 1 or 2 (a no-break space), 0: none. */
static size_t blank_length(const struct page *page, const char *text, size_t length)
{
	if (length >= 2 && memcmp(text, "\xC2\xA0", 2) == 0)
		return 2;
	if (page->verbatim)
		return *text == '\r' || *text == '\n';
	return memchr(" \t\r\n", *text, 4) != NULL;
}

static void add_words(struct page *page, const char *text, size_t length)
{
	for (size_t at = 0, end; at < length && !page->out->failed; at = end) {
		size_t blank = blank_length(page, text + at, length - at);

		end = at + blank;
		if (blank == 2) {
			page->hard += page->hard < 80;
		} else if (blank && page->verbatim) {
			if (text[at] == '\n' && !page->pre_begun && page->lines < 20)
				page->lines++;
			page->hard = 0;
			page->pre_begun = page->pre_begun && text[at] == '\r';
		} else if (blank) {
			page->blank = !page->empty_line;
		} else {
			while (end < length && !blank_length(page, text + end, length - end))
				end++;
			page->pre_begun = false;
			write_due(page);
			tkt_text_add_bytes(page->out, text + at, end - at);
		}
	}
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
	page->empty_line = page->fresh = true; /* <li><p> stays on this line */
}

/* A link's address without its scheme and last slash, as people write it. */
static size_t bare_link(const char **link, size_t length)
{
	static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:", "ftp://" };

	for (size_t i = 0; i < COUNT(schemes); i++) {
		size_t size = strlen(schemes[i]);

		if (length >= size && strncasecmp(*link, schemes[i], size) == 0) {
			*link += size;
			length -= size;
			break;
		}
	}
	return length > 0 && (*link)[length - 1] == '/' ? length - 1 : length;
}

/* Is the address what the text of the link says anyway? */
static bool is_said(const char *text, const char *link)
{
	size_t length = strlen(text), link_length = strlen(link);

	if (memmem(text, length, link, link_length))
		return true;
	length = bare_link(&text, length);
	link_length = bare_link(&link, link_length);
	return length == link_length && strncasecmp(text, link, length) == 0;
}

/* Writes the address on the line where the text of the link ends. */
static void end_link(struct page *page)
{
	const char *link = page->link, *text;

	if (!link)
		return;
	text = page->out->length > page->link_text ? page->out->bytes + page->link_text : "";
	text += strspn(text, " \t\n>");
	if (*text && !is_said(text, link))
		tkt_text_format(page->out, " <%s>", link);
	free(page->link);
	page->link = NULL;
}

static void begin_link(struct page *page, const char *target)
{
	size_t length;

	end_link(page);
	if (!target)
		return;
	target += strspn(target, " \t\r\n");
	length = strcspn(target, " \t\r\n<>");
	if (length > LINK_LIMIT || target[length + strspn(target + length, " \t\r\n")])
		return;
	if (strncasecmp(target, "http://", 7) == 0 || strncasecmp(target, "https://", 8) == 0 ||
	    strncasecmp(target, "mailto:", 7) == 0 || strncasecmp(target, "tel:", 4) == 0 ||
	    strncasecmp(target, "ftp://", 6) == 0) {
		page->link = strndup(target, length);
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
	page->fresh = true;
}

/* What stands for itself: <br>, <hr>, <img>. */
static void add_void(struct page *page, const char *name, const xmlChar **attributes)
{
	const char *alt;

	if (strcasecmp(name, "br") == 0) {
		if (page->lines < 20)
			page->lines++;
		page->blank = page->tab = page->fresh = false;
		page->hard = 0;
	} else if (strcasecmp(name, "hr") == 0) {
		want_lines(page, 1);
		write_due(page);
		tkt_text_add(page->out, "----------");
		want_lines(page, 1);
	} else if (strcasecmp(name, "img") == 0 && (alt = tkt_html_attribute(attributes, "alt")) &&
	    *alt) {
		add_words(page, alt, strlen(alt));
	}
}

static void begin_list(struct page *page, const char *name, const xmlChar **attributes)
{
	const char *start = tkt_html_attribute(attributes, "start");
	int64_t number = 1;

	if (page->list_depth++ >= LIST_DEPTH)
		return;
	if (start && (tkt_number_parse(start, &number) || number < 1 || number > 1000000))
		number = 1;
	page->numbers[page->list_depth - 1] = strcasecmp(name, "ol") == 0 ? (int)number : 0;
}

static void begin_tag(void *context, const xmlChar *tag, const xmlChar **attributes)
{
	struct page *page = context;
	const char *name = (const char *)tag;
	int meaning = tkt_html_meaning(name);

	page->stalled = 0;
	for (size_t i = 0; attributes && attributes[i]; i += 2)
		page->work += i;
	if (++page->depth > TKT_HTML_DEPTH || page->work > WORK_LIMIT)
		page->too_deep = true;
	if (!page->hidden &&
	    (meaning & TKT_HTML_HIDDEN || (!page->show_all && tkt_html_is_hidden(attributes))))
		page->hidden = page->depth;
	if (page->hidden)
		return;
	add_void(page, name, attributes);
	if (meaning & (TKT_HTML_LINE | TKT_HTML_PARAGRAPH))
		want_lines(page, meaning & TKT_HTML_PARAGRAPH ? 2 : 1);
	if (meaning & TKT_HTML_QUOTE)
		begin_quote(page);
	page->verbatim += (meaning & TKT_HTML_VERBATIM) != 0;
	page->pre_begun = page->pre_begun || meaning & TKT_HTML_VERBATIM;
	if (meaning & TKT_HTML_LIST)
		begin_list(page, name, attributes);
	if (meaning & TKT_HTML_ITEM)
		begin_item(page);
	if (meaning & TKT_HTML_LINK)
		begin_link(page, tkt_html_attribute(attributes, "href"));
}

static void end_tag(void *context, const xmlChar *tag)
{
	struct page *page = context;
	int meaning = tkt_html_meaning((const char *)tag);
	bool hidden = page->hidden;

	page->stalled = 0;
	if (page->depth == page->hidden)
		page->hidden = 0;
	page->depth--;
	if (hidden)
		return;
	if (meaning & TKT_HTML_LINK)
		end_link(page);
	if (meaning & TKT_HTML_LINE && page->hard && page->empty_line && page->lines < 20)
		page->lines++; /* <div>&nbsp;</div> is an empty line */
	if (meaning & (TKT_HTML_LINE | TKT_HTML_PARAGRAPH))
		want_lines(page, meaning & TKT_HTML_PARAGRAPH ? 2 : 1);
	if (meaning & TKT_HTML_CELL && !page->lines) {
		page->tab = !page->empty_line;
		page->hard = 0;
	}
	if (meaning & (TKT_HTML_QUOTE | TKT_HTML_ITEM))
		page->fresh = false;
	if (meaning & TKT_HTML_QUOTE && page->quote > 0)
		page->quote--;
	if (meaning & TKT_HTML_VERBATIM && page->verbatim > 0)
		page->verbatim--;
	if (meaning & TKT_HTML_LIST && page->list_depth > 0)
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

/* How much the parser gets next: whole characters, so that what it is not given begins with one. */
static size_t chunk_length(const char *html, size_t length)
{
	size_t chunk = length < CHUNK ? length : CHUNK;

	while (chunk < length && chunk > 1 && ((unsigned char)html[chunk] & 0xC0) == 0x80)
		chunk--;
	return chunk;
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
		size_t chunk = chunk_length(html + fed, length - fed);
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

static void read_page(struct tkt_text *out, const struct tkt_text *html, bool show_all)
{
	struct page page = {
		.out = out, .begun = out->length, .empty_line = true, .show_all = show_all
	};
	size_t fed = parse(&page, html->bytes, html->length);

	if (fed < html->length)
		strip(&page, html->bytes + fed, html->length - fed);
	free(page.link);
}

int tkt_html_to_text(struct tkt_text *out, const char *html, size_t length, struct tkt_error *error)
{
	size_t before = out->length;
	tkt_autotext mended;

	tkt_text_init(&mended, TKT_TEXT_LIMIT);
	tkt_html_mend(&mended, html, length);
	if (tkt_text_check(&mended, error))
		return -1;
	read_page(out, &mended, false);
	if (out->length == before) /* rather what is hidden than nothing */
		read_page(out, &mended, true);
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
