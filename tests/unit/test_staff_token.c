/* Tokens for an agent's answers: made as a second implementation makes them, never guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/staff_token.h"

/* HMAC-SHA-256 of 's1042-1772442000-ivanova' (RFC 4231) by another program, cut to 80 bits,
 * RFC 4648 base32. */
#define TOKEN "s1042-1772442000-4vg4hrksywu6dvhr"
#define ADDRESS "support+" TOKEN "@example.org"

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
	struct tkt_staff_token token = { .number = 1042, .expires_at = 1772442000 },
			       longest = { 999999999999999999, 999999999999999999, "" };
	struct tkt_token_key key = counting_key();

	(void)state;
	tkt_staff_token_make(&key, "ivanova", &token);
	assert_string_equal(token.text, TOKEN);
	assert_true(tkt_staff_token_is(&key, "ivanova", &token));
	assert_false(tkt_staff_token_is(&key, "petrov", &token));
	assert_false(tkt_staff_token_is(&key, "", &token));
	tkt_staff_token_make(&key, "ivanova", &longest);
	assert_int_equal(strlen(longest.text), 1 + 18 + 1 + 18 + 1 + 16);
	assert_true(tkt_staff_token_is(&key, "ivanova", &longest));
}

static void test_read(void **state)
{
	static const char *const good[] = { ADDRESS, "a+b+" TOKEN "+c@example.org",
		"SUPPORT+S1042-1772442000-4VG4HRKSYWU6DVHR@EXAMPLE.ORG" };
	static const char *const bad[] = { "", "@", "+", TOKEN "@example.org",
		"+" TOKEN "@example.org", "support+" TOKEN "x@example.org", "support@x+" TOKEN,
		"support+s1042-4vg4hrksywu6dvhr@example.org",
		"support+s-1-4vg4hrksywu6dvhr@example.org",
		"support+s0-1-4vg4hrksywu6dvhr@example.org",
		"support+s1-0-4vg4hrksywu6dvhr@example.org", "support+s1-2-@example.org",
		"support+s1-2@example.org", "support+r" TOKEN,
		"support+s9999999999999999999-1-4vg4hrksywu6dvhr@example.org" };
	struct tkt_token_key key = counting_key();
	struct tkt_staff_token token;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(tkt_staff_token_read(good[i], '+', &token));
		assert_string_equal(token.text, TOKEN);
		assert_int_equal(token.number, 1042);
		assert_int_equal(token.expires_at, 1772442000);
		assert_true(tkt_staff_token_is(&key, "ivanova", &token));
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(tkt_staff_token_read(bad[i], '+', &token));
	/* a separator that it has itself; a Message-ID */
	assert_true(tkt_staff_token_read("support-" TOKEN "@example.org", '-', &token));
	assert_true(tkt_staff_token_read("notice." TOKEN ".chance@example.org", '.', &token));
	assert_true(tkt_staff_token_is(&key, "ivanova", &token));
}

/* Each letter and digit counts, and so does the time. */
static void test_forged(void **state)
{
	struct tkt_token_key key = counting_key();
	struct tkt_staff_token token;
	char address[] = ADDRESS;
	size_t i;

	(void)state;
	for (i = strlen("support+s"); address[i] != '@'; i++) {
		char was = address[i];

		address[i] = was == '2' ? '3' : '2';
		if (tkt_staff_token_read(address, '+', &token))
			assert_false(tkt_staff_token_is(&key, "ivanova", &token));
		address[i] = was;
	}
	/* written otherwise */
	assert_true(tkt_staff_token_read(
	    "support+s01042-1772442000-4vg4hrksywu6dvhr@example.org", '+', &token));
	assert_false(tkt_staff_token_is(&key, "ivanova", &token));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_forged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
