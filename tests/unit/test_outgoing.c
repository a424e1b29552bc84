#include "desk/rate.h"
#include "store/outgoing.h"
#include "store_support.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */

#define MAIL(number, ticket)                                                         \
	"{\"type\":\"outgoing\",\"number\":" number ",\"ticket\":\"" ticket "\","    \
	"\"message\":\"9\",\"state\":\"queued\",\"recipients\":[\"a@example.org\"]," \
	"\"sender\":\"s@example.org\",\"subject\":\"x\",\"message_id\":\"m@example.org\","

static void write_mail(struct tkt_db *db, const char *json)
{
	json_auto_t *mail = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_outgoing_write(db, mail, &error), &error);
}

/* The number that is leased, 0 for none. */
static int64_t lease(struct tkt_db *db, int64_t now, const char *ticket)
{
	const struct tkt_rate unbound = { 0 };
	json_auto_t *mail = NULL;
	struct tkt_error error = { 0 };
	int leased = tkt_outgoing_lease(db, now, 60, &unbound, ticket, &mail, &error);

	succeed(leased, &error);
	return leased ? json_integer_value(json_object_get(mail, "number")) : 0;
}

static void assert_mail(struct tkt_db *db, int64_t number, const char *expected)
{
	json_auto_t *mail = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_outgoing_get(db, number, &mail, &error), 1);
	assert_object(mail, expected);
}

static void test_whole_row(void **state)
{
	static const char mail[] = MAIL("1", "SUP-1") "\"attempts\":0,\"unknowns\":0,"
						      "\"due_at\":\"2026-03-02T09:00:00Z\","
						      "\"created_at\":\"2026-03-02T08:00:00Z\"}";
	json_auto_t *found = NULL;
	struct tkt_error error = { 0 };

	write_mail(*state, mail);
	assert_mail(*state, 1, mail);
	assert_int_equal(tkt_outgoing_get(*state, 2, &found, &error), 0);
}

static void test_lease(void **state)
{
	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T09:00:10Z\"}");
	write_mail(*state, MAIL("2", "SUP-2") "\"created_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("3", "SUP-3") "\"due_at\":\"2026-03-02T10:00:00Z\"}");
	assert_int_equal(lease(*state, NOW - 1, NULL), 0);
	assert_int_equal(lease(*state, NOW + 10, NULL), 2);
	assert_int_equal(lease(*state, NOW + 10, "SUP-2"), 0);
	assert_int_equal(lease(*state, NOW + 10, "SUP-1"), 1);
	assert_int_equal(lease(*state, NOW + 10, NULL), 0);
	assert_int_equal(lease(*state, NOW + 69, NULL), 0);
	assert_int_equal(lease(*state, NOW + 70, "SUP-2"), 2); /* its lease ran out */
	assert_rows(*state, "SELECT number, state, attempts, unknowns, due_at FROM outgoing", 5,
	    "1|sending|1|0|1772442070 2|sending|2|1|1772442130 3|queued|0|0|1772445600");
}

