#include "base/json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

/* Does a value need a comma before it? */
static bool needs_comma(const struct tkt_text *text)
{
	char last = text->length > 0 ? text->bytes[text->length - 1] : '\n';

	return last != '{' && last != '[' && last != ':' && last != '\n';
}

static void comma(struct tkt_text *text)
{
	if (needs_comma(text))
		tkt_text_add_byte(text, ',');
}

static uint64_t repeat(unsigned char byte)
{
	return UINT64_C(0x0101010101010101) * byte;
}

/* The high bit of some byte is set when a byte of the word is zero. */
static uint64_t has_zero(uint64_t word)
{
	return (word - repeat(1)) & ~word & repeat(0x80);
}

/* Eight bytes at a time: most texts are plain, and rows are many. */
bool tkt_json_is_plain(const char *bytes, size_t length)
{
	uint64_t word, found = 0;
	size_t index;

	for (index = 0; index + 8 <= length && !found; index += 8) {
		memcpy(&word, bytes + index, 8);
		found = ((word - repeat(0x20)) & ~word & repeat(0x80)) |
		    has_zero(word ^ repeat('"')) | has_zero(word ^ repeat('\\'));
	}
	for (; index < length && !found; index++)
		found = (unsigned char)bytes[index] < 0x20 || bytes[index] == '"' ||
		    bytes[index] == '\\';
	return !found;
}

static void escape(struct tkt_text *text, unsigned char byte)
{
	static const char letters[] = "btn\vfr"; /* \b is 8, \r is 13; \v has none */

	if (byte == '"' || byte == '\\')
		tkt_text_format(text, "\\%c", byte);
	else if (byte >= '\b' && byte <= '\r' && byte != '\v')
		tkt_text_format(text, "\\%c", letters[byte - '\b']);
	else
		tkt_text_format(text, "\\u%04x", byte);
}

/* A text with its quotes, a comma before it and `after` behind it, if that is not NUL. */
static void quoted(struct tkt_text *text, const char *bytes, size_t length, char after)
{
	bool is_second = needs_comma(text);
	size_t from = 0, at;
	char *room;

	if (tkt_json_is_plain(bytes, length)) {
		room = tkt_text_room(text, length + 4);
		if (!room)
			return;
		at = 0;
		if (is_second)
			room[at++] = ',';
		room[at++] = '"';
		memcpy(room + at, bytes, length);
		at += length;
		room[at++] = '"';
		if (after)
			room[at++] = after;
		tkt_text_wrote(text, at);
		return;
	}
	tkt_text_add(text, is_second ? ",\"" : "\"");
	for (at = 0; at < length; at++) {
		unsigned char byte = (unsigned char)bytes[at];

		if (byte >= ' ' && byte != '"' && byte != '\\')
			continue;
		tkt_text_add_bytes(text, bytes + from, at - from);
		escape(text, byte);
		from = at + 1;
	}
	tkt_text_add_bytes(text, bytes + from, length - from);
	tkt_text_add_byte(text, '"');
	if (after)
		tkt_text_add_byte(text, after);
}

void tkt_json_begin(struct tkt_text *text, char bracket)
{
	comma(text);
	tkt_text_add_byte(text, bracket);
}

void tkt_json_end(struct tkt_text *text, char bracket)
{
	tkt_text_add_byte(text, bracket);
}

void tkt_json_key(struct tkt_text *text, const char *name)
{
	quoted(text, name, strlen(name), ':');
}

void tkt_json_string(struct tkt_text *text, const char *bytes, size_t length)
{
	quoted(text, bytes ? bytes : "", bytes ? length : 0, '\0');
}

void tkt_json_integer(struct tkt_text *text, int64_t number)
{
	char digits[24];

	comma(text);
	snprintf(digits, sizeof(digits), "%" PRId64, number);
	tkt_text_add(text, digits);
}

void tkt_json_boolean(struct tkt_text *text, bool value)
{
	comma(text);
	tkt_text_add(text, value ? "true" : "false");
}

void tkt_json_null(struct tkt_text *text)
{
	comma(text);
	tkt_text_add(text, "null");
}

void tkt_json_raw(struct tkt_text *text, const char *json, size_t length)
{
	comma(text);
	tkt_text_add_bytes(text, json, length);
}

void tkt_json_member_text(struct tkt_text *text, const char *name, const char *value)
{
	if (tkt_text_is_empty(value))
		return;
	tkt_json_key(text, name);
	tkt_json_string(text, value, strlen(value));
}

void tkt_json_member_integer(struct tkt_text *text, const char *name, int64_t number)
{
	tkt_json_key(text, name);
	tkt_json_integer(text, number);
}

void tkt_json_member_boolean(struct tkt_text *text, const char *name, bool value)
{
	tkt_json_key(text, name);
	tkt_json_boolean(text, value);
}
