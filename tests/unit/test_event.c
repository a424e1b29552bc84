#include "expression/expression.h"
#include "store/event.h"
#include "store_support.h"

#define EVENT(seq, ticket)                                                         \
	"{\"type\":\"event\",\"seq\":" seq ",\"at\":\"2026-03-02T09:00:00Z\","     \
	"\"actor\":\"agent:ivanova\",\"uid\":1004,\"tool\":\"tkt-set\",\"ticket\"" \
	":\"" ticket "\",\"set\":{\"queue\":\"q" seq "\"}}"

static void write_event(struct tkt_db *db, const char *json)
{
	json_auto_t *event = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_event_write(db, event, &error), &error);
}

static int collect(const char *json, size_t length, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_text_add_bytes(context, json, length);
	tkt_text_add(context, "\n");
	return 0;
}

static void assert_events(struct tkt_db *db, const char *words, int64_t after, int64_t limit,
    int64_t expected_last, const char *expected)
{
	static const struct tkt_expression_scope scope = { 0 };
	struct tkt_walk_query query = { .after = after, .limit = limit };
	tkt_autoptr(expression) expression = NULL;
	struct tkt_error error = { 0 };
	tkt_autotext text;
	int64_t last = -1;

	if (words)
		succeed(tkt_expression_parse(words, &tkt_event_fields, &scope, &expression, &error),
		    &error);
	query.expression = expression;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	succeed((int)tkt_event_each(db, &query, collect, NULL, &text, &last, &error), &error);
	assert_string_equal(text.bytes, expected);
	assert_int_equal(last, expected_last);
}

static void test_each(void **state)
{
	write_event(*state, EVENT("1", "SUP-1"));
	write_event(*state, EVENT("2", "SUP-2"));
	write_event(*state, EVENT("3", "SUP-1"));
	assert_events(*state, NULL, 0, 0, 3,
	    EVENT("1", "SUP-1") "\n" EVENT("2", "SUP-2") "\n" EVENT("3", "SUP-1") "\n");
	assert_events(*state, NULL, 2, 0, 3, EVENT("3", "SUP-1") "\n");
	assert_events(*state, NULL, 3, 0, 3, "");
	assert_events(*state, NULL, 0, 2, 2, EVENT("1", "SUP-1") "\n" EVENT("2", "SUP-2") "\n");
	assert_events(
	    *state, "ticket=SUP-1", 0, 0, 3, EVENT("1", "SUP-1") "\n" EVENT("3", "SUP-1") "\n");
	/* What has no column is judged here, before the limit. */
	assert_events(*state, "set.queue=q3", 0, 1, 3, EVENT("3", "SUP-1") "\n");
	assert_events(*state, "not set.queue=q3 and uid=1004", 1, 0, 3, EVENT("2", "SUP-2") "\n");
}

struct counts {
	int64_t events, pauses;
};

static int count(const char *json, size_t length, void *context, struct tkt_error *error)
{
	(void)json;
	(void)length;
	(void)error;
	((struct counts *)context)->events++;
	return 0;
}

static int count_asking(const char *json, size_t length, void *context, struct tkt_error *error)
{
	struct counts *counts = context;

	count(json, length, context, error);
	return counts->events % 400 == 0;
}

static int pause_list(void *context, struct tkt_error *error)
{
	(void)error;
	((struct counts *)context)->pauses++;
	return 0;
}

static void test_batches(void **state)
{
	struct tkt_walk_query query = { 0 };
	struct counts counts = { 0 };
	struct tkt_error error = { 0 };
	int64_t last = 0;

	execute(*state,
	    "INSERT INTO event(seq, json)"
	    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
	    " SELECT i, '{}' FROM n");
	assert_int_equal(
	    tkt_event_each(*state, &query, count, pause_list, &counts, &last, &error), 1200);
	assert_int_equal(counts.events, 1200);
	assert_int_equal(counts.pauses, 2);
	assert_int_equal(last, 1200);
	counts = (struct counts){ 0 };
	assert_int_equal(
	    tkt_event_each(*state, &query, count_asking, pause_list, &counts, &last, &error), 1200);
	assert_int_equal(counts.events, 1200);
	assert_int_equal(counts.pauses, 3);
	assert_int_equal(last, 1200);
}

static void test_is_empty(void **state)
{
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_event_is_empty(*state, &error), 1);
	write_event(*state, EVENT("1", "SUP-1"));
	assert_int_equal(tkt_event_is_empty(*state, &error), 0);
	execute(*state, "DELETE FROM event");
	assert_int_equal(tkt_event_is_empty(*state, &error), 1);
	execute(*state, "INSERT INTO ticket(number, id, status) VALUES (1, 'T-1', 'new')");
	assert_int_equal(tkt_event_is_empty(*state, &error), 0);
}

static void test_refuses(void **state)
{
	json_auto_t *twice = object(EVENT("1", "SUP-1"));
	json_auto_t *without = object("{\"type\":\"event\"}");
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_event_write(*state, without, &error), -1);
	assert_string_equal(error.text, "an event needs a 'seq'");
	succeed(tkt_event_write(*state, twice, &error), &error);
	assert_int_equal(tkt_event_write(*state, twice, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_batches, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_is_empty, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_refuses, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
