#include "mail/alternative.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/html.h"
#include "mail/leaf.h"

#include "base/banned.h"

#define APOLOGY_LIMIT 600  /* bytes that such a text has at most */
#define APOLOGY_BYTES 4096 /* of it as it came: a longer one is not decoded */
#define SAMPLE 30          /* bytes, without blanks, that both alternatives begin with */

bool tkt_is_blank(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		size_t left = size - i;

		if (memchr(" \t\r\n\f", byte, 5) || byte == 0xA0)
			continue;
		if (left >= 2 && byte == 0xC2 && (unsigned char)bytes[i + 1] == 0xA0) {
			i++;
		} else if (left >= 3 &&
		    (memcmp(bytes + i, "\xE2\x80\x8B", 3) == 0 ||
			memcmp(bytes + i, "\xEF\xBB\xBF", 3) == 0)) {
			i += 2;
		} else {
			return false;
		}
	}
	return true;
}

/* A text as it came, decoded; its bytes end with a NUL. */
struct found {
	GMimeObject *leaf;
	char *bytes;
	size_t size;
};

static void found_clear(struct found *found)
{
	free(found->bytes);
}

/* The first text of that subtype that is not attached and not blank. */
static bool find_text(GMimeObject *object, const char *subtype, int depth, struct found *found)
{
	bool is_found = false;

	if (GMIME_IS_MULTIPART(object) && depth < TKT_PART_DEPTH) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);
		int count = g_mime_multipart_get_count(multipart);

		for (int i = 0; i < count && !is_found; i++)
			is_found = find_text(
			    g_mime_multipart_get_part(multipart, i), subtype, depth + 1, found);
	} else if (tkt_leaf_is_type(object, "text", subtype) && !tkt_leaf_is_attached(object)) {
		struct found text = { .leaf = object };

		text.bytes = tkt_leaf_decode(object, &text.size);
		is_found = text.bytes && !tkt_is_blank(text.bytes, text.size);
		if (is_found)
			*found = text;
		else
			found_clear(&text);
	}
	return is_found;
}

/* Adds the text of a leaf in UTF-8 without any blanks. */
static void add_letters(
    struct tkt_text *out, const struct found *found, const char *const *languages)
{
	const char *charset = g_mime_object_get_content_type_parameter(found->leaf, "charset");
	struct tkt_error error;
	tkt_autotext decoded, text;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	tkt_text_init(&text, (size_t)1 << 20);
	if (tkt_charset_decode(&decoded, found->bytes, found->size, charset, languages, &error))
		return;
	if (!tkt_leaf_is_type(found->leaf, "text", "html"))
		tkt_text_add_bytes(&text, decoded.bytes, decoded.length);
	else if (tkt_html_to_text(&text, decoded.bytes, decoded.length, &error))
		return;
	for (size_t i = 0; i < text.length; i++)
		if (!memchr(" \t\r\n", text.bytes[i], 4))
			tkt_text_add_byte(out, text.bytes[i]);
}

/* Is the text short, and does it speak of HTML? Most do not, and are spared the rest. */
static bool may_apologise(const struct found *plain)
{
	return plain->size <= APOLOGY_BYTES && strcasestr(plain->bytes, "html");
}

bool tkt_alternative_is_plain(GMimeObject *object, int depth, const char *const *languages)
{
	__attribute__((cleanup(found_clear))) struct found plain = { NULL }, html = { NULL };
	tkt_autotext said, shown;

	tkt_text_init(&said, TKT_TEXT_LIMIT);
	tkt_text_init(&shown, TKT_TEXT_LIMIT);
	if (!find_text(object, "plain", depth, &plain))
		return false;
	if (!may_apologise(&plain))
		return true;
	add_letters(&said, &plain, languages);
	if (said.length > APOLOGY_LIMIT || !strcasestr(said.bytes, "html"))
		return true;
	if (!find_text(object, "html", depth, &html))
		return true;
	add_letters(&shown, &html, languages);
	if (shown.length <= said.length)
		return true;
	return memmem(
	    shown.bytes, shown.length, said.bytes, said.length < SAMPLE ? said.length : SAMPLE);
}
