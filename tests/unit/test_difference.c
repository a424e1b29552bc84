#include "flow/difference.h"
#include "store_support.h"

static void assert_equal(const char *a, const char *b, bool expected)
{
	json_auto_t *one = object(a), *two = object(b);

	if (tkt_json_equal(json_object_get(one, "v"), json_object_get(two, "v")) != expected)
		fail_msg("%s and %s are %s", a, b, expected ? "alike" : "not alike");
}

static void test_equal(void **state)
{
	static const char *const empty[] = { "{}", "{\"v\":null}", "{\"v\":\"\"}", "{\"v\":[]}",
		"{\"v\":{}}" };
	size_t i, j;

	(void)state;
	for (i = 0; i < 5; i++) {
		for (j = 0; j < 5; j++)
			assert_equal(empty[i], empty[j], true);
		assert_equal(empty[i], "{\"v\":0}", false);
		assert_equal("{\"v\":false}", empty[i], false);
	}
	assert_equal("{\"v\":[\"a\",\"b\"]}", "{\"v\":[\"a\",\"b\"]}", true);
	assert_equal("{\"v\":[\"a\",\"b\"]}", "{\"v\":[\"b\",\"a\"]}", false);
	assert_equal("{\"v\":{\"a\":1,\"b\":2}}", "{\"v\":{\"b\":2,\"a\":1}}", true);
	assert_equal("{\"v\":\"1\"}", "{\"v\":1}", false);
}

static void assert_words(const char *json, const char *expected)
{
	json_auto_t *made = object(json);
	char *words = tkt_json_words(json_object_get(made, "v"));

	assert_string_equal(words, expected);
	free(words);
}

static void test_words(void **state)
{
	(void)state;
	assert_words("{}", "empty");
	assert_words("{\"v\":[]}", "empty");
	assert_words("{\"v\":\"closed\"}", "'closed'");
	assert_words("{\"v\":3}", "3");
	assert_words("{\"v\":[\"a\",\"b\"]}", "[\"a\",\"b\"]");
}

static void assert_difference(
    const char *before, const char *after, const char *expected_was, const char *expected_set)
{
	json_auto_t *old = before ? object(before) : NULL, *new = object(after), *was = NULL,
		    *set = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_ticket_difference(old, new, &was, &set, &error), &error);
	assert_object(was, expected_was);
	assert_object(set, expected_set);
}

static void test_difference(void **state)
{
	(void)state;
	assert_difference(
	    "{\"id\":\"SUP-1\",\"rev\":1}", "{\"id\":\"SUP-1\",\"rev\":1}", "{}", "{}");
	assert_difference("{\"rev\":1,\"queue\":\"a\",\"tags\":[\"x\"]}",
	    "{\"rev\":2,\"group\":\"l1\",\"tags\":[\"x\",\"y\"],\"unknown\":1,\"due\":\"z\"}",
	    "{\"rev\":1,\"queue\":\"a\",\"group\":null,\"tags\":[\"x\"]}",
	    "{\"rev\":2,\"queue\":null,\"group\":\"l1\",\"tags\":[\"x\",\"y\"]}");
	assert_difference("{\"requester\":{\"email\":\"a\",\"name\":\"A\"}}",
	    "{\"requester\":{\"email\":\"b\",\"name\":\"A\"}}", "{\"requester.email\":\"a\"}",
	    "{\"requester.email\":\"b\"}");
	assert_difference("{\"tags\":[\"x\"],\"cc\":[]}", "{\"tags\":[],\"cc\":null}",
	    "{\"tags\":[\"x\"]}", "{\"tags\":null}");
}

static void test_maps(void **state)
{
	(void)state;
	assert_difference("{\"fields\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}}",
	    "{\"fields\":{\"b\":\"2\",\"c\":\"4\",\"d\":\"5\"}}",
	    "{\"fields.a\":\"1\",\"fields.c\":\"3\",\"fields.d\":null}",
	    "{\"fields.a\":null,\"fields.c\":\"4\",\"fields.d\":\"5\"}");
	assert_difference(
	    "{\"fields\":{\"a\":\"1\"}}", "{}", "{\"fields.a\":\"1\"}", "{\"fields.a\":null}");
	assert_difference("{}", "{\"fields\":{\"a.b\":\"1\"}}", "{\"fields.a.b\":null}",
	    "{\"fields.a.b\":\"1\"}");
}

static void test_a_new_ticket(void **state)
{
	(void)state;
	assert_difference(NULL,
	    "{\"id\":\"SUP-1\",\"rev\":1,\"status\":\"new\",\"fields\":{\"a\":\"1\"},\"tags\":[]}",
	    "{}", "{\"id\":\"SUP-1\",\"rev\":1,\"status\":\"new\",\"fields.a\":\"1\"}");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_difference),
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_a_new_ticket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
