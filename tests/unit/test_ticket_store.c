#include "expression/expression.h"
#include "store/counter.h"
#include "store/message.h"
#include "store/ticket.h"
#include "store_support.h"

#define FULL                                                                                  \
	"{\"type\":\"ticket\",\"id\":\"SUP-7\",\"rev\":1,\"subject\":\"Принтер\","     \
	"\"status\":\"open\",\"queue\":\"support\",\"priority\":\"high\","                    \
	"\"requester\":{\"email\":\"a@example.org\",\"name\":\"A\"},"                         \
	"\"cc\":[\"b@example.org\",\"c@example.org\"],\"group\":\"l1\",\"key\":\"disk\","     \
	"\"tags\":[\"outage\",\"vip\"],\"fields\":{\"domain\":\"example.org\",\"os\":\"x\"}," \
	"\"created_at\":\"2026-03-02T09:00:00Z\","                                            \
	"\"clocks\":[{\"name\":\"first_response\",\"cycle\":1,\"target\":\"4wh\","            \
	"\"state\":\"running\",\"started_at\":\"2026-03-02T09:00:00Z\","                      \
	"\"due_at\":\"2026-03-02T13:00:00Z\"},{\"name\":\"resolution\",\"cycle\":1,"          \
	"\"target\":\"3wd\",\"state\":\"running\",\"started_at\":\"2026-03-02T09:00:00Z\","   \
	"\"due_at\":\"2026-03-02T12:00:00Z\"}]}"

static void test_number(void **state)
{
	static const char *const wrong[] = { "", "0", "-5", "#", "SUP-", "SUP", "SUP-1x", "1 2",
		"SUP-99999999999999999999", "SUP-0" };
	static const char *const right[] = { "1042", "#1042", "sup-1042", "SUP-1042", "IT-X-1042" };
	int64_t number = 0;
	size_t index;

	(void)state;
	for (index = 0; index < sizeof(right) / sizeof(right[0]); index++) {
		assert_int_equal(tkt_ticket_number(right[index], &number), 0);
		assert_int_equal(number, 1042);
	}
	for (index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++)
		assert_int_equal(tkt_ticket_number(wrong[index], &number), -1);
}

static void write_ticket(struct tkt_db *db, const char *before, const char *after)
{
	json_auto_t *old = before ? object(before) : NULL;
	json_auto_t *new = object(after);
	struct tkt_error error = { 0 };

	succeed(tkt_ticket_write(db, old, new, &error), &error);
}

static void assert_found(struct tkt_db *db, const char *id, const char *expected)
{
	json_auto_t *found = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_ticket_find(db, id, &found, &error), expected != NULL);
	if (expected)
		assert_object(found, expected);
}

static void test_finds_some(void **state)
{
	static const char *const names[] = { "status", "priority", "tags", "wake_at", NULL };
	json_auto_t *found = NULL;
	struct tkt_error error = { 0 };

	write_ticket(*state, NULL, FULL);
	assert_int_equal(tkt_ticket_find_some(*state, "SUP-8", names, &found, &error), 0);
	assert_null(found);
	assert_int_equal(tkt_ticket_find_some(*state, "SUP-7", names, &found, &error), 1);
	assert_object(found,
	    "{\"type\":\"ticket\",\"status\":\"open\",\"priority\":\"high\","
	    "\"tags\":[\"outage\",\"vip\"]}");
}

static void test_round_trip(void **state)
{
	write_ticket(*state, NULL, FULL);
	assert_found(*state, "SUP-7", FULL);
	assert_found(*state, "sup-7", FULL);
	assert_found(*state, "#7", FULL);
	assert_found(*state, "7", FULL);
	assert_found(*state, "OPS-7", NULL);
	assert_found(*state, "SUP-8", NULL);
	assert_found(*state, "nonsense", NULL);
}

