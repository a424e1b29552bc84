#include "mail/header.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/encoded.h"
#include "mail/scan.h"

#include "base/banned.h"

char *tkt_header_line(const char *bytes)
{
	tkt_autotext line;

	tkt_text_init(&line, TKT_TEXT_LIMIT);
	if (bytes)
		tkt_utf8_repair(&line, bytes, strlen(bytes));
	for (size_t i = 0; i < line.length; i++)
		if (strchr("\t\r\n\v\f", line.bytes[i]))
			line.bytes[i] = ' ';
	while (line.length > 0 && line.bytes[line.length - 1] == ' ')
		tkt_text_truncate(&line, line.length - 1);
	return tkt_text_take(&line);
}

static const char *raw_value(GMimeObject *object, const char *name)
{
	GMimeHeader *header =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);

	return header ? g_mime_header_get_raw_value(header) : NULL;
}

/* The text of a raw value, to be freed; NULL: no memory. */
static char *decode_text(const char *raw, const char *const *languages)
{
	g_autofree char *unfolded = g_mime_utils_header_unfold(raw);
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_encoded_decode(&text, unfolded, languages);
	return tkt_header_line(text.bytes + strspn(text.bytes, " \t"));
}

char *tkt_header_text(GMimeObject *object, const char *name, const char *const *languages)
{
	const char *raw = raw_value(object, name);

	return raw ? decode_text(raw, languages) : strdup("");
}

char *tkt_header_text_in(
    const char *bytes, size_t length, const char *name, const char *const *languages)
{
	size_t name_length = strlen(name);
	struct tkt_scan scan;
	struct tkt_error error;
	tkt_autotext header;

	tkt_text_init(&header, TKT_TEXT_LIMIT);
	tkt_scan_mail(bytes, length, &scan);
	if (tkt_scan_header(&header, bytes, &scan, languages, &error))
		return strdup("");
	for (char *at = header.bytes, *end; *at; at = end) {
		for (end = at + strcspn(at, "\n"); *end && strchr(" \t", end[1]) && end[1];)
			end += 1 + strcspn(end + 1, "\n");
		end += *end == '\n';
		if (strncasecmp(at, name, name_length) == 0 && at[name_length] == ':') {
			tkt_autofree char *value =
			    strndup(at + name_length + 1, (size_t)(end - at) - name_length - 1);

			return value ? decode_text(value, languages) : NULL;
		}
	}
	return strdup("");
}

void tkt_header_addresses(
    GMimeObject *object, const char *name, const char *const *languages, json_t *addresses)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		g_autofree char *value = NULL;

		if (strcasecmp(g_mime_header_get_name(header), name) != 0)
			continue;
		value = g_mime_utils_header_unfold(g_mime_header_get_raw_value(header));
		tkt_address_read(value, languages, addresses);
	}
}
