#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "json/field.h"

static const struct tkt_field *find(const char *name)
{
	const char *key;
	size_t key_length;

	return tkt_field_find(&tkt_ticket_fields, name, &key, &key_length);
}

static void test_find(void **state)
{
	const struct tkt_field *field;
	const char *key;
	size_t length;

	(void)state;
	assert_string_equal(find("status")->column, "status");
	assert_string_equal(find("requester.email")->column, "requester_email");
	assert_string_equal(find("fields")->column, "fields");
	field = tkt_field_find(&tkt_ticket_fields, "fields.domain.sub", &key, &length);
	assert_ptr_equal(field, find("fields"));
	assert_string_equal(key, "domain.sub");
	assert_int_equal(length, 10);
	field = tkt_field_find(&tkt_ticket_fields, "clock.first_response.due", &key, &length);
	assert_string_equal(field->name, "clock");
	assert_string_equal(key, "first_response.due");
	assert_int_equal(length, 14);
	assert_null(find("clock"));
	assert_null(find("clock.due"));
	assert_null(find("clock..due"));
	assert_string_equal(tkt_clock_field_find(key)->member, "due_at");
	assert_int_equal(tkt_clock_field_find("x.left")->type, TKT_FIELD_LENGTH);
	assert_null(tkt_clock_field_find("x.due_at"));
	assert_null(tkt_clock_field_find("due"));
	assert_null(find("clock.first_response.cycle"));
	assert_null(find("fields."));
	assert_null(find("status.x"));
	assert_null(find("requester"));
	assert_null(find(""));
	assert_null(find("."));
	assert_int_equal(tkt_field_index(&tkt_ticket_fields, find("subject")), 2);
}

/* Every table holds together: no name or column twice, what it shows is there. */
static void test_tables(void **state)
{
	static const struct tkt_field_table *const tables[] = { &tkt_ticket_fields,
		&tkt_message_fields, &tkt_question_fields, &tkt_event_fields, &tkt_letter_fields,
		&tkt_outgoing_fields };
	size_t index, a, b;

	(void)state;
	for (index = 0; index < 6; index++) {
		const struct tkt_field *fields = tables[index]->fields;
		char shown[200], *rest = shown, *name;

		for (a = 0; a < tables[index]->count; a++)
			for (b = 0; b < a; b++) {
				assert_string_not_equal(fields[a].name, fields[b].name);
				if (fields[a].column && fields[b].column)
					assert_string_not_equal(fields[a].column, fields[b].column);
			}
		assert_in_range(strlen(tables[index]->shown), 1, sizeof(shown) - 1);
		memcpy(shown, tables[index]->shown, strlen(tables[index]->shown) + 1);
		while ((name = strsep(&rest, ","))) {
			const char *key;
			size_t length;

			assert_non_null(tkt_field_find(tables[index], name, &key, &length));
		}
	}
}

static void test_require(void **state)
{
	struct tkt_error error = { 0 };
	const char *key;
	size_t length;

	(void)state;
	assert_null(tkt_field_require(&tkt_ticket_fields, "stauts", &key, &length, &error));
	assert_int_equal(error.kind, TKT_ERROR_USAGE);
	assert_string_equal(error.text, "there is no field 'stauts'; did you mean 'status'?");
	assert_null(tkt_field_require(&tkt_ticket_fields, "weather", &key, &length, &error));
	assert_string_equal(error.text, "there is no field 'weather'");
}

static void test_priority(void **state)
{
	(void)state;
	assert_int_equal(tkt_priority_from_word("low"), 1);
	assert_int_equal(tkt_priority_from_word("critical"), 4);
	assert_int_equal(tkt_priority_from_word("urgent"), 0);
	assert_int_equal(tkt_priority_from_word(""), 0);
	assert_string_equal(tkt_priority_word(2), "normal");
	assert_null(tkt_priority_word(0));
	assert_null(tkt_priority_word(5));
	assert_null(tkt_priority_word(INT64_MIN));
}

/* What a user writes, as JSON; or the sentence that refuses it. */
static void parses(const char *name, const char *string, const char *expected)
{
	struct tkt_error error = { 0 };
	json_auto_t *value = NULL;
	char *text;

	if (tkt_field_value_parse(find(name), string, &value, &error)) {
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, expected);
		return;
	}
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	assert_string_equal(text, expected);
	free(text);
}

