/*
 * Any bytes as the text of a letter: each line gets a mark, and what is new is made of lines of the
 * text, in their order. The first byte chooses what kind of letter it is.
 *
 * Seeds: texts of letters, each behind one byte.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "mail/quote.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_marks(const char *text, size_t length, const struct tkt_text *marks)
{
	size_t lines = 0;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n' || i + 1 == length;
	require(marks->length == lines);
	require(strspn(marks->bytes, "nqs") == lines);
}

/* Each line of `new_text` that is not empty is one of the text, behind the one before. */
static void check_new(const char *text, size_t length, const struct tkt_text *new_text)
{
	const char *at = text, *end = text + length;

	for (size_t i = 0; i < new_text->length;) {
		const char *line = new_text->bytes + i;
		size_t size = strcspn(line, "\n");

		i += size + 1;
		while (size > 0) {
			const char *stop = memchr(at, '\n', (size_t)(end - at));
			size_t own = (size_t)((stop ? stop : end) - at);
			bool same = own == size && memcmp(at, line, size) == 0;

			require(same || stop);
			at = stop ? stop + 1 : end;
			if (same)
				break;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	enum tkt_quote_letter letter;
	struct tkt_text marks, new_text;
	struct tkt_error error;
	char *copy;

	if (length == 0 || memchr(bytes + 1, 0, length - 1)) /* a body has no NUL */
		return 0;
	letter = (enum tkt_quote_letter)(bytes[0] % 3);
	length--;
	copy = malloc(length ? length : 1); /* no NUL behind it: reading past the end is seen */
	require(copy != NULL);
	memcpy(copy, bytes + 1, length);
	tkt_text_init(&marks, TKT_TEXT_LIMIT);
	tkt_text_init(&new_text, TKT_TEXT_LIMIT);
	require(tkt_quote_mark(copy, length, letter, &marks, &error) == 0);
	check_marks(copy, length, &marks);
	require(tkt_quote_add_new(&new_text, copy, length, letter, &error) == 0);
	check_new(copy, length, &new_text);
	tkt_text_clear(&marks);
	tkt_text_clear(&new_text);
	free(copy);
	return 0;
}
