#include "mail/scan.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/charset.h"
#include "mail/charset_7bit.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct boundary {
	const char *bytes; /* borrowed from the mail */
	size_t length;
};

struct boundaries {
	struct boundary items[TKT_SCAN_BOUNDARIES];
	size_t count;
	bool many;
	bool any_line; /* one is written so that only GMime can tell: every '--' line counts */
};

/* Where the line that starts at `at` ends, behind its LF. */
static size_t line_end(const char *bytes, size_t length, size_t at)
{
	const char *found = memchr(bytes + at, '\n', length - at);

	return found ? (size_t)(found - bytes) + 1 : length;
}

static bool is_blank_line(const char *bytes, size_t at, size_t end)
{
	return at < end && (bytes[at] == '\n' || (bytes[at] == '\r' && end - at <= 2));
}

/* Bytes of the field's name when the line is 'Name: ...' (RFC 5322, 2.2, blanks before the colon
 * are from RFC 822); else 0. */
static size_t field_name(const char *bytes, size_t at, size_t end)
{
	size_t name = at;

	while (name < end && bytes[name] > 32 && bytes[name] < 127 && bytes[name] != ':')
		name++;
	end = name > at ? end : at;
	for (size_t colon = name; colon < end; colon++) {
		if (bytes[colon] == ':')
			return name - at;
		if (bytes[colon] != ' ' && bytes[colon] != '\t')
			break;
	}
	return 0;
}

/* Where the field that starts at `at` ends: behind its continuation lines. */
static size_t field_end(const char *bytes, size_t length, size_t at)
{
	size_t end = line_end(bytes, length, at);

	while (end < length && (bytes[end] == ' ' || bytes[end] == '\t')) {
		size_t next = line_end(bytes, length, end);

		if (is_blank_line(bytes, end, next))
			break;
		end = next;
	}
	return end;
}

