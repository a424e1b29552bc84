#include "store/letter.h"
#include "store_support.h"

#define LETTER(number, fate)                                                               \
	"{\"type\":\"letter\",\"number\":" number ",\"received_at\":\"2026-03-02T09:00:00" \
	"Z\",\"fate\":\"" fate "\",\"sender\":\"a@example.org\",\"ticket\":\"SUP-1\","     \
	"\"message\":\"2\",\"size\":100}"

static void write_letter(struct tkt_db *db, const char *json, const char *key, const char *print)
{
	json_auto_t *letter = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_letter_write(db, letter, key, print, &error), &error);
}

static void assert_letter(
    struct tkt_db *db, const char *key, const char *print, bool known, const char *expected)
{
	json_auto_t *letter = NULL;
	struct tkt_error error = { 0 };
	bool is_known = false;

	assert_int_equal(
	    tkt_letter_find(db, key, print, &letter, &is_known, &error), expected != NULL);
	assert_int_equal(is_known, known);
	if (expected)
		assert_object(letter, expected);
}

static void test_find(void **state)
{
	write_letter(*state, LETTER("1", "duplicate"), "a@x", "p");
	assert_letter(*state, "a@x", "p", false, NULL);
	write_letter(*state, LETTER("3", "opened"), "a@x", "p");
	write_letter(*state, LETTER("2", "appended"), "a@x", "p");
	write_letter(*state, LETTER("4", "opened"), "a@x", "q");
	assert_letter(*state, "a@x", "p", true, LETTER("2", "appended")); /* the earliest */
	assert_letter(*state, "a@x", "q", true, LETTER("4", "opened"));
	assert_letter(*state, "a@x", "r", true, NULL);
	assert_letter(*state, "b@x", "p", false, NULL);
}

static void test_refuses(void **state)
{
	json_auto_t *letter = object(LETTER("1", "eaten"));
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_letter_write(*state, letter, "k", "p", &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_rows(*state, "SELECT count(*) FROM letter", 1, "0");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_find, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_refuses, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
