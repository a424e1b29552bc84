#include "desk/scan.h"

#include "base/error.h"
#include "base/words.h"
#include "desk/finding.h"
#include "desk/source.h"

#include "base/banned.h"

#define SECTION_DEPTH 8
#define ASSIGNMENT_LIMIT 10000

enum token { TOKEN_NONE, TOKEN_WORD, TOKEN_EQUALS, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA };

struct assignment {
	char *name;
	size_t section; /* how many had been opened when its section was; 0: the top */
	int line;
};

struct section {
	size_t number;
	size_t first; /* the assignments in it are not before this one */
	int line;
};

struct tkt_scan {
	struct tkt_source source;
	struct tkt_findings *findings; /* borrowed */
	bool failed;                   /* memory ran out */
	bool broken;                   /* what follows could not be understood: the scan stops */

	size_t open_files[TKT_SCAN_DEPTH];
	size_t depth;
	struct assignment *assignments;
	size_t assignment_count;
	int *closed; /* lines on which sections open, in the order in which they close */
	size_t closed_count;

	struct section sections[1 + SECTION_DEPTH]; /* the first one is the top */
	size_t section_depth, section_count;
	bool in_list;
	enum token before;    /* the token before this one */
	struct tkt_text word; /* the last name or string */
	int word_line;
};

/* One file while it is read. */
struct reader {
	const char *bytes;
	size_t length, at, copied; /* `copied` bytes are in the policy */
	size_t file;
	int line;
};

struct tkt_scan *tkt_scan_new(const char *folder, struct tkt_findings *findings)
{
	struct tkt_scan *scan = calloc(1, sizeof(*scan));

	if (!scan)
		return NULL;
	tkt_text_init(&scan->word, TKT_SOURCE_LIMIT);
	scan->findings = findings;
	if (tkt_source_init(&scan->source, folder)) {
		tkt_scan_free(scan);
		return NULL;
	}
	return scan;
}

void tkt_scan_free(struct tkt_scan *scan)
{
	size_t i;

	if (!scan)
		return;
	for (i = 0; i < scan->assignment_count; i++)
		free(scan->assignments[i].name);
	free(scan->assignments);
	free(scan->closed);
	tkt_source_clear(&scan->source);
	tkt_text_clear(&scan->word);
	free(scan);
}

const struct tkt_source *tkt_scan_source(const struct tkt_scan *scan)
{
	return &scan->source;
}

bool tkt_scan_is_sound(const struct tkt_scan *scan)
{
	return !scan->broken && !tkt_source_is_full(&scan->source);
}

int tkt_scan_section(const struct tkt_scan *scan, size_t number)
{
	return number < scan->closed_count ? scan->closed[number] : 1;
}

static void fail(struct tkt_scan *scan)
{
	scan->failed = scan->broken = true;
}

/* What is wrong here makes the rest unreadable: the scan stops. */
#define refuse(scan, reader, ...)                                         \
	((scan)->broken = true,                                           \
	    tkt_finding_add((scan)->findings, (scan)->source.line, false, \
		(scan)->source.files[(reader)->file], (reader)->line, __VA_ARGS__))

static void new_line(struct tkt_scan *scan, struct reader *reader)
{
	tkt_text_add_byte(&scan->source.text, '\n');
	scan->source.line++;
	reader->line++;
}

/* '# ...', '// ...': blank; the line's end stays. */
static void skip_line_comment(struct reader *reader)
{
	while (reader->at < reader->length && reader->bytes[reader->at] != '\n')
		reader->at++;
}

static void skip_block_comment(struct tkt_scan *scan, struct reader *reader)
{
	struct reader start = *reader;

	for (reader->at += 2; reader->at < reader->length; reader->at++) {
		if (reader->bytes[reader->at] == '\n') {
			new_line(scan, reader);
		} else if (reader->bytes[reader->at] == '*' && reader->at + 1 < reader->length &&
		    reader->bytes[reader->at + 1] == '/') {
			reader->at += 2;
			tkt_text_add_byte(&scan->source.text, ' ');
			return;
		}
	}
	refuse(scan, &start, _("a comment is never closed"));
}

