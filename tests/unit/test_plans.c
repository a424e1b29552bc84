/* No statement that the store makes on its own account scans a table that grows. Each function is
 * called once; the plan of every statement that it prepares is looked at. */
#include "store_support.h"

#include "desk/rate.h"
#include "store/assignment.h"
#include "store/blob.h"
#include "store/clock_rows.h"
#include "store/counter.h"
#include "store/derived.h"
#include "store/event.h"
#include "store/letter.h"
#include "store/message.h"
#include "store/outgoing.h"
#include "store/people.h"
#include "store/policy.h"
#include "store/sweep.h"
#include "store/tally.h"
#include "store/ticket.h"

struct seen {
	char *statements[200];
	size_t count;
};

static void keep(void *context, const char *sql)
{
	struct seen *seen = context;
	size_t index;

	for (index = 0; index < seen->count; index++)
		if (strcmp(seen->statements[index], sql) == 0)
			return;
	assert_true(seen->count < 200);
	seen->statements[seen->count++] = strdup(sql);
}

/* The partial indexes hold only what is open or unsent: walking them is what they are for. */
static bool is_scan(const char *step)
{
	if (strncmp(step, "SCAN ", 5) != 0)
		return false;
	return !strstr(step, "USING INDEX ticket_due") &&
	    !strstr(step, "USING COVERING INDEX ticket_due") &&
	    !strstr(step, "USING INDEX outgoing_due") && !strstr(step, " CONSTANT ROW") &&
	    strcmp(step, "SCAN wanted") != 0;
}

static void assert_no_scan(struct tkt_db *db, const char *sql)
{
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };
	tkt_autotext explain;

	tkt_text_init(&explain, TKT_TEXT_LIMIT);
	tkt_text_format(&explain, "EXPLAIN QUERY PLAN %s", sql);
	succeed(tkt_db_prepare(db, explain.bytes, &statement, &error), &error);
	while (tkt_statement_step(statement, &error) > 0)
		if (is_scan(tkt_statement_text(statement, 3)))
			fail_msg("%s\n%s", tkt_statement_text(statement, 3), sql);
	tkt_statement_free(statement);
}

static int ignore_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)row;
	(void)context;
	(void)error;
	return 0;
}

static int ignore_json(const char *json, size_t length, void *context, struct tkt_error *error)
{
	(void)json;
	(void)length;
	(void)context;
	(void)error;
	return 0;
}

static void use_tickets(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *before =
	    object("{\"id\":\"T-1\",\"rev\":1,\"status\":\"open\",\"tags\":[\"a\"],"
		   "\"cc\":[\"a@x\"],\"fields\":{\"a\":\"b\"},\"key\":\"k\","
		   "\"clocks\":[{\"name\":\"n\",\"cycle\":1,\"state\":\"running\","
		   "\"due_at\":\"2026-03-02T09:00:00Z\"}]}");
	json_auto_t *after = object("{\"id\":\"T-1\",\"rev\":2,\"status\":\"new\"}");
	struct tkt_ticket_query open = { .open_only = true };
	json_t *found = NULL;
	int64_t number;

	succeed(tkt_counter_next(db, TKT_COUNTER_TICKET, &number, error), error);
	succeed(tkt_counter_raise(db, TKT_COUNTER_TICKET, 9, error), error);
	succeed(tkt_ticket_write(db, NULL, before, error), error);
	succeed(tkt_ticket_write(db, before, after, error), error);
	succeed(tkt_ticket_write(db, after, before, error), error);
	assert_int_equal(tkt_ticket_find(db, "1", &found, error), 1);
	json_decref(found);
	assert_int_equal(tkt_ticket_find_key(db, "k", &found, error), 1);
	json_decref(found);
	assert_int_equal(tkt_ticket_matches(db, "1", NULL, error), 1);
	assert_int_equal(tkt_ticket_each(db, &open, ignore_row, NULL, NULL, error), 1199);
	assert_int_equal(tkt_ticket_count(db, &open, error), 1199);
}

