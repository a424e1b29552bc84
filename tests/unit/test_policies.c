/* tests/unit/test_policies.c: which policy a ticket goes by, and what a session reads for it. */
#include "base/program.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/level.h"
#include "expression/expression.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "store/policy.h"
#include "store_support.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */

static const struct tkt_program program = { .name = "tkt-test" };

struct bench {
	struct tkt_command command;
	struct tkt_session *session;
	struct tkt_transaction *transaction;
	char *folder;
};

static void write_desk(struct bench *bench, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/desk.conf", bench->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* A session at a desk in memory with this desk.conf; the store is kept. */
static void begin(struct bench *bench, const char *text)
{
	struct tkt_error error = { 0 };
	struct tkt_db *db = bench->session ? tkt_take(bench->session->db) : NULL;

	write_desk(bench, text);
	tkt_session_free(bench->session);
	bench->session = calloc(1, sizeof(*bench->session));
	bench->session->command = &bench->command;
	succeed(tkt_desk_read(bench->folder, &bench->session->desk, &error), &error);
	if (db) {
		bench->session->db = db;
		return;
	}
	succeed(tkt_db_open_memory(&bench->session->db, &error), &error);
	succeed(tkt_transaction_begin(bench->session->db, &bench->transaction, &error), &error);
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->folder = new_folder();
	bench->command = (struct tkt_command){
		.program = &program, .now = NOW, .now_given = true, .datadir = "/nonexistent"
	};
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	tkt_transaction_free(bench->transaction);
	tkt_session_free(bench->session);
	remove_folder(bench->folder);
	free(bench);
	return 0;
}

/* Stores the text in force, as the first writer does. */
static void store_present(struct bench *bench)
{
	struct tkt_error error = { 0 };
	const char *name;

	succeed(tkt_session_policy(bench->session, &name, &error), &error);
}

static const struct tkt_policy *policy_of(struct bench *bench, const char *name)
{
	const struct tkt_policy *policy = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_session_policy_of(bench->session, name, &policy, &error), &error);
	return policy;
}

#define OLD "version = \"1\"\nsla \"old\" { first_response = 1h }\n"
#define NEW "version = \"2\"\nsla \"new\" { first_response = 2h }\ntimer \"t\" { step 2d { } }\n"

static void test_a_ticket_goes_by_the_policy_that_it_came_under(void **state)
{
	struct bench *bench = *state;
	const struct tkt_policy *policy;

	begin(bench, OLD);
	store_present(bench);
	begin(bench, NEW);
	policy = policy_of(bench, "1");
	assert_int_equal(policy->sla_count, 1);
	assert_string_equal(policy->slas[0].title, "old");
	assert_int_equal(policy->timer_count, 0);
	assert_ptr_equal(policy_of(bench, "1"), policy); /* read once */
	policy = policy_of(bench, "2");
	assert_string_equal(policy->slas[0].title, "new");
	assert_int_equal(policy->timer_count, 1);
	store_present(bench);
	assert_ptr_equal(policy_of(bench, "2"), policy);
	begin(bench, NEW); /* as a reader finds it stored: it is known by its text */
	assert_string_equal(policy_of(bench, "2")->slas[0].rule, "desk.conf:2");
	assert_ptr_equal(policy_of(bench, "2"), policy_of(bench, NULL));
}

static void test_without_a_known_name_it_is_the_one_in_force(void **state)
{
	struct bench *bench = *state;
	const struct tkt_policy *policy;

	begin(bench, NEW);
	policy = policy_of(bench, NULL);
	assert_string_equal(policy->slas[0].title, "new");
	assert_ptr_equal(policy_of(bench, ""), policy);
	assert_ptr_equal(policy_of(bench, "gone"), policy);
}

static void test_a_version_keeps_its_text(void **state)
{
	struct bench *bench = *state;

	begin(bench, OLD);
	store_present(bench);
	begin(bench, "version = \"1\"\nsla \"other\" { first_response = 2h }\n");
	assert_string_equal(policy_of(bench, "1")->slas[0].title, "old");
	store_present(bench);
	assert_string_equal(bench->session->policy, "1+cbf5cd7bc55b");
	assert_string_equal(policy_of(bench, "1")->slas[0].title, "old");
	assert_string_equal(policy_of(bench, bench->session->policy)->slas[0].title, "other");
}

static void test_nothing_is_read_where_nothing_is_promised(void **state)
{
	struct bench *bench = *state;

	begin(bench, "version = \"1\" queue = first\n");
	store_present(bench);
	begin(bench, OLD);
	assert_int_equal(policy_of(bench, "1")->sla_count, 0);
	begin(bench, "");
	assert_null(bench->session->desk->reading);
	assert_int_equal(policy_of(bench, NULL)->sla_count, 0);
	assert_int_equal(policy_of(bench, NULL)->timer_count, 0);
}

static void test_a_stored_text_that_cannot_be_read_is_named(void **state)
{
	struct bench *bench = *state;
	const struct tkt_policy *policy = NULL;
	tkt_autofree char *name = NULL;
	struct tkt_error error = { 0 };

	begin(bench, NEW);
	succeed(tkt_policy_name(bench->session->db, "0", "name = x\nsla \"a\" { resolved = 1d }",
		    "0123", NOW, &name, &error),
	    &error);
	assert_int_equal(tkt_session_policy_of(bench->session, "0", &policy, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_string_equal(error.text, "policy '0': desk.conf:2: 'sla' has no option 'resolved'");
	assert_null(policy);
}

static void test_calendars_are_read_once(void **state)
{
	struct bench *bench = *state;
	struct tkt_calendars *calendars, *again;
	struct tkt_calendar *calendar;
	struct tkt_error error = { 0 };

	begin(bench, "calendar \"office\" { week = {\"mon-fri 09:00-18:00\"} }\n");
	assert_false(bench->session->desk->has_levels);
	succeed(tkt_session_calendars(bench->session, &calendars, &error), &error);
	succeed(tkt_session_calendars(bench->session, &again, &error), &error);
	assert_ptr_equal(calendars, again);
	succeed(tkt_calendars_find(calendars, "office", &calendar, &error), &error);
	assert_true(tkt_calendar_is_open(calendar, NOW));
	begin(bench, "");
	succeed(tkt_session_calendars(bench->session, &calendars, &error), &error);
	assert_null(tkt_calendars_names(calendars)[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_a_ticket_goes_by_the_policy_that_it_came_under, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_without_a_known_name_it_is_the_one_in_force, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_version_keeps_its_text, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_nothing_is_read_where_nothing_is_promised, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_stored_text_that_cannot_be_read_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(test_calendars_are_read_once, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
