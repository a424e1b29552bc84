#include "store_support.h"

#include "store/sweep.h"
#include "store/ticket.h"

#define T0900 1772442000 /* 2026-03-02T09:00:00Z */

static void write_ticket(struct tkt_db *db, const char *json)
{
	json_auto_t *ticket = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_ticket_write(db, NULL, ticket, &error), &error);
}

/* Five tickets: the third is never due, the fourth is closed. */
static void fill(struct tkt_db *db)
{
	write_ticket(db,
	    "{\"id\":\"T-1\",\"status\":\"open\",\"next_at\":\"2026-03-02T10:00:00Z\","
	    "\"clocks\":[{\"name\":\"resolution\",\"cycle\":1,\"state\":\"running\"}],"
	    "\"timers\":[{\"name\":\"silent\",\"since_at\":\"2026-03-02T09:00:00Z\"}]}");
	write_ticket(
	    db, "{\"id\":\"T-2\",\"status\":\"new\",\"next_at\":\"2026-03-02T09:30:00Z\"}");
	write_ticket(db, "{\"id\":\"T-3\",\"status\":\"open\"}");
	write_ticket(db, "{\"id\":\"T-4\",\"status\":\"closed\"}");
	write_ticket(
	    db, "{\"id\":\"T-5\",\"status\":\"open\",\"next_at\":\"2026-03-02T10:00:00Z\"}");
}

/* The ids of an array that is given up, parted by blanks. */
static void assert_ids(json_t *tickets, const char *expected)
{
	const json_t *ticket;
	tkt_autotext ids;
	size_t index;

	tkt_text_init(&ids, TKT_TEXT_LIMIT);
	tkt_text_add(&ids, "");
	json_array_foreach(tickets, index, ticket)
		tkt_text_format(&ids, "%s%s", index ? " " : "", tkt_object_text(ticket, "id"));
	assert_string_equal(ids.length ? ids.bytes : "", expected);
	json_decref(tickets);
}

static void assert_next_tickets(
    struct tkt_db *db, int64_t now, int limit, struct tkt_due_place *place, const char *expected)
{
	struct tkt_error error = { 0 };
	json_t *tickets = NULL;

	succeed(tkt_sweep_tickets(db, now, limit, place, &tickets, &error), &error);
	assert_ids(tickets, expected);
}

static void test_due_tickets(void **state)
{
	struct tkt_due_place start = { INT64_MIN, 0 }, place = start;

	fill(*state);
	assert_next_tickets(*state, T0900 + 1799, 9, &place, "");
	assert_next_tickets(*state, T0900 + 1800, 9, &place, "T-2");
	assert_next_tickets(*state, T0900 + 1800, 9, &place, "");
	place = start;
	assert_next_tickets(*state, T0900 + 3600, 2, &place, "T-2 T-1");
	assert_next_tickets(*state, T0900 + 3600, 2, &place, "T-5");
	assert_next_tickets(*state, T0900 + 3600, 2, &place, "");
}

static void test_whole_tickets(void **state)
{
	struct tkt_due_place place = { T0900 + 1800, 2 };
	struct tkt_error error = { 0 };
	json_auto_t *tickets = NULL;

	fill(*state);
	succeed(tkt_sweep_tickets(*state, T0900 + 3600, 1, &place, &tickets, &error), &error);
	assert_object(json_array_get(tickets, 0),
	    "{\"type\":\"ticket\",\"id\":\"T-1\",\"status\":\"open\","
	    "\"clocks\":[{\"name\":\"resolution\",\"cycle\":1,\"state\":\"running\"}],"
	    "\"timers\":[{\"name\":\"silent\",\"since_at\":\"2026-03-02T09:00:00Z\"}],"
	    "\"next_at\":\"2026-03-02T10:00:00Z\"}");
}

static void test_policies(void **state)
{
	static const struct {
		int64_t now;
		const char *expected;
	} cases[] = {
		{ T0900 - 1, "[]" },
		{ T0900 + 1, "[\"a\"]" },
		{ T0900 + 9, "[\"a\",\"b\"]" },
	};
	struct tkt_error error = { 0 };
	size_t index;

	write_ticket(*state,
	    "{\"id\":\"T-1\",\"status\":\"open\",\"policy\":\"a\",\"next_at\":\"2026-03-02T09:00:00Z\"}");
	write_ticket(*state,
	    "{\"id\":\"T-2\",\"status\":\"open\",\"policy\":\"a\",\"next_at\":\"2026-03-02T09:00:01Z\"}");
	write_ticket(
	    *state, "{\"id\":\"T-3\",\"status\":\"open\",\"next_at\":\"2026-03-02T09:00:01Z\"}");
	write_ticket(*state,
	    "{\"id\":\"T-4\",\"status\":\"open\",\"policy\":\"b\",\"next_at\":\"2026-03-02T09:00:02Z\"}");
	for (index = 0; index < sizeof(cases) / sizeof(cases[0]); index++) {
		json_auto_t *names = NULL;

		succeed(tkt_sweep_policies(*state, cases[index].now, &names, &error), &error);
		assert_object(names, cases[index].expected);
	}
}

