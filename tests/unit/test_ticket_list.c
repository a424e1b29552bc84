#include "store_support.h"

#include <sqlite3.h>

#include "expression/expression.h"
#include "store/ticket.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */

static const struct tkt_expression_scope scope = { .now = NOW };

static void write_ticket(struct tkt_db *db, const char *json)
{
	json_auto_t *ticket = object(json);
	struct tkt_error error = { 0 };

	succeed(tkt_ticket_write(db, NULL, ticket, &error), &error);
}

static int setup(void **state)
{
	open_database(state);
	write_ticket(*state,
	    "{\"id\":\"T-1\",\"status\":\"new\",\"subject\":\"b\",\"priority\":\"low\","
	    "\"created_at\":\"2026-03-02T08:00:00Z\"}");
	write_ticket(*state,
	    "{\"id\":\"T-2\",\"status\":\"open\",\"priority\":\"critical\","
	    "\"fields\":{\"domain\":\"z\"},\"clocks\":[{\"name\":\"resolution\",\"cycle\":1,"
	    "\"state\":\"running\",\"due_at\":\"2026-03-02T12:00:00Z\"}]}");
	write_ticket(*state,
	    "{\"id\":\"T-3\",\"status\":\"open\",\"subject\":\"a\",\"priority\":\"low\","
	    "\"fields\":{\"domain\":\"y\"},\"clocks\":[{\"name\":\"resolution\",\"cycle\":1,"
	    "\"state\":\"running\",\"due_at\":\"2026-03-02T08:59:59Z\"}]}");
	write_ticket(*state, "{\"id\":\"T-4\",\"status\":\"closed\",\"subject\":\"c\"}");
	return 0;
}

/* The first value of each row. */
static int collect(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct tkt_text *text = context;

	(void)error;
	if (text->length)
		tkt_text_add(text, " ");
	tkt_text_add_bytes(text, row[0].text, row[0].length);
	return 0;
}

static void assert_list(struct tkt_db *db, struct tkt_ticket_query *query, const char *words,
    const char *sort, const char *expected)
{
	tkt_autoptr(expression) expression = NULL;
	struct tkt_error error = { 0 };
	struct tkt_sort *sorts = NULL;
	tkt_autotext text;
	int64_t handed, spaces = 0;
	const char *at;

	if (words)
		succeed(
		    tkt_expression_parse(words, &tkt_ticket_fields, &scope, &expression, &error),
		    &error);
	if (sort)
		succeed(tkt_sort_parse(sort, &sorts, &query->sort_count, &error), &error);
	query->expression = expression;
	query->sorts = sorts;
	query->now = NOW;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	handed = tkt_ticket_each(db, query, collect, NULL, &text, &error);
	succeed((int)handed, &error);
	assert_string_equal(text.bytes, expected);
	for (at = expected; *at; at++)
		spaces += *at == ' ';
	assert_int_equal(handed, *expected ? spaces + 1 : 0);
	assert_int_equal(tkt_ticket_count(db, query, &error), handed);
	tkt_sort_free(sorts, query->sort_count);
	query->sorts = NULL;
	query->sort_count = 0;
}

static void test_order(void **state)
{
	struct tkt_ticket_query all = { 0 }, open = { .open_only = true };

	assert_list(*state, &open, NULL, NULL, "T-3 T-2 T-1");
	assert_list(*state, &all, NULL, NULL, "T-3 T-2 T-1 T-4");
	assert_list(*state, &open, NULL, "due", "T-3 T-2 T-1");
	assert_list(*state, &open, NULL, "-due", "T-2 T-3 T-1");
	assert_list(*state, &all, NULL, "subject", "T-3 T-1 T-4 T-2"); /* empty last */
	assert_list(*state, &all, NULL, "-subject", "T-4 T-1 T-3 T-2");
	assert_list(*state, &all, NULL, "priority,-subject", "T-1 T-3 T-2 T-4");
	assert_list(*state, &all, NULL, "-id", "T-4 T-3 T-2 T-1");
	assert_list(*state, &all, NULL, "fields.domain", "T-3 T-2 T-1 T-4");
	assert_list(*state, &all, NULL, "-clock.resolution.due", "T-2 T-3 T-1 T-4");
	assert_list(*state, &all, NULL, "-overdue", "T-3 T-1 T-2 T-4");
}

