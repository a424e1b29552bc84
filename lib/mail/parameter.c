#include "mail/parameter.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoded.h"

#include "base/banned.h"

#define BLANKS " \t\r\n"
#define PIECES 200    /* of one value; what has more is no name */
#define PLAIN (-1)    /* 'name=' */
#define EXTENDED (-2) /* 'name*=' */

/* 'name*NUMBER*=value' */
struct piece {
	int number;   /* or PLAIN, or EXTENDED */
	bool encoded; /* by percents */
	char *value;  /* owned, unquoted */
};

struct pieces {
	struct piece items[PIECES];
	size_t count;
};

/* What stands behind '=': quoted, or up to the ';'. Moves *at behind it. NULL: no memory. */
static char *read_value(const char **at)
{
	bool quoted = **at == '"';
	tkt_autotext value;
	size_t word;

	tkt_text_init(&value, TKT_TEXT_LIMIT);
	for (*at += quoted; **at && **at != (quoted ? '"' : ';'); ++*at) {
		if (quoted && **at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\')) {
			tkt_text_add_byte(&value, *++*at);
		} else if (!quoted && (word = tkt_encoded_length(*at))) {
			tkt_text_add_bytes(&value, *at, word);
			*at += word - 1;
		} else if (**at != '\r' && **at != '\n') {
			tkt_text_add_byte(&value, **at);
		}
	}
	*at += **at == '"';
	while (!quoted && value.length > 0 && strchr(BLANKS, value.bytes[value.length - 1]))
		tkt_text_truncate(&value, value.length - 1);
	return tkt_text_take(&value);
}

/* What stands behind the name, '*', '*3', '*3*' or nothing; false when the name goes on. */
static bool read_number(const char *at, size_t length, struct piece *piece)
{
	size_t digits;

	piece->number = PLAIN;
	piece->encoded = length > 0 && at[length - 1] == '*';
	if (length == 0)
		return true;
	if (*at != '*')
		return false;
	if (length == 1) {
		piece->number = EXTENDED;
		return true;
	}
	digits = strspn(at + 1, "0123456789");
	piece->number = 0;
	for (size_t i = 0; i < digits && i < 3; i++)
		piece->number = piece->number * 10 + (at[1 + i] - '0');
	return digits > 0 && digits <= 3 && digits + 1 + piece->encoded == length;
}

/* Gathers the pieces of the parameter `name`. */
static void gather(struct pieces *pieces, const char *at, const char *name)
{
	size_t name_length = strlen(name);

	while (*at && pieces->count < PIECES) {
		struct piece piece = { .number = PLAIN };
		size_t length;
		const char *key;

		at += strspn(at, BLANKS ";");
		key = at;
		length = strcspn(at, "=;" BLANKS);
		at += length;
		at += strspn(at, BLANKS);
		if (*at != '=') { /* the type itself, or what has no value */
			at += strcspn(at, ";");
			continue;
		}
		at += 1 + strspn(at + 1, BLANKS);
		piece.value = read_value(&at);
		if (piece.value && length >= name_length &&
		    strncasecmp(key, name, name_length) == 0 &&
		    read_number(key + name_length, length - name_length, &piece))
			pieces->items[pieces->count++] = piece;
		else
			free(piece.value);
	}
}

static int compare(const void *one, const void *other)
{
	return ((const struct piece *)one)->number - ((const struct piece *)other)->number;
}

static void add_percents(struct tkt_text *out, const char *value)
{
	for (; *value; value++) {
		int high = *value == '%' ? g_ascii_xdigit_value(value[1]) : -1,
		    low = high < 0 ? -1 : g_ascii_xdigit_value(value[2]);

		tkt_text_add_byte(out, low < 0 ? *value : (char)(high << 4 | low));
		value += low < 0 ? 0 : 2;
	}
}

/* "utf-8'ru'" at the start of an encoded value: its charset in `charset`. Returns what follows. */
static const char *read_charset(const char *value, char charset[static 40])
{
	const char *first = strchr(value, '\''), *second = first ? strchr(first + 1, '\'') : NULL;

	if (!second || (size_t)(first - value) >= 40)
		return value;
	snprintf(charset, 40, "%.*s", (int)(first - value), value);
	return second + 1;
}

/* The bytes and the charset of the value: of 'name*', else of the numbered pieces, else of 'name'.
 */
static void join(struct tkt_text *out, struct pieces *pieces, char charset[static 40])
{
	int kind = PLAIN;
	bool first = true;

	qsort(pieces->items, pieces->count, sizeof pieces->items[0], compare);
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->items[i].number >= 0 && kind == PLAIN)
			kind = 0;
	if (pieces->count > 0 && pieces->items[0].number == EXTENDED)
		kind = EXTENDED;
	for (size_t i = 0; i < pieces->count; i++) {
		const struct piece *piece = &pieces->items[i];

		if (kind >= 0 ? piece->number < 0 : piece->number != kind)
			continue;
		if (piece->encoded)
			add_percents(
			    out, first ? read_charset(piece->value, charset) : piece->value);
		else
			tkt_text_add(out, piece->value);
		first = false;
		if (kind < 0)
			break;
	}
}

char *tkt_parameter_read(const char *value, const char *name, const char *const *languages)
{
	struct pieces pieces = { .count = 0 };
	char charset[40] = "";
	struct tkt_error error;
	tkt_autotext bytes, text, decoded;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	if (value)
		gather(&pieces, value, name);
	if (pieces.count == 0)
		return NULL;
	join(&bytes, &pieces, charset);
	for (size_t i = 0; i < pieces.count; i++)
		free(pieces.items[i].value);
	if (tkt_charset_decode(&text, bytes.bytes, bytes.length, charset, languages, &error))
		return NULL;
	tkt_encoded_decode(&decoded, text.bytes, languages);
	return tkt_text_take(&decoded);
}
