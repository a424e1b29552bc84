#include "mail/part.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/alternative.h"
#include "mail/charset.h"
#include "mail/content_type.h"
#include "mail/html.h"
#include "mail/leaf.h"
#include "mail/uuencode.h"

#include "base/banned.h"

/* Which leaves become text: all, or only one of the two alternatives. */
enum mode { ANY, PLAIN_ONLY, HTML_ONLY };

#define UUENCODED_LIMIT 1000 /* files in the texts of a mail */

int tkt_part_add(struct tkt_mail *mail, char *name, const char *content_type, void *bytes,
    size_t size, struct tkt_error *error)
{
	struct tkt_part *parts = realloc(mail->parts, (mail->part_count + 1) * sizeof *mail->parts);
	struct tkt_part part = { name, strdup(content_type), bytes, size, "", false };

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

/* The strongest protection of any part is the mail's. */
static void protect(struct tkt_parsing *reading, enum tkt_protection protection)
{
	if (protection > reading->protection)
		reading->protection = protection;
}

/* Adds `text` (LF ends) to the body, on a line of its own, as far as there is room. */
static void add_to_body(struct tkt_parsing *reading, const struct tkt_text *text, bool *whole)
{
	struct tkt_text *body = &reading->body;
	size_t length = text->length, room = TKT_BODY_LIMIT;

	if (tkt_is_blank(text->bytes, text->length))
		return;
	if (body->length > 0 && body->bytes[body->length - 1] != '\n')
		tkt_text_add_byte(body, '\n');
	room -= body->length < room ? body->length : room;
	if (length > room) {
		*whole = false;
		length = tkt_utf8_cut(text->bytes, room);
	}
	tkt_text_add_bytes(body, text->bytes, length);
}

/* Is what calls itself plain a page of HTML? */
static bool looks_like_html(const char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size && memchr(" \t\r\n", bytes[at], 4))
		at++;
	return (size - at > 6 && strncasecmp(bytes + at, "<html", 5) == 0 &&
		   memchr(">  \t\r\n", bytes[at + 5], 6)) ||
	    (size - at > 15 && strncasecmp(bytes + at, "<!doctype html", 14) == 0);
}

/* Adds files that are uuencoded in a plain text as parts, and the text around them to `rest`. */
static int take_uuencoded(struct tkt_parsing *reading, const char *bytes, size_t size,
    const char *charset, struct tkt_text *rest, struct tkt_error *error)
{
	size_t at = 0, length;

	while (reading->mail->part_count < UUENCODED_LIMIT) {
		struct tkt_uuencoded file;
		tkt_autofree char *type = NULL;
		tkt_autotext data, name;

		tkt_text_init(&data, TKT_TEXT_LIMIT);
		tkt_text_init(&name, TKT_TEXT_LIMIT);
		if (!tkt_uuencode_next(bytes, size, at, &file, &data))
			break;
		if (tkt_charset_decode(
			&name, file.name, file.name_length, charset, reading->languages, error))
			return -1;
		tkt_text_add_bytes(rest, bytes + at, file.start - at);
		at = file.end;
		type = tkt_content_type(reading->judge, data.bytes, data.length);
		if (!type)
			return tkt_error_set_memory(error);
		length = data.length;
		if (tkt_part_add(reading->mail, tkt_part_name(name.bytes, type, ++reading->leaf),
			type, length ? tkt_text_take(&data) : calloc(1, 1), length, error))
			return -1;
	}
	tkt_text_add_bytes(rest, bytes + at, size - at);
	return tkt_text_check(rest, error);
}

/* Makes text of a leaf's bytes; files within it become parts. *whole becomes false when some of it
 * is missing. */
