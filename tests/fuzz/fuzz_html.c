/*
 * Any bytes as HTML: the reader ends, and its text is valid UTF-8 without NUL, within its limit.
 *
 * Seeds: pages and pieces of them.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/utf8.h"
#include "mail/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char charset[40];
	struct tkt_error error;
	tkt_autotext html, text;

	tkt_text_init(&html, TKT_TEXT_LIMIT);
	tkt_text_init(&text, length % 16 == 0 ? 64 : 4 * TKT_TEXT_LIMIT);
	tkt_html_charset((const char *)bytes, length, charset);
	tkt_utf8_repair(&html, (const char *)bytes, length);
	require(tkt_html_to_text(&text, html.bytes, html.length, &error) == 0);
	require(text.length <= text.limit && tkt_utf8_is_valid(text.bytes, text.length));
	return 0;
}