static void test_side_tables(void **state)
{
	static const char after[] =
	    "{\"type\":\"ticket\",\"id\":\"SUP-7\",\"rev\":2,\"status\":\"open\","
	    "\"cc\":[\"C@Example.org\",\"d@example.org\"],\"tags\":[\"vip\",\"late\",\"late\"],"
	    "\"fields\":{\"domain\":\"example.net\",\"os\":\"x\"},"
	    "\"clocks\":[{\"name\":\"first_response\",\"cycle\":1,\"target\":\"4wh\","
	    "\"state\":\"met\",\"stopped_at\":\"2026-03-02T10:00:00Z\"},"
	    "{\"name\":\"resolution\",\"cycle\":2,\"state\":\"paused\",\"remaining_seconds\":60}]}";

	write_ticket(*state, NULL, FULL);
	assert_rows(*state, "SELECT due_at FROM ticket", 1, "1772452800"); /* the earlier */
	assert_rows(*state, "SELECT tag, ticket FROM ticket_tag", 2, "outage|7 vip|7");
	write_ticket(*state, FULL, after);
	assert_rows(*state, "SELECT tag, ticket FROM ticket_tag", 2, "late|7 vip|7");
	assert_rows(*state, "SELECT address FROM ticket_cc", 1, "c@example.org d@example.org");
	assert_rows(*state, "SELECT name, value FROM ticket_field", 2, "domain|example.net os|x");
	assert_rows(*state,
	    "SELECT name, cycle, state, target, due_at, remaining_seconds, stopped_at FROM clock",
	    7,
	    "first_response|1|met|4wh|NULL|NULL|1772445600 resolution|2|paused|NULL|NULL|60|NULL");
	assert_rows(*state,
	    "SELECT rev, due_at, subject, key, priority, requester_email FROM ticket", 6,
	    "2|NULL|NULL|NULL|NULL|NULL");
	write_ticket(*state, after, after);
	assert_rows(*state, "SELECT count(*) FROM ticket_tag", 1, "2");
}

static void keep_update(void *context, const char *sql)
{
	if (strncmp(sql, "UPDATE", 6) == 0)
		tkt_text_add(context, sql);
}

/* An index of a column that did not change is not written again. */
static void test_updates_only_what_changed(void **state)
{
	static const char before[] = "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"rev\":1,"
				     "\"subject\":\"a\",\"status\":\"open\"}";
	static const char after[] = "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"rev\":2,"
				    "\"subject\":\"b\",\"status\":\"open\"}";
	tkt_autotext updates;

	tkt_text_init(&updates, TKT_TEXT_LIMIT);
	write_ticket(*state, NULL, before);
	tkt_db_observe(*state, keep_update, &updates);
	write_ticket(*state, before, after);
	tkt_db_observe(*state, NULL, NULL);
	assert_string_equal(
	    updates.bytes, "UPDATE ticket SET rev = ?, subject = ? WHERE number = ?");
	assert_found(*state, "1", after);
}

