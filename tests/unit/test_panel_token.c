/* Tokens of the panel: made as a second implementation makes them, judged, never guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mail/panel_token.h"
#include "mail/token.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ADDRESS "anna@example.com"
#define EXPIRES 1772442600
/* HMAC-SHA-256 (RFC 4231) by another program, cut to 160 bits, RFC 4648 base32. */
#define TOKEN "1772442600-k3f9-5qfue4yctpglawcf5p6o7yh6gn5iba4v"

static struct tkt_token_key counting_key(void)
{
	struct tkt_token_key key;
	size_t i;

	for (i = 0; i < sizeof(key.bytes); i++)
		key.bytes[i] = (unsigned char)i;
	return key;
}

static enum tkt_panel_finding judge(const char *token, const char *address, int64_t now)
{
	struct tkt_token_key key = counting_key();
	char name[TKT_PANEL_TOKEN_SIZE];

	return tkt_panel_token_judge(&key, token, address, now, name);
}

static void test_make(void **state)
{
	struct tkt_token_key key = counting_key();
	char token[TKT_PANEL_TOKEN_SIZE], name[TKT_PANEL_TOKEN_SIZE];

	(void)state;
	tkt_panel_token_make(&key, ADDRESS, EXPIRES, "k3f9", token);
	assert_string_equal(token, TOKEN);
	assert_int_equal(
	    tkt_panel_token_judge(&key, token, ADDRESS, EXPIRES, name), TKT_PANEL_GOOD);
	assert_string_equal(name, "1772442600-k3f9");
	/* The longest that there may be is judged, too. */
	tkt_panel_token_make(
	    &key, ADDRESS, 999999999999999999, "abcdefghijklmnopqrstuvwxyz234567", token);
	assert_int_equal(strlen(token), 18 + 1 + 32 + 1 + 32);
	assert_int_equal(judge(token, ADDRESS, 0), TKT_PANEL_GOOD);
}

static void test_judge(void **state)
{
	static const struct {
		const char *token, *address;
		int64_t now;
		enum tkt_panel_finding finding;
	} cases[] = {
		{ TOKEN, ADDRESS, EXPIRES - 1, TKT_PANEL_GOOD },
		{ TOKEN, ADDRESS, EXPIRES + 1, TKT_PANEL_EXPIRED },
		{ TOKEN, "bob@example.com", 0, TKT_PANEL_FORGED },
		{ TOKEN, "", 0, TKT_PANEL_FORGED },
		{ TOKEN "a", ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ " " TOKEN, ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ "", ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ "1-2-3", ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ "--", ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ "1--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ "-1-a-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ADDRESS, 0, TKT_PANEL_NO_TOKEN },
		{ "1-a-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ADDRESS, 0, TKT_PANEL_FORGED },
		{ "9999999999999999999-a-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ADDRESS, 0,
		    TKT_PANEL_NO_TOKEN },
		{ "1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ADDRESS,
		    0, TKT_PANEL_NO_TOKEN },
	};
	char token[] = TOKEN;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_int_equal(
		    judge(cases[i].token, cases[i].address, cases[i].now), cases[i].finding);
	for (i = 0; token[i]; i++) { /* every letter counts */
		char letter = token[i];

		token[i] = letter == '7' ? '2' : '7';
		assert_int_not_equal(judge(token, ADDRESS, 0), TKT_PANEL_GOOD);
		token[i] = letter;
	}
}

/* What is signed cannot be read in two ways: neither part can pass a letter to its neighbour. */
static void test_parts(void **state)
{
	struct tkt_token_key key = counting_key();
	char one[TKT_PANEL_TOKEN_SIZE], other[TKT_PANEL_TOKEN_SIZE];

	(void)state;
	tkt_panel_token_make(&key, "b-c@example.com", 1, "a", one);
	tkt_panel_token_make(&key, "c@example.com", 1, "a", other);
	assert_string_not_equal(one, other);
	assert_int_equal(judge(one, "b-c@example.com", 0), TKT_PANEL_GOOD);
	assert_int_equal(judge(one, "c@example.com", 0), TKT_PANEL_FORGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
