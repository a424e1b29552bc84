#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "mail/header.h"

#include "base/banned.h"

#define ID_LIMIT 998 /* bytes of a line of RFC 5322, 2.1.1 */
#define IDS_LIMIT 200

#define BLANKS " \t\r\n\v\f"

enum word {
	END,
	ID,   /* it stood in <> */
	BARE, /* it looks like one, and stands alone */
	TEXT,
};

/* Where we are in a value, and what was found last. */
struct reader {
	const char *at, *end;
	const char *id; /* not ended by NUL */
	size_t length;
};

static bool is_blank(char byte)
{
	return byte && strchr(BLANKS, byte);
}

/* Bytes until one of `stops`, or the end. */
static size_t span(const char *from, const char *end, const char *stops)
{
	const char *at = from;

	while (at < end && (!*at || !strchr(stops, *at)))
		at++;
	return (size_t)(at - from);
}

static size_t count(const char *bytes, size_t length, char byte)
{
	size_t found = 0;

	for (size_t i = 0; i < length; i++)
		found += bytes[i] == byte;
	return found;
}

/* 'left@right', as mailers that forget the brackets write it? */
static bool looks_like_id(const char *bytes, size_t length)
{
	return length >= 3 && length <= ID_LIMIT && count(bytes, length, '@') == 1 &&
	    bytes[0] != '@' && bytes[length - 1] != '@' && !memchr(bytes, ':', length) &&
	    !memchr(bytes, '(', length);
}

/* Behind '<'. A bracket that was left open, or closes two ids, ends at the first blank. */
static enum word read_bracket(struct reader *reader)
{
	size_t length, word;
	bool closed;

	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
	length = span(reader->at, reader->end, "<>");
	word = span(reader->at, reader->at + length, BLANKS);
	closed = reader->at + length < reader->end && reader->at[length] == '>' &&
	    !(word < length && count(reader->at, length, '@') > 1);
	reader->id = reader->at;
	reader->length = closed ? length : word;
	reader->at += reader->length + closed;
	if (closed ? reader->length > 0 && reader->length <= ID_LIMIT
		   : looks_like_id(reader->id, reader->length))
		return ID;
	return TEXT;
}

static enum word read_word(struct reader *reader)
{
	while (reader->at < reader->end && (!*reader->at || strchr(BLANKS ",;\">", *reader->at)))
		reader->at++;
	if (reader->at == reader->end)
		return END;
	if (*reader->at == '<') {
		reader->at++;
		return read_bracket(reader);
	}
	reader->id = reader->at;
	reader->length = span(reader->at, reader->end, BLANKS ",;\"<>");
	reader->at += reader->length;
	return looks_like_id(reader->id, reader->length) ? BARE : TEXT;
}

/* Adds an id without the blanks and controls that a mailer has put into it. */
static void add_squeezed(struct tkt_text *out, const char *id, size_t length)
{
	tkt_autotext squeezed;

	tkt_text_init(&squeezed, ID_LIMIT + 1);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)id[i] > ' ' && id[i] != 127)
			tkt_text_add_byte(&squeezed, id[i]);
	tkt_utf8_repair(out, squeezed.bytes, squeezed.length);
}

static void add_id(json_t *ids, const char *id, size_t length)
{
	tkt_autotext text;

	tkt_text_init(&text, (size_t)ID_LIMIT * 4);
	add_squeezed(&text, id, length);
	if (text.length == 0)
		return;
	json_array_append_new(ids, json_stringn(text.bytes, text.length));
	if (json_array_size(ids) > IDS_LIMIT) /* the first is the thread's, the last are near */
		json_array_remove(ids, 1);
}

void tkt_header_ids_of(const char *value, size_t length, json_t *ids)
{
	struct reader first = { .at = value, .end = value + length }, reader = first;
	size_t brackets = 0, seen = 0;
	bool only_ids = true, named = false;
	enum word word;

	while ((word = read_word(&first)) != END) {
		brackets += word == ID;
		only_ids = only_ids && word != TEXT;
	}
	while ((word = read_word(&reader)) != END) {
		/* 'Message from Anna <anna@example.org> of Monday <id>': an address is no id. */
		if (word == TEXT && seen == 0)
			named = named || (reader.length == 4 && !strncasecmp(reader.id, "from", 4));
		if (word == ID && seen++ == 0 && named && brackets > 1)
			continue;
		if (word == ID || (word == BARE && only_ids))
			add_id(ids, reader.id, reader.length);
	}
}

/* The value in clear: some mailers write ids as encoded words. To be freed. */
static char *clear_value(const char *raw)
{
	g_autofree char *unfolded = NULL, *decoded = NULL;

	if (strchr(raw, '<') || !strstr(raw, "=?"))
		return strdup(raw);
	unfolded = g_mime_utils_header_unfold(raw);
	decoded = g_mime_utils_header_decode_text(NULL, unfolded);
	return strdup(decoded);
}

void tkt_header_ids(GMimeObject *object, const char *name, json_t *ids)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		tkt_autofree char *value = NULL;

		if (strcasecmp(g_mime_header_get_name(header), name) != 0)
			continue;
		value = clear_value(g_mime_header_get_raw_value(header));
		if (value)
			tkt_header_ids_of(value, strlen(value), ids);
	}
}

char *tkt_header_id(GMimeObject *object, const char *name)
{
	GMimeHeader *header =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(object), name);
	const char *raw = header ? g_mime_header_get_raw_value(header) : "";
	struct reader reader = { .at = raw, .end = raw + strlen(raw) };
	tkt_autotext text;
	enum word word;

	tkt_text_init(&text, (size_t)ID_LIMIT * 4);
	while ((word = read_word(&reader)) != END && word != ID)
		;
	if (word == END) { /* without its brackets, whatever it looks like */
		reader.id = raw + strspn(raw, " \t\r\n<");
		reader.length = strcspn(reader.id, " \t\r\n>");
	}
	add_squeezed(&text, reader.id, reader.length > ID_LIMIT ? ID_LIMIT : reader.length);
	return tkt_text_take(&text);
}

void tkt_header_ids_in(const char *bytes, size_t length, const char *name, json_t *ids)
{
	size_t name_length = strlen(name);
	const char *end = bytes + length;

	for (const char *at = bytes; at < end;) {
		const char *next = tkt_next_line(at, end);

		at += at < next && *at == '>';
		while (at < next && *at == ' ')
			at++;
		if ((size_t)(next - at) > name_length && at[name_length] == ':' &&
		    strncasecmp(at, name, name_length) == 0) {
			struct reader reader;
			enum word word;

			/* A long id stands on the next line. */
			while (next < end && (*next == ' ' || *next == '\t'))
				next = tkt_next_line(next, end);
			reader = (struct reader){ .at = at + name_length + 1, .end = next };
			while ((word = read_word(&reader)) != END && word != ID)
				;
			if (word == ID)
				add_id(ids, reader.id, reader.length);
		}
		at = next;
	}
}
