/*
 * Any bytes as text of a charset, and as a value with encoded words: what comes out is valid UTF-8.
 * The first line is the charset that the mail states, the second the language that is expected.
 *
 * Seeds: a charset, a language, and text.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "mail/charset.h"
#include "mail/encoded.h"

#include "quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Copies the first line, as far as there is room, and moves behind it. */
static void take_line(const char **at, size_t *length, char line[40])
{
	const char *end = memchr(*at, '\n', *length);
	size_t size = end ? (size_t)(end - *at) : *length;

	snprintf(line, 40, "%.*s", (int)size, *at);
	*length -= size + !!end;
	*at += size + !!end;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const char *at = (const char *)bytes;
	char charset[40], language[40];
	const char *const languages[] = { language, NULL };
	struct tkt_error error;
	char *copy, *value;
	tkt_autotext text, words;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_init(&words, TKT_TEXT_LIMIT);
	take_line(&at, &length, charset);
	take_line(&at, &length, language);
	copy = malloc(length ? length : 1); /* no NUL behind it: reading past the end is seen */
	value = strndup(at, length);
	require(copy && value);
	memcpy(copy, at, length);
	require(tkt_charset_decode(&text, copy, length, *charset ? charset : NULL,
		    *language ? languages : NULL, &error) == 0);
	require(tkt_utf8_is_valid(text.bytes, text.length));
	require(tkt_charset_guess(copy, length, *language ? languages : NULL) != NULL);
	tkt_encoded_decode(&words, value, *language ? languages : NULL);
	require(!words.failed &&
	    (!tkt_utf8_is_valid(value, strlen(value)) ||
		tkt_utf8_is_valid(words.bytes, words.length)));
	free(copy);
	free(value);
	return 0;
}
