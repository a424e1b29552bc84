#include "desk/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/words.h"
#include "desk/finding.h"

#include "base/banned.h"

int tkt_lexer_init(struct tkt_lexer *lexer, const char *folder, struct tkt_findings *findings)
{
	*lexer = (struct tkt_lexer){ .findings = findings };
	tkt_text_init(&lexer->word, TKT_SOURCE_LIMIT);
	return tkt_source_init(&lexer->source, folder);
}

void tkt_lexer_clear(struct tkt_lexer *lexer)
{
	while (lexer->depth)
		tkt_text_clear(&lexer->files[--lexer->depth].text);
	tkt_source_clear(&lexer->source);
	tkt_text_clear(&lexer->word);
}

void tkt_lexer_refuse(struct tkt_lexer *lexer, int line, const char *format, ...)
{
	struct tkt_place place = tkt_source_place(&lexer->source, line);
	struct tkt_error error = { 0 };
	va_list arguments;

	if (lexer->broken)
		return;
	lexer->broken = true;
	va_start(arguments, format);
	vsnprintf(error.text, sizeof(error.text), format, arguments);
	va_end(arguments);
	tkt_finding_add(lexer->findings, line, false, place.file, place.line, "%s", error.text);
}

static void fail(struct tkt_lexer *lexer)
{
	lexer->failed = lexer->broken = true;
}

static struct tkt_open_file *file_of(struct tkt_lexer *lexer)
{
	return &lexer->files[lexer->depth - 1];
}

/* What is left of the open file, which a NUL ends. */
static const char *rest_of(const struct tkt_open_file *file)
{
	return file->text.bytes + file->at;
}

void tkt_lexer_enter(struct tkt_lexer *lexer, const char *name, struct tkt_text *text)
{
	struct tkt_open_file *file = &lexer->files[lexer->depth++];
	struct tkt_error error = { 0 };
	int line;

	*file = (struct tkt_open_file){ .text = *text, .line = 1 };
	tkt_text_init(text, TKT_SOURCE_LIMIT);
	if (tkt_source_open(&lexer->source, name, &file->file)) {
		fail(lexer);
		return;
	}
	if (!strncmp(rest_of(file), "\xef\xbb\xbf", 3))
		file->at = file->copied = 3; /* the mark that some editors leave */
	if (tkt_source_check(file->text.bytes, file->text.length, &line, &error))
		tkt_lexer_refuse(lexer, lexer->source.line + line - 1, "%s", error.text);
}

/* The policy gets what was read since the last include, up to a byte of the open file. */
static void copy_policy(struct tkt_lexer *lexer, size_t end)
{
	struct tkt_open_file *file = file_of(lexer);

	if (end > file->copied)
		tkt_text_add_bytes(
		    &lexer->source.policy, file->text.bytes + file->copied, end - file->copied);
	file->copied = end;
	if (lexer->source.policy.failed)
		tkt_lexer_refuse(lexer, 1, _("the text with its includes is larger than %zu bytes"),
		    TKT_SOURCE_LIMIT);
}

void tkt_lexer_leave(struct tkt_lexer *lexer)
{
	struct tkt_open_file *file = file_of(lexer);

	copy_policy(lexer, file->text.length);
	tkt_text_clear(&file->text);
	if (!--lexer->depth)
		return;
	file = file_of(lexer);
	lexer->source.line++;
	tkt_text_add(&lexer->source.policy, "\n");
	if (tkt_source_continue(&lexer->source, file->file, file->line))
		fail(lexer);
}

static void new_line(struct tkt_lexer *lexer, struct tkt_open_file *file)
{
	file->at++;
	file->line++;
	lexer->source.line++;
}

static void skip_block_comment(struct tkt_lexer *lexer, struct tkt_open_file *file)
{
	int start = lexer->source.line;
	const char *at;

	file->at += 2;
	while (*(at = rest_of(file))) {
		if (at[0] == '*' && at[1] == '/') {
			file->at += 2;
			return;
		}
		if (*at == '\n')
			new_line(lexer, file);
		else
			file->at += 1 + strcspn(at + 1, "*\n");
	}
	tkt_lexer_refuse(lexer, start, _("a comment is never closed"));
}

/* Blanks, lines and comments: '# ...', '// ...'. */
static void skip_blanks(struct tkt_lexer *lexer, struct tkt_open_file *file)
{
	for (;;) {
		const char *at = rest_of(file);

		if (*at == '\n')
			new_line(lexer, file);
		else if (*at == ' ' || *at == '\t' || *at == '\r')
			file->at++;
		else if (*at == '#' || (at[0] == '/' && at[1] == '/'))
			file->at += strcspn(at, "\n");
		else if (at[0] == '/' && at[1] == '*')
			skip_block_comment(lexer, file);
		else
			return;
	}
}

/* In single quotes '\'' alone means something else than it is. */
static enum tkt_token read_string(struct tkt_lexer *lexer, struct tkt_open_file *file)
{
	const char *at = rest_of(file), quote = *at++;