static void test_selection(void **state)
{
	struct tkt_ticket_query all = { 0 }, open = { .open_only = true };
	struct tkt_ticket_query one = { .limit = 1 }, first = { .limit = 2, .open_only = true };

	assert_list(*state, &all, "status=open", NULL, "T-3 T-2");
	assert_list(*state, &open, "priority=low", NULL, "T-3 T-1");
	assert_list(*state, &open, "subject ~ c", NULL, "");
	assert_list(*state, &one, "subject", "subject", "T-3");
	assert_list(*state, &first, NULL, NULL, "T-3 T-2");
	assert_list(*state, &first, "not priority=critical", NULL, "T-3 T-1");
}

/* A condition too long for SQL is judged row by row, before it is counted or limited. */
static void test_declined(void **state)
{
	struct tkt_ticket_query one = { .limit = 1 }, all = { 0 }, open = { .open_only = true };
	struct tkt_error error = { 0 };
	tkt_autoptr(expression) expression = NULL;
	tkt_autotext words;
	int value;

	tkt_text_init(&words, TKT_TEXT_LIMIT);
	tkt_text_add(&words, "subject in c");
	for (value = 0; value < 30001; value++) /* one word each, within the bound of a text */
		tkt_text_add(&words, ",x");
	tkt_text_add(&words, " and questions=0");
	succeed(tkt_expression_parse(words.bytes, &tkt_ticket_fields, &scope, &expression, &error),
	    &error);
	assert_list(*state, &all, words.bytes, NULL, "T-4");
	assert_list(*state, &one, words.bytes, NULL, "T-4");
	assert_list(*state, &open, words.bytes, NULL, "");
	assert_int_equal(tkt_ticket_matches(*state, "T-4", expression, &error), 1);
	assert_int_equal(tkt_ticket_matches(*state, "T-3", expression, &error), 0);
}

static int show(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct tkt_text *text = context;
	size_t index;

	(void)error;
	for (index = 0; index < tkt_ticket_fields.count; index++) {
		if (row[index].kind == TKT_VALUE_EMPTY)
			continue;
		tkt_text_format(text, "%s=", tkt_ticket_fields.fields[index].name);
		if (row[index].kind == TKT_VALUE_TEXT)
			tkt_text_format(text, "%s ", row[index].text);
		else
			tkt_text_format(text, "%lld ", (long long)row[index].integer);
	}
	return 0;
}

static const struct tkt_field *field_of(const char *name)
{
	size_t key_length;
	const char *key;

	return tkt_field_find(&tkt_ticket_fields, name, &key, &key_length);
}

static void test_columns(void **state)
{
	const struct tkt_field *columns[] = { field_of("id"), field_of("due"), field_of("overdue"),
		field_of("left"), field_of("age"), field_of("questions"), field_of("waiting_for") };
	struct tkt_ticket_query query = {
		.open_only = true, .columns = columns, .column_count = 7, .now = NOW
	};
	struct tkt_error error = { 0 };
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	assert_int_equal(tkt_ticket_each(*state, &query, show, NULL, &text, &error), 3);
	assert_string_equal(text.bytes,
	    "id=T-3 due=1772441999 overdue=1 left=-1 questions=0 waiting_for=us "
	    "id=T-2 due=1772452800 overdue=0 left=10800 questions=0 waiting_for=us "
	    "id=T-1 overdue=0 age=3600 questions=0 waiting_for=us ");
	query.columns = NULL;
	query.limit = 1;
	query.open_only = false;
	tkt_text_reset(&text);
	assert_int_equal(tkt_ticket_each(*state, &query, show, NULL, &text, &error), 1);
	assert_string_equal(text.bytes,
	    "id=T-3 subject=a status=open priority=1 fields={\"domain\":\"y\"} "
	    "clocks=[{\"name\":\"resolution\",\"cycle\":1,\"state\":\"running\","
	    "\"due_at\":\"2026-03-02T08:59:59Z\"}] ");
}

