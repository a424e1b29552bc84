#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "json/stored.h"
#include "json/stream.h"

/* An exact copy without a NUL behind it, so that a sanitizer sees a byte too much. */
static json_t *read_bytes(const char *text, size_t length)
{
	char *copy = malloc(length ? length : 1);
	json_t *value;

	assert_non_null(copy);
	memcpy(copy, text, length);
	value = tkt_stored_read(copy, length);
	free(copy);
	return value;
}

static void test_reads(void **state)
{
	static const char *const texts[] = { "{}", "[]", "null", "true", "0", "-1",
		"999999999999999999", "-999999999999999999", "\"\"", "[\"a\",\"b\"]",
		"[{\"name\":\"first_response\",\"cycle\":1,\"steps\":[\"75%\"]},{}]",
		"{\"a\":{\"b\":[[],[false,null,-7]]},\"c\":\"~ !\"}" };
	size_t index;

	(void)state;
	for (index = 0; index < sizeof(texts) / sizeof(texts[0]); index++) {
		json_auto_t *value = read_bytes(texts[index], strlen(texts[index]));
		tkt_autotext again;

		if (!value)
			fail_msg("%s", texts[index]);
		tkt_text_init(&again, TKT_TEXT_LIMIT);
		tkt_value_write(&again, value);
		assert_string_equal(again.bytes, texts[index]);
	}
}

/* What it leaves to Jansson, right or wrong. */
static void test_declines(void **state)
{
	static const char *const texts[] = { "", " 1", "1 ", "[1, 2]", "1.5", "1e3", "01", "-0",
		"-", "1000000000000000000", "\"\\n\"", "\"\xd0\xb6\"", "\"\x7f\"", "\"a", "[", "[1",
		"[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "tru",
		"nulls", "[}", "1]", "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]" };
	size_t index;

	(void)state;
	for (index = 0; index < sizeof(texts) / sizeof(texts[0]); index++) {
		json_t *value = read_bytes(texts[index], strlen(texts[index]));

		if (value)
			fail_msg("%s", texts[index]);
	}
}

/* Whatever it reads at all, Jansson reads alike. */
static void test_agrees_with_jansson(void **state)
{
	static const char alphabet[] = "{}[]\",:0123-tfn ae\\u.x";
	static const char start[] = "[{\"a\":\"b\",\"c\":-12,\"a\":[true,null]},\"de\",{\"f\":{}}]";
	unsigned seed = 7;
	int round, read = 0;

	(void)state;
	for (round = 0; round < 20000; round++) {
		char text[sizeof(start)];
		int edits;

		memcpy(text, start, sizeof(start));
		for (edits = round % 4; edits > 0; edits--)
			text[(unsigned)rand_r(&seed) % (sizeof(start) - 1)] =
			    alphabet[(unsigned)rand_r(&seed) % (sizeof(alphabet) - 1)];
		json_auto_t *value = read_bytes(text, sizeof(start) - 1);
		json_auto_t *expected = json_loadb(text, sizeof(start) - 1, JSON_DECODE_ANY, NULL);
		read += value != NULL;
		if (value && !json_equal(value, expected))
			fail_msg("%s", text);
	}
	assert_in_range(read, 5000, 19999);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_declines),
		cmocka_unit_test(test_agrees_with_jansson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
