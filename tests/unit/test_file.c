/* tests/unit/test_file.c: whole files in and out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

static char folder[] = "/tmp/tkt-test-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

/* Nothing is left over but what the tests made: only these names are removed. */
static int remove_folder(void **state)
{
	static const char *const names[] = { "one", "big", "subfolder" };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(names) / sizeof(names[0]); row++) {
		tkt_autofree char *path = tkt_path_join(folder, names[row]);

		remove(path);
	}
	return rmdir(folder);
}

static void assert_contents(const char *name, const char *expected)
{
	tkt_autofree char *path = tkt_path_join(folder, name);
	struct tkt_error error = { 0 };
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_file_read(path, &text, &error), 0);
	assert_string_equal(text.bytes, expected);
}

static void test_durable(void **state)
{
	tkt_autofree char *path = tkt_path_join(folder, "one");
	struct tkt_error error = { 0 };
	struct stat status;

	(void)state;
	umask(022);
	assert_int_equal(tkt_file_write_durable(folder, "one", "first", 5, 0640, &error), 0);
	assert_contents("one", "first");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	/* an existing file stays, and counts as success */
	assert_int_equal(tkt_file_write_durable(folder, "one", "second", 6, 0640, &error), 0);
	assert_contents("one", "first");
	assert_int_equal(
	    tkt_file_write_durable("/nonexistent", "one", "first", 5, 0640, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_NO_INPUT);
	assert_string_equal(error.text, "cannot open '/nonexistent': No such file or directory");
}

static void test_durable_refuses_a_folder(void **state)
{
	tkt_autofree char *path = tkt_path_join(folder, "subfolder");
	char expected[128];
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(tkt_file_write_durable(folder, "subfolder", "x", 1, 0640, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_IO);
	snprintf(expected, sizeof(expected), "'%s' is not a plain file", path);
	assert_string_equal(error.text, expected);
}

static void test_limit(void **state)
{
	tkt_autofree char *path = tkt_path_join(folder, "big");
	tkt_autofree char *bytes = malloc(200000);
	char expected[128];
	struct tkt_error error = { 0 };
	tkt_autotext text, less;

	(void)state;
	memset(bytes, 'x', 200000);
	assert_int_equal(tkt_file_write_durable(folder, "big", bytes, 200000, 0600, &error), 0);
	tkt_text_init(&text, 200003);
	tkt_text_add(&text, "abc");
	assert_int_equal(tkt_file_read(path, &text, &error), 0); /* just at its limit */
	assert_int_equal(text.length, 200003);
	assert_memory_equal(text.bytes, "abcxxx", 6);
	tkt_text_init(&less, 199999);
	assert_int_equal(tkt_file_read(path, &less, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	snprintf(expected, sizeof(expected), "'%s' is larger than 199999 bytes", path);
	assert_string_equal(error.text, expected);
}

static void test_failures(void **state)
{
	struct tkt_error error = { 0 };
	int full = open("/dev/full", O_WRONLY);
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, 100);
	assert_int_equal(tkt_file_read("/nonexistent", &text, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_NO_INPUT);
	assert_string_equal(error.text, "cannot open '/nonexistent': No such file or directory");
	assert_int_equal(tkt_file_read("/", &text, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_IO);
	assert_string_equal(error.text, "cannot read '/': Is a directory");
	assert_int_equal(tkt_file_write_all(full, "full", "x", 1, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_TEMPORARY);
	assert_string_equal(error.text, "cannot write 'full': No space left on device");
	assert_int_equal(tkt_file_write_all(full, "full", NULL, 0, &error), 0);
	close(full);
}

/* A pipe that does not block takes all bytes, part by part, while a child reads. */
static void test_short_writes(void **state)
{
	static char bytes[300000];
	struct tkt_error error = { 0 };
	tkt_autotext text;
	int ends[2];
	pid_t child;

	(void)state;
	memset(bytes, 'y', sizeof(bytes));
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		_exit(tkt_file_write_all(ends[1], "pipe", bytes, sizeof(bytes), &error) ? 1 : 0);
	}
	close(ends[1]);
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_file_read_all(ends[0], "pipe", &text, &error), 0);
	assert_int_equal(text.length, sizeof(bytes));
	assert_memory_equal(text.bytes, bytes, sizeof(bytes));
	close(ends[0]);
}

static void test_join(void **state)
{
	static const char *const rows[][3] = { { "a", "b", "a/b" }, { "a/", "b", "a/b" },
		{ "/", "b", "/b" }, { "", "b", "b" } };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		tkt_autofree char *path = tkt_path_join(rows[row][0], rows[row][1]);

		assert_string_equal(path, rows[row][2]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durable),
		cmocka_unit_test(test_durable_refuses_a_folder),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_short_writes),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