static void test_sort_refusals(void **state)
{
	static const struct {
		const char *string, *text;
	} wrong[] = {
		{ "", "a field to sort by is missing" },
		{ "due,,id", "a field to sort by is missing" },
		{ "-", "a field to sort by is missing" },
		{ "stauts", "there is no field 'stauts'; did you mean 'status'?" },
	};
	struct tkt_sort *sorts = NULL;
	struct tkt_error error = { 0 };
	size_t index, count = 0;

	(void)state;
	for (index = 0; index < sizeof(wrong) / sizeof(wrong[0]); index++) {
		assert_int_equal(tkt_sort_parse(wrong[index].string, &sorts, &count, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_USAGE);
		assert_string_equal(error.text, wrong[index].text);
		assert_null(sorts);
	}
}

/* What goes on while a long list waits to be read. */
struct reading {
	sqlite3 *other; /* another program at the same desk */
	int64_t rows, pauses;
	int64_t last;
};

static int count_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct reading *reading = context;
	int64_t number;

	(void)error;
	assert_int_equal(tkt_ticket_number(row[0].text, &number), 0);
	assert_true(number > reading->last);
	reading->last = number;
	reading->rows++;
	return 0;
}

static int write_meanwhile(void *context, struct tkt_error *error)
{
	struct reading *reading = context;
	int logged = -1, moved = -1;
	char *text = NULL;

	(void)error;
	reading->pauses++;
	assert_int_equal(sqlite3_exec(reading->other,
			     "UPDATE ticket SET subject = subject || '!' WHERE number = 1;"
			     "DELETE FROM ticket WHERE number = 2999",
			     NULL, NULL, &text),
	    SQLITE_OK);
	/* It would be busy if a read transaction were open. */
	assert_int_equal(sqlite3_wal_checkpoint_v2(
			     reading->other, NULL, SQLITE_CHECKPOINT_TRUNCATE, &logged, &moved),
	    SQLITE_OK);
	assert_int_equal(logged, 0);
	return 0;
}

static void fill(struct tkt_db *db)
{
	execute(db,
	    "INSERT INTO ticket(number, id, status, subject, due_at)"
	    " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
	    " SELECT i, 'T-' || i, 'open', 'subject ' || i, i FROM n");
}

static void assert_no_transaction(
    const char *folder, struct tkt_db *db, const char *sort, bool open_only)
{
	struct tkt_ticket_query query = { .open_only = open_only };
	struct reading reading = { 0 };
	struct tkt_error error = { 0 };
	struct tkt_sort *sorts = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s/tkt.db", folder);
	assert_int_equal(sqlite3_open(path, &reading.other), SQLITE_OK);
	if (sort)
		succeed(tkt_sort_parse(sort, &sorts, &query.sort_count, &error), &error);
	query.sorts = sorts;
	/* One is deleted meanwhile, and each is read as it is then. */
	assert_int_equal(
	    tkt_ticket_each(db, &query, count_row, write_meanwhile, &reading, &error), 2999);
	assert_int_equal(reading.rows, 2999);
	assert_int_equal(reading.pauses, 5);
	assert_int_equal(sqlite3_exec(reading.other,
			     "INSERT INTO ticket(number, id, status, due_at)"
			     " VALUES (2999, 'T-2999', 'open', 2999)",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	tkt_sort_free(sorts, query.sort_count);
	sqlite3_close(reading.other);
}

static void test_unread_list_holds_nothing(void **state)
{
	char *folder = new_folder();
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	succeed(tkt_db_open(folder, TKT_DB_CREATE, 5, &db, &error), &error);
	fill(db);
	tkt_db_free(db);
	succeed(tkt_db_open(folder, TKT_DB_READ, 5, &db, &error), &error);
	assert_no_transaction(folder, db, NULL, true);
	assert_no_transaction(folder, db, NULL, false);
	assert_no_transaction(folder, db, "id,due", false);
	tkt_db_free(db);
	remove_folder(folder);
}

static int stop(void *context, struct tkt_error *error)
{
	(void)context;
	return tkt_error_set(error, TKT_ERROR_IO, "stopped");
}

static int stop_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)row;
	return stop(context, error);
}

