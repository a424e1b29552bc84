#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "json/stream.h"

/* A file that holds these bytes, at its start. */
static FILE *file_of(const char *bytes, size_t length)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fflush(file), 0);
	assert_int_equal(lseek(fileno(file), 0, SEEK_SET), 0);
	return file;
}

/* All that a stream gives, a line each: the object, or '!' and what is wrong; then 'end'. */
static void reads(const char *bytes, size_t length, const char *expected)
{
	FILE *file = file_of(bytes, length);
	tkt_autoptr(stream) stream = NULL;
	struct tkt_error error = { 0 };
	struct tkt_line line;
	tkt_autotext seen;
	int result;

	tkt_text_init(&seen, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_stream_new(fileno(file), "stdin", &stream, &error), 0);
	while ((result = tkt_stream_next(stream, &line, &error)) != 0) {
		assert_int_not_equal(result, -1);
		if (result == 1) {
			tkt_text_format(&seen, "%llu ", (unsigned long long)line.number);
			tkt_text_add_byte(&seen, '\n');
			tkt_object_write(&seen, line.object);
			json_decref(line.object);
		} else {
			assert_null(line.object);
			assert_int_equal(error.kind, TKT_ERROR_DATA);
			tkt_text_format(&seen, "!%s\n", error.text);
		}
	}
	assert_string_equal(seen.bytes, expected);
	fclose(file);
}

#define READS(bytes, expected) reads(bytes, sizeof(bytes) - 1, expected)

static void test_lines(void **state)
{
	(void)state;
	READS("", "");
	READS("\n \t\r\n", "");
	READS("{\"b\":1,\"a\":[true,null,\"x\"]}\n\n{}\r\n",
	    "1 \n{\"b\":1,\"a\":[true,null,\"x\"]}\n"
	    "3 \n{}\n");
	READS("{\"last\":\"without LF\"}", "1 \n{\"last\":\"without LF\"}\n");
	READS("\xef\xbb\xbf{\"a\":1}\n", "1 \n{\"a\":1}\n");
	READS("\xef\xbb\xbf", "");
}

static void test_refused(void **state)
{
	(void)state;
	READS("x\n{}\n", "!stdin:1: not a JSON object: '[' or '{' expected near 'x'\n2 \n{}\n");
	READS("[1]\n", "!stdin:1: not a JSON object\n");
	READS("\"{}\"\n", "!stdin:1: not a JSON object: '[' or '{' expected near '\"{}\"'\n");
	READS("{}{}\n", "!stdin:1: not a JSON object: end of file expected near '{'\n");
	READS("\n{\"a\":1,\"a\":2}\n",
	    "!stdin:2: a member is there twice: duplicate object key near '\"a\"'\n");
	READS("{\"a\":\"\xff\"}\n",
	    "!stdin:1: not valid UTF-8: unable to decode byte 0xff near '\"'\n");
	READS("{\"a\":\"\xed\xa0\x80\"}\n",
	    "!stdin:1: not valid UTF-8: unable to decode byte 0xed near '\"'\n");
	READS("{\"a\":\"\\u0000\"}\n",
	    "!stdin:1: not a JSON object: \\u0000 is not allowed without JSON_ALLOW_NUL near "
	    "'\"\\u0000\"'\n");
	READS("{\"a\\u0000b\":1}\n",
	    "!stdin:1: not a JSON object: NUL byte in object key not supported near "
	    "'\"a\\u0000b\"'\n");
	READS("{\"a\":99999999999999999999}\n",
	    "!stdin:1: a number is too large: too big integer near '99999999999999999999'\n");
	READS("{\"a\":1e999}\n",
	    "!stdin:1: a number is too large: real number overflow near '1e999'\n");
	READS("{}\n\xef\xbb\xbf{}\n",
	    "1 \n{}\n!stdin:2: not a JSON object: '[' or '{' expected "
	    "near '\xef\xbb\xbf'\n");
}

static void test_numbers(void **state)
{
	(void)state;
	READS("{\"a\":0.1,\"b\":1.0,\"c\":-1e300,\"d\":9223372036854775807,\"e\":5e-324,"
	      "\"f\":0.30000000000000004}\n",
	    "1 \n{\"a\":0.1,\"b\":1.0,\"c\":-1e300,\"d\":9223372036854775807,"
	    "\"e\":4.94065645841247e-324,\"f\":0.30000000000000004}\n");
}

/* NUL bytes are no JSON, and hide nothing behind them. */
static void test_nul(void **state)
{
	static const char bytes[] = "{\"a\":1}\0{\"b\":2}\n{}\n";

	(void)state;
	reads(
	    bytes, sizeof(bytes) - 1, "!stdin:1: not a JSON object: it holds a NUL byte\n2 \n{}\n");
}

