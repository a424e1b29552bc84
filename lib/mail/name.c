#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "mail/part.h"

#include "base/banned.h"

#define NAME_LIMIT 200

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *type, *extension;
} extensions[] = {
	{ "application/gzip", "gz" },
	{ "application/json", "json" },
	{ "application/ms-tnef", "dat" },
	{ "application/msword", "doc" },
	{ "application/pdf", "pdf" },
	{ "application/pgp-signature", "asc" },
	{ "application/pkcs7-signature", "p7s" },
	{ "application/vnd.ms-excel", "xls" },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx" },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx" },
	{ "application/x-pkcs7-signature", "p7s" },
	{ "application/zip", "zip" },
	{ "audio/mpeg", "mp3" },
	{ "image/bmp", "bmp" },
	{ "image/gif", "gif" },
	{ "image/jpeg", "jpg" },
	{ "image/png", "png" },
	{ "image/svg+xml", "svg" },
	{ "image/tiff", "tif" },
	{ "image/webp", "webp" },
	{ "message/delivery-status", "txt" },
	{ "message/disposition-notification", "txt" },
	{ "message/global", "eml" },
	{ "message/rfc822", "eml" },
	{ "text/calendar", "ics" },
	{ "text/csv", "csv" },
	{ "text/html", "html" },
	{ "text/plain", "txt" },
	{ "text/rfc822-headers", "txt" },
	{ "text/vcard", "vcf" },
	{ "text/xml", "xml" },
	{ "video/mp4", "mp4" },
};

/* Is it that type, perhaps with a parameter? */
static bool is_type(const char *type, const char *wanted)
{
	size_t length = strlen(wanted);

	return strncmp(type, wanted, length) == 0 && (!type[length] || type[length] == ';');
}

static const char *extension_of(const char *type)
{
	for (size_t i = 0; i < COUNT(extensions); i++)
		if (is_type(type, extensions[i].type))
			return extensions[i].extension;
	return strncmp(type, "text/", 5) == 0 ? "txt" : "bin";
}

/* Controls, what turns the direction of writing, and the zero-width: nothing that a name shows. */
static bool is_hidden(uint32_t code)
{
	return code < 32 || (code >= 127 && code < 160) || code == 0x61C ||
	    (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
	    (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

/* Cuts a long name before its extension, at a character. */
static void shorten(struct tkt_text *name)
{
	const char *dot = memrchr(name->bytes, '.', name->length);
	char extension[20] = "";

	if (name->length <= NAME_LIMIT)
		return;
	if (dot && strlen(dot) < sizeof extension)
		snprintf(extension, sizeof extension, "%s", dot);
	tkt_text_truncate(name, tkt_utf8_cut(name->bytes, NAME_LIMIT - strlen(extension)));
	tkt_text_add(name, extension);
}

char *tkt_part_name(const char *given, const char *content_type, unsigned number)
{
	const char *extension = extension_of(content_type);
	tkt_autotext whole, name;
	size_t length = 0, start = 0;

	tkt_text_init(&whole, TKT_TEXT_LIMIT);
	tkt_text_init(&name, TKT_TEXT_LIMIT);
	if (given)
		tkt_utf8_repair(&whole, given, strlen(given));
	for (size_t i = 0; i < whole.length; i++)
		if (whole.bytes[i] == '/' || whole.bytes[i] == '\\')
			start = i + 1;
	while (start < whole.length) {
		size_t at = start;
		uint32_t code = tkt_utf8_next(whole.bytes, whole.length, &at);

		if (!is_hidden(code) &&
		    (name.length > 0 || !strchr(" .-~", (char)(code & 127)) || code > 127))
			tkt_text_add_bytes(&name, whole.bytes + start, at - start);
		start = at;
	}
	for (length = name.length; length > 0 && strchr(" .", name.bytes[length - 1]);)
		length--;
	tkt_text_truncate(&name, length);
	shorten(&name);
	if (name.length == 0)
		tkt_text_format(&name, "part-%u.%s", number, extension);
	else if (strcmp(extension, "eml") == 0 &&
	    (name.length < 4 || strcasecmp(name.bytes + name.length - 4, ".eml") != 0))
		tkt_text_add(&name, ".eml");
	return tkt_text_take(&name);
}
