#include <stdbool.h>
#include <string.h>

#include "mail/part.h"

#include "base/banned.h"

void tkt_part_lines(struct tkt_text *out, const char *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		const char *found = memchr(bytes + at, '\r', length - at);
		size_t end = found ? (size_t)(found - bytes) : length;

		tkt_text_add_bytes(out, bytes + at, end - at);
		if (!found)
			break;
		tkt_text_add_byte(out, '\n');
		at = end + 1 + (end + 1 < length && bytes[end + 1] == '\n');
	}
}

void tkt_part_unflow(struct tkt_text *out, const char *bytes, size_t length, bool delete_space)
{
	bool flows = false; /* the line before ended with a blank */
	size_t quoted = 0;  /* and stood this deep */

	for (size_t at = 0; at < length;) {
		const char *found = memchr(bytes + at, '\n', length - at);
		size_t end = found ? (size_t)(found - bytes) : length, next = end + 1, depth = 0;
		bool signature;

		for (; at < end && bytes[at] == '>'; at++)
			depth++;
		at += at < end && bytes[at] == ' '; /* stuffed */
		signature = end - at == 3 && memcmp(bytes + at, "-- ", 3) == 0;
		/* A blank line behind a flowing one is one that the writer wants to see. */
		if (flows && (depth != quoted || signature || at == end)) {
			tkt_text_add_byte(out, '\n');
			flows = false;
		}
		if (!flows) {
			for (size_t i = 0; i < depth; i++)
				tkt_text_add_byte(out, '>');
			if (depth > 0 && at < end)
				tkt_text_add_byte(out, ' ');
		}
		flows = end > at && bytes[end - 1] == ' ' && !signature;
		quoted = depth;
		tkt_text_add_bytes(out, bytes + at, end - at - (flows && delete_space));
		if (!flows && found)
			tkt_text_add_byte(out, '\n');
		at = next;
	}
}
