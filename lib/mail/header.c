#include "mail/header.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mail/encoded.h"

#include "base/banned.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(InternetAddressList, g_object_unref)

#define ADDRESS_LIMIT 320  /* RFC 5321, 4.5.3.1: 64 + 1 + 255 */
#define EARLIEST 631152000 /* 1990-01-01: no mail of a desk is older */
#define LATEST 4102444800  /* 2100-01-01 */

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

/* The unfolded value with its encoded words in order, to be freed; NULL: no memory. */
static char *prepared(const char *raw, const char *const *languages)
{
	g_autofree char *unfolded = g_mime_utils_header_unfold(raw);
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_encoded_words(&text, unfolded, languages);
	return tkt_text_take(&text);
}

char *tkt_header_text(GMimeObject *object, const char *name, const char *const *languages)
{
	const char *raw = raw_value(object, name);
	tkt_autofree char *value = NULL;
	g_autofree char *decoded = NULL;

	if (!raw)
		return strdup("");
	value = prepared(raw, languages);
	if (!value)
		return NULL;
	decoded = g_mime_utils_header_decode_text(NULL, value);
	return tkt_header_line(decoded + strspn(decoded, " \t"));
}

static bool is_address(const char *address)
{
	size_t length = strlen(address);

	if (length == 0 || length > ADDRESS_LIMIT)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)address[i] <= 32 || address[i] == 127 ||
		    strchr("<>,;\"()", address[i]))
			return false;
	return true;
}

static void add_address(InternetAddress *address, json_t *addresses)
{
	tkt_autofree char *email = NULL, *name = NULL;
	json_t *object;

	email = tkt_header_line(
	    internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(address)));
	name = tkt_header_line(internet_address_get_name(address));
	if (!email || !name || !is_address(email))
		return;
	tkt_ascii_lower(email);
	object = json_pack("{ss}", "email", email);
	if (*name && strcasecmp(name, email) != 0)
		json_object_set_new(object, "name", json_string(name));
	json_array_append_new(addresses, object);
}

/* The scan has bounded the nesting of groups. */
static void add_list(InternetAddressList *list, json_t *addresses)
{
	for (int i = 0; list && i < internet_address_list_length(list); i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);

		if (INTERNET_ADDRESS_IS_GROUP(address))
			add_list(
			    internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)),
			    addresses);
		else
			add_address(address, addresses);
	}
}

void tkt_header_addresses(
    GMimeObject *object, const char *name, const char *const *languages, json_t *addresses)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		g_autoptr(InternetAddressList) list = NULL;
		tkt_autofree char *value = NULL;

		if (strcasecmp(g_mime_header_get_name(header), name) != 0)
			continue;
		value = prepared(g_mime_header_get_raw_value(header), languages);
		list = value ? internet_address_list_parse(NULL, value) : NULL;
		add_list(list, addresses);
	}
}

int64_t tkt_header_date(const char *value)
{
	g_autoptr(GDateTime) date = value ? g_mime_utils_header_decode_date(value) : NULL;
	int64_t time = date ? g_date_time_to_unix(date) : TKT_TIME_NONE;

	return time < EARLIEST || time >= LATEST ? TKT_TIME_NONE : time;
}
