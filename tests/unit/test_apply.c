/* The one writer, at a desk in memory with a session made by hand. */
#include <stdbool.h>

#include "base/program.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "expression/expression.h"
#include "flow/apply.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "store_support.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */

static const struct tkt_program program = { .name = "tkt-test" };

struct bench {
	struct tkt_command command;
	struct tkt_session session;
	struct tkt_transaction *transaction;
	char *folder;
	char actor[32];
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct tkt_error error = { 0 };
	char path[256];
	FILE *file;

	bench->folder = new_folder();
	snprintf(path, sizeof(path), "%s/desk.conf", bench->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("ticket_prefix = \"SUP\"\nversion = \"2026\"\naddress = \"support@example.org\"\n",
	    file);
	fclose(file);
	bench->command = (struct tkt_command){ .program = &program, .now = NOW, .now_given = true };
	snprintf(bench->actor, sizeof(bench->actor), "agent:ivanova");
	bench->session.command = &bench->command;
	bench->session.actor = bench->actor;
	succeed(tkt_desk_read(bench->folder, &bench->session.desk, &error), &error);
	succeed(tkt_db_open_memory(&bench->session.db, &error), &error);
	succeed(tkt_transaction_begin(bench->session.db, &bench->transaction, &error), &error);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	tkt_transaction_free(bench->transaction);
	tkt_policies_free(bench->session.policies);
	tkt_calendars_free(bench->session.calendars);
	tkt_db_free(bench->session.db);
	tkt_desk_free(bench->session.desk);
	free(bench->session.policy);
	remove_folder(bench->folder);
	free(bench);
	return 0;
}

/* Applies a change, 'only_if' an expression or NULL. */
static int apply(struct bench *bench, const char *json, const char *only_if, const char *actor,
    struct tkt_applied *applied, struct tkt_error *error)
{
	struct tkt_expression_scope scope = { .now = NOW };
	tkt_autoptr(expression) expression = NULL;
	json_auto_t *change = object(json);

	if (only_if)
		succeed(
		    tkt_expression_parse(only_if, &tkt_ticket_fields, &scope, &expression, error),
		    error);
	return tkt_apply_change(&bench->session, change,
	    &(struct tkt_apply_manner){ .actor = actor, .only_if = expression }, applied, error);
}

static void done(struct bench *bench, const char *json, struct tkt_applied *applied)
{
	struct tkt_error error = { 0 };

	succeed(apply(bench, json, NULL, NULL, applied, &error), &error);
}

static void refused(struct bench *bench, const char *json, const char *only_if,
    enum tkt_error_kind kind, const char *text)
{
	tkt_autoapplied applied = { 0 };
	struct tkt_error error = { 0 };