static void use_assignments(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *turns = NULL, *loads = NULL;
	json_auto_t *ticket = object("{\"id\":\"T-1\"}");
	tkt_autofree char *agent = NULL;

	assert_int_equal(tkt_derived_load(db, ticket, error), 1);
	succeed(tkt_turn_write(db, "l1", "ivanova", 7, error), error);
	succeed(tkt_turn_write(db, "l1", "ivanova", 9, error), error);
	succeed(tkt_turn_all(db, "l1", &turns, error), error);
	assert_int_equal(json_integer_value(json_object_get(turns, "ivanova")), 9);
	succeed(tkt_assignee_loads(db, &loads, error), error);
	assert_int_equal(json_object_size(loads), 0);
	assert_int_equal(tkt_assignee_previous(db, "a@example.org", "T-1", &agent, error), 0);
}

static void use_messages(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *message = object("{\"type\":\"message\",\"id\":\"1\",\"ticket\":\"T-1\","
				      "\"kind\":\"public\",\"message_id\":\"m@x\"}");
	json_auto_t *questions = NULL;
	tkt_autotext description;
	json_auto_t *question = object("{\"type\":\"question\",\"ticket\":\"T-1\",\"key\":\"k\"}");
	json_auto_t *ids = NULL, *found = NULL, *last = NULL, *last_of_person = NULL;
	tkt_autofree char *ticket = NULL, *of_thread = NULL;
	int64_t number;

	tkt_text_init(&description, TKT_TEXT_LIMIT);
	succeed(tkt_message_write(db, message, error), error);
	succeed(tkt_question_write(db, question, error), error);
	assert_int_equal(tkt_message_find(db, "m@x", &ticket, &number, error), 1);
	assert_int_equal(tkt_message_find_thread(db, "root", &of_thread, error), 0);
	assert_int_equal(tkt_message_get(db, 1, &found, error), 1);
	assert_int_equal(tkt_message_each(db, "T-1", false, ignore_row, NULL, error), 1);
	assert_int_equal(tkt_message_each(db, "T-1", true, ignore_row, NULL, error), 1);
	assert_int_equal(tkt_message_last(db, "T-1", false, &last, error), 1);
	assert_int_equal(tkt_message_last(db, "T-1", true, &last_of_person, error), 1);
	succeed(tkt_message_thread(db, "T-1", &ids, error), error);
	assert_int_equal(tkt_question_each(db, "T-1", ignore_row, NULL, error), 1);
	succeed(tkt_question_list(db, "T-1", &questions, error), error);
	assert_int_equal(json_array_size(questions), 1);
	assert_int_equal(tkt_message_description(db, "T-1", &description, error), 0);
	assert_int_equal(tkt_letter_is_unanswered(db, "1", error), 0);
}

/* What brakes and filters keep aside: put through, counted, dropped. */
static void use_kept_letters(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *letter = object("{\"type\":\"letter\",\"number\":2,\"fate\":\"quarantined\","
				     "\"received_at\":\"2026-03-02T09:00:00Z\"}");
	json_auto_t *bounce = object("{\"type\":\"letter\",\"number\":3,\"fate\":\"bounce\","
				     "\"received_at\":\"2026-03-02T09:00:00Z\"}");
	json_auto_t *found = NULL;
	char sha256[65];

	succeed(tkt_blob_write(db, "mail", 4, sha256, error), error);
	assert_int_equal(json_object_set_new(bounce, "raw_sha256", json_string(sha256)), 0);
	succeed(tkt_letter_write(db, letter, "l", "f", error), error);
	succeed(tkt_letter_write(db, bounce, "b", "f", error), error);
	assert_int_equal(tkt_letter_get(db, 2, &found, error), 1);
	assert_int_equal(tkt_letter_expired(db, "quarantined", INT64_MAX, error), 1);
	succeed(tkt_letter_settle(db, letter, error), error);
	assert_int_equal(tkt_letter_drop(db, "bounce", INT64_MAX, 5, 9, error), 1);
}

