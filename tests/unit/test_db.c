#include "store_support.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "store/counter.h"
#include "store/schema.h"
#include "store/sqlite.h"

#define BUSY 5

static char *folder;

static int setup(void **state)
{
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	folder = new_folder();
	succeed(tkt_db_open(folder, TKT_DB_CREATE, BUSY, &db, &error), &error);
	tkt_db_free(db);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	remove_folder(folder);
	return 0;
}

static struct tkt_db *open_desk(enum tkt_db_mode mode, int busy_seconds)
{
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_db_open(folder, mode, busy_seconds, &db, &error), &error);
	return db;
}

static void path_in_folder(char path[256], const char *name)
{
	snprintf(path, 256, "%s/%s", folder, name);
}

/* Opening must fail with this kind and text; '%s' in it is the folder. */
static void assert_refused(enum tkt_db_mode mode, enum tkt_error_kind kind, const char *format)
{
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };
	char text[1024];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, folder);
#pragma GCC diagnostic pop
	assert_int_equal(tkt_db_open(folder, mode, BUSY, &db, &error), -1);
	assert_string_equal(error.text, text);
	assert_int_equal(error.kind, kind);
	assert_null(db);
}

static void assert_mode(const char *name, mode_t mode)
{
	struct stat status;
	char path[256];

	path_in_folder(path, name);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, mode);
}

static void test_modes(void **state)
{
	mode_t before = umask(0077);
	struct tkt_db *db = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	folder = new_folder();
	succeed(tkt_db_open(folder, TKT_DB_CREATE, BUSY, &db, &error), &error);
	tkt_db_free(db);
	db = open_desk(TKT_DB_READ, BUSY);
	assert_mode("", 02770);
	assert_mode("tkt.db", 0660);
	assert_mode("writer.lock", 0660);
	assert_mode("blobs", 02770);
	assert_mode("tkt.db-wal", 0660); /* what a reader leaves behind must not shut out others */
	assert_mode("tkt.db-shm", 0660);
	tkt_db_free(db);
	umask(before);
}

static void test_settings(void **state)
{
	struct tkt_db *db = open_desk(TKT_DB_WRITE, BUSY);

	(void)state;
	assert_rows(db, "PRAGMA journal_mode", 1, "wal");
	assert_rows(db, "PRAGMA synchronous", 1, "2");
	assert_rows(db, "PRAGMA foreign_keys", 1, "1");
	assert_rows(db, "PRAGMA application_id", 1, "1953199153");
	assert_rows(db, "PRAGMA user_version", 1, "4");
	assert_rows(db, "PRAGMA integrity_check", 1, "ok");
	tkt_db_free(db);
}

static void overwrite(const char *name, long at, const char *bytes, size_t length)
{
	char path[256];
	int file;

	path_in_folder(path, name);
	file = open(path, O_WRONLY | O_CREAT, 0660);
	assert_true(file >= 0);
	assert_int_equal(pwrite(file, bytes, length, at), length);
	close(file);
}

static void test_refusals(void **state)
{
	char path[256];

	(void)state;
	assert_refused(TKT_DB_CREATE, TKT_ERROR_DATA, "'%s/tkt.db' is there already");
	overwrite("tkt.db", 60, "\0\0\0\x63", 4);
	assert_refused(TKT_DB_READ, TKT_ERROR_CONFIGURATION,
	    "'%s/tkt.db' is of a newer version of tkt than this program");
	overwrite("tkt.db", 60, "\0\0\0\x01", 4);
	assert_refused(TKT_DB_WRITE, TKT_ERROR_CONFIGURATION,
	    "'%s/tkt.db' is of an older version of tkt; run 'tkt-init --upgrade'");
	overwrite("tkt.db", 68, "\0\0\0\x02", 4);
	assert_refused(TKT_DB_READ, TKT_ERROR_DATA, "'%s/tkt.db' is not a database of tkt");
	overwrite("tkt.db", 0, "plain text", 10);
	assert_refused(TKT_DB_WRITE, TKT_ERROR_DATA, "'%s/tkt.db' is not a database of tkt");
	path_in_folder(path, "tkt.db");
	assert_int_equal(truncate(path, 0), 0);
	assert_refused(TKT_DB_READ, TKT_ERROR_DATA, "'%s/tkt.db' is not a database of tkt");
	assert_int_equal(unlink(path), 0);
	assert_refused(
	    TKT_DB_READ, TKT_ERROR_NO_INPUT, "there is no '%s/tkt.db'; tkt-init makes a desk");
	assert_refused(
	    TKT_DB_WRITE, TKT_ERROR_NO_INPUT, "there is no '%s/tkt.db'; tkt-init makes a desk");
	assert_int_equal(access(path, F_OK), -1);
}