static bool is_address_field(const char *name, size_t length)
{
	static const char *const names[] = { "from", "to", "cc", "bcc", "sender", "reply-to",
		"resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender",
		"resent-reply-to", "disposition-notification-to", "return-receipt-to",
		"mail-followup-to", "mail-reply-to", "errors-to" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
			return true;
	return false;
}

static bool is_content_field(const char *bytes, size_t length, size_t at)
{
	return length - at > 8 && strncasecmp(bytes + at, "content-", 8) == 0;
}

static size_t count_groups(const char *bytes, size_t at, size_t end)
{
	size_t colons = 0;

	/* Colons in quotes count as well: where quotes end is what parsers disagree about. */
	for (; at < end; at++)
		colons += bytes[at] == ':';
	return colons;
}

/* What a person or the threading needs: it has room of its own, whatever else stands there. */
static bool is_needed(const char *name, size_t length)
{
	static const char *const names[] = { "subject", "date", "message-id", "in-reply-to",
		"references", "return-path", "x-original-to", "delivered-to", "auto-submitted" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
			return true;
	return is_address_field(name, length) || is_content_field(name, length, 0);
}

/* Are there many '=?' in a row without a '?='? GMime looks for it from each to the end. */
static bool has_many_open_words(const char *bytes, size_t at, size_t end)
{
	size_t open = 0;

	for (; at + 1 < end && open <= TKT_SCAN_OPEN_WORDS; at++) {
		if (bytes[at] == '=' && bytes[at + 1] == '?')
			open++;
		else if (bytes[at] == '?' && bytes[at + 1] == '=')
			open = 0;
	}
	return open > TKT_SCAN_OPEN_WORDS;
}

/* What was let through of a header so far. */
struct passed {
	struct {
		size_t fields, bytes;
	} needed, other;
	size_t groups;
};

/* How many bytes of a field GMime may see; *trouble is set when they are not all. */
static size_t pass_field(
    struct passed *passed, const char *bytes, size_t at, size_t end, const char **trouble)
{
	size_t name = field_name(bytes, at, end), size = end - at, groups = 0;
	size_t limit =
	    is_content_field(bytes, end, at) ? TKT_SCAN_CONTENT_SIZE : TKT_SCAN_FIELD_SIZE;
	__typeof__(passed->needed) *kind =
	    is_needed(bytes + at, name) ? &passed->needed : &passed->other;

	if (is_address_field(bytes + at, name))
		groups = count_groups(bytes, at, end);
	if (size > limit) {
		*trouble = N_("a header field is too long");
		size = limit == TKT_SCAN_FIELD_SIZE ? limit : 0; /* half a type is none */
	}
	if (size > TKT_SCAN_CONTENT_SIZE && has_many_open_words(bytes, at, end)) {
		*trouble = N_("there are too many encoded words without an end");
		size = TKT_SCAN_CONTENT_SIZE;
	}
	if (kind->fields == TKT_SCAN_FIELDS) {
		*trouble = N_("there are too many header fields");
		return 0;
	}
	if (groups > TKT_SCAN_GROUPS || groups + passed->groups > TKT_SCAN_ALL_GROUPS) {
		*trouble = N_("there are too many groups of addresses");
		return 0;
	}
	if (size > TKT_SCAN_HEADER_SIZE - kind->bytes) {
		*trouble = N_("the header is too long");
		return 0;
	}
	kind->fields++;
	kind->bytes += size;
	passed->groups += groups;
	return size;
}

/* Fields of which a mail has one; of several the first sensible one counts. */
static const char *const single_names[] = { "From", "Subject", "Message-ID", "Content-Type",
	"Content-Transfer-Encoding", "Content-Disposition" };

/* Which of the single fields this is, or -1. */
static int single_field(const char *bytes, size_t at, size_t end)
{
	size_t length = field_name(bytes, at, end);

	for (size_t i = 0; i < COUNT(single_names); i++)
		if (strlen(single_names[i]) == length &&
		    strncasecmp(bytes + at, single_names[i], length) == 0)
			return (int)i;
	return -1;
}

/* Has the field a value, and a Content-Type its slash? */
static bool is_sensible(const char *bytes, size_t at, size_t end)
{
	const char *colon = memchr(bytes + at, ':', end - at), *last = bytes + end;
	const char *value = colon ? colon + 1 : last;

	while (value < last && memchr(" \t\r\n", *value, 4))
		value++;
	if (value == last)
		return false;
	return end - at < 13 || strncasecmp(bytes + at, "Content-Type", 12) != 0 ||
	    memchr(value, '/', (size_t)(last - value));
}

/* Takes note of a field; false when it is to be left out. `seen` has a bit for each single one. */
static bool note_field(const char *bytes, size_t at, size_t end, unsigned *seen)
{
	int single = single_field(bytes, at, end);
	bool is_again;

	if (single < 0)
		return true;
	if (!is_sensible(bytes, at, end))
		return false;
	is_again = *seen & 1U << single;
	*seen |= 1U << single;
	return !is_again || single == 0; /* of several From all are authors */
}

/*
 * Is the line at `at`, which is no field, only a broken one within the header? So it is when fields
 * and a blank line follow, and one of them is a field that a mail must have and this one has not
 * had yet.
 */
static bool is_stray_line(const char *bytes, size_t length, size_t at, unsigned seen)
{
	unsigned more = seen;
	size_t fields = 0;

	for (at = line_end(bytes, length, at); at < length && fields < 50; fields++) {
		size_t end = line_end(bytes, length, at);

		if (is_blank_line(bytes, at, end))
			return more != seen;
		if (field_name(bytes, at, end) == 0)
			return false;
		end = field_end(bytes, length, at);
		note_field(bytes, at, end, &more);
		at = end;
	}
	return false;
}

/* Where the header begins: behind a byte order mark, blank lines and the line of an mbox. */
static size_t header_start(const char *bytes, size_t length)
{
	size_t at = 0;

	if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	while (at < length) {
		size_t end = line_end(bytes, length, at), blank = at;

		while (blank < end && memchr(" \t\r\n", bytes[blank], 4))
			blank++;
		if (blank < end)
			break;
		at = end;
	}
	if (length - at > 5 && memcmp(bytes + at, "From ", 5) == 0)
		at = line_end(bytes, length, at);
	else if (length - at > 6 && memcmp(bytes + at, ">From ", 6) == 0)
		at = line_end(bytes, length, at);
	return at;
}

static void scan_header(const char *bytes, size_t length, struct tkt_scan *scan)
{
	struct passed passed = { .groups = 0 };
	size_t at = scan->start = header_start(bytes, length), end;
	unsigned seen = 0, strays = 0;

	while (at < length) {
		const char *trouble = NULL;

		end = line_end(bytes, length, at);
		if (is_blank_line(bytes, at, end))
			break;
		if (field_name(bytes, at, end) == 0) {
			if (scan->field_count == 0 || strays++ > 10 ||
			    !is_stray_line(bytes, length, at, seen))
				break;
			scan->rewrite = true;
			at = end;
			continue;
		}
		end = field_end(bytes, length, at);
		scan->field_count++;
		pass_field(&passed, bytes, at, end, &trouble);
		if (trouble && !scan->trouble)
			scan->trouble = trouble;
		if (!note_field(bytes, at, end, &seen))
			scan->rewrite = true;
		at = end;
	}
	scan->end = scan->body = at;
	/* As in postfix, a line that is no field begins the body even without a blank line. */
	if (at < length && is_blank_line(bytes, at, line_end(bytes, length, at)))
		scan->body = line_end(bytes, length, at);
	if (scan->body == scan->end || scan->trouble ||
	    !tkt_utf8_is_valid(bytes + scan->start, scan->end - scan->start) ||
	    tkt_charset_shifts(bytes + scan->start, scan->end - scan->start))
		scan->rewrite = true;
}

static size_t skip_blanks(const char *bytes, size_t length, size_t at)
{
	while (at < length && memchr(" \t\r\n", bytes[at], 4))
		at++;
	return at;
}

static void add_boundary(struct boundaries *all, const char *bytes, size_t length)
{
	while (length > 0 && memchr(" \t\r\n", bytes[length - 1], 4))
		length--;
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\\' || bytes[i] == '(' || bytes[i] == '%' || bytes[i] == '\n' ||
		    (unsigned char)bytes[i] < 32 || (unsigned char)bytes[i] >= 127)
			all->any_line = true;
	if (length == 0 || memmem(bytes, length, "=?", 2))
		all->any_line = true;
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].length == length &&
		    memcmp(all->items[i].bytes, bytes, length) == 0)
			return;
	if (all->count == TKT_SCAN_BOUNDARIES)
		all->many = true;
	else
		all->items[all->count++] = (struct boundary){ bytes, length };
}

