#include "mail/uuencode.h"

#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* The end of the line at `at`, without CR and LF; *next is behind them. */
static size_t line_stop(const char *text, size_t length, size_t at, size_t *next)
{
	const char *found = memchr(text + at, '\n', length - at);
	size_t stop = found ? (size_t)(found - text) : length;

	*next = found ? stop + 1 : length;
	return stop > at && text[stop - 1] == '\r' ? stop - 1 : stop;
}

/* 'begin 644 NAME' */
static bool read_begin(const char *line, size_t length, struct tkt_uuencoded *file)
{
	size_t digits = 0, at = 6;

	if (length < 11 || memcmp(line, "begin ", 6) != 0)
		return false;
	while (at < length && line[at] >= '0' && line[at] <= '7') {
		digits++;
		at++;
	}
	if (digits < 3 || digits > 4 || at + 1 >= length || line[at] != ' ')
		return false;
	file->name = line + at + 1;
	file->name_length = length - at - 1;
	return true;
}

static unsigned value_of(const char *line, size_t length, size_t at)
{
	return at < length ? ((unsigned char)line[at] - 32U) & 63
			   : 0; /* blanks at an end get lost */
}

/* One line of data; false when it is none. Its bytes in *count. */
static bool read_data(struct tkt_text *data, const char *line, size_t length, unsigned *count)
{
	size_t needed;

	if (length == 0) {
		*count = 0;
		return true;
	}
	*count = value_of(line, length, 0);
	needed = (*count + 2) / 3 * 4;
	if (length > needed + 2) /* a check sum may follow */
		return false;
	for (size_t i = 0; i < length; i++)
		if (line[i] < 32 || line[i] > 96)
			return false;
	for (unsigned at = 0; at < *count; at += 3) {
		size_t from = 1 + (size_t)at / 3 * 4;
		unsigned bits = value_of(line, length, from) << 18 |
		    value_of(line, length, from + 1) << 12 | value_of(line, length, from + 2) << 6 |
		    value_of(line, length, from + 3);

		for (unsigned i = 0; i < 3 && at + i < *count; i++)
			tkt_text_add_byte(data, (char)(bits >> (16 - 8 * i)));
	}
	return true;
}

/* The lines behind 'begin', up to 'end'. */
static bool read_lines(
    const char *text, size_t length, size_t at, struct tkt_uuencoded *file, struct tkt_text *data)
{
	bool last = false; /* the empty line before 'end' came */

	while (at < length) {
		size_t next, stop = line_stop(text, length, at, &next);
		unsigned count;

		if (stop - at >= 3 && memcmp(text + at, "end", 3) == 0 &&
		    strspn(text + at + 3, " \t\r") >= stop - at - 3) {
			file->end = next;
			return true;
		}
		if (last || !read_data(data, text + at, stop - at, &count))
			return false;
		last = count == 0;
		at = next;
	}
	return false;
}

bool tkt_uuencode_next(
    const char *text, size_t length, size_t at, struct tkt_uuencoded *file, struct tkt_text *data)
{
	size_t before = data->length;

	while (at < length) {
		const char *found = memmem(text + at, length - at, "begin ", 6);
		size_t next, stop;

		if (!found)
			return false;
		at = (size_t)(found - text);
		if (at > 0 && text[at - 1] != '\n') {
			at++;
			continue;
		}
		stop = line_stop(text, length, at, &next);
		file->start = at;
		if (read_begin(text + at, stop - at, file) &&
		    read_lines(text, length, next, file, data))
			return true;
		tkt_text_truncate(data, before);
		at = next;
	}
	return false;
}