/* What of a string stands for itself; the reader comes to its last byte. */
static void read_plain(struct tkt_scan *scan, struct reader *reader)
{
	const char *bytes = reader->bytes + reader->at;
	size_t length = strcspn(bytes, "\"'\\$\n"); /* a NUL ends the bytes */

	length = length ? length : 1; /* the other quote, or a '$' */
	tkt_text_add_bytes(&scan->source.text, bytes, length);
	tkt_text_add_bytes(&scan->word, bytes, length);
	reader->at += length - 1;
}

/* A string goes to `text` so that libConfuse reads what stands here, and to `word`. */
static void read_string(struct tkt_scan *scan, struct reader *reader)
{
	char quote = reader->bytes[reader->at++];

	tkt_text_reset(&scan->word);
	tkt_text_add_byte(&scan->source.text, quote);
	for (; reader->at < reader->length && reader->bytes[reader->at] != '\n'; reader->at++) {
		char byte = reader->bytes[reader->at];
		bool escapes = byte == '\\' && quote == '\'' && reader->at + 1 < reader->length &&
		    reader->bytes[reader->at + 1] == '\'';

		if (byte == quote) {
			reader->at++;
			tkt_text_add_byte(&scan->source.text, quote);
			return;
		}
		if (quote == '"' && (byte == '$' || byte == '\\')) {
			refuse(scan, reader,
			    _("'%c' in double quotes would not stay as written: use single quotes"),
			    byte);
			return;
		}
		if (escapes) {
			tkt_text_add(&scan->source.text, "\\'");
			tkt_text_add_byte(&scan->word, '\'');
			reader->at++;
			continue;
		}
		if (byte == '\\') {
			tkt_text_add(&scan->source.text, "\\\\");
			tkt_text_add_byte(&scan->word, byte);
		} else {
			read_plain(scan, reader);
		}
	}
	refuse(scan, reader, _("a string is not closed on its line"));
}

/* The bytes of words that need no quotes; others would vanish or mean something to libConfuse. */
static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	    (byte >= '0' && byte <= '9') || (byte && strchr("_-.:@/%", byte)) || (byte & 0x80);
}

static void read_word(struct tkt_scan *scan, struct reader *reader)
{
	size_t start = reader->at, end;

	for (end = start; end < reader->length && is_word_byte(reader->bytes[end]); end++)
		if (reader->bytes[end] == '/' && end + 1 < reader->length &&
		    (reader->bytes[end + 1] == '/' || reader->bytes[end + 1] == '*'))
			break;
	if (end > start && reader->bytes[end - 1] == '/') {
		refuse(scan, reader, _("a value with '/' at its end must stand in quotes"));
		return;
	}
	tkt_text_reset(&scan->word);
	tkt_text_add_bytes(&scan->word, reader->bytes + start, end - start);
	tkt_text_add_bytes(&scan->source.text, reader->bytes + start, end - start);
	reader->at = end;
}

/* libConfuse lets a second assignment win. */
static void record_assignment(struct tkt_scan *scan, const struct reader *reader)
{
	const struct section *section = &scan->sections[scan->section_depth];
	struct assignment *assignment;
	size_t i;

	for (i = scan->assignment_count; i-- > section->first;) {
		struct tkt_place place;

		assignment = &scan->assignments[i];
		if (assignment->section != section->number ||
		    !tkt_text_equal(assignment->name, scan->word.bytes))
			continue;
		place = tkt_source_place(&scan->source, assignment->line);
		tkt_finding_add(scan->findings, scan->source.line, false,
		    scan->source.files[reader->file], reader->line,
		    _("'%s' stands twice here: first in %s:%d"), scan->word.bytes, place.file,
		    place.line);
		return;
	}
	if (scan->assignment_count == ASSIGNMENT_LIMIT) {
		refuse(scan, reader, _("more than %d options"), ASSIGNMENT_LIMIT);
		return;
	}
	assignment = tkt_source_grow(
	    (void **)&scan->assignments, scan->assignment_count, sizeof(*assignment));
	if (!assignment) {
		fail(scan);
		return;
	}
	assignment->name = strdup(scan->word.bytes);
	if (!assignment->name) {
		fail(scan);
		return;
	}
	assignment->section = section->number;
	assignment->line = scan->source.line;
	scan->assignment_count++;
}

