/* Signed tokens: made as a second implementation makes them, found in addresses, never guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/token.h"

/* HMAC-SHA-256 (RFC 4231) by another program, cut to 80 bits, RFC 4648 base32. */
#define REPLY "r1042-nrrued5q7kysv7en"
#define BOUNCE "b7-d5wgpc7x7nyy42ks"

static struct tkt_token_key counting_key(void)
{
	struct tkt_token_key key;
	size_t i;

	for (i = 0; i < sizeof(key.bytes); i++)
		key.bytes[i] = (unsigned char)i;
	return key;
}

static void test_make(void **state)
{
	struct tkt_token_key key = counting_key();
	char token[TKT_TOKEN_SIZE];

	(void)state;
	tkt_token_make(&key, TKT_TOKEN_REPLY, 1042, token);
	assert_string_equal(token, REPLY);
	tkt_token_make(&key, TKT_TOKEN_BOUNCE, 7, token);
	assert_string_equal(token, BOUNCE);
	tkt_token_make(&key, TKT_TOKEN_BOUNCE, 999999999999999999, token);
	assert_int_equal(strlen(token), 1 + 18 + 1 + 16);
}

static void assert_found(const char *address, char separator, enum tkt_token_purpose purpose,
    enum tkt_token_finding finding, int64_t expected)
{
	struct tkt_token_key key = counting_key();
	int64_t number = 0;

	assert_int_equal(tkt_token_find(&key, purpose, address, separator, &number), finding);
	assert_int_equal(number, expected);
}

static void test_find(void **state)
{
	static const enum tkt_token_purpose reply = TKT_TOKEN_REPLY, bounce = TKT_TOKEN_BOUNCE;

	(void)state;
	assert_found("support+" REPLY "@example.org", '+', reply, TKT_TOKEN_GOOD, 1042);
	assert_found("support+" BOUNCE "@example.org", '+', bounce, TKT_TOKEN_GOOD, 7);
	assert_found("a.b+news+" REPLY "@example.org", '+', reply, TKT_TOKEN_GOOD, 1042);
	assert_found("SUP-1042." REPLY ".chance@example.org", '.', reply, TKT_TOKEN_GOOD, 1042);
	/* case is the mail server's to fold */
	assert_found(
	    "SUPPORT+R1042-NRRUED5Q7KYSV7EN@EXAMPLE.ORG", '+', reply, TKT_TOKEN_GOOD, 1042);
	/* a separator that it has itself */
	assert_found("support-" REPLY "@example.org", '-', reply, TKT_TOKEN_GOOD, 1042);
	assert_found("a-b-" REPLY "-c@example.org", '-', reply, TKT_TOKEN_GOOD, 1042);
	assert_found("support-" REPLY "x@example.org", '-', reply, TKT_TOKEN_NONE, 0);
	/* of another purpose, with another separator, in the domain, without an address before it
	 */
	assert_found("support+" BOUNCE "@example.org", '+', reply, TKT_TOKEN_NONE, 0);
	assert_found("support+" REPLY "@example.org", '.', reply, TKT_TOKEN_NONE, 0);
	assert_found("support@x+" REPLY, '+', reply, TKT_TOKEN_NONE, 0);
	assert_found(REPLY "@example.org", '+', reply, TKT_TOKEN_NONE, 0);
	assert_found("support+r1042@example.org", '+', reply, TKT_TOKEN_NONE, 0);
	assert_found("support+r-aaaaaaaaaaaaaaaa@example.org", '+', reply, TKT_TOKEN_NONE, 0);
	assert_found("support+r0-aaaaaaaaaaaaaaaa@example.org", '+', reply, TKT_TOKEN_NONE, 0);
	assert_found("", '+', reply, TKT_TOKEN_NONE, 0);
	/* made by somebody else: another number, one letter changed, a number written otherwise */
	assert_found("support+r1043"
		     "-nrrued5q7kysv7en@example.org",
	    '+', reply, TKT_TOKEN_FORGED, 0);
	assert_found("support+r1042-aaaaaaaaaaaaaaaa@example.org", '+', reply, TKT_TOKEN_FORGED, 0);
	assert_found(
	    "support+r01042-nrrued5q7kysv7en@example.org", '+', reply, TKT_TOKEN_FORGED, 0);
}

/* Each of its letters counts. */
static void test_one_letter(void **state)
{
	static const char address[] = "s+" REPLY "@example.org";
	size_t at;

	(void)state;
	for (at = 2; address[at] != '@'; at++) {
		struct tkt_token_key key = counting_key();
		char changed[sizeof(address)];
		int64_t number = 0;

		memcpy(changed, address, sizeof(address));
		changed[at] = changed[at] == '2' ? '3' : '2';
		assert_int_not_equal(
		    tkt_token_find(&key, TKT_TOKEN_REPLY, changed, '+', &number), TKT_TOKEN_GOOD);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_one_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
