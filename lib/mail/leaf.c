#include "mail/leaf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/utf8.h"
#include "mail/base64.h"
#include "mail/header.h"
#include "mail/parameter.h"
#include "mail/uuencode.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum encoding { AS_IT_IS, BASE64, QUOTED_PRINTABLE, UUENCODE };

/* The field as it stands in the mail; NULL when it is not there. */
static const char *raw_field(GMimeObject *leaf, const char *name)
{
	GMimeHeader *header =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(leaf), name);

	return header ? g_mime_header_get_raw_value(header) : NULL;
}

/* By the letters and digits of the field, so that 'base64;' and '"quoted printable"' are known. */
static enum encoding encoding_of(GMimeObject *leaf)
{
	static const struct {
		const char *beginning;
		enum encoding encoding;
	} known[] = {
		{ "base64", BASE64 },
		{ "quotedprintable", QUOTED_PRINTABLE },
		{ "xuuencode", UUENCODE },
		{ "uuencode", UUENCODE },
		{ "xuue", UUENCODE },
	};
	const char *field = raw_field(leaf, "Content-Transfer-Encoding");
	char key[32];
	size_t length = 0;

	for (; field && *field && length < sizeof key - 1; field++)
		if (g_ascii_isalnum(*field))
			key[length++] = g_ascii_tolower(*field);
	key[length] = 0;
	for (size_t i = 0; i < COUNT(known); i++)
		if (strncmp(key, known[i].beginning, strlen(known[i].beginning)) == 0)
			return known[i].encoding;
	return AS_IT_IS;
}

/* The bytes as they stand in the mail, followed by a NUL. */
static GByteArray *raw_bytes(GMimeObject *leaf)
{
	GMimeStream *stream = g_mime_stream_mem_new(), *stored;
	GByteArray *array = g_byte_array_new();
	GMimeDataWrapper *content;

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), array);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	if (GMIME_IS_PART(leaf)) {
		content = g_mime_part_get_content(GMIME_PART(leaf));
		stored = content ? g_mime_data_wrapper_get_stream(content) : NULL;
		if (stored) {
			g_mime_stream_reset(stored);
			g_mime_stream_write_to_stream(stored, stream);
		}
	} else {
		g_mime_object_write_content_to_stream(leaf, NULL, stream);
	}
	g_object_unref(stream);
	g_byte_array_append(array, (const guint8 *)"", 1);
	return array;
}

void *tkt_leaf_decode(GMimeObject *leaf, size_t *size)
{
	enum encoding encoding = GMIME_IS_PART(leaf) ? encoding_of(leaf) : AS_IT_IS;
	const char *format = g_mime_object_get_content_type_parameter(leaf, "format");
	GByteArray *array = raw_bytes(leaf);
	const char *bytes = (const char *)array->data;
	struct tkt_uuencoded file;
	tkt_autotext decoded;

	*size = array->len - 1;
	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	if (encoding == BASE64)
		tkt_base64_body(&decoded, bytes, *size);
	else if (encoding == QUOTED_PRINTABLE)
		tkt_quoted_printable_body(
		    &decoded, bytes, *size, format && strcasecmp(format, "flowed") == 0);
	else if (encoding == AS_IT_IS || !tkt_uuencode_next(bytes, *size, 0, &file, &decoded))
		return g_byte_array_free(array, FALSE);
	g_byte_array_free(array, TRUE);
	*size = decoded.length;
	return decoded.allocated ? tkt_text_take(&decoded) : calloc(1, 1);
}