static void open_brace(struct tkt_scan *scan, const struct reader *reader)
{
	if (scan->before == TOKEN_EQUALS) {
		scan->in_list = true;
	} else if (scan->in_list || scan->before != TOKEN_WORD) {
		refuse(scan, reader, _("'{' follows neither '=' nor a section's title"));
	} else if (scan->section_depth == SECTION_DEPTH) {
		refuse(scan, reader, _("sections are nested too deeply"));
	} else {
		scan->sections[++scan->section_depth] = (struct section){ ++scan->section_count,
			scan->assignment_count, scan->word_line };
	}
}

/* `floor`: how many sections were open where this file began. */
static void close_brace(struct tkt_scan *scan, const struct reader *reader, size_t floor)
{
	int *closed;

	if (scan->in_list) {
		scan->in_list = false;
		return;
	}
	if (scan->section_depth == floor) {
		refuse(scan, reader, _("'}' closes nothing that was opened in this file"));
		return;
	}
	closed = tkt_source_grow((void **)&scan->closed, scan->closed_count, sizeof(*closed));
	if (!closed) {
		fail(scan);
		return;
	}
	*closed = scan->sections[scan->section_depth--].line;
	scan->closed_count++;
}

static void scan_file(struct tkt_scan *scan, const char *name, const char *bytes, size_t length);

static void include(struct tkt_scan *scan, struct reader *reader, const char *name)
{
	tkt_autotext text;
	struct tkt_error error = { 0 };
	size_t i;

	tkt_text_init(&text, TKT_SOURCE_LIMIT);
	if (!tkt_source_may_read(name)) {
		refuse(scan, reader,
		    _("'%s' cannot be included: a path below the desk or an "
		      "absolute one is needed"),
		    name);
		return;
	}
	if (scan->depth == TKT_SCAN_DEPTH) {
		refuse(scan, reader, _("includes are nested too deeply"));
		return;
	}
	for (i = 0; i < scan->depth; i++) {
		if (tkt_text_equal(scan->source.files[scan->open_files[i]], name)) {
			refuse(scan, reader, _("'%s' includes itself"), name);
			return;
		}
	}
	if (tkt_source_read(&scan->source, name, &text, &error)) {
		refuse(scan, reader, "%s", error.text);
		return;
	}
	tkt_text_add_byte(&scan->source.text, '\n');
	scan->source.line++;
	tkt_text_format(&scan->source.policy, "\n# %s\n", name);
	scan_file(scan, name, text.bytes, text.length);
	tkt_text_add_byte(&scan->source.text, '\n');
	scan->source.line++;
	tkt_text_add(&scan->source.policy, "\n");
	if (tkt_source_continue(&scan->source, reader->file, reader->line))
		fail(scan);
}

static void skip_blanks(struct reader *reader)
{
	reader->at += strspn(reader->bytes + reader->at, " \t"); /* a NUL ends the bytes */
}

/* include("name"), the word being read already; its own text is taken back. `start`: of the word
 * in the reader; `kept`: length of the text before it. */
static void read_include(struct tkt_scan *scan, struct reader *reader, size_t start, size_t kept)
{
	tkt_autofree char *name = NULL;

	skip_blanks(reader);
	if (reader->at >= reader->length || reader->bytes[reader->at] != '(') {
		refuse(scan, reader, _("an include is written include(\"FILE\")"));
		return;
	}
	reader->at++;
	skip_blanks(reader);
	if (reader->at < reader->length && strchr("\"'", reader->bytes[reader->at]))
		read_string(scan, reader);
	else
		tkt_text_reset(&scan->word);
	skip_blanks(reader);
	if (scan->broken)
		return;
	if (reader->at >= reader->length || reader->bytes[reader->at] != ')') {
		refuse(scan, reader, _("an include is written include(\"FILE\")"));
		return;
	}
	reader->at++;
	tkt_text_truncate(&scan->source.text, kept);
	tkt_text_add_bytes(
	    &scan->source.policy, reader->bytes + reader->copied, start - reader->copied);
	reader->copied = reader->at;
	name = strdup(scan->word.bytes);
	if (!name)
		fail(scan);
	else
		include(scan, reader, name);
}

/* A name may stand here: nothing waits for its value. */
static bool may_name(const struct tkt_scan *scan)
{
	return !scan->in_list && scan->before != TOKEN_EQUALS;
}