	assert_int_equal(apply(bench, json, only_if, NULL, &applied, &error), -1);
	assert_int_equal(error.kind, kind);
	assert_string_equal(error.text, text);
	assert_null(applied.ticket);
}

static void open_one(struct bench *bench)
{
	tkt_autoapplied applied = { 0 };

	done(bench,
	    "{\"type\":\"change\",\"set\":{\"subject\":\"One\",\"requester.email\":\"a@example.org\"}}",
	    &applied);
}

static void test_opens(void **state)
{
	tkt_autoapplied applied = { 0 };
	struct tkt_error error = { 0 };
	char event[1024];

	succeed(
	    apply(*state,
		"{\"type\":\"change\",\"set\":{\"subject\":\"One\",\"key\":\"k\"},\"why\":\"because\"}",
		NULL, "contact:a@example.org", &applied, &error),
	    &error);
	assert_object(applied.ticket,
	    "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"rev\":1,\"subject\":\"One\",\"status\":\"new\","
	    "\"queue\":\"support\",\"priority\":\"normal\",\"channel\":\"shell\",\"lang\":\"en\","
	    "\"identity\":\"none\",\"policy\":\"2026\",\"key\":\"k\","
	    "\"received_at\":\"2026-03-02T09:00:00Z\",\"created_at\":\"2026-03-02T09:00:00Z\","
	    "\"updated_at\":\"2026-03-02T09:00:00Z\"}");
	snprintf(event, sizeof(event),
	    "{\"type\":\"event\",\"seq\":1,\"at\":\"2026-03-02T09:00:00Z\","
	    "\"actor\":\"contact:a@example.org\",\"uid\":%u,\"tool\":\"tkt-test\","
	    "\"ticket\":\"SUP-1\",\"rev\":1,\"now\":true,\"set\":{\"id\":\"SUP-1\",\"rev\":1,"
	    "\"subject\":\"One\",\"status\":\"new\",\"queue\":\"support\",\"priority\":\"normal\","
	    "\"channel\":\"shell\",\"lang\":\"en\",\"identity\":\"none\",\"policy\":\"2026\","
	    "\"key\":\"k\",\"received_at\":\"2026-03-02T09:00:00Z\","
	    "\"created_at\":\"2026-03-02T09:00:00Z\",\"updated_at\":\"2026-03-02T09:00:00Z\"},"
	    "\"policy\":\"2026\",\"why\":\"because\"}",
	    (unsigned)getuid());
	assert_object(applied.event, event);
	assert_null(applied.message);
	assert_null(applied.outgoing);
}

static void test_answer_leaves(void **state)
{
	tkt_autoapplied applied = { 0 };
	struct bench *bench = *state;

	open_one(bench);
	done(bench,
	    "{\"type\":\"change\",\"ticket\":\"1\",\"message\":{\"kind\":\"public\",\"direction\":\"out\","
	    "\"body\":\"Try again.\",\"message_id\":\"x@example.org\"}}",
	    &applied);
	assert_string_equal(tkt_object_text(applied.ticket, "status"), "open");
	assert_string_equal(tkt_object_text(applied.ticket, "last_out_at"), "2026-03-02T09:00:00Z");
	assert_object(applied.outgoing,
	    "[{\"type\":\"outgoing\",\"number\":1,\"ticket\":\"SUP-1\",\"message\":\"1\","
	    "\"state\":\"queued\",\"recipients\":[\"a@example.org\"],"
	    "\"sender\":\"support@example.org\",\"subject\":\"Re: [SUP-1] One\","
	    "\"message_id\":\"x@example.org\",\"attempts\":0,\"unknowns\":0,\"due_at\":\"2026-03-02T09:00:00Z\","
	    "\"created_at\":\"2026-03-02T09:00:00Z\"}]");
	assert_null(tkt_object_get(json_object_get(applied.event, "message"), "body"));
	assert_rows(bench->session.db, "SELECT number, ticket, body, channel FROM message", 4,
	    "1|1|Try again.|mail");
}

/* A mail for each address, once; all of them under one Message-ID. */
static void test_leaves_for_each(void **state)
{
	tkt_autoapplied applied = { 0 };
	struct bench *bench = *state;

	open_one(bench);
	done(bench,
	    "{\"type\":\"change\",\"ticket\":\"1\",\"message\":{\"kind\":\"public\",\"direction\":\"out\","
	    "\"to\":[{\"email\":\"a@example.org\"},{\"email\":\"b@example.org\"}],"
	    "\"cc\":[{\"email\":\"A@Example.org\"},{\"email\":\"c@example.org\"}],"
	    "\"body\":\"Try again.\",\"message_id\":\"x@example.org\"}}",
	    &applied);
	assert_int_equal(json_array_size(applied.outgoing), 3);
	assert_true(json_equal(applied.outgoing, json_object_get(applied.event, "outgoing")));
	assert_rows(bench->session.db,
	    "SELECT number, message, recipients, message_id, state FROM outgoing", 5,
	    "1|1|[\"a@example.org\"]|x@example.org|queued 2|1|[\"b@example.org\"]|x@example.org|queued"
	    " 3|1|[\"c@example.org\"]|x@example.org|queued");
}

static void test_stays_here(void **state)
{
	tkt_autoapplied applied = { 0 };
	struct bench *bench = *state;

	open_one(bench);
	done(bench,
	    "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"message\":{\"kind\":\"internal\",\"body\":\"n\"}}",
	    &applied);
	assert_null(applied.outgoing);
	assert_string_equal(tkt_object_text(applied.ticket, "status"), "new");
	done(bench,
	    "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"message\":{\"kind\":\"public\","
	    "\"direction\":\"out\",\"channel\":\"phone\",\"body\":\"n\"}}",
	    &applied);
	assert_null(applied.outgoing);
	assert_string_equal(tkt_object_text(applied.ticket, "status"), "open");
	assert_rows(bench->session.db, "SELECT count(*) FROM outgoing", 1, "0");
}

static void test_refuses(void **state)
{
	struct bench *bench = *state;

	open_one(bench);
	refused(bench, "{\"type\":\"change\",\"ticket\":\"SUP-2\",\"set\":{\"queue\":\"x\"}}", NULL,
	    TKT_ERROR_NOT_FOUND, "there is no ticket 'SUP-2'");
	refused(bench, "{\"type\":\"change\",\"ticket\":\"OLD-1\",\"set\":{\"queue\":\"x\"}}", NULL,
	    TKT_ERROR_NOT_FOUND, "there is no ticket 'OLD-1'");
	refused(bench,
	    "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"was\":{\"queue\":\"y\"},\"set\":{\"queue\":\"x\"}}",
	    NULL, TKT_ERROR_DATA,
	    "ticket 'SUP-1' has moved on: 'queue' is 'support', not 'y'; read it again");
	refused(bench, "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"set\":{\"queue\":\"x\"}}",
	    "status=open", TKT_ERROR_NO, "ticket 'SUP-1' is not so");
	assert_rows(bench->session.db, "SELECT rev, queue FROM ticket", 2, "1|support");
	assert_rows(bench->session.db, "SELECT count(*) FROM event", 1, "1");
}

static void test_key_is_yielded(void **state)
{
	tkt_autoapplied applied = { 0 };
	struct bench *bench = *state;

	done(bench, "{\"type\":\"change\",\"set\":{\"subject\":\"a\",\"key\":\"k\"}}", &applied);
	done(bench, "{\"type\":\"change\",\"ticket\":\"1\",\"set\":{\"status\":\"closed\"}}",
	    &applied);
	assert_string_equal(tkt_object_text(applied.ticket, "key"), "k");
	done(bench, "{\"type\":\"change\",\"set\":{\"subject\":\"b\",\"key\":\"k\"}}", &applied);
	done(bench,
	    "{\"type\":\"change\",\"ticket\":\"1\",\"message\":{\"kind\":\"public\",\"direction\":\"in\","
	    "\"body\":\"again\"}}",
	    &applied);
	assert_string_equal(tkt_object_text(applied.ticket, "status"), "open");
	assert_rows(bench->session.db, "SELECT id, status, key FROM ticket ORDER BY number", 3,
	    "SUP-1|open|NULL SUP-2|new|k");
}

/* What changes nothing is written nowhere, unless it has to be told. */
static void test_nothing_changes(void **state)
{
	static const char change[] =
	    "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"set\":{\"subject\":\"One\"},"
	    "\"why\":\"for nothing\"}";
	struct bench *bench = *state;
	tkt_autoapplied applied = { 0 };
	struct tkt_error error = { 0 };
	json_auto_t *parsed = object(change);

	open_one(bench);
	bench->command.now = NOW + 60;
	done(bench, change, &applied);
	assert_null(applied.event);
	assert_int_equal(json_integer_value(json_object_get(applied.ticket, "rev")), 1);
	assert_rows(bench->session.db, "SELECT count(*) FROM event", 1, "1");
	succeed(tkt_apply_change(&bench->session, parsed,
		    &(struct tkt_apply_manner){ .tells_always = true }, &applied, &error),
	    &error);
	assert_string_equal(tkt_object_text(applied.event, "why"), "for nothing");
	assert_rows(
	    bench->session.db, "SELECT rev, updated_at - 1772442000 FROM ticket", 2, "2|60");
}

/* The caller's copy counts, not what stands in the store; the time of the last change stays. */
static void test_manner(void **state)
{
	struct bench *bench = *state;
	json_auto_t *change = object("{\"type\":\"change\",\"ticket\":\"SUP-1\","
				     "\"was\":{\"queue\":\"seen\"},\"set\":{\"queue\":\"b\"}}");
	json_auto_t *before = object(
	    "{\"type\":\"ticket\",\"id\":\"SUP-1\",\"rev\":7,\"status\":\"new\","
	    "\"queue\":\"seen\",\"policy\":\"2026\",\"updated_at\":\"2026-03-02T08:00:00Z\"}");
	tkt_autoapplied applied = { 0 };
	struct tkt_error error = { 0 };

	open_one(bench);
	succeed(tkt_apply_change(&bench->session, change,
		    &(struct tkt_apply_manner){ .before = before, .keeps_updated_at = true },
		    &applied, &error),
	    &error);
	assert_object(json_object_get(applied.event, "was"), "{\"rev\":7,\"queue\":\"seen\"}");
	assert_object(json_object_get(applied.event, "set"), "{\"rev\":8,\"queue\":\"b\"}");
	assert_string_equal(tkt_object_text(applied.ticket, "updated_at"), "2026-03-02T08:00:00Z");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opens, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_leaves, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leaves_for_each, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stays_here, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_key_is_yielded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_manner, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
