/* tests/unit/test_json_writer.c: the JSON writer: commas, escapes, members. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/time.h"

static void test_commas_come_by_themselves(void **state)
{
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_json_begin(&text, '{');
	tkt_json_key(&text, "list");
	tkt_json_begin(&text, '[');
	tkt_json_integer(&text, 1);
	tkt_json_string(&text, "[", 1);
	tkt_json_begin(&text, '[');
	tkt_json_end(&text, ']');
	tkt_json_begin(&text, '{');
	tkt_json_end(&text, '}');
	tkt_json_boolean(&text, false);
	tkt_json_null(&text);
	tkt_json_raw(&text, "{\"a\":1}", 7);
	tkt_json_end(&text, ']');
	tkt_json_key(&text, "empty");
	tkt_json_string(&text, NULL, 0);
	tkt_json_end(&text, '}');
	tkt_text_add_byte(&text, '\n');
	tkt_json_begin(&text, '{');
	tkt_json_end(&text, '}');
	assert_string_equal(
	    text.bytes, "{\"list\":[1,\"[\",[],{},false,null,{\"a\":1}],\"empty\":\"\"}\n{}");
}

static void test_escapes(void **state)
{
	static const char from[] = "a\"\\/\b\t\n\v\f\r\x1f\x7f\0 \xD0\xB6\xF0\x9F\x98\x80";
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_json_string(&text, from, sizeof(from) - 1);
	assert_string_equal(text.bytes,
	    "\"a\\\"\\\\/\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\\u0000 \xD0\xB6\xF0\x9F\x98\x80\"");
}

static void test_empty_members_are_left_out(void **state)
{
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_json_begin(&text, '{');
	tkt_json_member_text(&text, "null", NULL);
	tkt_json_member_text(&text, "empty", "");
	tkt_json_member_integer(&text, "zero", 0);
	tkt_json_member_integer(&text, "least", INT64_MIN);
	tkt_json_member_boolean(&text, "false", false);
	tkt_json_member_boolean(&text, "true", true);
	tkt_json_member_text(&text, "subject", "x");
	tkt_json_end(&text, '}');
	assert_string_equal(text.bytes,
	    "{\"zero\":0,\"least\":-9223372036854775808,\"false\":false,\"true\":true,"
	    "\"subject\":\"x\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commas_come_by_themselves),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_empty_members_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