static void test_no_folder(void **state)
{
	(void)state;
	folder = new_folder();
	assert_int_equal(rmdir(folder), 0);
	assert_refused(
	    TKT_DB_READ, TKT_ERROR_NO_INPUT, "there is no desk '%s'; tkt-init makes one");
}

static void test_damaged(void **state)
{
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };
	char zeros[8192] = { 0 };
	struct tkt_db *db;
	int result;

	(void)state;
	memset(zeros, 0x55, sizeof(zeros));
	overwrite("tkt.db", 100, zeros, 3000);
	db = open_desk(TKT_DB_READ, BUSY);
	result = tkt_db_prepare(db, "SELECT * FROM ticket", &statement, &error);
	assert_int_equal(result, -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	tkt_db_free(db);
}

/* In a child of another user: 0 when it may. `group` is that of the folder. */
static int try_as_other(enum tkt_db_mode mode, bool in_group, enum tkt_error_kind *kind)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct tkt_db *db = NULL;
		struct tkt_error error = { 0 };

		if (setgid(in_group ? 4242 : 4243) || setuid(4244))
			_exit(99);
		if (tkt_db_open(folder, mode, 1, &db, &error))
			_exit(error.kind);
		tkt_db_free(db);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	*kind = (enum tkt_error_kind)WEXITSTATUS(status);
	return *kind == 0 ? 0 : -1;
}

static void test_group(void **state)
{
	enum tkt_error_kind kind;
	char path[256];

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(folder, 0, 4242), 0);
	assert_int_equal(chmod(folder, 02770), 0);
	path_in_folder(path, "tkt.db");
	assert_int_equal(chown(path, 0, 4242), 0);
	path_in_folder(path, "tkt.db-wal");
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(try_as_other(TKT_DB_READ, false, &kind), -1);
	assert_int_equal(kind, TKT_ERROR_PERMISSION);
	assert_int_equal(try_as_other(TKT_DB_READ, true, &kind), 0);
	assert_int_equal(try_as_other(TKT_DB_WRITE, true, &kind), 0);
	path_in_folder(path, "tkt.db");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(try_as_other(TKT_DB_WRITE, true, &kind), -1);
	assert_int_equal(kind, TKT_ERROR_PERMISSION);
}

static void test_commit_and_rollback(void **state)
{
	struct tkt_db *db = open_desk(TKT_DB_WRITE, BUSY);
	struct tkt_transaction *transaction = NULL;
	struct tkt_error error = { 0 };
	int64_t number;

	(void)state;
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	succeed(tkt_counter_next(db, TKT_COUNTER_TICKET, &number, &error), &error);
	tkt_transaction_free(transaction); /* without a commit */
	assert_rows(db, "SELECT value FROM counter WHERE name = 'ticket'", 1, "0");
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	succeed(tkt_savepoint_begin(db, &error), &error);
	succeed(tkt_counter_raise(db, TKT_COUNTER_TICKET, 5, &error), &error);
	succeed(tkt_savepoint_undo(db, &error), &error);
	succeed(tkt_savepoint_begin(db, &error), &error);
	succeed(tkt_counter_raise(db, TKT_COUNTER_EVENT, 6, &error), &error);
	succeed(tkt_savepoint_keep(db, &error), &error);
	succeed(tkt_transaction_commit(transaction, &error), &error);
	tkt_transaction_free(transaction);
	assert_rows(db, "SELECT value FROM counter WHERE name IN ('event', 'ticket')", 1, "6 0");
	tkt_db_free(db);
}

