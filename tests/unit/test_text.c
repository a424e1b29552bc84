/* tests/unit/test_text.c: bytes that grow up to a limit; numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"

static void test_grows(void **state)
{
	tkt_autotext text;
	int number;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_string_equal(text.bytes, "");
	for (number = 0; number < 1000; number++)
		tkt_text_format(&text, "%03d,", number);
	assert_int_equal(text.length, 4000);
	assert_memory_equal(text.bytes + 3992, "998,999,", 9); /* with its NUL */
	tkt_text_truncate(&text, 7);
	tkt_text_add(&text, "x");
	tkt_text_add_byte(&text, '\0');
	tkt_text_add_bytes(&text, "yz", 2);
	assert_int_equal(text.length, 11);
	assert_memory_equal(text.bytes, "000,001x\0yz", 12);
	tkt_text_truncate(&text, 100);
	assert_int_equal(text.length, 11);
	tkt_text_reset(&text);
	assert_string_equal(text.bytes, "");
	assert_int_equal(text.length, 0);
}

static void test_failure_is_sticky(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, 5);
	tkt_text_add(&text, "12345");
	assert_int_equal(tkt_text_check(&text, &error), 0);
	tkt_text_add(&text, "6");
	assert_true(text.failed);
	tkt_text_truncate(&text, 1);
	tkt_text_add(&text, "7");
	tkt_text_format(&text, "%d", 7);
	assert_null(tkt_text_room(&text, 1));
	assert_string_equal(text.bytes, "1");
	assert_int_equal(tkt_text_check(&text, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, "a text is longer than its limit of 5 bytes");
	assert_null(tkt_text_take(&text));
	tkt_text_reset(&text);
	tkt_text_format(&text, "%s", "abcde");
	assert_false(text.failed);
	assert_string_equal(text.bytes, "abcde");
	tkt_text_reset(&text);
	tkt_text_format(&text, "%s", "abcdef");
	assert_int_equal(tkt_text_check(&text, &error), -1);
	assert_string_equal(text.bytes, "");
}

/* What does not fit into the room that is there leaves no trace of a first try. */
static void test_format_grows(void **state)
{
	char expected[600];
	tkt_autotext text;
	int at;

	(void)state;
	tkt_text_init(&text, 600);
	for (at = 0; at < 598; at += 13)
		tkt_text_format(&text, "%013d", at);
	for (at = 0; at < 598; at += 13)
		snprintf(expected + at, sizeof(expected) - (size_t)at, "%013d", at);
	assert_false(text.failed);
	assert_string_equal(text.bytes, expected);
	tkt_text_format(&text, "%s", "too long");
	assert_true(text.failed);
	assert_string_equal(text.bytes, expected);
}

static void test_memory_out_is_temporary(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, SIZE_MAX / 2);
	text.failed = text.out_of_memory = true; /* as a failed realloc() leaves it */
	assert_int_equal(tkt_text_check(&text, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_TEMPORARY);
	tkt_text_reset(&text);
	assert_int_equal(tkt_text_check(&text, &error), 0);
	text.failed = true;
	assert_int_equal(tkt_text_check(&text, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
}

static void test_room_and_take(void **state)
{
	tkt_autotext text;
	char *room, *taken;

	(void)state;
	tkt_text_init(&text, 100);
	taken = tkt_text_take(&text);
	assert_string_equal(taken, "");
	free(taken);
	tkt_text_add(&text, "ab");
	room = tkt_text_room(&text, 98);
	assert_non_null(room);
	memcpy(room, "cd", 2);
	tkt_text_wrote(&text, 2);
	assert_string_equal(text.bytes, "abcd");
	taken = tkt_text_take(&text);
	assert_string_equal(taken, "abcd");
	free(taken);
	assert_string_equal(text.bytes, "");
	tkt_text_add(&text, "again");
	assert_string_equal(text.bytes, "again");
}

static void test_numbers(void **state)
{
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1x", "0x1", "1.0", "--1",
		"9223372036854775808", "-9223372036854775809" };
	int64_t number = 42;
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(bad) / sizeof(bad[0]); row++)
		assert_int_equal(tkt_number_parse(bad[row], &number), -1);
	assert_int_equal(number, 42);
	assert_int_equal(tkt_number_parse("007", &number), 0);
	assert_int_equal(number, 7);
	assert_int_equal(tkt_number_parse("9223372036854775807", &number), 0);
	assert_true(number == INT64_MAX);
	assert_int_equal(tkt_number_parse("-9223372036854775808", &number), 0);
	assert_true(number == INT64_MIN);
}

static void test_equal_and_empty(void **state)
{
	(void)state;
	assert_true(tkt_text_equal(NULL, NULL));
	assert_true(tkt_text_equal("a", "a"));
	assert_false(tkt_text_equal("a", "b"));
	assert_false(tkt_text_equal("", NULL));
	assert_false(tkt_text_equal(NULL, ""));
	assert_true(tkt_text_is_empty(NULL));
	assert_true(tkt_text_is_empty(""));
	assert_false(tkt_text_is_empty(" "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_failure_is_sticky),
		cmocka_unit_test(test_format_grows),
		cmocka_unit_test(test_memory_out_is_temporary),
		cmocka_unit_test(test_room_and_take),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_equal_and_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