void tkt_leaf_type(GMimeObject *leaf, char type[static TKT_LEAF_TYPE_SIZE])
{
	GMimeContentType *stated = g_mime_object_get_content_type(leaf);
	const char *media = g_mime_content_type_get_media_type(stated);
	const char *subtype = g_mime_content_type_get_media_subtype(stated);
	static const char token[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+";

	snprintf(type, TKT_LEAF_TYPE_SIZE, "application/octet-stream");
	if (!media || !subtype || !*media || !*subtype || strlen(media) + strlen(subtype) > 100 ||
	    strspn(media, token) != strlen(media) || strspn(subtype, token) != strlen(subtype))
		return;
	snprintf(type, TKT_LEAF_TYPE_SIZE, "%s/%s", media, subtype);
	tkt_ascii_lower(type);
}

bool tkt_leaf_is_type(GMimeObject *leaf, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(leaf), type, subtype);
}

bool tkt_leaf_is_attached(GMimeObject *leaf)
{
	const char *disposition = raw_field(leaf, "Content-Disposition");

	if (!disposition)
		return false;
	disposition += strspn(disposition, " \t\r\n\"");
	return strncasecmp(disposition, "attachment", 10) == 0;
}

char *tkt_leaf_parameter(GMimeObject *leaf, const char *name, const char *const *languages)
{
	return tkt_parameter_read(raw_field(leaf, "Content-Type"), name, languages);
}

/* Is the description of a part the name of a file: 'report.pdf'? */
static bool is_file_name(const char *text)
{
	const char *dot = strrchr(text, '.');
	size_t length = dot ? strlen(dot + 1) : 0;

	if (length < 2 || length > 4 || strlen(text) > 100 || strpbrk(text, "/\\<>:"))
		return false;
	for (dot++; *dot; dot++)
		if (!g_ascii_isalnum(*dot))
			return false;
	return true;
}

char *tkt_leaf_name(GMimeObject *leaf, const char *const *languages)
{
	static const struct {
		const char *field, *parameter;
	} places[] = {
		{ "Content-Disposition", "filename" },
		{ "Content-Type", "name" },
		{ "Content-Disposition", "name" },
		{ "Content-Type", "filename" },
	};
	GByteArray *array;
	struct tkt_uuencoded file;
	tkt_autotext data;
	char *name = NULL;

	tkt_text_init(&data, TKT_TEXT_LIMIT);
	for (size_t i = 0; i < COUNT(places); i++) {
		name = tkt_parameter_read(
		    raw_field(leaf, places[i].field), places[i].parameter, languages);
		if (name && *name)
			return name;
		free(name);
	}
	if (GMIME_IS_PART(leaf) && encoding_of(leaf) == UUENCODE) {
		array = raw_bytes(leaf);
		name = tkt_uuencode_next((const char *)array->data, array->len - 1, 0, &file, &data)
		    ? strndup(file.name, file.name_length)
		    : NULL;
		g_byte_array_free(array, TRUE);
		return name;
	}
	name = tkt_header_text(leaf, "Content-Description", languages);
	if (name && is_file_name(name))
		return name;
	free(name);
	return NULL;
}

char *tkt_leaf_default_name(
    const char *type, const char *bytes, size_t size, const char *const *languages)
{
	static const struct {
		const char *type, *name;
	} known[] = {
		{ "application/pgp-signature", "signature.asc" },
		{ "application/pkcs7-mime", "smime.p7m" },
		{ "application/x-pkcs7-mime", "smime.p7m" },
		{ "application/pkcs7-signature", "smime.p7s" },
		{ "application/x-pkcs7-signature", "smime.p7s" },
		{ "application/ms-tnef", "winmail.dat" },
		{ "text/calendar", "invitation.ics" },
	};
	char *name;

	for (size_t i = 0; i < COUNT(known); i++)
		if (strcmp(type, known[i].type) == 0)
			return strdup(known[i].name);
	if (strcmp(type, "message/rfc822") != 0 && strcmp(type, "message/global") != 0)
		return NULL;
	name = tkt_header_text_in(bytes, size, "Subject", languages);
	for (char *at = name; at && *at; at++)
		if (*at == '/' || *at == '\\')
			*at = '-';
	if (name && *name)
		return name;
	free(name);
	return strdup("forwarded");
}
