#include "mail/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "base/error.h"
#include "base/lazy.h"
#include "base/utf8.h"
#include "mail/charset_7bit.h"
#include "mail/charset_name.h"

#include "base/banned.h"

#define SAMPLE_LIMIT ((size_t)64 << 10) /* what a guess looks at */
#define OUTPUT_LIMIT ((size_t)1 << 30)  /* of one conversion; the caller's text has the real one */

#define SCORE_SAMPLE 2048 /* bytes from the first letter on that tell Cyrillic charsets apart */
#define SURE_SCORE 3      /* points a letter that only the right charset reaches */
#define GOOD_SCORE 3      /* halves of a point a letter that a Cyrillic text has at least */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const cyrillic_charsets[] = { "WINDOWS-1251", "KOI8-R", "ISO-8859-5", "IBM866" };
static const char *const cyrillic_languages[] = { "ru", "uk", "be", "bg", "sr", "mk", "kk" };

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(name, list[i]) == 0)
			return true;
	return false;
}

/* `name` is one of ours, or of tkt_charset_name(). */
static bool open_charset(const char *name, iconv_t *handle)
{
	*handle = iconv_open("UTF-8", name);
	return *handle != (iconv_t)-1;
}

struct tkt_charsets {
	iconv_t handles[COUNT(cyrillic_charsets)];
};

struct tkt_charsets *tkt_charsets_new(void)
{
	struct tkt_charsets *charsets = calloc(1, sizeof(*charsets));

	for (size_t i = 0; charsets && i < COUNT(cyrillic_charsets); i++)
		open_charset(cyrillic_charsets[i], &charsets->handles[i]);
	return charsets;
}

void tkt_charsets_free(struct tkt_charsets *charsets)
{
	for (size_t i = 0; charsets && i < COUNT(cyrillic_charsets); i++)
		if (charsets->handles[i] != (iconv_t)-1)
			iconv_close(charsets->handles[i]);
	free(charsets);
}

/* Converts all of it, with U+FFFD for each byte that has no meaning; their number in *broken. */
static bool convert(
    struct tkt_text *out, const char *charset, const char *bytes, size_t length, size_t *broken)
{
	char *at = (char *)bytes;
	iconv_t handle;

	*broken = 0;
	if (!open_charset(charset, &handle))
		return false;
	while (length > 0 && !out->failed) {
		size_t chunk = length < 4096 ? length : 4096, left = chunk, space = chunk * 6 + 16,
		       had = space;
		char *to = tkt_text_room(out, space);

		if (!to)
			break;
		errno = 0;
		iconv(handle, &at, &left, &to, &space);
		tkt_text_wrote(out, had - space);
		length -= chunk - left;
		if (left == chunk || (errno == EILSEQ && left > 0)) { /* no step at all, or a bad
									byte */
			tkt_text_add(out, "\xEF\xBF\xBD");
			at++;
			length--;
			++*broken;
		}
	}
	iconv_close(handle);
	return true;
}

bool tkt_charset_keeps_ascii(const char *charset)
{
	static const char sample[] = "From: \"A\" <a@example.org>, +AAo-~{;=?_\\~\t\r\n";
	size_t broken;
	tkt_autotext text;

	tkt_text_init(&text, OUTPUT_LIMIT);
	return convert(&text, charset, sample, strlen(sample), &broken) && broken == 0 &&
	    strcmp(text.bytes, sample) == 0;
}

/*
 * How much the text looks like Russian and its neighbours: frequent letters count, letters in odd
 * case, signs and boxes count against. KOI8-R and windows-1251 swap case, so case tells them apart.
 */
static long cyrillic_score(const char *utf8, size_t length, size_t *letters)
{
	/* о е а и н т с р в л, by their place in the alphabet */
	static const uint32_t frequent = 1u << 14 | 1u << 5 | 1u << 0 | 1u << 8 | 1u << 13 |
	    1u << 18 | 1u << 17 | 1u << 16 | 1u << 2 | 1u << 11;
	bool after_lower = false, after_latin = false, after_cyrillic = false;
	long score = 0;

	*letters = 0;
	for (size_t at = 0; at < length;) {
		uint32_t code = tkt_utf8_next(utf8, length, &at);
		bool lower = (code >= 0x430 && code <= 0x44F) || code == 0x451;
		bool upper = (code >= 0x410 && code <= 0x42F) || code == 0x401;
		bool latin = (code | 32) >= 'a' && (code | 32) <= 'z' && code < 128;
		bool cyrillic = code >= 0x400 && code < 0x460;

		if (lower || upper) {
			++*letters;
			if (code >= 0x410 && code <= 0x44F)
				score += frequent >> (code - 0x410) % 32 & 1 ? 4 : 0;
			score += lower ? 1 : after_lower ? -8 : 0;
		} else if (code == 0xFFFD || (code >= 0x80 && code < 0xA0) || code >= 0x2500) {
			score -= 8;
		} else if (code >= 0x400 && code < 0x460) {
			++*letters;
			score -= 1; /* Ukrainian, Serbian ... */
		} else if (code >= 0x80) {
			score -= 2;
		}
		/* One word has one script: 'café' is not Russian. */
		score -= (latin && after_cyrillic) || (cyrillic && after_latin) ? 8 : 0;
		after_lower = lower;
		after_latin = latin;
		after_cyrillic = cyrillic;
	}
	return score;
}

