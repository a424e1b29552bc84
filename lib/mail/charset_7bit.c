#include "mail/charset_7bit.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

#include "base/banned.h"

#define ESCAPE '\x1B'

/* What a sequence of ISO-2022-JP switches to; 0: it is none. */
static char shift_at(const char *bytes, size_t length, size_t *size)
{
	if (length < 3 || bytes[0] != ESCAPE)
		return 0;
	*size = 3;
	if (bytes[1] == '$' && (bytes[2] == 'B' || bytes[2] == '@'))
		return '2';
	if (bytes[1] == '(' && bytes[2] == 'I')
		return 'K';
	if (bytes[1] == '(' && (bytes[2] == 'B' || bytes[2] == 'J'))
		return 'A';
	*size = 4;
	return length >= 4 && memcmp(bytes + 1, "$(D", 3) == 0 ? '3' : 0;
}

bool tkt_charset_shifts(const char *bytes, size_t length)
{
	for (size_t at = 0; at < length; at++) {
		const char *found = memchr(bytes + at, ESCAPE, length - at);
		size_t size;
		char shift;

		if (!found)
			return false;
		at = (size_t)(found - bytes);
		shift = shift_at(found, length - at, &size);
		if (shift == '2' || shift == 'K')
			return true;
	}
	return false;
}

/* ISO-2022-JP as EUC-JP: each set has its own first byte or none. A line end shifts back. */
static void unshift_japanese(struct tkt_text *out, const char *bytes, size_t length)
{
	char shift = 'A';

	for (size_t at = 0; at < length;) {
		size_t size = 0;
		char next = shift_at(bytes + at, length - at, &size);
		unsigned char byte = (unsigned char)bytes[at];

		if (next) {
			shift = next;
			at += size;
			continue;
		}
		if (byte == '\n' || byte == '\r')
			shift = 'A';
		if (shift == 'A' || byte <= 32 || byte >= 127) {
			tkt_text_add_byte(out, (char)byte);
			at++;
			continue;
		}
		if (shift == 'K' || shift == '3')
			tkt_text_add_byte(out, shift == 'K' ? '\x8E' : '\x8F');
		tkt_text_add_byte(out, (char)(byte | 0x80));
		at++;
		if (shift != 'K' && at < length && (unsigned char)bytes[at] > 32)
			tkt_text_add_byte(out, (char)(bytes[at++] | 0x80));
	}
}

/* HZ (RFC 1843) as GB 2312 in 8 bits. */
static void unshift_chinese(struct tkt_text *out, const char *bytes, size_t length)
{
	bool shifted = false;

	for (size_t at = 0; at < length; at++) {
		char next = at + 1 < length ? bytes[at + 1] : 0;

		if (bytes[at] == '~' && memchr("{}~\n", next, 4) && next) {
			shifted = next == '{' || (shifted && next != '}');
			if (next == '~')
				tkt_text_add_byte(out, '~');
			at++;
		} else if (shifted && bytes[at] > 32) {
			tkt_text_add_byte(out, (char)(bytes[at] | 0x80));
		} else {
			shifted = shifted && bytes[at] != '\n';
			tkt_text_add_byte(out, bytes[at]);
		}
	}
}

const char *tkt_charset_unshift(
    struct tkt_text *out, const char *name, const char *bytes, size_t length)
{
	if (strcasecmp(name, "ISO-2022-JP") == 0) {
		unshift_japanese(out, bytes, length);
		return "EUC-JP-MS";
	}
	if (strcasecmp(name, "HZ-GB-2312") == 0) {
		unshift_chinese(out, bytes, length);
		return "GB18030";
	}
	return NULL;
}