/* Reads 'boundary=...' at `at`, if that is what stands there. */
static void read_boundary(struct boundaries *all, const char *bytes, size_t length, size_t at)
{
	size_t end;

	at = skip_blanks(bytes, length, at);
	if (at < length && bytes[at] == '(') { /* a comment may stand before the name */
		all->any_line = true;
		return;
	}
	if (length - at < 9 || strncasecmp(bytes + at, "boundary", 8) != 0)
		return;
	at = skip_blanks(bytes, length, at + 8);
	if (at == length || bytes[at] != '=') { /* RFC 2231, or a comment */
		all->any_line = true;
		return;
	}
	at = skip_blanks(bytes, length, at + 1);
	if (at < length && bytes[at] == '"') {
		const char *quote = memchr(bytes + at + 1, '"', length - at - 1);

		if (!quote || (size_t)(quote - bytes) - at > 1000)
			all->any_line = true;
		else
			add_boundary(all, bytes + at + 1, (size_t)(quote - bytes) - at - 1);
		return;
	}
	for (end = at; end < length && !memchr("; \t\r\n", bytes[end], 5); end++)
		;
	add_boundary(all, bytes + at, end - at);
}

static bool is_boundary_line(
    const struct boundaries *all, const char *bytes, size_t length, size_t at)
{
	if (all->any_line)
		return true;
	for (size_t i = 0; i < all->count; i++) {
		const struct boundary *boundary = &all->items[i];

		if (length - at >= boundary->length && bytes[at] == boundary->bytes[0] &&
		    memcmp(bytes + at, boundary->bytes, boundary->length) == 0)
			return true;
	}
	return false;
}