static enum token read_token(struct tkt_scan *scan, struct reader *reader, size_t floor)
{
	char byte = reader->bytes[reader->at];
	size_t start = reader->at, kept = scan->source.text.length;

	if (byte == '"' || byte == '\'') {
		read_string(scan, reader);
		scan->word_line = scan->before == TOKEN_WORD ? scan->word_line /* its name's */
							     : scan->source.line;
		return TOKEN_WORD;
	}
	if (is_word_byte(byte)) {
		read_word(scan, reader);
		scan->word_line = scan->source.line;
		if (!tkt_text_equal(scan->word.bytes, "include") || !may_name(scan))
			return TOKEN_WORD;
		read_include(scan, reader, start, kept);
		return TOKEN_NONE;
	}
	if (!strchr("={},", byte) || !byte) {
		refuse(scan, reader, _("a value with '%c' must stand in quotes"), byte);
		return TOKEN_NONE;
	}
	reader->at++;
	tkt_text_add_byte(&scan->source.text, byte);
	switch (byte) {
	case '=':
		if (scan->before == TOKEN_WORD && !scan->in_list)
			record_assignment(scan, reader);
		return TOKEN_EQUALS;
	case '{':
		open_brace(scan, reader);
		return TOKEN_OPEN;
	case '}':
		close_brace(scan, reader, floor);
		return TOKEN_CLOSE;
	default:
		return TOKEN_COMMA;
	}
}

static void scan_tokens(struct tkt_scan *scan, struct reader *reader, size_t floor)
{
	while (reader->at < reader->length && !scan->broken && !tkt_source_is_full(&scan->source)) {
		const char *at = reader->bytes + reader->at;
		size_t left = reader->length - reader->at;

		if (*at == '\n') {
			reader->at++;
			new_line(scan, reader);
		} else if (*at == ' ' || *at == '\t' || *at == '\r') {
			reader->at++;
			tkt_text_add_byte(&scan->source.text, ' ');
		} else if (*at == '#' || (left > 1 && at[0] == '/' && at[1] == '/')) {
			skip_line_comment(reader);
		} else if (left > 1 && at[0] == '/' && at[1] == '*') {
			skip_block_comment(scan, reader);
		} else {
			scan->before = read_token(scan, reader, floor);
		}
	}
}

static void scan_file(struct tkt_scan *scan, const char *name, const char *bytes, size_t length)
{
	struct reader reader = { .bytes = bytes, .length = length, .line = 1 };
	struct tkt_error error = { 0 };
	size_t floor = scan->section_depth;

	if (tkt_source_open(&scan->source, name, &reader.file)) {
		fail(scan);
		return;
	}
	scan->open_files[scan->depth++] = reader.file;
	if (length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		reader.at = reader.copied = 3; /* the mark that some editors leave */
	if (tkt_source_check(bytes, length, &reader.line, &error)) {
		refuse(scan, &reader, "%s", error.text);
		return;
	}
	reader.line = 1;
	scan_tokens(scan, &reader, floor);
	tkt_text_add_bytes(
	    &scan->source.policy, bytes + reader.copied, reader.length - reader.copied);
	if (!scan->broken && !tkt_source_is_full(&scan->source) &&
	    (scan->in_list || scan->section_depth > floor)) {
		if (scan->section_depth > floor)
			reader.line = tkt_source_place(
			    &scan->source, scan->sections[scan->section_depth].line)
					  .line;
		refuse(scan, &reader, _("'{' is never closed in this file"));
	}
	scan->depth--;
}

int tkt_scan_bytes(struct tkt_scan *scan, const char *name, const char *bytes, size_t length,
    struct tkt_error *error)
{
	scan_file(scan, name, bytes, length);
	if (scan->failed)
		return tkt_error_set_memory(error);
	if (!scan->broken && tkt_source_is_full(&scan->source))
		tkt_finding_add(scan->findings, scan->source.line, false, name, 1,
		    _("the text with its includes is larger than %zu bytes"), TKT_SOURCE_LIMIT);
	return 0;
}

int tkt_scan_file(struct tkt_scan *scan, const char *name, struct tkt_error *error)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_SOURCE_LIMIT);
	if (tkt_source_read(&scan->source, name, &text, error))
		return -1;
	return tkt_scan_bytes(scan, name, text.bytes, text.length, error);
}