static int add_promised(const struct tkt_promised *ticket, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_text_format(context, "%s %s %s\n", ticket->id, ticket->clocks ? "clocks" : "-",
	    ticket->timers ? "timers" : "-");
	return 0;
}

static void test_open_tickets(void **state)
{
	static const char *const expected[] = { "T-1 clocks timers\nT-2 - -\n",
		"T-3 - -\nT-5 - -\n", "" };
	struct tkt_error error = { 0 };
	int64_t after = 0;
	size_t index;

	fill(*state);
	for (index = 0; index < sizeof(expected) / sizeof(expected[0]); index++) {
		tkt_autotext seen;

		tkt_text_init(&seen, TKT_TEXT_LIMIT);
		succeed((int)tkt_sweep_promised(*state, 2, &after, add_promised, &seen, &error),
		    &error);
		assert_string_equal(seen.bytes, expected[index]);
	}
}

static void write_notice(struct tkt_db *db, const char *address, const char *text, int64_t send_at)
{
	const struct tkt_notice notice = {
		.address = address, .ticket = "T-1", .text = text, .send_at = send_at
	};
	struct tkt_error error = { 0 };

	succeed(tkt_notice_write(db, &notice, &error), &error);
}

static int add_notice(const struct tkt_notice *notice, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_text_format(context, "%lld %s %s %s %lld\n", (long long)notice->number, notice->address,
	    notice->ticket, notice->text, (long long)notice->send_at - T0900);
	return 0;
}

static void assert_notices(struct tkt_db *db, int64_t now, int count, const char *expected)
{
	struct tkt_error error = { 0 };
	tkt_autotext seen;

	tkt_text_init(&seen, TKT_TEXT_LIMIT);
	tkt_text_add(&seen, "-");
	assert_int_equal(tkt_notice_each(db, now, add_notice, &seen, &error), count);
	assert_string_equal(seen.bytes + 1, expected);
}

static void test_notices(void **state)
{
	struct tkt_error error = { 0 };

	write_notice(*state, "petrov@example.org", "first_response 75%", T0900);
	write_notice(*state, "ivanova@example.org", "resolution 100%", T0900);
	write_notice(*state, "ivanova@example.org", "later", T0900 + 60);
	write_notice(*state, "ivanova@example.org", "silent 5wd", T0900 - 60);
	assert_notices(*state, T0900 - 61, 0, "");
	assert_notices(*state, T0900, 3,
	    "2 ivanova@example.org T-1 resolution 100% 0\n"
	    "4 ivanova@example.org T-1 silent 5wd -60\n"
	    "1 petrov@example.org T-1 first_response 75% 0\n");
	succeed(tkt_notice_forget(*state, 3, T0900, &error), &error);
	assert_notices(*state, T0900 + 60, 2,
	    "3 ivanova@example.org T-1 later 60\n"
	    "4 ivanova@example.org T-1 silent 5wd -60\n");
}

static int stop(const struct tkt_notice *notice, void *context, struct tkt_error *error)
{
	(void)context;
	return tkt_error_set(error, TKT_ERROR_IO, "stopped at %s", notice->text);
}

static void test_a_visit_that_fails_ends_the_walk(void **state)
{
	struct tkt_error error = { 0 };

	write_notice(*state, "ivanova@example.org", "one", T0900);
	assert_int_equal(tkt_notice_each(*state, T0900, stop, NULL, &error), -1);
	assert_string_equal(error.text, "stopped at one");
}

static void assert_is_due(struct tkt_db *db, int64_t now, int expected)
{
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_sweep_is_due(db, now, &error), expected);
}

static void test_is_due(void **state)
{
	struct tkt_error error = { 0 };

	assert_is_due(*state, INT64_MAX, 0);
	write_notice(*state, "ivanova@example.org", "one", T0900);
	assert_is_due(*state, T0900 - 1, 0);
	assert_is_due(*state, T0900, 1);
	succeed(tkt_notice_forget(*state, 1, T0900, &error), &error);
	assert_is_due(*state, T0900, 0);
	fill(*state);
	assert_is_due(*state, T0900 + 1799, 0);
	assert_is_due(*state, T0900 + 1800, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_due_tickets, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_whole_tickets, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_policies, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_open_tickets, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_notices, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_a_visit_that_fails_ends_the_walk, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_is_due, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
