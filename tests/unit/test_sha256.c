/* SHA-256 and hex: the vectors of FIPS 180-2, appendix B, and the empty text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sha256.h"

static void test_known(void **state)
{
	char hex[TKT_SHA256_SIZE];

	(void)state;
	tkt_sha256("", 0, hex);
	assert_string_equal(
	    hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	tkt_sha256("abc", 3, hex);
	assert_string_equal(
	    hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_hex(void **state)
{
	char hex[9];

	(void)state;
	tkt_hex((const unsigned char *)"\x00\x7f\xa0\xff", 4, hex);
	assert_string_equal(hex, "007fa0ff");
	tkt_hex((const unsigned char *)"", 0, hex);
	assert_string_equal(hex, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