static int ignore(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)row;
	(void)context;
	(void)error;
	return 0;
}

/* A caller's error ends the list and its transaction, so that a write can follow. */
static void test_callers_errors(void **state)
{
	struct tkt_ticket_query query = { .open_only = true };
	struct tkt_transaction *transaction = NULL;
	struct tkt_error error = { 0 };

	execute(*state, "DELETE FROM ticket_field");
	execute(*state, "DELETE FROM clock");
	execute(*state, "DELETE FROM ticket");
	fill(*state);
	assert_int_equal(tkt_ticket_each(*state, &query, stop_row, NULL, NULL, &error), -1);
	assert_string_equal(error.text, "stopped");
	assert_int_equal(tkt_ticket_each(*state, &query, ignore, stop, NULL, &error), -1);
	assert_string_equal(error.text, "stopped");
	succeed(tkt_transaction_begin(*state, &transaction, &error), &error);
	assert_int_equal(tkt_ticket_each(*state, &query, ignore, NULL, NULL, &error), 3000);
	succeed(tkt_transaction_commit(transaction, &error), &error);
	tkt_transaction_free(transaction);
}

/* Who visits has gathered enough after each seventh row. */
struct gathering {
	int64_t next;   /* of the row that must come: each comes once, in order */
	int64_t pauses; /* asked for */
	int since;
	bool is_due; /* a pause has been asked for */
};

static int gather(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	struct gathering *gathering = context;
	const struct tkt_value *id = &row[0];
	char wanted[32];

	(void)error;
	assert_false(gathering->is_due);
	snprintf(wanted, sizeof(wanted), "T-%lld", (long long)gathering->next++);
	assert_int_equal(id->length, strlen(wanted));
	assert_memory_equal(id->text, wanted, id->length);
	gathering->is_due = ++gathering->since == 7;
	return gathering->is_due;
}

static int let_go(void *context, struct tkt_error *error)
{
	struct gathering *gathering = context;

	(void)error;
	gathering->pauses += gathering->is_due;
	gathering->is_due = false;
	gathering->since = 0;
	return 0;
}

static void assert_pauses(
    struct tkt_db *db, const char *string, bool open_only, int64_t limit, int64_t rows)
{
	struct tkt_ticket_query query = { .open_only = open_only, .limit = limit, .now = NOW };
	tkt_autoptr(expression) expression = NULL;
	struct gathering gathering = { .next = 1 };
	struct tkt_error error = { 0 };

	if (string)
		succeed(
		    tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, &error),
		    &error);
	query.expression = expression;
	assert_int_equal(tkt_ticket_each(db, &query, gather, let_go, &gathering, &error), rows);
	assert_int_equal(gathering.next, rows + 1);
	assert_true(gathering.pauses >= (rows - 1) / 7 - rows / 500);
}

static void test_pauses_on_request(void **state)
{
	execute(*state, "DELETE FROM ticket_field");
	execute(*state, "DELETE FROM clock");
	execute(*state, "DELETE FROM ticket");
	fill(*state);
	assert_pauses(*state, NULL, true, 0, 3000);
	assert_pauses(*state, NULL, false, 0, 3000);
	assert_pauses(*state, NULL, true, 1000, 1000);
	assert_pauses(*state, "status=open", false, 15, 15);
	execute(*state, "DELETE FROM ticket WHERE number > 60");
	assert_pauses(*state, NULL, false, 0, 60);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order, setup, close_database),
		cmocka_unit_test_setup_teardown(test_selection, setup, close_database),
		cmocka_unit_test_setup_teardown(test_declined, setup, close_database),
		cmocka_unit_test_setup_teardown(test_columns, setup, close_database),
		cmocka_unit_test(test_sort_refusals),
		cmocka_unit_test(test_unread_list_holds_nothing),
		cmocka_unit_test_setup_teardown(test_callers_errors, setup, close_database),
		cmocka_unit_test_setup_teardown(test_pauses_on_request, setup, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
