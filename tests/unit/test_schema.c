#include "store_support.h"

#include <sqlite3.h>

#include "store/schema.h"

static int setup(void **state)
{
	struct tkt_error error = { 0 };

	succeed(tkt_db_open_memory((struct tkt_db **)state, &error), &error);
	return 0;
}

static int teardown(void **state)
{
	tkt_db_free(*state);
	return 0;
}

static void test_tables(void **state)
{
	assert_rows(*state,
	    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict ORDER BY 1", 1,
	    "agent agent_address blob clock contact contact_address contract contract_site counter"
	    " customer customer_domain desk_value event letter message notice outgoing policy question"
	    " tally ticket ticket_cc ticket_field ticket_tag turn");
	assert_rows(*state,
	    "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1", 1,
	    "contact_replaced contract_contact event_ticket letter_age letter_key letter_unanswered message_message_id"
	    " message_thread message_ticket notice_due outgoing_due outgoing_message_id question_open ticket_assignee"
	    " ticket_due ticket_key ticket_next ticket_requester");
	assert_rows(*state, "SELECT name, value FROM counter", 2,
	    "event|0 letter|0 message|0 outgoing|0 ticket|0");
}

/* Every stored field has its column, of its type. */
static void assert_columns(struct tkt_db *db, const struct tkt_field_table *table)
{
	size_t index;

	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];
		char sql[256];

		if (!field->column)
			continue;
		snprintf(sql, sizeof(sql),
		    "SELECT name FROM pragma_table_info('%s') WHERE name = '%s'", table->table,
		    field->column);
		assert_rows(db, sql, 1, field->column);
	}
}

static void test_columns(void **state)
{
	assert_columns(*state, &tkt_ticket_fields);
	assert_columns(*state, &tkt_message_fields);
	assert_columns(*state, &tkt_question_fields);
	assert_columns(*state, &tkt_event_fields);
	assert_columns(*state, &tkt_letter_fields);
	assert_columns(*state, &tkt_outgoing_fields);
	assert_columns(*state, &tkt_customer_fields);
	assert_columns(*state, &tkt_contact_fields);
	assert_columns(*state, &tkt_agent_fields);
	assert_rows(*state,
	    "SELECT name, type FROM pragma_table_info('ticket') WHERE name IN"
	    " ('number', 'priority', 'created_at', 'tags', 'due_at', 'rev')",
	    2,
	    "number|INTEGER due_at|INTEGER rev|INTEGER priority|INTEGER tags|TEXT"
	    " created_at|INTEGER");
}

static void test_migrates_in_order(void **state)
{
	static const struct tkt_migration steps[] = {
		{ TKT_SCHEMA_VERSION, "SELECT fails" }, /* already there */
		{ 100, "ALTER TABLE ticket ADD COLUMN extra TEXT" },
		{ 101, "CREATE INDEX ticket_extra ON ticket(extra) WHERE extra IS NOT NULL" },
		{ 0, NULL },
	};
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_schema_migrate(*state, steps, &error), TKT_SCHEMA_VERSION);
	assert_rows(*state, "PRAGMA user_version", 1, "101");
	assert_rows(*state, "SELECT name FROM sqlite_schema WHERE name = 'ticket_extra'", 1,
	    "ticket_extra");
	assert_int_equal(tkt_schema_migrate(*state, steps, &error), 101);
}

/* A step that fails leaves the version before it, whole. */
static void test_failed_step(void **state)
{
	static const struct tkt_migration steps[] = {
		{ 100, NULL },
		{ 101, "CREATE TABLE half(a); SELECT nonsense FROM nowhere" },
		{ 0, NULL },
	};
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_schema_migrate(*state, steps, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_BUG);
	assert_rows(*state, "PRAGMA user_version", 1, "100");
	assert_rows(*state, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'", 1, "0");
}

static void test_upgrade_of_a_desk(void **state)
{
	char *folder = new_folder();
	char path[256], text[512];
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };
	sqlite3 *raw = NULL;

	(void)state;
	succeed(tkt_db_open(folder, TKT_DB_CREATE, 1, &db, &error), &error);
	tkt_db_free(db);
	assert_int_equal(tkt_schema_upgrade(folder, &error), TKT_SCHEMA_VERSION);
	snprintf(path, sizeof(path), "%s/tkt.db", folder);
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw, "PRAGMA user_version=99", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);
	assert_int_equal(tkt_schema_upgrade(folder, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	snprintf(text, sizeof(text), "the desk '%s' is of a newer version of tkt than this program",
	    folder);
	assert_string_equal(error.text, text);
	remove_folder(folder);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tables, setup, teardown),
		cmocka_unit_test_setup_teardown(test_columns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_migrates_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failed_step, setup, teardown),
		cmocka_unit_test(test_upgrade_of_a_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