static void use_log(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *event = object("{\"type\":\"event\",\"seq\":1}");
	json_auto_t *letter = object("{\"type\":\"letter\",\"number\":1,\"fate\":\"opened\"}");
	json_auto_t *found = NULL;
	struct tkt_walk_query query = { 0 };
	bool is_known;
	int64_t last;

	succeed(tkt_event_write(db, event, error), error);
	assert_int_equal(tkt_event_each(db, &query, ignore_json, NULL, NULL, &last, error), 1);
	succeed(tkt_event_each_of(db, "T-1", ignore_json, NULL, error), error);
	assert_int_equal(tkt_event_is_empty(db, error), 0);
	succeed(tkt_letter_write(db, letter, "k", "f", error), error);
	assert_int_equal(tkt_letter_find(db, "k", "f", &found, &is_known, error), 1);
	assert_int_equal(tkt_letter_find_key(db, "k", &found, error), 0);
	succeed(tkt_letter_last(db, &last, error), error);
	succeed(tkt_tally_add(db, "k", 1, 60, &last, error), error);
	use_kept_letters(db, error);
}

static void use_outgoing(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *mail = object("{\"type\":\"outgoing\",\"number\":1,\"ticket\":\"T-1\"}");
	json_auto_t *leased = NULL, *found = NULL, *rows = NULL, *failed = NULL;
	struct tkt_backlog backlog;

	succeed(tkt_outgoing_write(db, mail, error), error);
	assert_int_equal(
	    tkt_outgoing_lease(db, 5, 5, &(struct tkt_rate){ 9, 60 }, "T-1", &leased, error), 1);
	succeed(tkt_outgoing_retry_at(db, 1, 9, false, "r", error), error);
	assert_int_equal(tkt_outgoing_cancel(db, 1, error), 1);
	assert_int_equal(tkt_outgoing_requeue(db, 1, 1, error), 1);
	assert_int_equal(tkt_outgoing_get(db, 1, &found, error), 1);
	assert_int_equal(tkt_outgoing_each(db, false, NULL, ignore_row, NULL, error), 1);
	assert_int_equal(tkt_outgoing_each(db, true, NULL, ignore_row, NULL, error), 1);
	assert_int_equal(tkt_outgoing_each(db, true, "T-1", ignore_row, NULL, error), 0);
	assert_int_equal(tkt_outgoing_each(db, false, "T-1", ignore_row, NULL, error), 0);
	succeed(tkt_outgoing_failed(db, 1, false, "r", error), error);
	assert_int_equal(tkt_outgoing_failure(db, "T-1", &failed, error), 1);
	succeed(tkt_outgoing_sent(db, 1, 9, error), error);
	succeed(tkt_outgoing_of_message(db, "m@x", &rows, error), error);
	assert_int_equal(tkt_outgoing_bounced(db, 1, "5.1.1", "r", error), 1);
	succeed(tkt_outgoing_backlog(db, &backlog, error), error);
	assert_int_equal(backlog.sent_at, 9);
}

static void use_values(struct tkt_db *db, struct tkt_error *error)
{
	tkt_autofree char *name = NULL, *other = NULL, *latest = NULL;
	char sha256[65];
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	succeed(tkt_blob_write(db, "abc", 3, sha256, error), error);
	assert_int_equal(tkt_blob_read(db, sha256, &text, error), 1);
	succeed(tkt_policy_name(db, "v", "t", "aaaaaaaaaaaaaaaa", 1, &name, error), error);
	succeed(tkt_policy_name(db, "v", "u", "bbbbbbbbbbbbbbbb", 1, &other, error), error);
	assert_true(tkt_policy_latest(db, &latest, error) >= 0);
	succeed(tkt_desk_value_set(db, "n", "v", error), error);
	succeed(tkt_desk_value_set(db, "n", NULL, error), error);
	assert_int_equal(tkt_desk_value_get(db, "n", &text, error), 0);
}

static int ignore_notice(const struct tkt_notice *notice, void *context, struct tkt_error *error)
{
	(void)notice;
	(void)context;
	(void)error;
	return 0;
}

static int ignore_promised(
    const struct tkt_promised *ticket, void *context, struct tkt_error *error)
{
	(void)ticket;
	(void)context;
	(void)error;
	return 0;
}