static void test_parse(void **state)
{
	(void)state;
	parses("priority", "high", "\"high\"");
	parses(
	    "priority", "urgent", "'priority' cannot be 'urgent': low, normal, high or critical");
	parses("status", "", "null");
	parses(
	    "status", "shut", "'status' cannot be 'shut': new, open, pending, resolved or closed");
	parses("requester.email", "Anna@Example.ORG", "\"anna@example.org\"");
	parses("cc", "A@example.org, b@example.org,,", "[\"a@example.org\",\"b@example.org\"]");
	parses("tags", "A,b c", "[\"A\",\"b c\"]");
	parses("tags", " , ", "null");
	parses("rev", "9223372036854775807", "9223372036854775807");
	parses("rev", "9223372036854775808",
	    "'rev' must be a whole number, not '9223372036854775808'");
	parses("wake_at", "2026-03-02", "\"2026-03-02T00:00:00Z\"");
	parses("wake_at", "2026-03-02T12:00:00+03:00", "\"2026-03-02T09:00:00Z\"");
	parses("left", "2h", "7200");
	parses("overdue", "true", "true");
	parses("overdue", "maybe", "'overdue' must be true or false, not 'maybe'");
	parses("fields", "example.org", "\"example.org\"");
	parses("clocks", "[{\"name\":\"x\"}]", "[{\"name\":\"x\"}]");
	parses("subject", "\xff", "the value of 'subject' is not UTF-8");
}

static void checks(const char *name, const char *json, const char *expected)
{
	struct tkt_error error = { 0 };
	json_auto_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
	json_auto_t *checked = NULL;
	char *text;

	if (tkt_field_value_check(find(name), value, &checked, &error)) {
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, expected);
		return;
	}
	text = json_dumps(checked, JSON_COMPACT | JSON_ENCODE_ANY);
	assert_string_equal(text, expected);
	free(text);
}

static void test_check(void **state)
{
	(void)state;
	checks("subject", "12", "'subject' must be a text");
	checks("subject", "[]", "null");
	checks("rev", "1.5", "'rev' must be a whole number");
	checks("rev", "true", "'rev' must be a whole number");
	checks("tags", "\"a\"", "'tags' must be a list of texts");
	checks("tags", "[1]", "'tags' must be a list of texts");
	checks("tags", "[\"a\",\"\"]", "[\"a\"]");
	checks("tags", "[\"\"]", "null");
	checks("cc", "[\"A@EXAMPLE.org\"]", "[\"a@example.org\"]");
	checks("fields", "{\"a\":\"1\",\"b\":null,\"c\":\"\"}", "{\"a\":\"1\"}");
	checks("fields", "{\"a\":1}", "'fields.a' must be a text");
	checks("fields", "{\"\":\"1\"}", "'fields' has a member without a name");
	checks("fields", "[1]", "'fields' must be an object of names and texts");
	checks("overdue", "1", "'overdue' must be true or false");
	checks("wake_at", "1700000000", "'wake_at' must be a text");
}

static void test_object(void **state)
{
	struct tkt_error error = { 0 };
	json_auto_t *object = json_object();

	(void)state;
	assert_null(tkt_object_get(object, "requester.email"));
	assert_int_equal(
	    tkt_object_set(object, "requester.email", json_string("a@example.org"), &error), 0);
	assert_int_equal(tkt_object_set(object, "fields.a.b", json_string("x"), &error), 0);
	assert_string_equal(tkt_object_text(object, "requester.email"), "a@example.org");
	assert_string_equal(tkt_object_text(object, "fields.a.b"), "x");
	assert_null(tkt_object_text(object, "requester"));
	assert_int_equal(tkt_object_set(object, "requester.email", json_string(""), &error), 0);
	assert_null(json_object_get(object, "requester"));
	assert_int_equal(tkt_object_set(object, "fields.a.b", json_array(), &error), 0);
	assert_int_equal(tkt_object_set(object, "absent.x", json_null(), &error), 0);
	assert_int_equal(json_object_size(object), 0);
	json_object_set_new(object, "fields", json_string("text"));
	assert_int_equal(tkt_object_set(object, "fields.a", json_null(), &error), 0);
	assert_int_equal(tkt_object_set(object, "fields.a", json_string("x"), &error), 0);
	assert_string_equal(tkt_object_text(object, "fields.a"), "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_require),
		cmocka_unit_test(test_priority),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
