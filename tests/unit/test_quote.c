/* What is new in a text: the mark of each line, and hostile texts within bounds. Styles of mailers
 * are in tests/mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "mail/quote.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECONDS_MOST 3 /* of processor time: what grows with the square takes hours */
#define BIG ((size_t)2 << 20)

static void assert_marks(enum tkt_quote_letter letter, const char *text, const char *expected)
{
	struct tkt_error error;
	tkt_autotext marks;

	tkt_text_init(&marks, 1000);
	assert_int_equal(tkt_quote_mark(text, strlen(text), letter, &marks, &error), 0);
	assert_string_equal(marks.bytes, expected);
}

static void test_marks(void **state)
{
	(void)state;
	assert_marks(TKT_QUOTE_ANSWER, "", "");
	assert_marks(TKT_QUOTE_FORWARD, "", "");
	assert_marks(TKT_QUOTE_ANSWER, "\n", "q");
	assert_marks(TKT_QUOTE_ANSWER, "a", "n");
	assert_marks(TKT_QUOTE_ANSWER, "a\n\nb\n", "nnn");
	assert_marks(TKT_QUOTE_ANSWER, "a\n> b\n\n> c\n\nd\n-- \ne", "nqqqnnss");
	assert_marks(TKT_QUOTE_ANSWER, "a\nAnna wrote:\n\n> b", "nqqq");
	assert_marks(TKT_QUOTE_ANSWER, "a\nAnna wrote:\n\n\n\n\n> b", "nnnnnnq");
	assert_marks(
	    TKT_QUOTE_ANSWER, "a\n-----Original Message-----\nFrom: b\nTo: c\n\nd", "nqqqqq");
	assert_marks(
	    TKT_QUOTE_FIRST, "a\n-----Original Message-----\nFrom: b\nTo: c\n\nd", "nnnnnn");
	assert_marks(TKT_QUOTE_FORWARD, "a\n-----Original Message-----\nFrom: b\n> c", "nnnn");
	assert_marks(TKT_QUOTE_FORWARD, "> a\n> b", "nn");
	assert_marks(TKT_QUOTE_ANSWER, "a\n-----\n\n> b\n-----\nc", "nqqqnn");
	assert_marks(TKT_QUOTE_ANSWER, "> a\n> b", "qq");
}

static void assert_new(const char *text, const char *expected)
{
	struct tkt_error error;
	tkt_autotext out;

	tkt_text_init(&out, 1000);
	tkt_text_add(&out, "|");
	assert_int_equal(tkt_quote_add_new(&out, text, strlen(text), TKT_QUOTE_ANSWER, &error), 0);
	assert_string_equal(out.bytes + 1, expected);
}

static void test_new_text(void **state)
{
	(void)state;
	assert_new("", "");
	assert_new("a \n\n\nb\n", "a \n\n\nb\n"); /* nothing was cut: as it is */
	assert_new("\n\na\n\n\nb\n\n> c\n\n\n\nd\n\n", "a\n\n\nb\n\nd");
	assert_new("> a\n\n-- \nb", "");
}

/* A text of BIG bytes that repeats `piece`, behind a new line. */
static void assert_bounded(const char *piece)
{
	static const enum tkt_quote_letter letters[] = { TKT_QUOTE_FIRST, TKT_QUOTE_ANSWER,
		TKT_QUOTE_FORWARD };
	struct tkt_error error;
	tkt_autotext text;

	tkt_text_init(&text, 2 * BIG);
	tkt_text_add(&text, "new\n");
	while (text.length < BIG)
		tkt_text_add(&text, piece);
	for (size_t i = 0; i < COUNT(letters); i++) {
		clock_t begun = clock();
		tkt_autotext out;

		tkt_text_init(&out, 2 * BIG);
		assert_int_equal(
		    tkt_quote_add_new(&out, text.bytes, text.length, letters[i], &error), 0);
		assert_true(strncmp(out.bytes, "new", 3) == 0);
		if (clock() - begun > SECONDS_MOST * CLOCKS_PER_SEC)
			fail_msg("too slow: '%.40s'", piece);
	}
}

static void test_hostile(void **state)
{
	static const char attribution[] =
	    "On Mon, 2 Mar 2026 11:30:00 +0300, Support <s@example.com> wrote:\n";

	(void)state;
	assert_bounded("wrote: ");
	assert_bounded(">");
	assert_bounded("\n");
	assert_bounded("\n> \n");
	assert_bounded("1:\n");
	assert_bounded("--\n");
	assert_bounded("> a\n--\n");
	assert_bounded("Anna wrote:\n");
	assert_bounded("On\n");
	assert_bounded("On Mon, 2 Mar 2026 11:30:00 +0300\n");
	assert_bounded(attribution);
	assert_bounded(
	    "On Mon, 2 Mar 2026 11:30:00 +0300, Support <s@example.com> wrote:\nx\n> y\n");
	assert_bounded("From: a\nCc: b\n");
	assert_bounded("From: a\nTo: a\nx\nx\nx\n");
	assert_bounded("____________________________\n");
	assert_bounded("AP> a\nAnna wrote:\n");
	assert_bounded("\xEF\xBC\x9A\n\xC2\xA0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_new_text),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
