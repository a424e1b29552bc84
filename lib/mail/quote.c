#include "mail/quote.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "mail/parse.h"
#include "mail/quote_parts.h"

#include "base/banned.h"

const char *tkt_quoting_line(const struct tkt_quoting *quoting, size_t i, size_t *length)
{
	size_t end = i + 1 < quoting->count ? quoting->starts[i + 1] - 1 : quoting->length;

	if (end > quoting->starts[i] && i + 1 == quoting->count && quoting->text[end - 1] == '\n')
		end--;
	*length = end - quoting->starts[i];
	return quoting->text + quoting->starts[i];
}

void tkt_quoting_read(const struct tkt_quoting *quoting, size_t i, struct tkt_quote_line *line)
{
	size_t length;
	const char *bytes = tkt_quoting_line(quoting, i, &length);

	tkt_quote_line_read(line, bytes, length);
}

bool tkt_quoting_is(const struct tkt_quoting *quoting, size_t i, char mark)
{
	return i < quoting->count && quoting->marks[i] == mark;
}

void tkt_quoting_mark(struct tkt_quoting *quoting, size_t from, size_t end, char mark)
{
	memset(quoting->marks + from, mark, end - from);
}

/* What a line is at first sight: quoted ('>' behind up to three blanks), blank, or new. */
static char first_mark(const char *line, size_t length)
{
	size_t at = 0;

	while (at < length && at < 3 && line[at] == ' ')
		at++;
	if (at < length && line[at] == '>')
		return TKT_QUOTE_OLD;
	while (at < length &&
	    (line[at] == ' ' || line[at] == '\t' || line[at] == '\r' ||
		(at + 1 < length && !memcmp(line + at, "\xC2\xA0", 2))))
		at += line[at] == '\xC2' ? 2 : 1;
	return at == length ? TKT_QUOTE_BLANK : TKT_QUOTE_NEW;
}

/* Blank lines between quoted lines are quoted; the others are new, as content is. */
static void settle(struct tkt_quoting *quoting)
{
	for (size_t i = 0, end; i < quoting->count; i = end) {
		char before = i > 0 ? quoting->marks[i - 1] : TKT_QUOTE_OLD;

		end = i + 1;
		if (quoting->marks[i] == TKT_QUOTE_CONTENT)
			quoting->marks[i] = TKT_QUOTE_NEW;
		if (quoting->marks[i] != TKT_QUOTE_BLANK)
			continue;
		while (end < quoting->count && quoting->marks[end] == TKT_QUOTE_BLANK)
			end++;
		if (before == TKT_QUOTE_OLD &&
		    (end == quoting->count || tkt_quoting_is(quoting, end, TKT_QUOTE_OLD)))
			tkt_quoting_mark(quoting, i, end, TKT_QUOTE_OLD);
		else
			tkt_quoting_mark(quoting, i, end, TKT_QUOTE_NEW);
	}
}

static bool has_new_text(const struct tkt_quoting *quoting)
{
	for (size_t i = 0; i < quoting->count; i++) {
		size_t length;
		const char *line = tkt_quoting_line(quoting, i, &length);

		if (tkt_quoting_is(quoting, i, TKT_QUOTE_NEW) &&
		    first_mark(line, length) != TKT_QUOTE_BLANK)
			return true;
	}
	return false;
}

static int split_lines(struct tkt_quoting *quoting, struct tkt_text *marks, struct tkt_error *error)
{
	const char *text = quoting->text;
	size_t count = 0, i = 0;

	for (size_t at = 0; at < quoting->length; count++) {
		const char *end = memchr(text + at, '\n', quoting->length - at);

		at = end ? (size_t)(end - text) + 1 : quoting->length;
	}
	quoting->count = count;
	if (count == 0)
		return 0;
	quoting->starts = calloc(count + 1, sizeof *quoting->starts);
	quoting->marks = tkt_text_room(marks, count);
	if (!quoting->starts || !quoting->marks)
		return tkt_error_set_memory(error);
	for (size_t at = 0; at < quoting->length; i++) {
		const char *end = memchr(text + at, '\n', quoting->length - at);
		size_t next = end ? (size_t)(end - text) + 1 : quoting->length;

		quoting->starts[i] = (uint32_t)at;
		quoting->marks[i] = first_mark(text + at, next - at - (end != NULL));
		at = next;
	}
	tkt_text_wrote(marks, count);
	return 0;
}

int tkt_quote_mark(const char *text, size_t length, enum tkt_quote_letter kind,
    struct tkt_text *marks, struct tkt_error *error)
{
	struct tkt_quoting quoting = { .text = text, .length = length, .letter = kind };
	int result = split_lines(&quoting, marks, error);

	if (!result && quoting.count > 0) {
		tkt_quoting_find_quotes(&quoting);
		tkt_quoting_find_signatures(&quoting);
		settle(&quoting);
		/* What is passed on is the letter, marked as a quote or not. */
		if (kind == TKT_QUOTE_FORWARD && !has_new_text(&quoting))
			tkt_quoting_mark(&quoting, 0, quoting.count, TKT_QUOTE_NEW);
	}
	free(quoting.starts);
	return result;
}

int tkt_quote_add_new(struct tkt_text *out, const char *text, size_t length,
    enum tkt_quote_letter kind, struct tkt_error *error)
{
	size_t begun = out->length, blanks = 0, i = 0;
	bool gap = false;
	tkt_autotext marks;

	tkt_text_init(&marks, TKT_TEXT_LIMIT);
	if (tkt_quote_mark(text, length, kind, &marks, error))
		return -1;
	if (!memchr(marks.bytes, TKT_QUOTE_OLD, marks.length) &&
	    !memchr(marks.bytes, TKT_QUOTE_SIGNATURE, marks.length)) {
		tkt_text_add_bytes(out, text, length);
		return tkt_text_check(out, error);
	}
	for (size_t at = 0; at < length; i++) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t stop = end ? (size_t)(end - text) : length;

		if (marks.bytes[i] != TKT_QUOTE_NEW) {
			gap = true;
		} else if (first_mark(text + at, stop - at) == TKT_QUOTE_BLANK) {
			blanks++;
		} else {
			if (gap) /* one blank line stands for what was left out */
				blanks = 1;
			for (size_t lines = 0; out->length > begun && lines <= blanks; lines++)
				tkt_text_add_byte(out, '\n');
			tkt_text_add_bytes(out, text + at, stop - at);
			blanks = 0;
			gap = false;
		}
		at = stop + 1;
	}
	return tkt_text_check(out, error);
}

enum tkt_quote_letter tkt_quote_letter_of(const json_t *message)
{
	const char *subject = json_string_value(json_object_get(message, "subject"));
	enum tkt_subject_kind kind = subject ? tkt_subject_kind(subject) : TKT_SUBJECT_PLAIN;

	if (kind == TKT_SUBJECT_FORWARD)
		return TKT_QUOTE_FORWARD;
	if (kind == TKT_SUBJECT_REPLY || json_object_get(message, "in_reply_to") ||
	    json_array_size(json_object_get(message, "references")) > 0)
		return TKT_QUOTE_ANSWER;
	return TKT_QUOTE_FIRST;
}
