#include "mail/part.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/charset.h"
#include "mail/content_type.h"
#include "mail/encoded.h"
#include "mail/header.h"
#include "mail/html.h"

#include "base/banned.h"

#define DEPTH_LIMIT 250 /* levels of parts; the scan refuses what has more */

/* Which leaves become text: all, or only one of the two alternatives. */
enum mode { ANY, PLAIN_ONLY, HTML_ONLY };

int tkt_part_add(struct tkt_mail *mail, char *name, const char *content_type, void *bytes,
    size_t size, struct tkt_error *error)
{
	struct tkt_part *parts = realloc(mail->parts, (mail->part_count + 1) * sizeof *mail->parts);
	struct tkt_part part = { name, strdup(content_type), bytes, size, "" };

	if (parts)
		mail->parts = parts;
	if (!parts || !name || !part.content_type) {
		free(name);
		free(part.content_type);
		free(bytes);
		return tkt_error_set_memory(error);
	}
	tkt_sha256(bytes ? bytes : "", size, part.sha256);
	mail->parts[mail->part_count++] = part;
	return 0;
}

/* The decoded content, to be freed: of its transfer encoding, not of its charset. */
static void *decode(GMimeObject *leaf, size_t *size)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *array = g_byte_array_new();
	GMimeDataWrapper *content;

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), array);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	if (GMIME_IS_PART(leaf)) {
		content = g_mime_part_get_content(GMIME_PART(leaf));
		if (content)
			g_mime_data_wrapper_write_to_stream(content, stream);
	} else {
		g_mime_object_write_content_to_stream(leaf, NULL, stream);
	}
	g_object_unref(stream);
	*size = array->len;
	g_byte_array_append(array, (const guint8 *)"", 1); /* so that an empty one has an address */
	return g_byte_array_free(array, FALSE);
}

/* The stated type in lower case; "application/octet-stream" when it is none (RFC 2045, 5.1). */
static void content_type_of(GMimeObject *leaf, char *type, size_t room)
{
	GMimeContentType *stated = g_mime_object_get_content_type(leaf);
	const char *media = g_mime_content_type_get_media_type(stated);
	const char *subtype = g_mime_content_type_get_media_subtype(stated);
	static const char token[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+";

	snprintf(type, room, "application/octet-stream");
	if (!media || !subtype || !*media || !*subtype || strlen(media) + strlen(subtype) > 100 ||
	    strspn(media, token) != strlen(media) || strspn(subtype, token) != strlen(subtype))
		return;
	snprintf(type, room, "%s/%s", media, subtype);
	tkt_ascii_lower(type);
}

/* The field's value in UTF-8: bytes above 127 stand there in any charset, and encoded words,
 * though RFC 2047 forbids both. */
static char *field_utf8(struct tkt_parsing *reading, GMimeObject *leaf, const char *name)
{
	GMimeHeader *header =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(leaf), name);
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
	struct tkt_error error;
	tkt_autotext text, words;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_init(&words, TKT_TEXT_LIMIT);
	if (!raw || tkt_charset_decode(&text, raw, strlen(raw), NULL, reading->languages, &error))
		return NULL;
	tkt_encoded_decode(&words, text.bytes, reading->languages);
	return tkt_text_take(&words);
}

/* The stated name of a part, to be freed; NULL when it has none. */
static char *stated_name(struct tkt_parsing *reading, GMimeObject *leaf)
{
	tkt_autofree char *disposition = field_utf8(reading, leaf, "Content-Disposition");
	tkt_autofree char *type = field_utf8(reading, leaf, "Content-Type");
	char *name = NULL;

	if (disposition) {
		GMimeContentDisposition *parsed =
		    g_mime_content_disposition_parse(NULL, disposition);
		const char *found = g_mime_content_disposition_get_parameter(parsed, "filename");

		name = found && *found ? strdup(found) : NULL;
		g_object_unref(parsed);
	}
	if (type && !name) {
		GMimeContentType *parsed = g_mime_content_type_parse(NULL, type);
		const char *found = g_mime_content_type_get_parameter(parsed, "name");

		name = found && *found ? strdup(found) : NULL;
		g_object_unref(parsed);
	}
	return name;
}

static bool is_attached(GMimeObject *leaf)
{
	const char *disposition = g_mime_object_get_disposition(leaf);

	return disposition && strcasecmp(disposition, "attachment") == 0;
}

static bool is_type(GMimeObject *object, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(object), type, subtype);
}

static bool is_blank(const char *bytes, size_t size)
{
	while (size > 0 && memchr(" \t\r\n\f", bytes[size - 1], 5))
		size--;
	return size == 0;
}

/* Is there a plain text that is more than blanks? */
static bool has_plain_text(GMimeObject *object, int depth)
{
	bool found = false;

	if (GMIME_IS_MULTIPART(object) && depth < DEPTH_LIMIT) {
		int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));

		for (int i = 0; i < count && !found; i++)
			found = has_plain_text(
			    g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1);
	} else if (is_type(object, "text", "plain") && !is_attached(object)) {
		size_t size;
		tkt_autofree char *bytes = decode(object, &size);

		found = !is_blank(bytes, size);
	}
	return found;
}