static void nest(struct tkt_text *text, size_t levels)
{
	size_t index;

	tkt_text_add(text, "{\"a\":");
	for (index = 1; index < levels; index++)
		tkt_text_add_byte(text, '[');
	for (index = 1; index < levels; index++)
		tkt_text_add_byte(text, ']');
	tkt_text_add(text, "}\n");
}

static void test_depth(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;
	json_t *object = NULL;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	nest(&text, TKT_DEPTH_LIMIT);
	assert_int_equal(tkt_object_parse(text.bytes, text.length, &object, &error), 0);
	json_decref(object);
	tkt_text_reset(&text);
	nest(&text, TKT_DEPTH_LIMIT + 1);
	reads(text.bytes, text.length, "!stdin:1: nested deeper than 64 levels\n");
	tkt_text_reset(&text);
	nest(&text, 1000000);
	reads(text.bytes, text.length, "!stdin:1: nested deeper than 64 levels\n");
	/* Brackets in a string are no levels, behind an escaped quote either. */
	tkt_text_reset(&text);
	tkt_text_add(&text, "{\"a\":\"\\\"");
	while (text.length < 200)
		tkt_text_add_byte(&text, '[');
	tkt_text_add(&text, "\"}");
	assert_int_equal(tkt_object_parse(text.bytes, text.length, &object, &error), 0);
	json_decref(object);
}

static void test_count(void **state)
{
	tkt_autotext text;
	size_t index;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_add(&text, "{\"a\":[0");
	for (index = 0; index < TKT_VALUE_LIMIT; index++)
		tkt_text_add(&text, ",0");
	tkt_text_add(&text, "]}\n{}\n");
	reads(
	    text.bytes, text.length, "!stdin:1: more than 1000000 members and elements\n2 \n{}\n");
}

static void test_long_line(void **state)
{
	tkt_autotext text;
	char *room;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_add(&text, "{\"n\":1}\n{\"a\":\"");
	room = tkt_text_room(&text, TKT_LINE_LIMIT);
	memset(room, 'x', TKT_LINE_LIMIT);
	tkt_text_wrote(&text, TKT_LINE_LIMIT);
	tkt_text_add(&text, "\"}\n{\"n\":3}\n");
	reads(text.bytes, text.length,
	    "1 \n{\"n\":1}\n!stdin:2: the line is longer than 64 MB\n3 \n{\"n\":3}\n");
	tkt_text_truncate(&text, text.length - 11); /* and when it is the last, without its LF */
	reads(text.bytes, text.length - 2,
	    "1 \n{\"n\":1}\n!stdin:2: the line is longer than 64 MB\n");
}

/* What comes in pieces waits for the rest of its line. */
static void test_ready(void **state)
{
	tkt_autoptr(stream) stream = NULL;
	struct tkt_error error = { 0 };
	struct tkt_line line;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(tkt_stream_new(ends[0], "stdin", &stream, &error), 0);
	assert_false(tkt_stream_is_ready(stream));
	assert_int_equal(write(ends[1], "\n{\"a\":", 6), 6);
	assert_false(tkt_stream_is_ready(stream));
	assert_int_equal(write(ends[1], "1}\n{\"b\":2}\n", 11), 11);
	assert_true(tkt_stream_is_ready(stream));
	assert_int_equal(tkt_stream_next(stream, &line, &error), 1);
	assert_int_equal(line.number, 2);
	assert_int_equal(line.length, 7);
	assert_memory_equal(line.bytes, "{\"a\":1}", 7);
	json_decref(line.object);
	assert_true(tkt_stream_is_ready(stream));
	assert_int_equal(tkt_stream_next(stream, &line, &error), 1);
	json_decref(line.object);
	assert_false(tkt_stream_is_ready(stream));
	assert_int_equal(write(ends[1], "{\"c\":3}", 7), 7);
	assert_false(tkt_stream_is_ready(stream));
	close(ends[1]);
	assert_true(tkt_stream_is_ready(stream));
	assert_int_equal(tkt_stream_next(stream, &line, &error), 1);
	json_decref(line.object);
	assert_true(tkt_stream_is_ready(stream));
	assert_int_equal(tkt_stream_next(stream, &line, &error), 0);
	close(ends[0]);
}

static void test_failing_file(void **state)
{
	tkt_autoptr(stream) stream = NULL;
	struct tkt_error error = { 0 };
	struct tkt_line line;

	(void)state;
	assert_int_equal(tkt_stream_new(-1, "stdin", &stream, &error), 0);
	assert_int_equal(tkt_stream_next(stream, &line, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_IO);
	assert_string_equal(error.text, "cannot read stdin: Bad file descriptor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_ready),
		cmocka_unit_test(test_failing_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
