#include "mail/html_mend.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* windows-1252 from 0x80 to 0x9F (WHATWG, Encoding). */
static const char *const windows_1252[32] = { "€", NULL, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰",
	"Š", "‹", "Œ", NULL, "Ž", NULL, NULL, "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›",
	"œ", NULL, "ž", "Ÿ" };

static bool is_name(char byte)
{
	return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || (byte >= '0' && byte <= '9');
}

/* Is `<html`, `</body` or the like at `at`, so that the tag ends where its name does? */
static bool is_frame_tag(const char *html, size_t length, size_t at)
{
	static const char *const names[] = { "html", "head", "body" };

	at += 1 + (at + 1 < length && html[at + 1] == '/');
	for (size_t i = 0; i < COUNT(names); i++)
		if (length - at > 4 && strncasecmp(html + at, names[i], 4) == 0 &&
		    !is_name(html[at + 4]) && html[at + 4] != ':')
			return true;
	return false;
}

/* Behind the tag at `at`: quotes may hold a '>'; one that is not closed soon is no quote. */
static size_t tag_end(const char *html, size_t length, size_t at)
{
	for (at++; at < length; at++) {
		if (html[at] == '>')
			return at + 1;
		if (html[at] == '"' || html[at] == '\'') {
			size_t left = length - at - 1;
			const char *quote =
			    memchr(html + at + 1, html[at], left < 1000 ? left : 1000);

			at = quote ? (size_t)(quote - html) : at;
		}
	}
	return length;
}

/* '&#146;' and '&#x92;': the text that is meant; NULL: it is no such reference. */
static const char *numeric(const char *html, size_t length, size_t *size)
{
	size_t at = 2, number = 0;
	bool hex = length > 3 && (html[2] | 32) == 'x';

	if (length < 5 || html[1] != '#')
		return NULL;
	for (at += hex; at < length && at < 8; at++) {
		char byte = html[at];

		if (byte >= '0' && byte <= '9')
			number = number * (hex ? 16 : 10) + (size_t)(byte - '0');
		else if (hex && (byte | 32) >= 'a' && (byte | 32) <= 'f')
			number = number * 16 + (size_t)((byte | 32) - 'a' + 10);
		else
			break;
	}
	*size = at + (at < length && html[at] == ';');
	return number >= 128 && number < 160 ? windows_1252[number - 128] : NULL;
}

/* '&nbsp' and kin without their ';': bytes of the name, or 0. */
static size_t bare_name(const char *html, size_t length)
{
	static const char *const names[] = { "nbsp", "amp", "lt", "gt", "quot", "copy", "reg" };

	for (size_t i = 0; i < COUNT(names); i++) {
		size_t size = strlen(names[i]) + 1;

		if (length >= size && strncmp(html + 1, names[i], size - 1) == 0 &&
		    (length == size || (!is_name(html[size]) && !strchr(";=", html[size]))))
			return size;
	}
	return 0;
}

/* A reference outside tags; returns how many bytes of it were read. */
static size_t mend_reference(struct tkt_text *out, const char *html, size_t length)
{
	size_t size;
	const char *meant = numeric(html, length, &size);

	if (meant) {
		tkt_text_add(out, meant);
		return size;
	}
	size = bare_name(html, length);
	if (size) {
		tkt_text_add_bytes(out, html, size);
		tkt_text_add_byte(out, ';');
		return size;
	}
	tkt_text_add_byte(out, '&');
	return 1;
}

/* A comment, a declaration or a tag; returns how many bytes of it were read. */
static size_t mend_tag(
    struct tkt_text *out, const char *html, size_t length, size_t at, bool *closes)
{
	size_t end;

	if (length - at > 3 && strncmp(html + at, "<![", 3) == 0 &&
	    strncmp(html + at, "<![CDATA[", 9) != 0)
		return tag_end(html, length, at) - at;
	if (length - at > 4 && strncmp(html + at, "<!--", 4) == 0) {
		const char *close =
		    *closes ? memmem(html + at + 4, length - at - 4, "-->", 3) : NULL;

		*closes = close;
		if (!close)
			return 4; /* one without an end hides nothing */
		end = (size_t)(close - html) + 3;
	} else if (at + 1 < length && (is_name(html[at + 1]) || html[at + 1] == '/')) {
		end = tag_end(html, length, at);
		if (is_frame_tag(html, length, at))
			return end - at;
	} else {
		end = at + 1;
	}
	tkt_text_add_bytes(out, html + at, end - at);
	return end - at;
}

void tkt_html_mend(struct tkt_text *out, const char *html, size_t length)
{
	bool closes = true; /* comments do; the end of one that does not is looked for once */

	tkt_text_add(out, "<html><body>");
	for (size_t at = 0; at < length;) {
		size_t start = at;

		while (at < length && html[at] != '<' && html[at] != '&')
			at++;
		tkt_text_add_bytes(out, html + start, at - start);
		if (at == length)
			break;
		if (html[at] == '&')
			at += mend_reference(out, html + at, length - at);
		else
			at += mend_tag(out, html, length, at, &closes);
	}
}