static void test_refuses(void **state)
{
	static const struct {
		const char *ticket, *text;
	} wrong[] = {
		{ "{\"type\":\"ticket\",\"status\":\"new\"}", "a ticket needs an 'id'" },
		{ "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"rev\":1}",
		    "':memory:' refuses a row: NOT NULL constraint failed: ticket.status" },
	};
	struct tkt_error error = { 0 };
	size_t index;

	for (index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		json_auto_t *ticket = object(wrong[index].ticket);

		assert_int_equal(tkt_ticket_write(*state, NULL, ticket, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, wrong[index].text);
	}
}

static void test_key(void **state)
{
	static const char closed[] = "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"rev\":1,"
				     "\"status\":\"closed\",\"key\":\"disk\"}";
	static const char open[] = "{\"type\":\"ticket\",\"id\":\"SUP-2\",\"rev\":1,"
				   "\"status\":\"open\",\"key\":\"disk\"}";
	json_auto_t *found = NULL;
	json_auto_t *third = object("{\"id\":\"SUP-3\",\"status\":\"new\",\"key\":\"disk\"}");
	struct tkt_error error = { 0 };

	write_ticket(*state, NULL, closed);
	assert_int_equal(tkt_ticket_find_key(*state, "disk", &found, &error), 0);
	write_ticket(*state, NULL, open);
	assert_int_equal(tkt_ticket_find_key(*state, "disk", &found, &error), 1);
	assert_object(found, open);
	assert_int_equal(tkt_ticket_write(*state, NULL, third, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
}

static int matches(struct tkt_db *db, const char *id, const char *string)
{
	static const struct tkt_expression_scope scope = { .now = 1772445600 };
	tkt_autoptr(expression) expression = NULL;
	struct tkt_error error = { 0 };
	int matched;

	succeed(
	    tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, &error), &error);
	matched = tkt_ticket_matches(db, id, expression, &error);
	succeed(matched, &error);
	return matched;
}

static void test_matches(void **state)
{
	write_ticket(*state, NULL, FULL);
	assert_int_equal(matches(*state, "SUP-7", "status=open and tags=vip"), 1);
	assert_int_equal(matches(*state, "7", "fields.domain=example.org and subject ~ ПРИН"), 1);
	assert_int_equal(matches(*state, "SUP-7", "status=closed"), 0);
	assert_int_equal(matches(*state, "OPS-7", "status=open"), 0);
	assert_int_equal(matches(*state, "SUP-8", "status=open"), 0);
}

static void test_counter(void **state)
{
	struct tkt_error error = { 0 };
	int64_t number = 0;

	succeed(tkt_counter_next(*state, TKT_COUNTER_TICKET, &number, &error), &error);
	assert_int_equal(number, 1);
	succeed(tkt_counter_raise(*state, TKT_COUNTER_TICKET, 41, &error), &error);
	succeed(tkt_counter_raise(*state, TKT_COUNTER_TICKET, 7, &error), &error);
	succeed(tkt_counter_next(*state, TKT_COUNTER_TICKET, &number, &error), &error);
	assert_int_equal(number, 42);
	succeed(tkt_counter_next(*state, TKT_COUNTER_OUTGOING, &number, &error), &error);
	assert_int_equal(number, 1);
}

static int collect(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_row_write(context, &tkt_message_fields, row);
	tkt_text_add(context, "\n");
	return 0;
}

static int collect_question(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_row_write(context, &tkt_question_fields, row);
	tkt_text_add(context, "\n");
	return 0;
}

#define MAIL(number, kind, id)                                                                                   \
	"{\"type\":\"message\",\"id\":\"" number "\",\"ticket\":\"SUP-7\",\"kind\":\"" kind "\","                \
	"\"direction\":\"in\",\"channel\":\"mail\",\"to\":[{\"email\":\"x@example.org\"}],\"body\":\"text\\n\"," \
	"\"body_new\":\"text\\n\",\"message_id\":\"" id "\",\"auto\":false,\"bounce\":true}"

static void write_message(struct tkt_db *db, const char *json)
{
	json_auto_t *message = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_message_write(db, message, &error), &error);
}

/* What is new of a letter: all of its text, a part, nothing; an answer of ours has no such part. */
static void test_new_text(void **state)
{
	static const char *const texts[][3] = {
		{ "\"in\",\"body\":\"a\\nb\",\"body_new\":\"a\\nb\"", "NULL", "a\nb" },
		{ "\"in\",\"body\":\"a\\n> b\",\"body_new\":\"a\"", "a", "a" },
		{ "\"in\",\"body\":\"> b\"", "\n", NULL },
		{ "\"out\",\"body\":\"a\"", "NULL", NULL },
	};
	size_t i;

	write_ticket(*state, NULL, FULL);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_auto_t *message = NULL;
		struct tkt_error error = { 0 };
		tkt_autotext json;
		char sql[80];

		tkt_text_init(&json, TKT_TEXT_LIMIT);
		tkt_text_format(&json,
		    "{\"type\":\"message\",\"id\":\"%zu\",\"ticket\":\"SUP-7\",\"kind\":\"public\","
		    "\"direction\":%s}",
		    i + 1, texts[i][0]);
		write_message(*state, json.bytes);
		snprintf(sql, sizeof(sql),
		    "SELECT ifnull(body_new, 'NULL') FROM message WHERE number = %zu", i + 1);
		assert_rows(*state, sql, 1, texts[i][1]);
		assert_int_equal(tkt_message_get(*state, (int64_t)i + 1, &message, &error), 1);
		if (texts[i][2])
			assert_string_equal(tkt_object_text(message, "body_new"), texts[i][2]);
		else
			assert_null(json_object_get(message, "body_new"));
	}
}

/* A note is none of the public ones; what a machine wrote is none of a person's. */
static void test_last_message(void **state)
{
	json_auto_t *last = NULL, *last_of_person = NULL, *none = NULL;
	struct tkt_error error = { 0 };

	write_ticket(*state, NULL, FULL);
	assert_int_equal(tkt_message_last(*state, "SUP-7", false, &none, &error), 0);
	write_message(*state, MAIL("12", "public", "one@example.org"));
	write_message(*state, MAIL("13", "public", "two@example.org"));
	write_message(*state,
	    "{\"type\":\"message\",\"id\":\"14\",\"ticket\":\"SUP-7\",\"kind\":\"public\","
	    "\"direction\":\"out\",\"auto\":true}");
	write_message(*state, MAIL("15", "internal", "note@example.org"));
	assert_int_equal(tkt_message_last(*state, "sup-7", false, &last, &error), 1);
	assert_string_equal(tkt_object_text(last, "id"), "14");
	assert_int_equal(tkt_message_last(*state, "7", true, &last_of_person, &error), 1);
	assert_string_equal(tkt_object_text(last_of_person, "message_id"), "two@example.org");
	assert_int_equal(tkt_message_last(*state, "8", false, &none, &error), 0);
	assert_int_equal(tkt_message_last(*state, "no ticket", false, &none, &error), 0);
	assert_null(none);
}

