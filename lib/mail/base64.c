#include "mail/base64.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

#define RULE_LENGTH 10 /* signs in a row that no base64 has: the line above a list's footer */

/* What a sign stands for and one more, from '+' to 'z'; 0: nothing. RFC 4648, table 1. */
static const unsigned char values['z' - '+' + 1] = { 63, 0, 0, 0, 64, 53, 54, 55, 56, 57, 58, 59,
	60, 61, 62, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
	18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 0, 0, 27, 28, 29, 30, 31, 32, 33, 34, 35,
	36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52 };

static int value_of(char byte)
{
	unsigned place = (unsigned char)byte - (unsigned)'+';

	return place < sizeof(values) ? values[place] - 1 : -1;
}

void tkt_base64_end(struct tkt_text *out, struct tkt_base64 *state)
{
	if (state->count >= 2)
		tkt_text_add_byte(out, (char)(state->bits >> (state->count == 2 ? 4 : 10)));
	if (state->count == 3)
		tkt_text_add_byte(out, (char)(state->bits >> 2));
	*state = (struct tkt_base64){ 0 };
}

/* The three bytes of four signs; false when one of them is none. */
static bool add_four(char *to, const char *text)
{
	int first = value_of(text[0]), second = value_of(text[1]), third = value_of(text[2]),
	    fourth = value_of(text[3]);

	if ((first | second | third | fourth) < 0)
		return false;
	to[0] = (char)(first << 2 | second >> 4);
	to[1] = (char)(second << 4 | third >> 2);
	to[2] = (char)(third << 6 | fourth);
	return true;
}

/* One sign, or what is none: answers where the next byte goes. */
static char *add_sign(char *to, struct tkt_base64 *state, char sign)
{
	int value = value_of(sign);

	if (value >= 0) {
		state->bits = state->bits << 6 | (unsigned)value;
		if (++state->count < 4)
			return to;
		*to++ = (char)(state->bits >> 16);
		*to++ = (char)(state->bits >> 8);
		*to++ = (char)state->bits;
		state->count = 0;
	} else if (sign == '=' && state->count > 0) {
		*to++ = (char)(state->bits >> (state->count == 3 ? 10 : 4));
		to -= state->count == 1;
		if (state->count == 3)
			*to++ = (char)(state->bits >> 2);
		state->count = 0;
	}
	return to;
}

void tkt_base64_add(struct tkt_text *out, struct tkt_base64 *state, const char *text, size_t length)
{
	char *room = tkt_text_room(out, length / 4 * 3 + 6), *to = room;

	if (!room)
		return;
	for (size_t i = 0; i < length;) {
		if (state->count == 0 && length - i >= 4 && add_four(to, text + i)) {
			to += 3;
			i += 4;
		} else {
			to = add_sign(to, state, text[i++]);
		}
	}
	tkt_text_wrote(out, (size_t)(to - room));
}

/* Words with blanks between them: base64 has no blanks within a line. */
static bool is_prose(const char *text, size_t length)
{
	size_t blanks = 0;

	for (size_t i = 1; i + 1 < length; i++)
		blanks +=
		    text[i] == ' ' && value_of(text[i - 1]) >= 0 && value_of(text[i + 1]) >= 0;
	return blanks >= 3 && blanks > length / 20;
}

/* Does a list's footer begin here, behind the base64 or in its midst? */
static bool is_footer(const char *line, size_t length, bool ended)
{
	size_t run = 1;

	while (run < length && line[run] == line[0])
		run++;
	if (run >= RULE_LENGTH && length > 0 && memchr("_-=*#~", line[0], 6))
		return true;
	for (size_t i = 0; ended && i < length; i++)
		if (value_of(line[i]) < 0 && !memchr("= \t\r", line[i], 4))
			return true;
	return false;
}

void tkt_base64_body(struct tkt_text *out, const char *text, size_t length)
{
	struct tkt_base64 state = { 0 };
	bool ended = false; /* the line before ended with '=' */

	if (is_prose(text, length)) {
		tkt_text_add_bytes(out, text, length);
		return;
	}
	for (size_t at = 0; at < length;) {
		const char *found = memchr(text + at, '\n', length - at);
		size_t end = found ? (size_t)(found - text) : length, stop = end;

		while (stop > at && memchr(" \t\r", text[stop - 1], 3))
			stop--;
		if (is_footer(text + at, stop - at, ended))
			break;
		tkt_base64_add(out, &state, text + at, stop - at);
		ended = stop > at ? text[stop - 1] == '=' : ended;
		at = end + 1;
	}
	tkt_base64_end(out, &state);
}

static int hex_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 32;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* One line without its end, which takes no more room decoded. Returns whether the next one goes on
 * behind it. */
static bool add_line(char **to, const char *line, size_t length, bool keep_blanks)
{
	size_t stop = length;
	bool soft;

	while (stop > 0 && memchr(" \t", line[stop - 1], 2))
		stop--;
	soft = stop > 0 && line[stop - 1] == '=';
	if (soft)
		length = stop - 1;
	else if (!keep_blanks)
		length = stop;
	for (size_t at = 0; at < length; at++) {
		bool coded = line[at] == '=' && at + 2 < length;
		int high = coded ? hex_of(line[at + 1]) : -1;
		int low = high >= 0 ? hex_of(line[at + 2]) : -1;

		*(*to)++ = low >= 0 ? (char)(high << 4 | low) : line[at];
		at += low >= 0 ? 2 : 0;
	}
	return soft;
}

void tkt_quoted_printable_body(
    struct tkt_text *out, const char *text, size_t length, bool keep_blanks)
{
	char *room = tkt_text_room(out, length), *to = room;

	if (!room)
		return;
	for (size_t at = 0; at < length;) {
		const char *found = memchr(text + at, '\n', length - at);
		size_t end = found ? (size_t)(found - text) : length, stop = end;

		while (found && stop > at && text[stop - 1] == '\r')
			stop--;
		if (!add_line(&to, text + at, stop - at, keep_blanks) && found)
			to = mempcpy(to, text + stop, end + 1 - stop);
		at = end + 1;
	}
	tkt_text_wrote(out, (size_t)(to - room));
}
