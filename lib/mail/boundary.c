#include "mail/boundary.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "mail/parameter.h"
#include "mail/scan.h"

#include "base/banned.h"

#define BOUNDARY_LIMIT 200 /* bytes; RFC 2046, 5.1.1 allows 70 */

/* The line behind the one at `at`, or the end. */
static size_t next_line(const char *bytes, size_t length, size_t at)
{
	const char *found = memchr(bytes + at, '\n', length - at);

	return found ? (size_t)(found - bytes) + 1 : length;
}

/* The value of the first Content-Type field, to be freed; NULL when there is none. */
static char *read_type(const char *bytes, const struct tkt_scan *scan)
{
	for (size_t at = scan->start; at < scan->end; at = next_line(bytes, scan->end, at)) {
		size_t end = next_line(bytes, scan->end, at);

		if (scan->end - at < 13 || strncasecmp(bytes + at, "Content-Type:", 13) != 0)
			continue;
		while (end < scan->end && (bytes[end] == ' ' || bytes[end] == '\t'))
			end = next_line(bytes, scan->end, end);
		return strndup(bytes + at + 13, end - at - 13);
	}
	return NULL;
}

static bool is_content_line(const char *bytes, size_t length, size_t at)
{
	return length - at > 8 && strncasecmp(bytes + at, "Content-", 8) == 0;
}

/* Is there a line '--BOUNDARY', and a field of a part behind it if that is `wanted`? */
static bool is_used(const char *bytes, size_t length, size_t at, const char *boundary, bool wanted)
{
	size_t size = strlen(boundary);

	for (; at < length; at = next_line(bytes, length, at))
		if (length - at >= size + 2 && bytes[at] == '-' && bytes[at + 1] == '-' &&
		    memcmp(bytes + at + 2, boundary, size) == 0 &&
		    (!wanted || is_content_line(bytes, length, next_line(bytes, length, at))))
			return true;
	return false;
}

/* The first line '--BOUNDARY' with a field of a part behind it: its bytes in *boundary. */
static size_t find(const char *bytes, size_t length, size_t at, const char **boundary)
{
	for (size_t next; at < length; at = next) {
		size_t end = next = next_line(bytes, length, at);

		if (length - at < 5 || bytes[at] != '-' || bytes[at + 1] != '-' ||
		    !is_content_line(bytes, length, next))
			continue;
		while (end > at && memchr(" \t\r\n", bytes[end - 1], 4))
			end--;
		if (end - at < 3 || end - at > BOUNDARY_LIMIT ||
		    memchr(bytes + at, '"', end - at) || memchr(bytes + at, '\\', end - at))
			continue;
		*boundary = bytes + at + 2;
		return end - at - 2;
	}
	return 0;
}

bool tkt_boundary_mend(
    struct tkt_text *field, const char *bytes, size_t length, const struct tkt_scan *scan)
{
	tkt_autofree char *type = read_type(bytes, scan);
	tkt_autofree char *stated = tkt_parameter_read(type, "boundary", NULL);
	const char *found = stated, *media;
	size_t size = stated ? strlen(stated) : 0;

	if (!type)
		return false;
	media = type + strspn(type, " \t\r\n");
	if (strncasecmp(media, "multipart/", 10) == 0) {
		if (size > 0 && is_used(bytes, length, scan->body, stated, false))
			return false;
		size = find(bytes, length, scan->body, &found);
	} else if (size == 0 || strncasecmp(media, "text/", 5) != 0 || size > BOUNDARY_LIMIT ||
	    strpbrk(stated, "\"\\\r\n") || !is_used(bytes, length, scan->body, stated, true)) {
		return false;
	}
	if (size == 0)
		return false;
	tkt_text_format(field, "Content-Type: multipart/%s; boundary=\"%.*s\"\n",
	    strncasecmp(media, "multipart/alternative", 21) == 0 ? "alternative" : "mixed",
	    (int)size, found);
	return true;
}
