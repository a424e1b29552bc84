#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "json/field.h"
#include "json/stream.h"

#define COUNT 64

static struct tkt_value row[COUNT];

static struct tkt_value *at(const struct tkt_field_table *table, const char *name)
{
	const char *key;
	size_t length;
	const struct tkt_field *field = tkt_field_find(table, name, &key, &length);

	assert_in_range(table->count, 1, COUNT);
	return &row[tkt_field_index(table, field)];
}

static void text(const struct tkt_field_table *table, const char *name, const char *value)
{
	*at(table, name) =
	    (struct tkt_value){ .kind = TKT_VALUE_TEXT, .text = value, .length = strlen(value) };
}

static void integer(const struct tkt_field_table *table, const char *name, int64_t value)
{
	*at(table, name) = (struct tkt_value){ .kind = TKT_VALUE_INTEGER, .integer = value };
}

static int reset(void **state)
{
	(void)state;
	memset(row, 0, sizeof(row));
	return 0;
}

static void fill_ticket(void)
{
	const struct tkt_field_table *t = &tkt_ticket_fields;

	text(t, "id", "SUP-7");
	integer(t, "rev", 3);
	text(t, "subject", "a \"b\"\n\xd0\xb6");
	text(t, "queue", "");
	integer(t, "priority", 3);
	text(t, "requester.email", "a@example.org");
	text(t, "requester.name", "Anna");
	text(t, "cc", "[]");
	text(t, "tags", "[\"x\",\"y\"]");
	text(t, "fields", "{\"domain\":\"example.org\"}");
	integer(t, "created_at", 1772442000);
	integer(t, "due", 1772442000);
	integer(t, "overdue", 1);
}

#define TICKET                                                                                    \
	"{\"type\":\"ticket\",\"id\":\"SUP-7\",\"rev\":3,\"subject\":\"a \\\"b\\\"\\n\xd0\xb6\"," \
	"\"priority\":\"high\",\"requester\":{\"email\":\"a@example.org\",\"name\":\"Anna\"},"    \
	"\"tags\":[\"x\",\"y\"],\"fields\":{\"domain\":\"example.org\"},"                         \
	"\"created_at\":\"2026-03-02T09:00:00Z\"}"

static void writes(const struct tkt_field_table *table, const char *expected)
{
	struct tkt_error error = { 0 };
	json_auto_t *object = NULL;
	tkt_autotext written, loaded;

	tkt_text_init(&written, TKT_TEXT_LIMIT);
	tkt_text_init(&loaded, TKT_TEXT_LIMIT);
	tkt_row_write(&written, table, row);
	assert_string_equal(written.bytes, expected);
	assert_int_equal(tkt_row_load(table, row, &object, &error), 0);
	tkt_value_write(&loaded, object);
	assert_string_equal(loaded.bytes, expected);
}

static void test_ticket(void **state)
{
	(void)state;
	fill_ticket();
	writes(&tkt_ticket_fields, TICKET);
}

static void test_nested_alone(void **state)
{
	(void)state;
	writes(&tkt_ticket_fields, "{\"type\":\"ticket\"}");
	text(&tkt_ticket_fields, "requester.name", "Anna");
	writes(&tkt_ticket_fields, "{\"type\":\"ticket\",\"requester\":{\"name\":\"Anna\"}}");
	integer(&tkt_ticket_fields, "priority", 9); /* out of range is nothing */
	writes(&tkt_ticket_fields, "{\"type\":\"ticket\",\"requester\":{\"name\":\"Anna\"}}");
}

static void test_message(void **state)
{
	const struct tkt_field_table *t = &tkt_message_fields;

	(void)state;
	integer(t, "id", 41); /* a number in its column, an id on the wire */
	integer(t, "auto", 1);
	text(t, "author.email", "a@example.org");
	text(t, "to", "[{\"email\":\"b@example.org\"}]");
	writes(t,
	    "{\"type\":\"message\",\"id\":\"41\",\"author\":{\"email\":\"a@example.org\"},"
	    "\"to\":[{\"email\":\"b@example.org\"}],\"auto\":true,\"bounce\":false}");
}

/* A byte that must be escaped is found wherever it stands, and none of the others is. */
static void test_escapes(void **state)
{
	char value[24];
	size_t place;
	int byte;

	(void)state;
	for (place = 0; place < sizeof(value) - 1; place++)
		for (byte = 1; byte < 0x80; byte++) {
			json_auto_t *expected = NULL;
			tkt_autotext written;
			json_t *read;

			memset(value, 'a', sizeof(value) - 1);
			value[sizeof(value) - 1] = '\0';
			value[place] = (char)byte;
			text(&tkt_ticket_fields, "subject", value);
			tkt_text_init(&written, TKT_TEXT_LIMIT);
			tkt_row_write(&written, &tkt_ticket_fields, row);
			expected = json_pack("{ssss}", "type", "ticket", "subject", value);
			read = json_loads(written.bytes, 0, NULL);
			assert_true(json_equal(read, expected));
			json_decref(read);
		}
}