/* The score of the text in that charset, and how many letters it has there. */
static long score_as(const char *charset, const char *bytes, size_t length, size_t *letters)
{
	tkt_autotext text;
	size_t broken;

	*letters = 0;
	tkt_text_init(&text, OUTPUT_LIMIT);
	if (!convert(&text, charset, bytes, length, &broken))
		return 0;
	return cyrillic_score(text.bytes, text.length, letters);
}

/* The best of the Cyrillic charsets, or NULL when none of them makes words of more than
 * `least` points. */
static const char *guess_cyrillic(const char *bytes, size_t length, long least)
{
	const char *best = NULL;
	long best_score = least;

	for (size_t i = 0; i < COUNT(cyrillic_charsets); i++) {
		size_t letters;
		long score = score_as(cyrillic_charsets[i], bytes, length, &letters);

		if (score > best_score && score >= (long)letters * GOOD_SCORE / 2) {
			best_score = score;
			best = cyrillic_charsets[i];
		}
	}
	return best;
}

static bool expects(
    const char *const *languages, const char *const *wanted, size_t count, const char *one)
{
	for (; languages && *languages; languages++) {
		char two[3] = { (*languages)[0], (*languages)[0] ? (*languages)[1] : 0, 0 };

		if (one ? strcasecmp(two, one) == 0 : is_one_of(two, wanted, count))
			return true;
	}
	return false;
}

/* Every name that may be answered is a constant: the guess outlives its maker. */
static const char *constant_name(const char *name)
{
	static const char *const known[] = { "WINDOWS-1251", "KOI8-R", "ISO-8859-5", "IBM866",
		"GB18030", "BIG5", "EUC-JP", "EUC-KR", "EUC-TW", "SHIFT_JIS", "UHC", "ISO-2022-JP",
		"ISO-2022-KR", "ISO-2022-CN", "HZ-GB-2312", "UTF-16", "UTF-16LE", "UTF-16BE",
		"UTF-32", "UTF-32LE", "UTF-32BE", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4",
		"ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-10",
		"ISO-8859-11", "ISO-8859-13", "ISO-8859-15", "ISO-8859-16", "WINDOWS-1250",
		"WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257",
		"WINDOWS-1258", "IBM852", "IBM855", "TIS-620", "VISCII", "MAC-CYRILLIC" };

	for (size_t i = 0; i < COUNT(known); i++)
		if (strcasecmp(name, known[i]) == 0)
			return known[i];
	return NULL;
}

/* What uchardet says, as iconv's name in `name`; false when it is not there or does not know. */
static bool ask_uchardet(const char *bytes, size_t length, char name[40])
{
	struct {
		__typeof__(uchardet_new) *create;
		__typeof__(uchardet_delete) *delete;
		__typeof__(uchardet_handle_data) *feed;
		__typeof__(uchardet_data_end) *end;
		__typeof__(uchardet_get_charset) *charset;
	} library;
	const struct tkt_lazy_symbol symbols[] = {
		{ "uchardet_new", (void **)&library.create },
		{ "uchardet_delete", (void **)&library.delete },
		{ "uchardet_handle_data", (void **)&library.feed },
		{ "uchardet_data_end", (void **)&library.end },
		{ "uchardet_get_charset", (void **)&library.charset },
		{ NULL, NULL },
	};
	struct tkt_error error;
	uchardet_t detector;

	if (tkt_lazy_open("libuchardet.so.0", symbols, &error))
		return false;
	detector = library.create();
	if (!detector)
		return false;
	name[0] = 0;
	if (library.feed(detector, bytes, length) == 0) {
		library.end(detector);
		snprintf(name, 40, "%s", library.charset(detector));
	}
	library.delete(detector);
	return strcasecmp(name, "UTF-8") != 0 && constant_name(name);
}

