/* Keys of a thread beside the subject: Exchange's Thread-Index, and Message-IDs as they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "mail/header.h"
#include "mail/thread_index.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ROOT "AdypAQIDEBESExQVFhcYGRobHB0eHw=="

static void test_thread_index(void **state)
{
	static const char *const cases[][2] = {
		{ ROOT, ROOT },
		{ "AdypAQIDEBESExQVFhcYGRobHB0eHw", ROOT },
		{ "AdypAQIDEBESExQVFhcYGRobHB0eH4AAAQIQABEiM0Q=", ROOT },
		{ "AdypAQIDEBESExQVFhcY\n GRobHB0eH4AAAQIQABEiM0Q=", ROOT },
		{ " AdypAQIDEBESExQVFhcYGRobHB0eH4AAAQIQABEiM0", ROOT }, /* cut off */
		{ NULL, "" },
		{ "", "" },
		{ "AdypAQIDEBESExQVFhcYGRobHB0e", "" },      /* 21 bytes */
		{ "AtypAQIDEBESExQVFhcYGRobHB0eHw==", "" },  /* 2 leads */
		{ "AdypAQIDAAAAAAAAAAAAAAAAAAAAAA==", "" },  /* no GUID */
		{ "AdypAQIDEBESExQVFhcYGRob!HB0eHw==", "" }, /* no base64 */
		{ "AdypAQIDEBESExQVFhcYGRobHB0eHw== and more", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		tkt_autofree char *root = tkt_thread_index_root(cases[i][0]);

		assert_string_equal(root, cases[i][1]);
	}
}

static void test_long_thread_index(void **state)
{
	tkt_autofree char *root = NULL;
	tkt_autotext value;

	(void)state;
	tkt_text_init(&value, 1 << 20);
	tkt_text_add(&value, "AdypAQIDEBESExQVFhcYGRobHB0eHwAA");
	while (value.length < 20000)
		tkt_text_add(&value, "AAAA");
	root = tkt_thread_index_root(value.bytes);
	assert_string_equal(root, "");
}

/* Ids that a value has, each behind a blank. */
static void assert_ids(const char *value, const char *expected)
{
	json_auto_t *ids = json_array();
	tkt_autotext joined;
	size_t at;
	json_t *id;

	tkt_text_init(&joined, 1 << 20);
	tkt_header_ids_of(value, strlen(value), ids);
	json_array_foreach(ids, at, id)
		tkt_text_format(&joined, " %s", json_string_value(id));
	assert_string_equal(joined.bytes, expected);
}

static void test_ids(void **state)
{
	(void)state;
	assert_ids("<a@x> <b@x>", " a@x b@x");
	assert_ids("<a@x><b@x>,<c@x>", " a@x b@x c@x");
	assert_ids("a@x b@x", " a@x b@x");
	assert_ids("\"a@x\";<b@x>", " a@x b@x");
	assert_ids("<no-at-sign>", " no-at-sign");
	assert_ids("<a\r\n b@\tx>", " ab@x");
	assert_ids("<a@x b@x> c@x>", " a@x b@x c@x");
	assert_ids("<a@x <b@x", " a@x b@x");
	assert_ids("<<a@x>> <> < >", " a@x");
	assert_ids("<a@x> <trunc", " a@x");
	assert_ids("<\xff@x>", " \xEF\xBF\xBD@x");
	assert_ids("<a\x01\x1b@x>", " a@x");
	assert_ids("Message from Anna <anna@example.org> of Monday <a@x>", " a@x");
	assert_ids("Message from Anna <anna@example.org>", " anna@example.org");
	assert_ids("<a@x> (Anna's message of Monday) b@x", " a@x");
	assert_ids("from a@x of Monday", "");
	assert_ids("<a@x>; from anna@example.org on Monday", " a@x");
	assert_ids("", "");
	assert_ids("<> < > ,;", "");
}

static void test_many_ids(void **state)
{
	json_auto_t *ids = json_array();
	tkt_autotext value;

	(void)state;
	tkt_text_init(&value, 8 << 20);
	for (int i = 0; i < 100000; i++)
		tkt_text_format(&value, "<%d@x>", i);
	tkt_header_ids_of(value.bytes, value.length, ids);
	assert_int_equal(json_array_size(ids), 200);
	assert_string_equal(json_string_value(json_array_get(ids, 0)), "0@x");
	assert_string_equal(json_string_value(json_array_get(ids, 1)), "99801@x");
	assert_string_equal(json_string_value(json_array_get(ids, 199)), "99999@x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thread_index),
		cmocka_unit_test(test_long_thread_index),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_many_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
