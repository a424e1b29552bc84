#include "base/json_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

#include "base/banned.h"

static void comma(struct tkt_text *text)
{
	char last = text->length > 0 ? text->bytes[text->length - 1] : '\n';

	if (last != '{' && last != '[' && last != ':' && last != '\n')
		tkt_text_add_byte(text, ',');
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

static void quoted(struct tkt_text *text, const char *bytes, size_t length)
{
	size_t from = 0, at;

	tkt_text_add_byte(text, '"');
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
	comma(text);
	quoted(text, name, strlen(name));
	tkt_text_add_byte(text, ':');
}

void tkt_json_string(struct tkt_text *text, const char *bytes, size_t length)
{
	comma(text);
	quoted(text, bytes ? bytes : "", bytes ? length : 0);
}

void tkt_json_integer(struct tkt_text *text, int64_t number)
{
	comma(text);
	tkt_text_format(text, "%" PRId64, number);
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
