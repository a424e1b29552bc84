#include "base/media_type.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

#define NAME_LENGTH 127 /* RFC 6838, 4.2 */

static const struct {
	const char *other, *usual;
} names[] = {
	{ "image/jpg", "image/jpeg" },
	{ "image/pjpeg", "image/jpeg" },
	{ "image/x-png", "image/png" },
	{ "image/x-bmp", "image/bmp" },
	{ "image/x-ms-bmp", "image/bmp" },
	{ "image/tif", "image/tiff" },
	{ "image/ico", "image/vnd.microsoft.icon" },
	{ "image/x-icon", "image/vnd.microsoft.icon" },
	{ "audio/mp3", "audio/mpeg" },
	{ "application/x-pdf", "application/pdf" },
	{ "application/x-zip-compressed", "application/zip" },
	{ "application/x-dosexec", "application/vnd.microsoft.portable-executable" },
	{ "application/x-msdownload", "application/vnd.microsoft.portable-executable" },
};

void tkt_media_type(const char *given, char type[TKT_MEDIA_TYPE_SIZE])
{
	size_t i;

	snprintf(type, TKT_MEDIA_TYPE_SIZE, "%.*s", (int)strcspn(given, "; \t"), given);
	tkt_ascii_lower(type);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].other, type)) {
			snprintf(type, TKT_MEDIA_TYPE_SIZE, "%s", names[i].usual);
			return;
		}
}

bool tkt_media_type_matches(const char *pattern, const char *type)
{
	size_t length = strlen(pattern);

	if (length > 1 && !strcmp(pattern + length - 2, "/*"))
		return !strncmp(pattern, type, length - 1);
	return !strcmp(pattern, type);
}

/* The length of one name; 0: there is none. */
static size_t name_length(const char *text)
{
	size_t length =
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+");

	return length <= NAME_LENGTH ? length : 0;
}

bool tkt_media_type_is_pattern(const char *pattern)
{
	size_t kind = name_length(pattern), subtype;

	if (!kind || pattern[kind] != '/')
		return false;
	pattern += kind + 1;
	subtype = name_length(pattern);
	return tkt_text_equal(pattern, "*") || (subtype && !pattern[subtype]);
}
