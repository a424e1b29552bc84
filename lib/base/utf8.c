#include "base/utf8.h"

#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/text.h"

#include "base/banned.h"

#define REPLACEMENT 0xFFFD
#define REPLACEMENT_BYTES "\xEF\xBF\xBD"

/* decode() where `lead` is the first of three or four; *at stands behind it. */
static bool decode_long(
    const char *bytes, size_t length, size_t *at, unsigned char lead, uint32_t *point)
{
	unsigned char low = 0x80, high = 0xBF;
	int more = lead < 0xF0 ? 2 : 3;

	if (lead == 0xE0 || lead == 0xF0)
		low = lead == 0xE0 ? 0xA0 : 0x90; /* overlong below */
	if (lead == 0xED || lead == 0xF4)
		high = lead == 0xED ? 0x9F : 0x8F; /* surrogates, beyond U+10FFFF */
	*point = lead & (0x3F >> more);
	for (; more > 0; more--) {
		unsigned char byte = *at < length ? (unsigned char)bytes[*at] : 0;

		if (byte < low || byte > high)
			return false;
		*point = *point << 6 | (byte & 0x3F);
		(*at)++;
		low = 0x80;
		high = 0xBF;
	}
	return true;
}

/* Reads the code point at *at, or the longest part of one that may begin there (Unicode 3.9, table
 * 3-7); *at moves behind it. Is it whole? */
static inline bool decode(const char *bytes, size_t length, size_t *at, uint32_t *point)
{
	unsigned char lead = (unsigned char)bytes[(*at)++];

	*point = lead;
	if (lead < 0x80)
		return true;
	if (lead < 0xC2 || lead > 0xF4)
		return false;
	if (lead >= 0xE0)
		return decode_long(bytes, length, at, lead, point);
	/* Latin, Greek, Cyrillic: most of what is not ASCII. */
	if (*at == length || ((unsigned char)bytes[*at] & 0xC0) != 0x80)
		return false;
	*point = (lead & 0x1Fu) << 6 | ((unsigned char)bytes[(*at)++] & 0x3Fu);
	return true;
}

/* How many of the first bytes are ASCII and not NUL, found eight at a time. */
static size_t plain_length(const char *bytes, size_t length)
{
	static const uint64_t tops = UINT64_C(0x8080808080808080);
	static const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t at = 0;
	uint64_t word;

	for (; length - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		if ((word | (word - ones)) & tops)
			break;
	}
	while (at < length && (signed char)bytes[at] > 0)
		at++;
	return at;
}

bool tkt_utf8_is_valid(const char *bytes, size_t length)
{
	size_t at = 0;
	uint32_t point;

	while (at < length) {
		if ((signed char)bytes[at] > 0)
			at += plain_length(bytes + at, length - at);
		else if (!decode(bytes, length, &at, &point) || point == 0)
			return false;
	}
	return true;
}

void tkt_utf8_repair(struct tkt_text *out, const char *bytes, size_t length)
{
	size_t at = 0, from = 0;
	uint32_t point;

	while (at < length) {
		size_t start = at;

		if ((signed char)bytes[at] > 0) {
			at += plain_length(bytes + at, length - at);
			continue;
		}
		if (decode(bytes, length, &at, &point) && point != 0)
			continue;
		tkt_text_add_bytes(out, bytes + from, start - from);
		tkt_text_add(out, REPLACEMENT_BYTES);
		from = at;
	}
	if (length > from)
		tkt_text_add_bytes(out, bytes + from, length - from);
}

uint32_t tkt_utf8_next(const char *bytes, size_t length, size_t *at)
{
	uint32_t point;

	return decode(bytes, length, at, &point) ? point : REPLACEMENT;
}

static size_t point_width(uint32_t point)
{
	int width;

	if (point < 0x20 || (point >= 0x7F && point < 0xA0))
		return 0;
	width = wcwidth((wchar_t)point);
	return width < 0 ? 1 : (size_t)width;
}

size_t tkt_utf8_cut(const char *bytes, size_t length)
{
	while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80)
		length--;
	return length;
}

size_t tkt_utf8_width(const char *bytes, size_t length)
{
	size_t at = 0, width = 0;

	while (at < length)
		width += point_width(tkt_utf8_next(bytes, length, &at));
	return width;
}

size_t tkt_utf8_fit(const char *bytes, size_t length, size_t columns)
{
	size_t at = 0, fit = 0, width = 0;

	while (at < length) {
		width += point_width(tkt_utf8_next(bytes, length, &at));
		if (width > columns)
			break;
		fit = at;
	}
	return fit;
}

static bool is_bidi_control(uint32_t point)
{
	return point == 0x061C || point == 0x200E || point == 0x200F ||
	    (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

void tkt_utf8_terminal(
    struct tkt_text *out, const char *bytes, size_t length, enum tkt_utf8_lines lines)
{
	size_t at = 0;
	uint32_t point;

	while (at < length) {
		size_t start = at;

		if (!decode(bytes, length, &at, &point))
			tkt_text_add(out, REPLACEMENT_BYTES);
		else if (lines == TKT_UTF8_LINES && (point == '\n' || point == '\t'))
			tkt_text_add_byte(out, (char)point);
		else if (point < 0x20 || point == 0x7F)
			tkt_text_format(out, "^%c", (char)(point ^ 0x40));
		else if ((point >= 0x80 && point < 0xA0) || is_bidi_control(point))
			tkt_text_format(out, "<U+%04X>", (unsigned)point);
		else
			tkt_text_add_bytes(out, bytes + start, at - start);
	}
}

static void add_point(struct tkt_text *out, uint32_t point)
{
	static const unsigned char leads[] = { 0, 0xC0, 0xE0, 0xF0 };
	int more = (point >= 0x80) + (point >= 0x800) + (point >= 0x10000);

	tkt_text_add_byte(out, (char)(leads[more] | point >> 6 * more));
	while (more-- > 0)
		tkt_text_add_byte(out, (char)(0x80 | (point >> 6 * more & 0x3F)));
}

void tkt_utf8_lower(struct tkt_text *out, const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length)
		add_point(out, (uint32_t)towlower((wint_t)tkt_utf8_next(bytes, length, &at)));
}

void tkt_ascii_lower(char *string)
{
	for (; *string; string++)
		if (*string >= 'A' && *string <= 'Z')
			*string = (char)(*string - 'A' + 'a');
}

void tkt_utf8_repair_lines(struct tkt_text *out, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *carriage = memchr(bytes, '\r', (size_t)(end - bytes));
		const char *stop = carriage ? carriage : end;

		tkt_utf8_repair(out, bytes, (size_t)(stop - bytes));
		if (carriage)
			tkt_text_add_byte(out, '\n');
		bytes = stop + (carriage ? 1 : 0);
		if (carriage && bytes < end && *bytes == '\n')
			bytes++;
	}
}