static bool is_blocked(int signal)
{
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	return sigismember(&mask, signal) == 1;
}

static void test_stops_are_held(void **state)
{
	struct tkt_db *db = open_desk(TKT_DB_WRITE, BUSY);
	struct tkt_transaction *transaction = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_false(is_blocked(SIGTSTP));
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	assert_true(is_blocked(SIGTSTP) && is_blocked(SIGTTIN) && is_blocked(SIGTTOU));
	assert_false(is_blocked(SIGINT));
	succeed(tkt_transaction_commit(transaction, &error), &error);
	assert_false(is_blocked(SIGTSTP) || is_blocked(SIGTTIN) || is_blocked(SIGTTOU));
	tkt_transaction_free(transaction);
	tkt_db_free(db);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void test_waits_no_longer_than_told(void **state)
{
	struct tkt_db *db = open_desk(TKT_DB_WRITE, 1);
	struct tkt_transaction *transaction = NULL;
	struct tkt_error error = { 0 };
	char path[256], text[512];
	double start;
	int queue;

	(void)state;
	path_in_folder(path, "writer.lock");
	queue = open(path, O_RDWR);
	assert_int_equal(flock(queue, LOCK_EX), 0);
	start = seconds();
	assert_int_equal(tkt_transaction_begin(db, &transaction, &error), -1);
	assert_true(seconds() - start > 0.9 && seconds() - start < 2);
	assert_int_equal(error.kind, TKT_ERROR_TEMPORARY);
	snprintf(text, sizeof(text),
	    "'%s/tkt.db' is locked: other programs wrote for 1 second; try again", folder);
	assert_string_equal(error.text, text);
	assert_false(is_blocked(SIGTSTP));
	close(queue);
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	tkt_transaction_free(transaction);
	tkt_db_free(db);
}

/* Somebody who does not queue, such as the sqlite3 shell. */
static void test_waits_for_a_stranger(void **state)
{
	struct tkt_db *stranger = open_desk(TKT_DB_WRITE, 1);
	struct tkt_db *db = open_desk(TKT_DB_WRITE, 1);
	struct tkt_transaction *transaction = NULL;
	struct tkt_error error = { 0 };
	char text[512];

	(void)state;
	execute(stranger, "BEGIN IMMEDIATE");
	assert_int_equal(tkt_transaction_begin(db, &transaction, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_TEMPORARY);
	snprintf(text, sizeof(text), "'%s/tkt.db' is locked by another program; try again", folder);
	assert_string_equal(error.text, text);
	execute(stranger, "ROLLBACK");
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	tkt_transaction_free(transaction);
	tkt_db_free(db);
	tkt_db_free(stranger);
}

static void write_often(int rounds)
{
	int round;

	for (round = 0; round < rounds; round++) {
		struct tkt_transaction *transaction = NULL;
		struct tkt_db *db = NULL;
		struct tkt_error error = { 0 };
		int64_t number;

		if (tkt_db_open(folder, TKT_DB_WRITE, 30, &db, &error) ||
		    tkt_transaction_begin(db, &transaction, &error) ||
		    tkt_counter_next(db, TKT_COUNTER_TICKET, &number, &error) ||
		    tkt_transaction_commit(transaction, &error)) {
			fprintf(stderr, "%s\n", error.text);
			_exit(1);
		}
		tkt_transaction_free(transaction);
		tkt_db_free(db);
	}
	_exit(0);
}

/* Writers come and go, each the last out makes a checkpoint; readers never fail meanwhile. */
static void test_many_at_once(void **state)
{
	pid_t children[4];
	struct tkt_db *db;
	int status;
	size_t index;

	(void)state;
	for (index = 0; index < 4; index++) {
		children[index] = fork();
		if (children[index] == 0)
			write_often(50);
	}
	for (index = 0; index < 100; index++) {
		db = open_desk(TKT_DB_READ, 30);
		assert_rows(db, "SELECT count(*) FROM counter", 1, "5");
		tkt_db_free(db);
	}
	for (index = 0; index < 4; index++) {
		assert_int_equal(waitpid(children[index], &status, 0), children[index]);
		assert_int_equal(status, 0);
	}
	db = open_desk(TKT_DB_READ, 30);
	assert_rows(db, "SELECT value FROM counter WHERE name = 'ticket'", 1, "200");
	tkt_db_free(db);
}

static void test_reader_changes_nothing(void **state)
{
	struct tkt_db *db = open_desk(TKT_DB_READ, 1);
	struct tkt_transaction *transaction = NULL;
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };
	int64_t number;

	(void)state;
	assert_int_equal(tkt_transaction_begin(db, &transaction, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_BUG);
	assert_int_equal(tkt_counter_next(db, TKT_COUNTER_TICKET, &number, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_PERMISSION);
	succeed(tkt_db_prepare(db, "PRAGMA wal_checkpoint", &statement, &error), &error);
	tkt_statement_step(statement, &error);
	tkt_statement_free(statement);
	tkt_db_free(db);
}

static void test_full_disk(void **state)
{
	struct tkt_db *db = open_desk(TKT_DB_WRITE, BUSY);
	struct tkt_transaction *transaction = NULL;
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };
	char text[512];
	int row = 0, count;

	(void)state;
	execute(db, "PRAGMA max_page_count = 1"); /* as much as there is already, and no more */
	succeed(tkt_transaction_begin(db, &transaction, &error), &error);
	succeed(tkt_db_prepare(db,
		    "INSERT INTO desk_value(name, value) VALUES (?1, hex(zeroblob(9000)))",
		    &statement, &error),
	    &error);
	for (count = 0; row == 0 && count < 10; count++) {
		succeed(tkt_statement_bind_integer(statement, 1, count, &error), &error);
		row = tkt_statement_run(statement, &error);
	}
	assert_int_equal(row, -1);
	assert_int_equal(error.kind, TKT_ERROR_TEMPORARY);
	snprintf(text, sizeof(text),
	    "the disk is full: '%s/tkt.db' could not be written; make room and try again", folder);
	assert_string_equal(error.text, text);
	tkt_statement_free(statement);
	tkt_transaction_free(transaction);
	tkt_db_free(db);
}

static void test_values(void **state)
{
	struct tkt_db *db = *state;
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_db_open_memory(&db, &error), &error);
	succeed(tkt_db_prepare(db, "SELECT ?1, ?2, ?3, ?4, ?5, ?6", &statement, &error), &error);
	succeed(tkt_statement_bind_text(statement, 1, "", &error), &error);
	succeed(tkt_statement_bind_bytes(statement, 2, "abcdef", 3, &error), &error);
	succeed(tkt_statement_bind_blob(statement, 3, "\0\1", 2, &error), &error);
	succeed(tkt_statement_bind_time(statement, 4, TKT_TIME_NONE, &error), &error);
	succeed(tkt_statement_bind_integer(statement, 5, INT64_MIN, &error), &error);
	succeed(tkt_statement_bind_blob(statement, 6, NULL, 0, &error), &error);
	assert_int_equal(tkt_statement_step(statement, &error), 1);
	assert_true(tkt_statement_is_null(statement, 0));
	assert_null(tkt_statement_text(statement, 0));
	assert_string_equal(tkt_statement_text(statement, 1), "abc");
	assert_int_equal(tkt_statement_length(statement, 2), 2);
	assert_memory_equal(tkt_statement_blob(statement, 2), "\0\1", 2);
	assert_true(tkt_statement_integer(statement, 4) == INT64_MIN);
	assert_false(tkt_statement_is_null(statement, 5)); /* no bytes are not nothing */
	assert_int_equal(tkt_statement_step(statement, &error), 0);
	tkt_statement_free(statement);
	tkt_db_free(db);
}

/* How many statements SQLite holds, and whether one is of this text. */
static int count_prepared(struct tkt_db *db, const char *sql, bool *found)
{
	sqlite3_stmt *statement = NULL;
	int count = 0;

	*found = false;
	for (; (statement = sqlite3_next_stmt(db->handle, statement)); count++)
		*found = *found || strcmp(sqlite3_sql(statement), sql) == 0;
	return count;
}

/* One that was freed is taken again, as if it were new; never one that is in use. */
static void test_idle_statements_are_taken_again(void **state)
{
	static const char sql[] = "SELECT ?1 FROM counter";
	struct tkt_statement *first = NULL, *second = NULL, *third = NULL;
	struct tkt_error error = { 0 };
	bool found;

	succeed(tkt_db_prepare(*state, sql, &first, &error), &error);
	succeed(tkt_statement_bind_text(first, 1, "left over", &error), &error);
	assert_int_equal(tkt_statement_step(first, &error), 1);
	succeed(tkt_db_prepare(*state, sql, &second, &error), &error);
	assert_ptr_not_equal(second, first);
	tkt_statement_free(first);
	succeed(tkt_db_prepare(*state, sql, &third, &error), &error);
	assert_ptr_equal(third, first);
	assert_int_equal(tkt_statement_step(third, &error), 1);
	assert_true(tkt_statement_is_null(third, 0));
	tkt_statement_free(second);
	tkt_statement_free(third);
	assert_int_equal(count_prepared(*state, sql, &found), 2);
}

/* A walk that was left half way holds no lock any more. */
static void test_idle_statements_hold_no_transaction(void **state)
{
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_db_prepare(*state, "SELECT name FROM counter", &statement, &error), &error);
	assert_int_equal(tkt_statement_step(statement, &error), 1);
	assert_int_equal(
	    sqlite3_txn_state(((struct tkt_db *)*state)->handle, "main"), SQLITE_TXN_READ);
	tkt_statement_free(statement);
	assert_int_equal(
	    sqlite3_txn_state(((struct tkt_db *)*state)->handle, "main"), SQLITE_TXN_NONE);
}