static void test_messages(void **state)
{
	json_auto_t *found = NULL;
	struct tkt_error error = { 0 };
	tkt_autofree char *ticket = NULL;
	tkt_autotext text;
	int64_t number = 0;

	write_ticket(*state, NULL, FULL);
	write_message(*state, MAIL("12", "public", "one@example.org"));
	write_message(*state, MAIL("14", "internal", "note@example.org"));
	write_message(*state, MAIL("13", "public", "one@example.org"));
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_message_each(*state, "sup-7", false, collect, &text, &error), 3);
	assert_string_equal(text.bytes,
	    MAIL("12", "public", "one@example.org") "\n" MAIL("13", "public",
		"one@example.org") "\n" MAIL("14", "internal", "note@example.org") "\n");
	tkt_text_reset(&text);
	assert_int_equal(tkt_message_each(*state, "7", true, collect, &text, &error), 2);
	assert_int_equal(tkt_message_each(*state, "8", true, collect, &text, &error), 0);
	assert_int_equal(tkt_message_find(*state, "one@example.org", &ticket, &number, &error), 1);
	assert_string_equal(ticket, "SUP-7");
	assert_int_equal(number, 12);
	assert_int_equal(tkt_message_find(*state, "two@example.org", &ticket, &number, &error), 0);
	assert_int_equal(tkt_message_get(*state, 14, &found, &error), 1);
	assert_object(found, MAIL("14", "internal", "note@example.org"));
	assert_int_equal(tkt_message_get(*state, 15, &found, &error), 0);
}

static void test_message_needs_its_ticket(void **state)
{
	json_auto_t *message = object(MAIL("1", "public", "a@example.org"));
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_message_write(*state, message, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, "':memory:' refuses a row: FOREIGN KEY constraint failed");
}

static void test_thread(void **state)
{
	json_auto_t *ids = NULL;
	struct tkt_error error = { 0 };
	int number;

	write_ticket(*state, NULL, FULL);
	write_message(*state, MAIL("900", "internal", "note@example.org"));
	for (number = 1; number <= 30; number++) {
		char json[512];

		snprintf(json, sizeof(json), MAIL("%d", "public", "m%d@x"), number, number);
		write_message(*state, json);
	}
	succeed(tkt_message_thread(*state, "SUP-7", &ids, &error), &error);
	assert_object(ids,
	    "[\"m1@x\",\"m11@x\",\"m12@x\",\"m13@x\",\"m14@x\",\"m15@x\",\"m16@x\",\"m17@x\","
	    "\"m18@x\",\"m19@x\",\"m20@x\",\"m21@x\",\"m22@x\",\"m23@x\",\"m24@x\",\"m25@x\","
	    "\"m26@x\",\"m27@x\",\"m28@x\",\"m29@x\",\"m30@x\"]");
}

static void write_question(struct tkt_db *db, const char *json)
{
	json_auto_t *question = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_question_write(db, question, &error), &error);
}

static void test_questions(void **state)
{
	static const char browser[] =
	    "{\"type\":\"question\",\"ticket\":\"SUP-7\",\"key\":\"browser\","
	    "\"text\":\"Which?\",\"asked_at\":\"2026-03-02T09:00:00Z\"}";
	struct tkt_error error = { 0 };
	tkt_autotext text;

	write_ticket(*state, NULL, FULL);
	write_question(*state, browser);
	write_question(*state,
	    "{\"type\":\"question\",\"ticket\":\"SUP-7\",\"key\":\"a\",\"text\":\"b\","
	    "\"asked_at\":\"2026-03-02T08:00:00Z\"}");
	write_question(*state,
	    "{\"type\":\"question\",\"ticket\":\"SUP-7\",\"key\":\"a\","
	    "\"answered_at\":\"2026-03-02T08:30:00Z\"}");
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_question_each(*state, "7", collect_question, &text, &error), 1);
	tkt_text_truncate(&text, text.length - 1);
	assert_string_equal(text.bytes, browser);
	assert_rows(*state, "SELECT key, text, asked_at, answered_at FROM question", 4,
	    "a|b|1772438400|1772440200 browser|Which?|1772442000|NULL");
	assert_int_equal(matches(*state, "7", "questions"), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test_setup_teardown(test_round_trip, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_finds_some, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_side_tables, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_updates_only_what_changed, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_refuses, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_key, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_matches, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_counter, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_new_text, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_last_message, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_messages, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_message_needs_its_ticket, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_thread, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_questions, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
