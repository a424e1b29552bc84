#include "mail/flowed.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

enum {
	FLOWED_COLUMNS = 76,
	/* Deeper quotes are not broken: repeating their '>' could make a mail as large as the
	   square of its text. */
	FLOWED_DEPTH = 30,
};

static bool is_signature(const char *line, size_t length)
{
	return length == 3 && !memcmp(line, "-- ", 3);
}

/* One line as it leaves, stuffed where RFC 3676 4.4 wants it. */
static void add_line(
    struct tkt_text *out, const char *quotes, size_t depth, const char *content, size_t length)
{
	tkt_text_add_bytes(out, quotes, depth);
	if (length > 0 &&
	    (depth > 0 || content[0] == ' ' || content[0] == '>' ||
		(length >= 5 && !memcmp(content, "From ", 5))))
		tkt_text_add_byte(out, ' ');
	tkt_text_add_bytes(out, content, length);
	tkt_text_add_byte(out, '\n');
}

/* Behind the word that begins at `at`, with the blanks around it. */
static size_t word_end(const char *content, size_t length, size_t at)
{
	while (at < length && content[at] == ' ')
		at++;
	while (at < length && content[at] != ' ')
		at++;
	while (at < length && content[at] == ' ')
		at++;
	return at;
}

/* A line with its soft breaks. No piece may look like the signature's line. */
static void add_paragraph(
    struct tkt_text *out, const char *quotes, size_t depth, const char *content, size_t length)
{
	size_t columns = FLOWED_COLUMNS - (depth > 0 ? depth + 1 : 0);
	size_t start = 0, end = 0, width = 0;

	while (end < length) {
		size_t next = word_end(content, length, end);
		size_t word = tkt_utf8_width(content + end, next - end);

		if (end > start && width + word > columns &&
		    !is_signature(content + start, end - start)) {
			add_line(out, quotes, depth, content + start, end - start);
			start = end;
			width = 0;
		}
		width += word;
		end = next;
	}
	add_line(out, quotes, depth, content + start, length - start);
}

static void add_source_line(struct tkt_text *out, const char *line, size_t length)
{
	const char *content = line;
	size_t depth = 0;

	while (depth < length && line[depth] == '>')
		depth++;
	content += depth;
	length -= depth;
	if (depth > 0 && length > 0 && content[0] == ' ') { /* it will be stuffed again */
		content++;
		length--;
	}
	if (!is_signature(content, length))
		while (length > 0 && content[length - 1] == ' ')
			length--;
	if (is_signature(content, length) || depth > FLOWED_DEPTH)
		add_line(out, line, depth, content, length);
	else
		add_paragraph(out, line, depth, content, length);
}

void tkt_flowed_add(struct tkt_text *out, const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t end = at;

		while (end < length && text[end] != '\n' && text[end] != '\r')
			end++;
		add_source_line(out, text + at, end - at);
		at = end + 1;
		if (end < length && text[end] == '\r' && at < length && text[at] == '\n')
			at++;
	}
}
