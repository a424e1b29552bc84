#include "flow/fingerprint.h"
#include "store_support.h"

#define LETTER                           \
	"From: a@example.org\n"          \
	"Subject: one\n"                 \
	" and a half\n"                  \
	"\n"                             \
	"Received: stands in the text\n" \
	"bye\n"

static void fingerprint(const char *letter, char sha256[65])
{
	tkt_letter_fingerprint(letter, strlen(letter), sha256);
}

static void assert_alike(const char *a, const char *b, bool expected)
{
	char one[65], two[65];

	fingerprint(a, one);
	fingerprint(b, two);
	if ((strcmp(one, two) == 0) != expected)
		fail_msg("%s\nand\n%s\nare %s", a, b, expected ? "not alike" : "alike");
}

static void test_known(void **state)
{
	char sha256[65];

	(void)state;
	fingerprint("", sha256);
	assert_string_equal(
	    sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	fingerprint("abc", sha256); /* as 'abc' and a line end */
	assert_string_equal(
	    sha256, "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb");
}

static void test_trace_is_nothing(void **state)
{
	(void)state;
	assert_alike(LETTER,
	    "Received: from x by y; Mon, 2 Mar 2026 09:00:00 +0000\n\tand more of it\n" LETTER,
	    true);
	assert_alike(LETTER,
	    "Return-Path: <a@example.org>\nDELIVERED-TO: b@example.org\n"
	    "X-Original-To: b@example.org\nFrom a@example.org Mon Mar  2 09:00:00 2026\n" LETTER,
	    true);
	assert_alike(LETTER, "Authentication-Results: mx.example.org;\n spf=pass\n" LETTER, true);
}

static void test_line_ends_are_nothing(void **state)
{
	(void)state;
	assert_alike("From: a\n\ntext\n", "From: a\r\n\r\ntext\r\n", true);
	assert_alike("From: a\n\ntext", "From: a\n\ntext\n", true);
	assert_alike("From: a\n\ntext\n", "From: a\n\ntext\n\n", false);
}

static void test_all_else_counts(void **state)
{
	(void)state;
	assert_alike(LETTER, LETTER "more\n", false);
	assert_alike("A: 1\nB: 2\n\n", "B: 2\nA: 1\n\n", false);
	assert_alike("Subject: one\n two\n\n", "Subject: one\n\n two\n", false);
	assert_alike("Received-SPF: pass\n\n", "\n", false);
	assert_alike("A: 1\n\nReceived: x\n", "A: 1\n\n", false); /* behind the header it is text */
	assert_alike("A: 1\n\nFrom a\n", "A: 1\n\n", false);
}

static void test_a_folded_trace_field_goes_whole(void **state)
{
	(void)state;
	assert_alike("Received: a\n b\n\tc\nSubject: s\n\n", "Subject: s\n\n", true);
	assert_alike("Subject: s\nReceived: a\n b\n\n b\n", "Subject: s\n\n b\n", true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_trace_is_nothing),
		cmocka_unit_test(test_line_ends_are_nothing),
		cmocka_unit_test(test_all_else_counts),
		cmocka_unit_test(test_a_folded_trace_field_goes_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