const char *tkt_charset_guess(const char *bytes, size_t length, const char *const *languages)
{
	bool hinted = languages && *languages;
	bool cyrillic =
	    !hinted || expects(languages, cyrillic_languages, COUNT(cyrillic_languages), NULL);
	const char *guess = NULL;
	char name[40];

	if (length > SAMPLE_LIMIT)
		length = SAMPLE_LIMIT;
	if (cyrillic)
		guess = guess_cyrillic(bytes, length, 0);
	if (guess)
		return guess;
	if (expects(languages, NULL, 0, "zh")) {
		tkt_autotext text;
		size_t broken;

		tkt_text_init(&text, OUTPUT_LIMIT);
		/* A sample may end inside a character. */
		if (convert(&text, "GB18030", bytes, length, &broken) && broken <= 1)
			return "GB18030";
	}
	if (ask_uchardet(bytes, length, name))
		guess = constant_name(name);
	return guess ? guess : "WINDOWS-1252";
}

static bool is_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

/* Does the text consist of sequences of UTF-8, but for NUL and a few broken ones? */
static bool is_mostly_utf8(const char *bytes, size_t length, size_t *good)
{
	size_t bad = 0;

	*good = 0;
	for (size_t at = 0; at < length;) {
		size_t start = at;
		uint32_t code;

		if ((signed char)bytes[at] >= 0) {
			at++;
			continue;
		}
		code = tkt_utf8_next(bytes, length, &at);
		if (code == 0xFFFD && memcmp(bytes + start, "\xEF\xBF\xBD", at - start) != 0)
			bad++;
		else
			++*good;
	}
	return *good > 0 && bad * 4 <= *good;
}

/* Is a text that calls itself Latin made of letters above 127, as Cyrillic under that name is? */
static bool is_mostly_high(const char *bytes, size_t length)
{
	size_t high = 0, low = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		high += byte >= 0x80;
		low += (byte | 32) >= 'a' && (byte | 32) <= 'z';
	}
	return high > 3 && high > low;
}

/* Is text that a mail calls Cyrillic no words in that charset, but in another Cyrillic one? NULL:
 * it is what it is called. */
static const char *better_cyrillic(const char *charset, const char *bytes, size_t length)
{
	size_t letters;
	long score;

	if (!is_one_of(charset, cyrillic_charsets, COUNT(cyrillic_charsets)))
		return NULL;
	while (length > 0 && (unsigned char)*bytes < 0x80) {
		bytes++;
		length--;
	}
	if (length > SCORE_SAMPLE)
		length = SCORE_SAMPLE;
	score = score_as(charset, bytes, length, &letters);
	if (score >= SURE_SCORE * (long)letters)
		return NULL;
	/* A point a letter better: case and letters both fit. */
	return letters >= 8 ? guess_cyrillic(bytes, length, score + (long)letters) : NULL;
}

/* UTF-16 without a mark: the high bytes of a script differ less than the low ones. RFC 2781, 4.3:
 * in doubt the high one is first. */
static const char *utf16_order(const char *bytes, size_t length)
{
	unsigned char seen[256] = { 0 };
	int even = 0, odd = 0;

	if (length > SAMPLE_LIMIT)
		length = SAMPLE_LIMIT;
	if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
		return "UTF-16";
	for (size_t i = 0; i < length; i++) {
		unsigned char *mark = &seen[(unsigned char)bytes[i]];
		unsigned char bit = (unsigned char)(1 + i % 2);

		even += i % 2 == 0 && !(*mark & bit);
		odd += i % 2 == 1 && !(*mark & bit);
		*mark |= bit;
	}
	return odd < even ? "UTF-16LE" : "UTF-16BE";
}

/* Is it UTF-8 whatever multibyte charset it is said to be? */
static bool is_utf8_after_all(const char *charset, const char *bytes, size_t length)
{
	size_t good;

	if (strncasecmp(charset, "UTF-7", 5) == 0)
		return false;
	if (!tkt_utf8_is_valid(bytes, length)) /* NUL is not valid */
		return false;
	if (strncasecmp(charset, "UTF", 3) == 0 || strncasecmp(charset, "UCS", 3) == 0)
		return true;
	return is_mostly_utf8(bytes, length, &good) && good >= 4;
}

/* The charset to read it as: the declared one, a better one, or NULL for UTF-8 with repairs.
 * `name` is room for what is returned. */