/* Adds `text` (LF ends) to the body, on a line of its own, as far as there is room. */
static void add_to_body(struct tkt_parsing *reading, const struct tkt_text *text, bool *whole)
{
	struct tkt_text *body = &reading->body;
	size_t length = text->length, room = TKT_BODY_LIMIT;

	if (is_blank(text->bytes, text->length))
		return;
	if (body->length > 0 && body->bytes[body->length - 1] != '\n')
		tkt_text_add_byte(body, '\n');
	room -= body->length < room ? body->length : room;
	if (length > room) {
		*whole = false;
		for (length = room; length > 0; length--)
			if (((unsigned char)text->bytes[length] & 0xC0) != 0x80)
				break;
	}
	tkt_text_add_bytes(body, text->bytes, length);
}

/* Makes text of a leaf's bytes. *whole becomes false when some of it is missing. */
static int read_text(struct tkt_parsing *reading, GMimeObject *leaf, const char *bytes, size_t size,
    bool *whole, struct tkt_error *error)
{
	const char *charset = g_mime_object_get_content_type_parameter(leaf, "charset");
	const char *format = g_mime_object_get_content_type_parameter(leaf, "format");
	const char *delete_space = g_mime_object_get_content_type_parameter(leaf, "delsp");
	bool html = is_type(leaf, "text", "html");
	char stated[40] = "";
	tkt_autotext decoded, text;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	tkt_text_init(&text, html ? TKT_BODY_LIMIT : TKT_TEXT_LIMIT);
	if (size > 2 * TKT_BODY_LIMIT) { /* no need to convert what will be cut */
		size = 2 * TKT_BODY_LIMIT;
		*whole = false;
	}
	if (html && (!charset || !*charset)) {
		tkt_html_charset(bytes, size, stated);
		charset = stated;
	}
	if (tkt_charset_decode(&decoded, bytes, size, charset, reading->languages, error))
		return -1;
	if (html) {
		if (tkt_html_to_text(&text, decoded.bytes, decoded.length, error))
			return -1;
		*whole = *whole && !text.failed;
	} else {
		tkt_part_lines(&text, decoded.bytes, decoded.length);
		if (tkt_text_check(&text, error))
			return -1;
	}
	if (format && strcasecmp(format, "flowed") == 0 && !html) {
		tkt_text_reset(&decoded);
		tkt_part_unflow(&decoded, text.bytes, text.length,
		    delete_space && strcasecmp(delete_space, "yes") == 0);
		add_to_body(reading, &decoded, whole);
	} else {
		add_to_body(reading, &text, whole);
	}
	return tkt_text_check(&reading->body, error);
}

/* Does this leaf belong to the text? */
static bool is_text(
    struct tkt_parsing *reading, GMimeObject *leaf, enum mode mode, const char *name)
{
	bool plain = is_type(leaf, "text", "plain"), html = is_type(leaf, "text", "html");

	if ((!plain && !html) || is_attached(leaf))
		return false;
	if (name && reading->body.length > 0) /* a file that its mailer shows within the mail */
		return false;
	return mode == ANY || (plain && mode == PLAIN_ONLY) || (html && mode == HTML_ONLY);
}

static int read_leaf(
    struct tkt_parsing *reading, GMimeObject *leaf, enum mode mode, struct tkt_error *error)
{
	tkt_autofree char *name = stated_name(reading, leaf);
	bool text = is_text(reading, leaf, mode, name), whole = true;
	size_t size, before = reading->body.length;
	tkt_autofree void *bytes = decode(leaf, &size);
	char type[256];

	reading->leaf++;
	if (!name && !is_attached(leaf) && is_type(leaf, "text", "*") &&
	    is_blank(bytes, size)) /* an empty text */
		return 0;
	if (text) {
		if (read_text(reading, leaf, bytes, size, &whole, error))
			return -1;
		if (!whole && !reading->mail->trouble)
			reading->mail->trouble =
			    strdup(N_("the text is too long and was cut; the whole is attached"));
		if (whole && (reading->body.length > before || is_blank(bytes, size)))
			return 0;
	}
	content_type_of(leaf, type, sizeof type);
	if (strcmp(type, "application/octet-stream") == 0) {
		tkt_autofree char *judged = tkt_content_type(reading->judge, bytes, size);

		if (judged && strlen(judged) < sizeof type)
			snprintf(type, sizeof type, "%s", judged);
	}
	return tkt_part_add(reading->mail, tkt_part_name(name, type, reading->leaf), type,
	    tkt_take(bytes), size, error);
}

static int read_object(struct tkt_parsing *reading, GMimeObject *object, enum mode mode, int depth,
    struct tkt_error *error)
{
	int count;

	if (!GMIME_IS_MULTIPART(object) || depth >= DEPTH_LIMIT)
		return read_leaf(reading, object, mode, error);
	if (mode == ANY && is_type(object, "multipart", "alternative"))
		mode = has_plain_text(object, depth) ? PLAIN_ONLY : HTML_ONLY;
	count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
	for (int i = 0; i < count; i++)
		if (read_object(reading, g_mime_multipart_get_part(GMIME_MULTIPART(object), i),
			mode, depth + 1, error))
			return -1;
	return 0;
}

int tkt_part_read_all(struct tkt_parsing *reading, GMimeObject *object, struct tkt_error *error)
{
	return read_object(reading, object, ANY, 0, error);
}
