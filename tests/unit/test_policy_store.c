#include "store/policy.h"
#include "store_support.h"

static void assert_name(struct tkt_db *db, const char *version, const char *text,
    const char *sha256, const char *expected)
{
	tkt_autofree char *name = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_policy_name(db, version, text, sha256, 5, &name, &error), &error);
	assert_string_equal(name, expected);
}

static void test_names(void **state)
{
	assert_name(*state, "v1", "one", "aaaaaaaaaaaa1111", "v1");
	assert_name(*state, "v1", "one", "aaaaaaaaaaaa1111", "v1");
	assert_name(*state, "v1", "two", "bbbbbbbbbbbb2222", "v1+bbbbbbbbbbbb");
	assert_name(*state, "v1", "two", "bbbbbbbbbbbb2222", "v1+bbbbbbbbbbbb");
	assert_name(*state, NULL, "three", "cccccccccccc3333", "+cccccccccccc");
	assert_name(*state, "", "four", "dddddddddddd4444", "+dddddddddddd");
	assert_name(*state, "v2", "", "eeeeeeeeeeee5555", "v2");
	assert_rows(*state, "SELECT name, text, stored_at FROM policy", 3,
	    "+cccccccccccc|three|5 +dddddddddddd|four|5 v1|one|5 v1+bbbbbbbbbbbb|two|5 v2|NULL|5");
}

static void assert_text(struct tkt_db *db, const char *name, int found, const char *expected)
{
	tkt_autofree char *text = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_policy_find(db, name, &text, &error), found);
	if (found)
		assert_string_equal(text, expected);
}

static void test_texts(void **state)
{
	assert_name(*state, "v1", "one", "aaaaaaaaaaaa1111", "v1");
	assert_name(*state, "v2", "", "eeeeeeeeeeee5555", "v2");
	assert_text(*state, "v1", 1, "one");
	assert_text(*state, "v2", 1, "");
	assert_text(*state, "v3", 0, NULL);
}

static void assert_value(struct tkt_db *db, const char *name, const char *expected)
{
	struct tkt_error error = { 0 };
	tkt_autotext value;

	tkt_text_init(&value, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_desk_value_get(db, name, &value, &error), expected != NULL);
	assert_string_equal(value.bytes, expected ? expected : "");
}

static void test_values(void **state)
{
	struct tkt_error error = { 0 };

	assert_value(*state, "mark", NULL);
	succeed(tkt_desk_value_set(*state, "mark", "one", &error), &error);
	succeed(tkt_desk_value_set(*state, "armed", "host", &error), &error);
	succeed(tkt_desk_value_set(*state, "mark", "two", &error), &error);
	assert_value(*state, "mark", "two");
	assert_value(*state, "armed", "host");
	succeed(tkt_desk_value_set(*state, "armed", "", &error), &error);
	assert_value(*state, "armed", NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_texts, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_values, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
