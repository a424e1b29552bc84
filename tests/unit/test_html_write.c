#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "mail/html_write.h"

#define TOP "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n"
#define END "</body></html>\n"

static void assert_html(const char *text, const char *expected)
{
	tkt_autotext out;

	tkt_text_init(&out, TKT_TEXT_LIMIT);
	tkt_html_write(&out, text, strlen(text));
	assert_string_equal(out.bytes, expected);
}

static void test_paragraphs(void **state)
{
	(void)state;
	assert_html("", TOP END);
	assert_html("\n\n", TOP END);
	assert_html("One\ntwo \n\n\nthree\r\n\r\nfour",
	    TOP "<p>One<br>\ntwo</p>\n<p>three</p>\n<p>four</p>\n" END);
	assert_html("  a  b\tc", TOP "<p>&nbsp;&nbsp;a &nbsp;b\tc</p>\n" END);
	assert_html("Text\n\n-- \nSupport", TOP "<p>Text</p>\n<p>--<br>\nSupport</p>\n" END);
}

static void test_quotes(void **state)
{
	(void)state;
	assert_html("> a\n> b\n>\n> c\nYes.\n>> d\n> e",
	    TOP
	    "<blockquote>\n<p>a<br>\nb</p>\n<p>c</p>\n</blockquote>\n<p>Yes.</p>\n"
	    "<blockquote>\n<blockquote>\n<p>d</p>\n</blockquote>\n<p>e</p>\n</blockquote>\n" END);
	assert_html("> > a", TOP "<blockquote>\n<p>&gt; a</p>\n</blockquote>\n" END);
}

static void test_links(void **state)
{
	(void)state;
	assert_html("See https://example.org/a?b=1&c=2, (HTTP://example.org/x_(y)).",
	    TOP "<p>See <a href=\"https://example.org/a?b=1&amp;c=2\">"
		"https://example.org/a?b=1&amp;c=2</a>, (<a href=\"HTTP://example.org/x_(y)\">"
		"HTTP://example.org/x_(y)</a>).</p>\n" END);
	assert_html("<http://example.org/ы>",
	    TOP "<p>&lt;<a href=\"http://example.org/ы\">http://example.org/ы</a>&gt;</p>\n" END);
	assert_html(
	    "xhttp://example.org http:// https://... mailto:a@example.org javascript:alert(1)",
	    TOP "<p>xhttp://example.org http:// https://... mailto:a@example.org"
		" javascript:alert(1)</p>\n" END);
}

static void test_hostile(void **state)
{
	(void)state;
	assert_html("<script>alert('x')</script> & \"\x01\x1b[31m",
	    TOP "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; "
		"&quot;\xEF\xBF\xBD\xEF\xBF\xBD[31m</p>\n" END);
	assert_html("http://example.org/\"onclick=x' http://example.org/'><b>",
	    TOP
	    "<p><a href=\"http://example.org/\">http://example.org/</a>&quot;onclick=x&#39; "
	    "<a href=\"http://example.org/\">http://example.org/</a>&#39;&gt;&lt;b&gt;</p>\n" END);
}

/* A million signs cost no more than they are many, and no more than 30 quotes are open. */
static void test_bounds(void **state)
{
	static char text[1 << 20];
	tkt_autotext out;

	(void)state;
	memset(text, '>', sizeof(text));
	tkt_text_init(&out, TKT_TEXT_LIMIT);
	tkt_html_write(&out, text, sizeof(text));
	assert_int_equal(out.length,
	    strlen(TOP END "<p></p>\n") + 30 * strlen("<blockquote>\n</blockquote>\n") +
		4 * (sizeof(text) - 30));
	memset(text, ')', sizeof(text));
	memcpy(text, "http://a", 8);
	tkt_text_reset(&out);
	tkt_html_write(&out, text, sizeof(text));
	assert_int_equal(out.length,
	    strlen(TOP END "<p><a href=\"http://a\">http://a</a></p>\n") + sizeof(text) - 8);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paragraphs),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