static void use_sweep(struct tkt_db *db, struct tkt_error *error)
{
	const struct tkt_notice notice = { .address = "a@x", .ticket = "T-1", .text = "t" };
	struct tkt_due_place place = { INT64_MIN, 0 };
	json_auto_t *due = NULL, *rows = NULL, *names = NULL;
	int64_t after = 0;

	assert_int_equal(tkt_sweep_is_due(db, 5, error), 0);
	succeed(tkt_sweep_tickets(db, 5, 5, &place, &due, error), error);
	succeed(tkt_sweep_policies(db, 5, &names, error), error);
	succeed((int)tkt_sweep_promised(db, 5, &after, ignore_promised, NULL, error), error);
	assert_int_equal(tkt_clock_rows_read(db, "T-1", &rows, error), 1);
	succeed(tkt_notice_write(db, &notice, error), error);
	assert_int_equal(tkt_notice_each(db, 5, ignore_notice, NULL, error), 1);
	succeed(tkt_notice_forget(db, 1, 5, error), error);
}

static void use_people(struct tkt_db *db, struct tkt_error *error)
{
	json_auto_t *customer =
	    object("{\"type\":\"customer\",\"id\":\"acme\",\"domains\":[\"acme.example\"],"
		   "\"contracts\":[{\"number\":\"K\",\"contact\":\"a@x\",\"sites\":[\"s\"]}]}");
	json_auto_t *other = object("{\"type\":\"customer\",\"id\":\"acme\"}");
	json_auto_t *contact = object("{\"type\":\"contact\",\"id\":\"a\","
				      "\"addresses\":[\"a@x\"],\"replaced_by\":\"b\"}");
	json_auto_t *moved = object("{\"type\":\"contact\",\"id\":\"a\",\"addresses\":[\"b@x\"]}");
	json_auto_t *agent =
	    object("{\"type\":\"agent\",\"id\":\"i\",\"email\":\"i@x\",\"is_active\":true}");
	json_auto_t *found = json_array(), *same = NULL;
	enum tkt_people_key key;

	succeed(tkt_people_write(db, &tkt_customer_fields, NULL, customer, error), error);
	succeed(tkt_people_write(db, &tkt_contact_fields, NULL, contact, error), error);
	succeed(tkt_people_write(db, &tkt_agent_fields, NULL, agent, error), error);
	assert_int_equal(tkt_people_has_agents(db, error), 1);
	assert_int_equal(tkt_people_has_customers(db, error), 1);
	for (key = TKT_CONTACTS_OF_ADDRESS; key <= TKT_AGENTS_OF_ADDRESS; key++)
		succeed(tkt_people_find(db, key, "none", found, error), error);
	assert_int_equal(tkt_people_get(db, &tkt_customer_fields, "acme", &same, error), 1);
	assert_true(json_equal(same, customer));
	succeed(tkt_people_write(db, &tkt_customer_fields, customer, other, error), error);
	succeed(tkt_people_write(db, &tkt_contact_fields, contact, moved, error), error);
	assert_int_equal(
	    tkt_people_each(db, &tkt_contact_fields, NULL, ignore_row, NULL, NULL, error), 1);
}

static void test_no_scans(void **state)
{
	static void (*const uses[])(struct tkt_db *, struct tkt_error *) = { use_tickets,
		use_messages, use_log, use_outgoing, use_values, use_sweep, use_assignments,
		use_people };
	struct seen seen = { .count = 0 };
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };
	size_t index;

	(void)state;
	succeed(tkt_db_open_memory(&db, &error), &error);
	execute(db,
	    "INSERT INTO ticket(number, id, status) WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL"
	    " SELECT i + 1 FROM n WHERE i < 1199) SELECT i, 'T-' || i, 'open' FROM n");
	tkt_db_observe(db, keep, &seen);
	for (index = 0; index < sizeof(uses) / sizeof(uses[0]); index++)
		uses[index](db, &error);
	tkt_db_observe(db, NULL, NULL);
	assert_true(seen.count > 50); /* that they were seen at all */
	for (index = 0; index < seen.count; index++) {
		assert_no_scan(db, seen.statements[index]);
		free(seen.statements[index]);
	}
	tkt_db_free(db);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_scans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
