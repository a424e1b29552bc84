#include "store/tally.h"
#include "store_support.h"

static void assert_count(struct tkt_db *db, const char *key, int64_t now, int64_t expected)
{
	struct tkt_error error = { 0 };
	int64_t count = 0;

	succeed(tkt_tally_add(db, key, now, 60, &count, &error), &error);
	assert_int_equal(count, expected);
}

static void test_windows(void **state)
{
	assert_count(*state, "a", 1000, 1);
	assert_count(*state, "a", 1000, 2);
	assert_count(*state, "b", 1030, 1);
	assert_count(*state, "a", 1059, 3);
	assert_count(*state, "a", 1060, 1); /* a minute after the first */
	assert_count(*state, "a", 1119, 2);
	assert_count(*state, "a", 5000, 1);
	assert_count(*state, "a", 4000, 1); /* the clock was set back */
}

static void test_forget(void **state)
{
	struct tkt_error error = { 0 };

	assert_count(*state, "old", 1000, 1);
	assert_count(*state, "new", 2000, 1);
	succeed(tkt_tally_forget(*state, 2000, &error), &error);
	assert_rows(*state, "SELECT key, since, count FROM tally", 3, "new|2000|1");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_windows, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_forget, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