static void scan_parts(const char *bytes, size_t length, struct tkt_scan *scan)
{
	struct boundaries all = { .count = 0 };
	size_t at, end, parts = 0, fields = 0, all_fields = 0;
	bool header = false; /* of a part: lines behind a boundary, up to a blank one */

	for (at = scan->start; at < length && !all.many; at++) {
		const char *found = memchr(bytes + at, ';', length - at);

		if (!found)
			break;
		at = (size_t)(found - bytes);
		read_boundary(&all, bytes, length, at + 1);
	}
	if (all.many)
		scan->trouble = N_("parts are nested too deep");
	for (at = scan->body; at < length && !scan->trouble; at = end) {
		end = line_end(bytes, length, at);
		header = header && !is_blank_line(bytes, at, end);
		if (end - at > 2 && bytes[at] == '-' && bytes[at + 1] == '-' &&
		    is_boundary_line(&all, bytes, length, at + 2)) {
			header = true;
			fields = 0;
			if (++parts > TKT_SCAN_PARTS)
				scan->trouble = N_("there are too many parts");
		}
		if (header && (++fields > TKT_SCAN_FIELDS || ++all_fields > TKT_SCAN_PART_FIELDS))
			scan->trouble = N_("there are too many header fields");
		if (is_content_field(bytes, length, at) &&
		    field_end(bytes, length, at) - at > TKT_SCAN_CONTENT_SIZE)
			scan->trouble = N_("a header field is too long");
	}
}

void tkt_scan_mail(const char *bytes, size_t length, struct tkt_scan *scan)
{
	*scan = (struct tkt_scan){ .trouble = NULL };
	scan_header(bytes, length, scan);
	if (!scan->trouble)
		scan_parts(bytes, length, scan);
}

/* The charset that the header states for the body: likely that of its own 8-bit text too. */
static void stated_charset(const char *bytes, size_t at, size_t end, char name[40])
{
	size_t length = 0;

	name[0] = 0;
	if (strncasecmp(bytes + at, "content-type", 12) != 0)
		return;
	for (; at + 8 < end; at++)
		if (strncasecmp(bytes + at, "charset=", 8) == 0)
			break;
	for (at += 8; at < end && length < 39 && !memchr("; \t\r\n", bytes[at], 5); at++)
		if (bytes[at] != '"')
			name[length++] = bytes[at];
	name[length] = 0;
}

/* Gathers the text that is no UTF-8, and what the header says about the charset. */
static void gather(struct tkt_text *sample, const char *bytes, const struct tkt_scan *scan,
    char charset[static 40])
{
	struct passed passed = { .groups = 0 };
	const char *trouble;

	for (size_t at = scan->start, end; at < scan->end; at = end) {
		size_t size;

		end = field_end(bytes, scan->end, at);
		size = pass_field(&passed, bytes, at, end, &trouble);
		if (!tkt_utf8_is_valid(bytes + at, size))
			tkt_text_add_bytes(sample, bytes + at, size);
		if (!charset[0] && end - at > 13)
			stated_charset(bytes, at, end, charset);
	}
}

int tkt_scan_header(struct tkt_text *out, const char *bytes, const struct tkt_scan *scan,
    const char *const *languages, struct tkt_error *error)
{
	char stated[40] = "";
	const char *charset = stated;
	tkt_autotext sample;
	struct passed passed = { .groups = 0 };
	const char *trouble;
	unsigned seen = 0;

	tkt_text_init(&sample, 2 * TKT_SCAN_HEADER_SIZE);
	gather(&sample, bytes, scan, stated);
	if (!stated[0] || strcasecmp(stated, "utf-8") == 0 || strcasecmp(stated, "us-ascii") == 0 ||
	    strcasecmp(stated, "iso-8859-1") == 0 || !tkt_charset_keeps_ascii(stated))
		charset = tkt_charset_guess(sample.bytes, sample.length, languages);
	if (!tkt_charset_keeps_ascii(charset))
		charset = "WINDOWS-1252";
	for (size_t at = scan->start, end; at < scan->end; at = end) {
		size_t size;

		if (field_name(bytes, at, line_end(bytes, scan->end, at)) == 0) { /* a stray line */
			end = line_end(bytes, scan->end, at);
			continue;
		}
		end = field_end(bytes, scan->end, at);
		size = pass_field(&passed, bytes, at, end, &trouble);
		if (size == 0 || !note_field(bytes, at, end, &seen))
			continue;
		if (tkt_utf8_is_valid(bytes + at, size) && !tkt_charset_shifts(bytes + at, size))
			tkt_text_add_bytes(out, bytes + at, size);
		else if (tkt_charset_decode(out, bytes + at, size, charset, languages, error))
			return -1;
		if (out->length > 0 && out->bytes[out->length - 1] != '\n')
			tkt_text_add_byte(out, '\n');
	}
	tkt_text_add_byte(out, '\n');
	return tkt_text_check(out, error);
}