static void test_broken_column(void **state)
{
	struct tkt_error error = { 0 };
	json_t *object = NULL;

	(void)state;
	text(&tkt_ticket_fields, "tags", "[\"x\"");
	assert_int_equal(tkt_row_load(&tkt_ticket_fields, row, &object, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(
	    error.text, "the stored 'tags' is not JSON: ']' expected near end of file");
	text(&tkt_ticket_fields, "tags", "[]");
	text(&tkt_ticket_fields, "subject", "\xff");
	assert_int_equal(tkt_row_load(&tkt_ticket_fields, row, &object, &error), -1);
	assert_string_equal(error.text, "the stored 'subject' is not UTF-8");
	assert_null(object);
}

/* An object and back: the same object; the room grows under the values meanwhile. */
static void test_from_object(void **state)
{
	struct tkt_error error = { 0 };
	json_auto_t *object = json_loads(TICKET, 0, NULL);
	tkt_autotext room;
	char tag[4000];

	(void)state;
	memset(tag, 't', sizeof(tag) - 1);
	tag[sizeof(tag) - 1] = '\0';
	json_array_append_new(json_object_get(object, "tags"), json_string(tag));
	json_object_set_new(object, "unknown", json_integer(1));
	tkt_object_set(object, "requester.email", json_string("A@Example.org"), &error);
	tkt_text_init(&room, TKT_TEXT_LIMIT);
	tkt_text_add(&room, "kept");
	assert_int_equal(tkt_row_from_object(&tkt_ticket_fields, object, row, &room, &error), 0);
	json_object_del(object, "unknown");
	tkt_object_set(object, "requester.email", json_string("a@example.org"), &error);
	json_auto_t *again = NULL;
	assert_int_equal(tkt_row_load(&tkt_ticket_fields, row, &again, &error), 0);
	assert_true(json_equal(object, again));
	assert_string_equal(at(&tkt_ticket_fields, "requester.email")->text, "a@example.org");
	assert_string_equal(at(&tkt_ticket_fields, "fields")->text, "{\"domain\":\"example.org\"}");
	assert_int_equal(at(&tkt_ticket_fields, "created_at")->integer, 1772442000);
	assert_memory_equal(room.bytes, "kept", 4);
}

/* Only what differs is converted: the rest may even be wrong. */
static void test_from_difference(void **state)
{
	static const char *const expected[] = { "subject", "priority", "cc", "fields" };
	struct tkt_error error = { 0 };
	json_auto_t *before =
	    json_loads("{\"id\":7,\"subject\":\"a\",\"tags\":[\"x\"],\"cc\":[\"b@x\"],"
		       "\"queue\":\"\",\"fields\":{\"a\":\"1\"}}",
		0, NULL);
	json_auto_t *after =
	    json_loads("{\"id\":7,\"priority\":\"high\",\"tags\":[\"x\"],\"cc\":[\"C@x\"],"
		       "\"fields\":{\"a\":\"2\"}}",
		0, NULL);
	bool changed[COUNT];
	size_t index, next = 0;
	tkt_autotext room;

	(void)state;
	tkt_text_init(&room, TKT_TEXT_LIMIT);
	assert_int_equal(
	    tkt_row_from_difference(&tkt_ticket_fields, before, after, row, changed, &room, &error),
	    0);
	for (index = 0; index < tkt_ticket_fields.count; index++)
		if (changed[index])
			assert_string_equal(tkt_ticket_fields.fields[index].name, expected[next++]);
		else
			assert_int_equal(row[index].kind, TKT_VALUE_EMPTY);
	assert_int_equal(next, 4);
	writes(&tkt_ticket_fields,
	    "{\"type\":\"ticket\",\"priority\":\"high\",\"cc\":[\"c@x\"],\"fields\":{\"a\":\"2\"}}");
}

static void refuses(const struct tkt_field_table *table, const char *json, const char *reason)
{
	struct tkt_error error = { 0 };
	json_auto_t *object = json_loads(json, 0, NULL);
	tkt_autotext room;

	assert_non_null(object);
	tkt_text_init(&room, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_row_from_object(table, object, row, &room, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, reason);
}

static void test_refused(void **state)
{
	const struct tkt_field_table *t = &tkt_ticket_fields;

	(void)state;
	refuses(t, "{\"priority\":\"urgent\"}",
	    "'priority' cannot be 'urgent': low, normal, high or critical");
	refuses(t, "{\"id\":7}", "'id' must be a text");
	refuses(t, "{\"rev\":\"7\"}", "'rev' must be a whole number");
	refuses(t, "{\"tags\":{\"a\":1}}", "'tags' must be a list of texts");
	refuses(&tkt_message_fields, "{\"auto\":\"no\"}", "'auto' must be true or false");
	refuses(&tkt_message_fields, "{\"body\":[\"x\"]}", "'body' must be a text");
}

/* Types that a nested object may pretend to have harm nothing. */
static void test_strange_shapes(void **state)
{
	struct tkt_error error = { 0 };
	json_auto_t *object =
	    json_loads("{\"requester\":\"x\",\"cc\":null,\"due\":[1],\"fields\":{}}", 0, NULL);
	tkt_autotext room;

	(void)state;
	tkt_text_init(&room, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_row_from_object(&tkt_ticket_fields, object, row, &room, &error), 0);
	writes(&tkt_ticket_fields, "{\"type\":\"ticket\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ticket, reset),
		cmocka_unit_test_setup(test_nested_alone, reset),
		cmocka_unit_test_setup(test_message, reset),
		cmocka_unit_test_setup(test_escapes, reset),
		cmocka_unit_test_setup(test_broken_column, reset),
		cmocka_unit_test_setup(test_from_object, reset),
		cmocka_unit_test_setup(test_from_difference, reset),
		cmocka_unit_test_setup(test_refused, reset),
		cmocka_unit_test_setup(test_strange_shapes, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
