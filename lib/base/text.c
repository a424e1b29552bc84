#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

static char nothing[1]; /* what `bytes` is before memory is needed; never written to */

void tkt_text_init(struct tkt_text *text, size_t limit)
{
	*text = (struct tkt_text){ .bytes = nothing, .limit = limit };
}

void tkt_text_clear(struct tkt_text *text)
{
	if (text->allocated > 0)
		free(text->bytes);
	tkt_text_init(text, text->limit);
}

void tkt_text_reset(struct tkt_text *text)
{
	text->failed = false;
	text->out_of_memory = false;
	tkt_text_truncate(text, 0);
}

void tkt_text_truncate(struct tkt_text *text, size_t length)
{
	if (text->allocated == 0 || length > text->length)
		return;
	text->length = length;
	text->bytes[length] = '\0';
}

/* Makes room for `length` more bytes and a NUL. 0, or -1 with text->failed set. */
static int grow(struct tkt_text *text, size_t length)
{
	size_t needed, size = text->allocated < 256 ? 256 : text->allocated;
	char *bytes;

	if (text->failed)
		return -1;
	if (length > text->limit - text->length) {
		text->failed = true;
		return -1;
	}
	needed = text->length + length + 1;
	if (needed <= text->allocated)
		return 0;
	while (size < needed)
		size = size > SIZE_MAX / 2 ? needed : size * 2;
	bytes = realloc(text->allocated > 0 ? text->bytes : NULL, size);
	if (!bytes) {
		text->failed = true;
		text->out_of_memory = true;
		return -1;
	}
	bytes[text->length] = '\0';
	text->bytes = bytes;
	text->allocated = size;
	return 0;
}

void tkt_text_add(struct tkt_text *text, const char *string)
{
	tkt_text_add_bytes(text, string, strlen(string));
}

void tkt_text_add_bytes(struct tkt_text *text, const void *bytes, size_t length)
{
	if (length == 0 || grow(text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void tkt_text_add_byte(struct tkt_text *text, char byte)
{
	tkt_text_add_bytes(text, &byte, 1);
}

void tkt_text_format(struct tkt_text *text, const char *format, ...)
{
	size_t room = text->failed || !text->allocated ? 0 : text->allocated - text->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(room ? text->bytes + text->length : NULL, room, format, arguments);
	va_end(arguments);
	if (length > 0 && (size_t)length < room && (size_t)length <= text->limit - text->length) {
		text->length += (size_t)length;
		return;
	}
	if (room)
		text->bytes[text->length] = '\0'; /* what was cut off never stood there */
	if (length < 0)
		text->failed = true;
	if (length <= 0 || grow(text, (size_t)length))
		return;
	va_start(arguments, format);
	vsnprintf(text->bytes + text->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t)length;
}

void tkt_text_add_tsv(struct tkt_text *text, const char *bytes, size_t length)
{
	size_t index, from = 0;

	for (index = 0; index < length; index++) {
		char byte = bytes[index];

		if (byte != '\t' && byte != '\n' && byte != '\\')
			continue;
		tkt_text_add_bytes(text, bytes + from, index - from);
		tkt_text_add(text, byte == '\t' ? "\\t" : byte == '\n' ? "\\n" : "\\\\");
		from = index + 1;
	}
	tkt_text_add_bytes(text, bytes + from, length - from);
}

void tkt_text_add_csv(struct tkt_text *text, const char *bytes, size_t length)
{
	bool is_quoted = false;
	size_t index;

	for (index = 0; index < length && !is_quoted; index++)
		is_quoted = strchr(",\"\r\n", bytes[index]) != NULL;
	if (!is_quoted) {
		tkt_text_add_bytes(text, bytes, length);
		return;
	}
	tkt_text_add_byte(text, '"');
	for (index = 0; index < length; index++) {
		if (bytes[index] == '"')
			tkt_text_add_byte(text, '"');
		tkt_text_add_byte(text, bytes[index]);
	}
	tkt_text_add_byte(text, '"');
}

char *tkt_text_room(struct tkt_text *text, size_t length)
{
	return grow(text, length) ? NULL : text->bytes + text->length;
}

void tkt_text_wrote(struct tkt_text *text, size_t length)
{
	text->length += length;
	text->bytes[text->length] = '\0';
}

int tkt_text_check(const struct tkt_text *text, struct tkt_error *error)
{
	if (!text->failed)
		return 0;
	if (text->out_of_memory)
		return tkt_error_set_memory(error);
	return tkt_error_set(
	    error, TKT_ERROR_DATA, _("a text is longer than its limit of %zu bytes"), text->limit);
}

char *tkt_text_take(struct tkt_text *text)
{
	char *bytes;

	if (grow(text, 0))
		return NULL;
	bytes = text->bytes;
	tkt_text_init(text, text->limit);
	return bytes;
}

int tkt_number_parse(const char *string, int64_t *number)
{
	bool negative = *string == '-';
	int64_t sum = 0;

	if (negative)
		string++;
	if (!*string)
		return -1;
	for (; *string; string++) {
		int digit = *string - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, negative ? -digit : digit, &sum))
			return -1;
	}
	*number = sum;
	return 0;
}

bool tkt_text_is_empty(const char *string)
{
	return !string || !*string;
}

int tkt_text_keep(char **to, const char *string, struct tkt_error *error)
{
	*to = string ? strdup(string) : NULL;
	return *to || !string ? 0 : tkt_error_set_memory(error);
}

void tkt_texts_free(char **texts)
{
	size_t i;

	for (i = 0; texts && texts[i]; i++)
		free(texts[i]);
	free(texts);
}

const char *tkt_next_line(const char *at, const char *end)
{
	const char *found = memchr(at, '\n', (size_t)(end - at));

	return found ? found + 1 : end;
}
