#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *const known[] = { "status", "subject", "state", "to", "set", NULL };

static const char *nearest(const char *word)
{
	struct tkt_nearest nearest;

	tkt_nearest_init(&nearest, word);
	tkt_nearest_offer_all(&nearest, known);
	return nearest.found;
}

static void test_near(void **state)
{
	(void)state;
	assert_string_equal(nearest("stauts"), "status");
	assert_string_equal(nearest("statu"), "status");
	assert_string_equal(nearest("subejct"), "subject");
	assert_string_equal(nearest("xsubjectx"), "subject");
	assert_string_equal(nearest("status"), "status");
}

static void test_far(void **state)
{
	(void)state;
	assert_null(nearest("ot"));
	assert_null(nearest("sxt2"));
	assert_null(nearest(""));
	assert_null(nearest("assignee"));
	assert_null(
	    nearest("status-status-status-status-status-status-status-status-status-status"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
