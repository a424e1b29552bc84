/* tests/unit/test_error.c: kinds, statuses and texts of errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/error.h"

static void test_text_is_formatted(void **state)
{
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(
	    tkt_error_set(&error, TKT_ERROR_DATA, "ticket '%s' is %s", "SUP-7", "closed"), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, "ticket 'SUP-7' is closed");
	assert_int_equal(tkt_error_prefix(&error, "stdin:%d", 17), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, "stdin:17: ticket 'SUP-7' is closed");
}

static void test_text_may_hold_the_text_before(void **state)
{
	struct tkt_error error = { 0 };

	(void)state;
	tkt_error_set(&error, TKT_ERROR_IO, "first");
	tkt_error_set(&error, TKT_ERROR_DATA, "again: %s", error.text);
	assert_string_equal(error.text, "again: first");
}

static void test_cut_at_a_character(void **state)
{
	struct tkt_error error = { 0 };
	char long_text[2048] = { 0 };
	size_t at;

	(void)state;
	memset(long_text, 'a', sizeof(long_text) - 1);
	tkt_error_set(&error, TKT_ERROR_DATA, "%s", long_text);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	for (at = 0; at < 1500; at += 2)
		memcpy(long_text + at, "\xD0\xB6", 2);
	tkt_error_set(&error, TKT_ERROR_DATA, "x%s", long_text); /* 'x' and 511 letters fit */
	assert_true(strlen(error.text) >= 1021);
	assert_int_equal(strlen(error.text) % 2, 1);
	assert_int_equal((unsigned char)error.text[strlen(error.text) - 1], 0xB6);
	tkt_error_set(&error, TKT_ERROR_DATA, "%s", long_text);
	assert_int_equal(strlen(error.text), 1022);
}

static void test_system_errors(void **state)
{
	static const struct {
		int code;
		enum tkt_error_kind kind;
	} rows[] = {
		{ ENOENT, TKT_ERROR_NO_INPUT },
		{ ENOTDIR, TKT_ERROR_NO_INPUT },
		{ EACCES, TKT_ERROR_PERMISSION },
		{ EPERM, TKT_ERROR_PERMISSION },
		{ EROFS, TKT_ERROR_PERMISSION },
		{ ENOSPC, TKT_ERROR_TEMPORARY },
		{ EDQUOT, TKT_ERROR_TEMPORARY },
		{ ENOMEM, TKT_ERROR_TEMPORARY },
		{ EAGAIN, TKT_ERROR_TEMPORARY },
		{ EMFILE, TKT_ERROR_TEMPORARY },
		{ ENFILE, TKT_ERROR_TEMPORARY },
		{ EINTR, TKT_ERROR_TEMPORARY },
		{ EIO, TKT_ERROR_IO },
		{ EISDIR, TKT_ERROR_IO },
	};
	struct tkt_error error = { 0 };
	char long_path[4096] = { 0 };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		assert_int_equal(tkt_error_set_system(&error, rows[row].code, "x"), -1);
		assert_int_equal(error.kind, rows[row].kind);
	}
	tkt_error_set_system(&error, ENOENT, "cannot open '%s'", "desk.conf");
	assert_string_equal(error.text, "cannot open 'desk.conf': No such file or directory");
	memset(long_path, 'p', sizeof(long_path) - 1);
	tkt_error_set_system(&error, ENOENT, "cannot open '%s'", long_path);
	assert_non_null(strstr(error.text, "ppp: No such file or directory"));
	assert_int_equal(tkt_error_set_memory(&error), -1);
	assert_int_equal(error.kind, TKT_ERROR_TEMPORARY);
	assert_string_equal(error.text, "out of memory");
}

static void test_statuses(void **state)
{
	static const int statuses[] = { 0, 1, 1, 64, 65, 66, 69, 70, 74, 75, 77, 78 };
	int kind;

	(void)state;
	for (kind = TKT_ERROR_NONE; kind <= TKT_ERROR_CONFIGURATION; kind++)
		assert_int_equal(tkt_exit_status((enum tkt_error_kind)kind), statuses[kind]);
}

static void test_the_worse_of_two(void **state)
{
	(void)state;
	assert_int_equal(tkt_error_worse(TKT_ERROR_NONE, TKT_ERROR_NONE), TKT_ERROR_NONE);
	assert_int_equal(tkt_error_worse(TKT_ERROR_NONE, TKT_ERROR_DATA), TKT_ERROR_DATA);
	assert_int_equal(tkt_error_worse(TKT_ERROR_DATA, TKT_ERROR_NONE), TKT_ERROR_DATA);
	assert_int_equal(tkt_error_worse(TKT_ERROR_NO, TKT_ERROR_IO), TKT_ERROR_IO);
	assert_int_equal(tkt_error_worse(TKT_ERROR_NO, TKT_ERROR_NONE), TKT_ERROR_NO);
	assert_int_equal(tkt_error_worse(TKT_ERROR_IO, TKT_ERROR_NO), TKT_ERROR_IO);
	assert_int_equal(tkt_error_worse(TKT_ERROR_DATA, TKT_ERROR_TEMPORARY), TKT_ERROR_TEMPORARY);
	assert_int_equal(tkt_error_worse(TKT_ERROR_TEMPORARY, TKT_ERROR_DATA), TKT_ERROR_TEMPORARY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_formatted),
		cmocka_unit_test(test_text_may_hold_the_text_before),
		cmocka_unit_test(test_cut_at_a_character),
		cmocka_unit_test(test_system_errors),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_the_worse_of_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