static int read_text(struct tkt_parsing *reading, GMimeObject *leaf, const char *bytes, size_t size,
    bool *whole, struct tkt_error *error)
{
	const char *charset = g_mime_object_get_content_type_parameter(leaf, "charset");
	const char *format = g_mime_object_get_content_type_parameter(leaf, "format");
	const char *delete_space = g_mime_object_get_content_type_parameter(leaf, "delsp");
	bool html = tkt_leaf_is_type(leaf, "text", "html") || looks_like_html(bytes, size);
	char stated[40] = "";
	tkt_autotext rest, decoded, text;

	tkt_text_init(&rest, TKT_TEXT_LIMIT);
	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	tkt_text_init(&text, html ? TKT_BODY_LIMIT : TKT_TEXT_LIMIT);
	if (!html && memmem(bytes, size, "begin ", 6)) {
		if (take_uuencoded(reading, bytes, size, charset, &rest, error))
			return -1;
		bytes = rest.bytes;
		size = rest.length;
	}
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
	protect(reading, tkt_protection_of_text(text.bytes, text.length));
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

/* Text of other kinds that a person reads as it stands. */
static bool is_readable(GMimeObject *leaf)
{
	static const char *const subtypes[] = { "enriched", "richtext", "markdown", "x-markdown",
		"x-web-markdown" };

	for (size_t i = 0; i < sizeof subtypes / sizeof subtypes[0]; i++)
		if (tkt_leaf_is_type(leaf, "text", subtypes[i]))
			return true;
	return false;
}

/* Does this leaf belong to the text? */
static bool is_text(
    struct tkt_parsing *reading, GMimeObject *leaf, enum mode mode, const char *name)
{
	bool plain = tkt_leaf_is_type(leaf, "text", "plain");
	bool html = tkt_leaf_is_type(leaf, "text", "html");

	if (tkt_leaf_is_attached(leaf))
		return false;
	if (name && reading->body.length > 0) /* a file that its mailer shows within the mail */
		return false;
	if (mode == ANY)
		return plain || html || is_readable(leaf);
	return (plain && mode == PLAIN_ONLY) || (html && mode == HTML_ONLY);
}

/* The type as the attachment has it: an unknown one judged by the bytes, and what is asked by an
 * invitation (RFC 6047, 2.4). */
static int judge_type(struct tkt_parsing *reading, GMimeObject *leaf, const void *bytes,
    size_t size, char type[static TKT_LEAF_TYPE_SIZE], struct tkt_error *error)
{
	tkt_autofree char *judged = NULL, *method = NULL;

	tkt_leaf_type(leaf, type);
	if (strcmp(type, "application/octet-stream") == 0) {
		judged = tkt_content_type(reading->judge, bytes, size);
		if (!judged)
			return tkt_error_set_memory(error);
		snprintf(type, TKT_LEAF_TYPE_SIZE, "%s", judged);
	}
	if (strcmp(type, "text/calendar") != 0)
		return 0;
	method = tkt_leaf_parameter(leaf, "method", reading->languages);
	if (method && *method && strlen(method) < 20 &&
	    strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") ==
		strlen(method)) {
		for (char *at = method; *at; at++)
			*at = g_ascii_toupper(*at);
		snprintf(type, TKT_LEAF_TYPE_SIZE, "text/calendar; method=%s", method);
	}
	return 0;
}

/* Adds a leaf as an attachment; takes `bytes`. */
static int attach(struct tkt_parsing *reading, GMimeObject *leaf, const char *name, void *bytes,
    size_t size, struct tkt_error *error)
{
	tkt_autofree char *smime_type = tkt_leaf_parameter(leaf, "smime-type", reading->languages);
	tkt_autofree char *given = NULL;
	char type[TKT_LEAF_TYPE_SIZE], stated[TKT_LEAF_TYPE_SIZE];

	tkt_leaf_type(leaf, stated);
	if (judge_type(reading, leaf, bytes, size, type, error)) {
		free(bytes);
		return -1;
	}
	protect(reading, tkt_protection_of_part(stated, smime_type, name, bytes, size));
	if (!name)
		given = tkt_leaf_default_name(stated, bytes, size, reading->languages);
	return tkt_part_add(reading->mail, tkt_part_name(name ? name : given, type, reading->leaf),
	    type, bytes, size, error);
}

static int read_leaf(
    struct tkt_parsing *reading, GMimeObject *leaf, enum mode mode, struct tkt_error *error)
{
	tkt_autofree char *name = tkt_leaf_name(leaf, reading->languages);
	bool text = is_text(reading, leaf, mode, name), whole = true;
	size_t size, before = reading->body.length, parts = reading->mail->part_count;
	tkt_autofree void *bytes = tkt_leaf_decode(leaf, &size);

	if (!bytes)
		return tkt_error_set_memory(error);
	reading->leaf++;
	if (!name && !tkt_leaf_is_attached(leaf) && tkt_leaf_is_type(leaf, "text", "*") &&
	    tkt_is_blank(bytes, size)) /* an empty text */
		return 0;
	if (text) {
		if (read_text(reading, leaf, bytes, size, &whole, error))
			return -1;
		if (!whole && !reading->mail->trouble)
			reading->mail->trouble =
			    strdup(N_("the text is too long and was cut; the whole is attached"));
		if (whole &&
		    (reading->body.length > before || reading->mail->part_count > parts ||
			tkt_is_blank(bytes, size)))
			return 0;
	}
	if (attach(reading, leaf, name, tkt_take(bytes), size, error))
		return -1;
	reading->mail->parts[reading->mail->part_count - 1].is_text = text ||
	    (mode != ANY && tkt_leaf_is_type(leaf, "text", "*") && !tkt_leaf_is_attached(leaf));
	return 0;
}

/* A multipart in which no part was found, for want of its boundary: its text is the preamble. */
static int read_preamble(
    struct tkt_parsing *reading, GMimeMultipart *multipart, struct tkt_error *error)
{
	const char *preamble = g_mime_multipart_get_prologue(multipart);
	tkt_autotext decoded, text;
	bool whole = true;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (!preamble || tkt_is_blank(preamble, strlen(preamble)))
		return 0;
	reading->leaf++;
	if (tkt_charset_decode(
		&decoded, preamble, strlen(preamble), NULL, reading->languages, error))
		return -1;
	tkt_part_lines(&text, decoded.bytes, decoded.length);
	if (tkt_text_check(&text, error))
		return -1;
	add_to_body(reading, &text, &whole);
	if (!whole && !reading->mail->trouble)
		reading->mail->trouble = strdup(N_("the text is too long and was cut"));
	return tkt_text_check(&reading->body, error);
}

static int read_object(struct tkt_parsing *reading, GMimeObject *object, enum mode mode, int depth,
    struct tkt_error *error)
{
	char type[TKT_LEAF_TYPE_SIZE];
	int count;

	if (!GMIME_IS_MULTIPART(object) || depth >= TKT_PART_DEPTH)
		return read_leaf(reading, object, mode, error);
	tkt_leaf_type(object, type);
	protect(reading, tkt_protection_of_part(type, NULL, NULL, "", 0));
	if (mode == ANY && strcmp(type, "multipart/alternative") == 0)
		mode = tkt_alternative_is_plain(object, depth, reading->languages) ? PLAIN_ONLY
										   : HTML_ONLY;
	count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
	if (count == 0)
		return read_preamble(reading, GMIME_MULTIPART(object), error);
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
