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

/* The first text of that subtype that is not attached and not blank; NULL: there is none. */
static GMimeObject *find_text(GMimeObject *object, const char *subtype, int depth)
{
	GMimeObject *found = NULL;

	if (GMIME_IS_MULTIPART(object) && depth < TKT_PART_DEPTH) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);
		int count = g_mime_multipart_get_count(multipart);

		for (int i = 0; i < count && !found; i++)
			found =
			    find_text(g_mime_multipart_get_part(multipart, i), subtype, depth + 1);
	} else if (tkt_leaf_is_type(object, "text", subtype) && !tkt_leaf_is_attached(object)) {
		size_t size;
		tkt_autofree char *bytes = tkt_leaf_decode(object, &size);

		found = bytes && !tkt_is_blank(bytes, size) ? object : NULL;
	}
	return found;
}

/* Adds the text of a leaf in UTF-8 without any blanks. */
static void add_letters(struct tkt_text *out, GMimeObject *leaf, const char *const *languages)
{
	const char *charset = g_mime_object_get_content_type_parameter(leaf, "charset");
	size_t size;
	tkt_autofree char *bytes = tkt_leaf_decode(leaf, &size);
	struct tkt_error error;
	tkt_autotext decoded, text;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	tkt_text_init(&text, (size_t)1 << 20);
	if (!bytes || tkt_charset_decode(&decoded, bytes, size, charset, languages, &error))
		return;
	if (!tkt_leaf_is_type(leaf, "text", "html"))
		tkt_text_add_bytes(&text, decoded.bytes, decoded.length);
	else if (tkt_html_to_text(&text, decoded.bytes, decoded.length, &error))
		return;
	for (size_t i = 0; i < text.length; i++)
		if (!memchr(" \t\r\n", text.bytes[i], 4))
			tkt_text_add_byte(out, text.bytes[i]);
}

/* Is the text short, and does it speak of HTML? Most do not, and are spared the rest. */
static bool may_apologise(GMimeObject *plain)
{
	size_t size;
	tkt_autofree char *bytes = tkt_leaf_decode(plain, &size); /* ends with a NUL */

	return bytes && size <= APOLOGY_BYTES && strcasestr(bytes, "html");
}

bool tkt_alternative_is_plain(GMimeObject *object, int depth, const char *const *languages)
{
	GMimeObject *plain = find_text(object, "plain", depth), *html;
	tkt_autotext said, shown;

	tkt_text_init(&said, TKT_TEXT_LIMIT);
	tkt_text_init(&shown, TKT_TEXT_LIMIT);
	if (!plain)
		return false;
	if (!may_apologise(plain))
		return true;
	add_letters(&said, plain, languages);
	if (said.length > APOLOGY_LIMIT || !strcasestr(said.bytes, "html"))
		return true;
	html = find_text(object, "html", depth);
	if (!html)
		return true;
	add_letters(&shown, html, languages);
	if (shown.length <= said.length)
		return true;
	return memmem(
	    shown.bytes, shown.length, said.bytes, said.length < SAMPLE ? said.length : SAMPLE);
}
