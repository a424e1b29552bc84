/* tests/unit/test_utf8.c: UTF-8: checked, repaired, measured, shown. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/utf8.h"

#define BROKEN "\xEF\xBF\xBD"

static const struct {
	const char *bytes;
	size_t length;
	const char *repaired; /* NULL: valid */
} rows[] = {
	{ "", 0, NULL },
	{ "plain text, longer than eight", 29, NULL },
	{ "\xD0\xB6\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD\xF4\x8F\xBF\xBF", 16, NULL },
	{ "12345678\xFF", 9, "12345678" BROKEN },
	{ "1234567\0"
	  "9",
	    9, "1234567" BROKEN "9" },
	{ "\0", 1, BROKEN },
	{ "a\x80"
	  "b",
	    3, "a" BROKEN "b" },
	{ "\xC0\x80", 2, BROKEN BROKEN },
	{ "\xC1\xBF", 2, BROKEN BROKEN },
	{ "\xE0\x80\x80", 3, BROKEN BROKEN BROKEN },
	{ "\xF0\x80\x80\x80", 4, BROKEN BROKEN BROKEN BROKEN },
	{ "\xED\xA0\x80", 3, BROKEN BROKEN BROKEN },
	{ "\xF4\x90\x80\x80", 4, BROKEN BROKEN BROKEN BROKEN },
	{ "\xF5\x80", 2, BROKEN BROKEN },
	{ "\xE2\x82"
	  "x",
	    3, BROKEN "x" },
	{ "\xF0\x9F\x98", 3, BROKEN },
	{ "\xE2\x82\xE2\x82\xAC", 5, BROKEN "\xE2\x82\xAC" },
	{ "\r\n\r", 3, NULL },
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void test_valid_or_repaired(void **state)
{
	size_t row;

	(void)state;
	for (row = 0; row < ROW_COUNT; row++) {
		char *copy = malloc(rows[row].length); /* its end is watched by a sanitizer */
		tkt_autotext out;

		if (rows[row].length > 0)
			memcpy(copy, rows[row].bytes, rows[row].length);
		tkt_text_init(&out, TKT_TEXT_LIMIT);
		assert_int_equal(
		    tkt_utf8_is_valid(copy, rows[row].length), rows[row].repaired == NULL);
		tkt_utf8_repair(&out, copy, rows[row].length);
		assert_string_equal(
		    out.bytes, rows[row].repaired ? rows[row].repaired : rows[row].bytes);
		free(copy);
	}
}

static void test_every_code_point(void **state)
{
	uint32_t point;

	(void)state;
	for (point = 1; point <= 0x10FFFF; point++) {
		char bytes[4];
		size_t length = 0, at = 0;

		if (point < 0x80) {
			bytes[length++] = (char)point;
		} else if (point < 0x800) {
			bytes[length++] = (char)(0xC0 | point >> 6);
			bytes[length++] = (char)(0x80 | (point & 0x3F));
		} else if (point < 0x10000) {
			bytes[length++] = (char)(0xE0 | point >> 12);
			bytes[length++] = (char)(0x80 | (point >> 6 & 0x3F));
			bytes[length++] = (char)(0x80 | (point & 0x3F));
		} else {
			bytes[length++] = (char)(0xF0 | point >> 18);
			bytes[length++] = (char)(0x80 | (point >> 12 & 0x3F));
			bytes[length++] = (char)(0x80 | (point >> 6 & 0x3F));
			bytes[length++] = (char)(0x80 | (point & 0x3F));
		}
		if (point >= 0xD800 && point <= 0xDFFF) {
			assert_false(tkt_utf8_is_valid(bytes, length));
			continue;
		}
		assert_true(tkt_utf8_is_valid(bytes, length));
		assert_int_equal(tkt_utf8_next(bytes, length, &at), point);
		assert_int_equal(at, length);
	}
}

static void test_width(void **state)
{
	static const char text[] = "a\xD0\xB6\xE6\x97\xA5"
				   "e\xCC\x81!"; /* a zhe day e acute ! */

	(void)state;
	assert_int_equal(tkt_utf8_width("", 0), 0);
	assert_int_equal(tkt_utf8_width("\x1b\n", 2), 0);
	assert_int_equal(tkt_utf8_width("\xFF", 1), 1);
	assert_int_equal(tkt_utf8_width(text, sizeof(text) - 1), 6);
	assert_int_equal(tkt_utf8_fit(text, sizeof(text) - 1, 0), 0);
	assert_int_equal(tkt_utf8_fit(text, sizeof(text) - 1, 2), 3);
	assert_int_equal(tkt_utf8_fit(text, sizeof(text) - 1, 3), 3); /* half a wide one is none */
	assert_int_equal(tkt_utf8_fit(text, sizeof(text) - 1, 4), 6);
	assert_int_equal(tkt_utf8_fit(text, sizeof(text) - 1, 5), 9); /* with its accent */
	assert_int_equal(tkt_utf8_fit(text, sizeof(text) - 1, 80), 10);
}

static void assert_shown(const char *bytes, enum tkt_utf8_lines lines, const char *shown)
{
	tkt_autotext out;

	tkt_text_init(&out, TKT_TEXT_LIMIT);
	tkt_utf8_terminal(&out, bytes, strlen(bytes), lines);
	assert_string_equal(out.bytes, shown);
}

static void test_terminal(void **state)
{
	(void)state;
	assert_shown("a\x1b[31mb\x07\x7f\x01", TKT_UTF8_LINES, "a^[[31mb^G^?^A");
	assert_shown("a\tb\nc\rd", TKT_UTF8_LINES, "a\tb\nc^Md");
	assert_shown("a\tb\nc\rd", TKT_UTF8_ONE_LINE, "a^Ib^Jc^Md");
	assert_shown(
	    "\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0", TKT_UTF8_LINES, "<U+0080><U+009B><U+009F>\xC2\xA0");
	assert_shown(
	    "\xD8\x9C\xE2\x80\x8E\xE2\x80\x8F\xE2\x80\xAA\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9",
	    TKT_UTF8_LINES, "<U+061C><U+200E><U+200F><U+202A><U+202E><U+2066><U+2069>");
	assert_shown("\xE2\x80\x8D\xE2\x80\xA9\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA", TKT_UTF8_LINES,
	    "\xE2\x80\x8D\xE2\x80\xA9\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA");
	assert_shown("x\x9b"
		     "y",
	    TKT_UTF8_LINES, "x" BROKEN "y");
}

static void test_lower(void **state)
{
	char address[] = "Anna.@[`{Z\xD0\x96@Example.ORG";

	(void)state;
	tkt_ascii_lower(address);
	assert_string_equal(address, "anna.@[`{z\xD0\x96@example.org");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid_or_repaired),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_lower),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