static const char *choose(const char *bytes, size_t length, const char *declared,
    const char *const *languages, char name[static TKT_CHARSET_NAME_SIZE])
{
	const char *charset = tkt_charset_name(declared, name) ? name : NULL, *better;
	size_t good;

	if (charset && strcasecmp(charset, "UTF-8") != 0 && tkt_charset_is_multibyte(charset)) {
		if (is_utf8_after_all(charset, bytes, length))
			return NULL;
		return strcasecmp(charset, "UTF-16") == 0 ? utf16_order(bytes, length) : charset;
	}
	if (!charset && length >= 2 &&
	    (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
		return "UTF-16";
	if (tkt_charset_shifts(bytes, length))
		return "ISO-2022-JP";
	if (is_ascii(bytes, length) || is_mostly_utf8(bytes, length, &good))
		return NULL;
	if (charset && strcasecmp(charset, "UTF-8") == 0)
		charset = NULL;
	if (charset && strcasecmp(charset, "WINDOWS-1252") == 0 && is_mostly_high(bytes, length))
		charset = NULL;
	if (!charset)
		return tkt_charset_guess(bytes, length, languages);
	better = better_cyrillic(charset, bytes, length);
	return better ? better : charset;
}

/* A byte order mark is no text. */
static size_t mark_length(const char *bytes, size_t length)
{
	return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* Adds bytes that are in one charset. */
static int decode(struct tkt_text *out, const char *bytes, size_t length, const char *declared,
    const char *const *languages, struct tkt_error *error)
{
	char name[TKT_CHARSET_NAME_SIZE];
	const char *charset = choose(bytes, length, declared, languages, name), *other;
	tkt_autotext unshifted, converted;
	size_t broken, mark;

	tkt_text_init(&unshifted, OUTPUT_LIMIT);
	tkt_text_init(&converted, OUTPUT_LIMIT);
	other = charset ? tkt_charset_unshift(&unshifted, charset, bytes, length) : NULL;
	if (other) {
		charset = other;
		bytes = unshifted.bytes;
		length = unshifted.length;
	}
	if (charset && convert(&converted, charset, bytes, length, &broken)) {
		if (tkt_text_check(&converted, error))
			return -1;
		bytes = converted.bytes;
		length = converted.length;
	}
	mark = mark_length(bytes, length);
	tkt_utf8_repair(out, bytes + mark, length - mark);
	return tkt_text_check(out, error);
}

/* Has it a line that is neither ASCII nor, but for a few bytes, UTF-8? */
static bool has_other_line(const char *bytes, size_t length)
{
	for (const char *end = bytes + length, *next; bytes < end; bytes = next) {
		size_t good;

		next = tkt_next_line(bytes, end);
		if (!is_ascii(bytes, (size_t)(next - bytes)) &&
		    !is_mostly_utf8(bytes, (size_t)(next - bytes), &good))
			return true;
	}
	return false;
}

/* Is it UTF-8 with lines in another charset, as a list's footer is, or an old quote? */
static bool is_mixed(const char *bytes, size_t length)
{
	const char *end = bytes + length;
	size_t valid = 0;

	for (const char *line = bytes, *next; line < end && valid < 8; line = next) {
		next = tkt_next_line(line, end);
		if (!is_ascii(line, (size_t)(next - line)) &&
		    tkt_utf8_is_valid(line, (size_t)(next - line)))
			valid += (size_t)(next - line);
	}
	return valid >= 8 && has_other_line(bytes, length);
}

int tkt_charset_decode(struct tkt_text *out, const char *bytes, size_t length, const char *declared,
    const char *const *languages, struct tkt_error *error)
{
	char name[TKT_CHARSET_NAME_SIZE];
	bool multibyte = tkt_charset_name(declared, name) && strcasecmp(name, "UTF-8") != 0 &&
	    tkt_charset_is_multibyte(name);

	if (multibyte)
		return decode(out, bytes, length, declared, languages, error);
	if (tkt_utf8_is_valid(bytes, length) && !tkt_charset_shifts(bytes, length)) {
		size_t mark = mark_length(bytes, length);

		tkt_text_add_bytes(out, bytes + mark, length - mark);
		return tkt_text_check(out, error);
	}
	if (!is_mixed(bytes, length))
		return decode(out, bytes, length, declared, languages, error);
	for (size_t at = 0, end; at < length; at = end) {
		const char *found = memchr(bytes + at, '\n', length - at);

		end = found ? (size_t)(found - bytes) + 1 : length;
		if (decode(out, bytes + at, end - at, declared, languages, error))
			return -1;
	}
	return 0;
}