/* Once the rate is reached nothing is leased, and no attempt is counted, until the window ends. */
static void test_rate(void **state)
{
	const struct tkt_rate rate = { .count = 2, .window_seconds = 60 };
	struct tkt_error error = { 0 };
	int i;

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("2", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("3", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	for (i = 0; i < 4; i++) {
		json_auto_t *mail = NULL;

		assert_int_equal(
		    tkt_outgoing_lease(*state, NOW + i, 600, &rate, NULL, &mail, &error), i < 2);
	}
	assert_rows(*state, "SELECT number, state, attempts FROM outgoing", 3,
	    "1|sending|1 2|sending|1 3|queued|0");
	assert_rows(*state, "SELECT key, count FROM tally", 2, "outgoing|2");
	for (i = 59; i < 62; i++) {
		json_auto_t *mail = NULL;

		assert_int_equal(
		    tkt_outgoing_lease(*state, NOW + i, 600, &rate, NULL, &mail, &error), i == 60);
	}
}

static void test_outcomes(void **state)
{
	struct tkt_error error = { 0 };

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("2", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("3", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	succeed(tkt_outgoing_sent(*state, 1, NOW + 1, &error), &error);
	succeed(tkt_outgoing_retry_at(*state, 2, NOW + 300, false, "greylisted", &error), &error);
	succeed(tkt_outgoing_failed(*state, 3, false, "no such user", &error), &error);
	assert_rows(*state, "SELECT number, state, due_at, sent_at, error FROM outgoing", 5,
	    "1|sent|NULL|1772442001|NULL 2|queued|1772442300|NULL|greylisted"
	    " 3|failed|NULL|NULL|no such user");
	assert_int_equal(lease(*state, NOW + 299, NULL), 0);
	assert_int_equal(lease(*state, NOW + 300, NULL), 2);
	assert_int_equal(tkt_outgoing_sent(*state, 4, NOW, &error), -1);
	assert_string_equal(error.text, "there is no outgoing mail 4");
}

static void test_by_a_person(void **state)
{
	struct tkt_error error = { 0 };

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T10:00:00Z\"}");
	assert_int_equal(tkt_outgoing_cancel(*state, 1, &error), 1);
	assert_int_equal(tkt_outgoing_cancel(*state, 1, &error), 0);
	assert_int_equal(lease(*state, NOW + 9999, NULL), 0);
	assert_int_equal(tkt_outgoing_requeue(*state, 1, NOW, &error), 1);
	assert_int_equal(lease(*state, NOW, NULL), 1);
	assert_int_equal(tkt_outgoing_requeue(*state, 1, NOW, &error), 0); /* it is being sent */
	assert_int_equal(tkt_outgoing_cancel(*state, 1, &error), 0);
	succeed(tkt_outgoing_sent(*state, 1, NOW, &error), &error);
	assert_int_equal(tkt_outgoing_requeue(*state, 1, NOW, &error), 0);
	assert_int_equal(tkt_outgoing_requeue(*state, 7, NOW, &error), 0);
}

/* What broke off behind the data counts; what a person does starts anew. */
static void test_unknown_outcomes(void **state)
{
	struct tkt_error error = { 0 };

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	assert_int_equal(lease(*state, NOW, NULL), 1);
	succeed(tkt_outgoing_retry_at(*state, 1, NOW + 1, true, "broken", &error), &error);
	assert_int_equal(lease(*state, NOW + 1, NULL), 1);
	assert_int_equal(lease(*state, NOW + 61, NULL), 1);
	succeed(tkt_outgoing_failed(*state, 1, true, "broken", &error), &error);
	assert_rows(*state, "SELECT state, attempts, unknowns, error FROM outgoing", 4,
	    "failed|3|3|broken");
	assert_int_equal(tkt_outgoing_requeue(*state, 1, NOW, &error), 1);
	assert_rows(
	    *state, "SELECT state, attempts, unknowns, error FROM outgoing", 4, "queued|0|0|NULL");
}

static void assert_failure(struct tkt_db *db, const char *ticket, const char *expected)
{
	json_auto_t *failed = NULL;
	struct tkt_error error = { 0 };
	int found = tkt_outgoing_failure(db, ticket, &failed, &error);

	assert_int_equal(found, expected ? 1 : 0);
	if (expected)
		assert_string_equal(tkt_object_text(failed, "error"), expected);
}

static void test_failure_of_a_ticket(void **state)
{
	struct tkt_error error = { 0 };

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("2", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	assert_failure(*state, "SUP-1", NULL);
	succeed(tkt_outgoing_failed(*state, 1, false, "refused", &error), &error);
	succeed(tkt_outgoing_failed(*state, 2, false, "too large", &error), &error);
	assert_failure(*state, "SUP-1", "too large");
	assert_failure(*state, "SUP-2", NULL);
	assert_int_equal(tkt_outgoing_cancel(*state, 2, &error), 1);
	assert_failure(*state, "SUP-1", "refused");
	assert_int_equal(tkt_outgoing_requeue(*state, 1, NOW, &error), 1);
	assert_failure(*state, "SUP-1", NULL);
	assert_rows(
	    *state, "SELECT state, error FROM outgoing", 2, "queued|NULL cancelled|too large");
}

/* A mail whose answer was lost may be here again before its sender says so. */
static void test_bounce_before_outcome(void **state)
{
	struct tkt_error error = { 0 };

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("2", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	assert_int_equal(tkt_outgoing_bounced(*state, 1, "5.1.1", "unknown", &error), 1);
	assert_int_equal(tkt_outgoing_bounced(*state, 2, "5.1.1", "unknown", &error), 1);
	succeed(tkt_outgoing_retry_at(*state, 1, NOW, true, "no answer", &error), &error);
	succeed(tkt_outgoing_sent(*state, 2, NOW, &error), &error);
	assert_rows(*state, "SELECT state, due_at, error, unknowns FROM outgoing", 4,
	    "bounced|NULL|unknown|1 bounced|NULL|unknown|0");
}

static int add_number(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_text_format(context, "%lld ", (long long)row[0].integer);
	return 0;
}

static void test_each(void **state)
{
	struct tkt_error error = { 0 };
	tkt_autotext text;

	write_mail(*state, MAIL("1", "SUP-1") "\"due_at\":\"2026-03-02T10:00:00Z\"}");
	write_mail(*state, MAIL("2", "SUP-1") "\"due_at\":\"2026-03-02T09:00:00Z\"}");
	write_mail(*state, MAIL("3", "SUP-1") "\"due_at\":\"2026-03-02T08:00:00Z\"}");
	write_mail(*state, MAIL("4", "SUP-1") "\"due_at\":\"2026-03-02T08:00:00Z\"}");
	succeed(tkt_outgoing_sent(*state, 2, NOW, &error), &error);
	assert_int_equal(tkt_outgoing_cancel(*state, 4, &error), 1);
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_outgoing_each(*state, false, NULL, add_number, &text, &error), 2);
	assert_string_equal(text.bytes, "1 3 ");
	assert_int_equal(tkt_outgoing_each(*state, true, NULL, add_number, &text, &error), 4);
	assert_string_equal(text.bytes, "1 3 1 2 3 4 ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole_row, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_lease, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_rate, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_outcomes, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_by_a_person, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_unknown_outcomes, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_failure_of_a_ticket, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_bounce_before_outcome, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_each, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