	tkt_text_reset(&lexer->word);
	for (;;) {
		size_t length = strcspn(at, quote == '"' ? "\"$\\\n" : "'\\\n");

		tkt_text_add_bytes(&lexer->word, at, length);
		at += length;
		if (!*at || *at == '\n') {
			tkt_lexer_refuse(
			    lexer, lexer->source.line, _("a string is not closed on its line"));
			return TKT_TOKEN_END;
		}
		if (*at == quote)
			break;
		if (quote == '"') {
			tkt_lexer_refuse(lexer, lexer->source.line,
			    _("'%c' in double quotes would not stay as written: use single quotes"),
			    *at);
			return TKT_TOKEN_END;
		}
		at += at[1] == '\'';
		tkt_text_add_byte(&lexer->word, *at++);
	}
	file->at = (size_t)(at + 1 - file->text.bytes);
	return TKT_TOKEN_STRING;
}

/* What needs no quotes. */
static bool is_word_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	    (byte >= '0' && byte <= '9') || (byte & 0x80) || (byte && strchr("_-.:@/%", byte));
}

static enum tkt_token read_word(struct tkt_lexer *lexer, struct tkt_open_file *file)
{
	const char *start = rest_of(file), *end;

	for (end = start; is_word_byte(*end); end++)
		if (end[0] == '/' && (end[1] == '/' || end[1] == '*'))
			break;
	tkt_text_reset(&lexer->word);
	tkt_text_add_bytes(&lexer->word, start, (size_t)(end - start));
	file->at += (size_t)(end - start);
	if (end[-1] != '/')
		return TKT_TOKEN_WORD;
	tkt_lexer_refuse(
	    lexer, lexer->source.line, _("a value with '/' at its end must stand in quotes"));
	return TKT_TOKEN_END;
}

static enum tkt_token read_token(struct tkt_lexer *lexer, struct tkt_open_file *file)
{
	static const char signs[] = "={},";
	static const enum tkt_token tokens[] = { TKT_TOKEN_EQUALS, TKT_TOKEN_OPEN, TKT_TOKEN_CLOSE,
		TKT_TOKEN_COMMA };
	char byte = *rest_of(file);
	const char *sign;

	if (!byte)
		return TKT_TOKEN_END;
	if (byte == '"' || byte == '\'')
		return read_string(lexer, file);
	if (is_word_byte(byte))
		return read_word(lexer, file);
	sign = strchr(signs, byte);
	if (!sign) {
		tkt_lexer_refuse(
		    lexer, lexer->source.line, _("a value with '%c' must stand in quotes"), byte);
		return TKT_TOKEN_END;
	}
	file->at++;
	return tokens[sign - signs];
}

enum tkt_token tkt_lexer_next(struct tkt_lexer *lexer)
{
	struct tkt_open_file *file = file_of(lexer);
	enum tkt_token token;

	if (lexer->broken)
		return TKT_TOKEN_END;
	skip_blanks(lexer, file);
	if (lexer->broken)
		return TKT_TOKEN_END;
	token = read_token(lexer, file);
	if (lexer->word.failed)
		fail(lexer);
	return lexer->broken ? TKT_TOKEN_END : token;
}

static void enter_include(struct tkt_lexer *lexer, const char *name)
{
	tkt_autotext text;
	struct tkt_error error = { 0 };
	int line = lexer->source.line;
	size_t i;

	tkt_text_init(&text, TKT_SOURCE_LIMIT);
	if (!tkt_source_may_read(name)) {
		tkt_lexer_refuse(lexer, line,
		    _("'%s' cannot be included: a path below the desk or an "
		      "absolute one is needed"),
		    name);
		return;
	}
	if (lexer->depth == TKT_INCLUDE_DEPTH) {
		tkt_lexer_refuse(lexer, line, _("includes are nested too deeply"));
		return;
	}
	for (i = 0; i < lexer->depth; i++)
		if (!strcmp(lexer->source.files[lexer->files[i].file], name)) {
			tkt_lexer_refuse(lexer, line, _("'%s' includes itself"), name);
			return;
		}
	if (tkt_source_read(&lexer->source, name, &text, &error)) {
		tkt_lexer_refuse(lexer, line, "%s", error.text);
		return;
	}
	lexer->source.line++;
	tkt_text_format(&lexer->source.policy, "\n# %s\n", name);
	tkt_lexer_enter(lexer, name, &text);
}

/* What follows the blanks of a line. */
static char skip_spaces(struct tkt_open_file *file)
{
	file->at += strspn(rest_of(file), " \t");
	return *rest_of(file);
}

static bool take_sign(struct tkt_open_file *file, char sign)
{
	if (skip_spaces(file) != sign)
		return false;
	file->at++;
	return true;
}

void tkt_lexer_include(struct tkt_lexer *lexer)
{
	struct tkt_open_file *file = file_of(lexer);
	size_t start = file->at - strlen("include");
	bool is_written = take_sign(file, '(') &&
	    (skip_spaces(file) == '"' || skip_spaces(file) == '\'') &&
	    read_string(lexer, file) == TKT_TOKEN_STRING && take_sign(file, ')');
	tkt_autofree char *name = NULL;

	if (!is_written) {
		tkt_lexer_refuse(
		    lexer, lexer->source.line, _("an include is written include(\"FILE\")"));
		return;
	}
	name = strdup(lexer->word.bytes);
	if (!name) {
		fail(lexer);
		return;
	}
	copy_policy(lexer, start);
	file->copied = file->at;
	enter_include(lexer, name);
}