static void test_idle_statements_are_bounded(void **state)
{
	char sql[32];
	bool found;
	int index;

	for (index = 0; index < 100; index++) {
		execute(*state, "DELETE FROM counter WHERE 0"); /* in use all the time */
		snprintf(sql, sizeof(sql), "SELECT %d", index);
		execute(*state, sql);
	}
	assert_int_equal(count_prepared(*state, "SELECT 0", &found), 64);
	assert_false(found);
	count_prepared(*state, "SELECT 99", &found);
	assert_true(found);
	count_prepared(*state, "DELETE FROM counter WHERE 0", &found);
	assert_true(found);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_modes, teardown),
		cmocka_unit_test_setup_teardown(test_settings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_teardown(test_no_folder, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_group, setup, teardown),
		cmocka_unit_test_setup_teardown(test_commit_and_rollback, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stops_are_held, setup, teardown),
		cmocka_unit_test_setup_teardown(test_waits_no_longer_than_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_waits_for_a_stranger, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reader_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
		cmocka_unit_test(test_values),
		cmocka_unit_test_setup_teardown(
		    test_idle_statements_are_taken_again, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_idle_statements_hold_no_transaction, open_database, close_database),
		cmocka_unit_test_setup_teardown(
		    test_idle_statements_are_bounded, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
