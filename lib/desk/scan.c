#include "desk/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/lexer.h"

#include "base/banned.h"

#define SECTION_DEPTH 8

struct tkt_scan {
	struct tkt_lexer lexer;
	const struct tkt_scan_visitor *visitor; /* borrowed; NULL: none */
	size_t depth;                           /* of sections */
};

struct tkt_scan *tkt_scan_new(const char *folder, struct tkt_findings *findings)
{
	tkt_autoptr(scan) scan = calloc(1, sizeof(*scan));

	if (!scan || tkt_lexer_init(&scan->lexer, folder, findings))
		return NULL;
	return tkt_take(scan);
}

void tkt_scan_free(struct tkt_scan *scan)
{
	if (!scan)
		return;
	tkt_lexer_clear(&scan->lexer);
	free(scan);
}

const struct tkt_source *tkt_scan_source(const struct tkt_scan *scan)
{
	return &scan->lexer.source;
}

bool tkt_scan_is_sound(const struct tkt_scan *scan)
{
	return !scan->lexer.broken;
}

/* Each of the functions below returns 0, or -1 when the scan ends: what is wrong has been said. */
#define refuse(scan, line, ...) (tkt_lexer_refuse(&(scan)->lexer, line, __VA_ARGS__), -1)

/* What the visitor returned. */
static int told(struct tkt_scan *scan, int result)
{
	if (result)
		scan->lexer.failed = scan->lexer.broken = true;
	return result;
}

/* Of the whole text, see source.h. */
static int line_of(const struct tkt_scan *scan)
{
	return scan->lexer.source.line;
}

static bool is_text(enum tkt_token token)
{
	return token == TKT_TOKEN_WORD || token == TKT_TOKEN_STRING;
}

static int never_closed(struct tkt_scan *scan, int line)
{
	return refuse(scan, line, _("'{' is never closed in this file"));
}

static int read_value(struct tkt_scan *scan)
{
	const struct tkt_scan_visitor *visitor = scan->visitor;

	return told(scan,
	    visitor ? visitor->value(visitor->context, scan->lexer.word.bytes, line_of(scan)) : 0);
}

/* Behind '{'. */
static int read_list(struct tkt_scan *scan, const char *name, int line)
{
	for (;;) {
		enum tkt_token token = tkt_lexer_next(&scan->lexer);

		if (is_text(token)) {
			if (read_value(scan))
				return -1;
			token = tkt_lexer_next(&scan->lexer);
		}
		if (token == TKT_TOKEN_CLOSE)
			return 0;
		if (token == TKT_TOKEN_END)
			return never_closed(scan, line);
		if (token != TKT_TOKEN_COMMA)
			return refuse(scan, line_of(scan),
			    _("the list of '%s' needs a ',' between its values and a '}' behind them"),
			    name);
	}
}

/* Behind '='. */
static int read_option(struct tkt_scan *scan, const char *name, int line)
{
	enum tkt_token token = tkt_lexer_next(&scan->lexer);
	const struct tkt_scan_visitor *visitor = scan->visitor;
	bool is_list = token == TKT_TOKEN_OPEN;

	if (!is_list && !is_text(token))
		return refuse(scan, line, _("'%s' has no value"), name);
	if (told(scan, visitor ? visitor->option(visitor->context, name, is_list, line) : 0))
		return -1;
	return is_list ? read_list(scan, name, line_of(scan)) : read_value(scan);
}

static int read_body(struct tkt_scan *scan, int opened);

/* Behind its title, which is the lexer's word. */
static int read_section(struct tkt_scan *scan, const char *kind, int line)
{
	const struct tkt_scan_visitor *visitor = scan->visitor;
	tkt_autofree char *title = strdup(scan->lexer.word.bytes);

	if (!title)
		return told(scan, -1);
	if (tkt_lexer_next(&scan->lexer) != TKT_TOKEN_OPEN)
		return refuse(
		    scan, line_of(scan), _("'%s \"%s\"' is not followed by '{'"), kind, title);
	if (scan->depth == SECTION_DEPTH)
		return refuse(scan, line_of(scan), _("sections are nested too deeply"));
	scan->depth++;
	if (told(scan, visitor ? visitor->open(visitor->context, kind, title, line) : 0) ||
	    read_body(scan, line))
		return -1;
	scan->depth--;
	return told(scan, visitor ? visitor->close(visitor->context) : 0);
}

/* What begins with a name, which is the lexer's word. */
static int read_statement(struct tkt_scan *scan)
{
	tkt_autofree char *name = strdup(scan->lexer.word.bytes);
	int line = line_of(scan);
	enum tkt_token token;

	if (!name)
		return told(scan, -1);
	token = tkt_lexer_next(&scan->lexer);
	if (token == TKT_TOKEN_EQUALS)
		return read_option(scan, name, line);
	if (is_text(token))
		return read_section(scan, name, line);
	if (token == TKT_TOKEN_OPEN)
		return refuse(
		    scan, line_of(scan), _("'{' follows neither '=' nor a section's title"));
	return refuse(scan, line, _("'%s' is followed by neither '=' nor a title and '{'"), name);
}

static int read_include(struct tkt_scan *scan)
{
	tkt_lexer_include(&scan->lexer);
	if (read_body(scan, 0))
		return -1;
	tkt_lexer_leave(&scan->lexer);
	return 0;
}

/* The statements of a file, or those of a section that was opened on line `opened`; 0: a file. */
static int read_body(struct tkt_scan *scan, int opened)
{
	for (;;) {
		enum tkt_token token = tkt_lexer_next(&scan->lexer);
		int result = 0;

		if (token == TKT_TOKEN_WORD && !strcmp(scan->lexer.word.bytes, "include"))
			result = read_include(scan);
		else if (is_text(token))
			result = read_statement(scan);
		else if (token == TKT_TOKEN_CLOSE && opened)
			return 0;
		else if (token == TKT_TOKEN_CLOSE)
			return refuse(scan, line_of(scan),
			    _("'}' closes nothing that was opened in this file"));
		else if (token == TKT_TOKEN_END)
			return opened ? never_closed(scan, opened) : scan->lexer.broken ? -1 : 0;
		else
			return refuse(scan, line_of(scan), _("a name is missing before the sign"));
		if (result)
			return -1;
	}
}

static int scan_text(struct tkt_scan *scan, const char *name, struct tkt_text *text,
    const struct tkt_scan_visitor *visitor, struct tkt_error *error)
{
	scan->visitor = visitor;
	tkt_lexer_enter(&scan->lexer, name, text);
	if (!read_body(scan, 0))
		tkt_lexer_leave(&scan->lexer);
	return scan->lexer.failed ? tkt_error_set_memory(error) : 0;
}

int tkt_scan_bytes(struct tkt_scan *scan, const char *name, const char *bytes, size_t length,
    const struct tkt_scan_visitor *visitor, struct tkt_error *error)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_SOURCE_LIMIT);
	tkt_text_add_bytes(&text, bytes, length);
	if (tkt_text_check(&text, error))
		return -1;
	return scan_text(scan, name, &text, visitor, error);
}

int tkt_scan_file(struct tkt_scan *scan, const char *name, const struct tkt_scan_visitor *visitor,
    struct tkt_error *error)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_SOURCE_LIMIT);
	if (tkt_source_read(&scan->lexer.source, name, &text, error))
		return -1;
	return scan_text(scan, name, &text, visitor, error);
}
