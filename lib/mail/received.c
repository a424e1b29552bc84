#include "mail/received.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mail/comment.h"
#include "mail/date.h"

#include "base/banned.h"

/* The next word outside comments, up to the ';' before the date; 0: there is none. */
static size_t next_word(const char **at)
{
	*at = tkt_comment_skip_all(*at);
	return strcspn(*at, " \t\r\n(;");
}

/* The host behind `wanted`, "from" or "by". Words come in pairs, 'from HOST by HOST with ESMTP id
 * 7'; so a host that calls itself 'by' in its greeting is not taken for the keyword. NULL: no
 * memory. */
static char *read_host(const char *value, const char *wanted)
{
	const char *at = value, *keyword;
	size_t length, keyword_length;
	char *host;

	for (;;) {
		keyword_length = next_word(&at);
		keyword = at;
		at += keyword_length;
		length = keyword_length ? next_word(&at) : 0;
		if (!length)
			return strdup("");
		if (keyword_length == strlen(wanted) &&
		    strncasecmp(keyword, wanted, keyword_length) == 0)
			break;
		at += length;
	}
	while (length && at[length - 1] == '.')
		length--;
	host = strndup(at, length);
	if (host)
		tkt_ascii_lower(host);
	return host;
}

int tkt_received_read(
    GMimeObject *object, struct tkt_hop **hops, size_t *count, struct tkt_error *error)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);
	int header_count = g_mime_header_list_get_count(headers);
	struct tkt_hop *made = NULL;
	size_t used = 0;

	for (int i = 0; i < header_count; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		const char *value = g_mime_header_get_raw_value(header), *date;
		struct tkt_hop *grown;
		char *by, *from;

		if (strcasecmp(g_mime_header_get_name(header), "Received") != 0 || !value)
			continue;
		by = read_host(value, "by");
		from = read_host(value, "from");
		grown = by && from ? reallocarray(made, used + 1, sizeof(*made)) : NULL;
		if (!grown) {
			free(by);
			free(from);
			tkt_received_free(made, used);
			return tkt_error_set_memory(error);
		}
		made = grown;
		date = strrchr(value, ';');
		made[used++] = (struct tkt_hop){
			.by = by,
			.from = from,
			.at = date ? tkt_date_read(date + 1) : TKT_TIME_NONE,
		};
	}
	*hops = made;
	*count = used;
	return 0;
}

void tkt_received_free(struct tkt_hop *hops, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(hops[i].by);
		free(hops[i].from);
	}
	free(hops);
}
