#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "base/words.h"
#include "store/sqlite.h"

#include "base/banned.h"

#define WAKE_MICROSECONDS 50000

static int open_queue(struct tkt_db *db, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(db->folder, "writer.lock");

	if (!path)
		return tkt_error_set_memory(error);
	db->queue = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (db->queue < 0 && errno == ENOENT) { /* a desk that was copied without it */
		db->queue = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
		if (db->queue >= 0 && fchmod(db->queue, 0660) && errno != EPERM)
			return tkt_error_set_system(
			    error, errno, _("cannot set the permissions of '%s'"), path);
	}
	if (db->queue < 0)
		return tkt_error_set_system(error, errno, _("cannot open '%s'"), path);
	return 0;
}

static void wake(int signal)
{
	(void)signal;
}

/*
 * flock() hands the lock on in the order of asking, but has no time limit: an alarm that repeats
 * interrupts it (one alone could ring before the call). 0, or an errno: EINTR when time ran out.
 */
static int wait_in_queue(int file, int64_t deadline)
{
	struct sigaction action = { .sa_handler = wake }, old_action;
	struct itimerval alarm = { { 0, WAKE_MICROSECONDS }, { 0, WAKE_MICROSECONDS } }, old_alarm;
	sigset_t ring, old_mask;
	int code = 0;

	sigemptyset(&ring);
	sigaddset(&ring, SIGALRM);
	sigaction(SIGALRM, &action, &old_action);
	sigprocmask(SIG_UNBLOCK, &ring, &old_mask);
	setitimer(ITIMER_REAL, &alarm, &old_alarm);
	while (flock(file, LOCK_EX)) {
		code = errno;
		if (code != EINTR || tkt_monotonic_milliseconds() >= deadline)
			break;
		code = 0;
	}
	setitimer(ITIMER_REAL, &old_alarm, NULL);
	sigprocmask(SIG_SETMASK, &old_mask, NULL);
	sigaction(SIGALRM, &old_action, NULL);
	return code;
}

static int enter_queue(struct tkt_db *db, int64_t deadline, struct tkt_error *error)
{
	int code = 0;

	if (!db->folder)
		return 0;
	if (db->queue < 0 && open_queue(db, error))
		return -1;
	if (flock(db->queue, LOCK_EX | LOCK_NB))
		code = errno == EWOULDBLOCK ? wait_in_queue(db->queue, deadline) : errno;
	if (code == EINTR)
		return tkt_error_set(error, TKT_ERROR_TEMPORARY,
		    ngettext("'%s' is locked: other programs wrote for %d second; try again",
			"'%s' is locked: other programs wrote for %d seconds; try again",
			(unsigned long)db->busy_seconds),
		    db->path, db->busy_seconds);
	if (code)
		return tkt_error_set_system(error, code, _("cannot lock '%s'"), db->path);
	return 0;
}

static void leave_queue(struct tkt_db *db)
{
	if (db->queue >= 0)
		flock(db->queue, LOCK_UN);
}

/* ^Z in a transaction would stop the whole desk. */
static void hold_stops(sigset_t *before)
{
	sigset_t stops;

	sigemptyset(&stops);
	sigaddset(&stops, SIGTSTP);
	sigaddset(&stops, SIGTTIN);
	sigaddset(&stops, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stops, before);
}

static int begin(struct tkt_db *db, struct tkt_error *error)
{
	int64_t deadline = tkt_monotonic_milliseconds() + (int64_t)db->busy_seconds * 1000, left;
	int result;

	if (enter_queue(db, deadline, error))
		return -1;
	/* Others may hold it without having queued: a reader that repairs, a shell, a backup. */
	left = deadline - tkt_monotonic_milliseconds();
	if (left < (int64_t)db->busy_seconds * 1000 - 10)
		sqlite3_busy_timeout(db->handle, left > 0 ? (int)left : 0);
	result = tkt_db_execute(db, "BEGIN IMMEDIATE", error);
	sqlite3_busy_timeout(db->handle, db->busy_seconds * 1000);
	if (result)
		leave_queue(db);
	return result;
}

int tkt_transaction_begin(
    struct tkt_db *db, struct tkt_transaction **transaction, struct tkt_error *error)
{
	struct tkt_transaction *made;

	if (db->transaction || db->readers > 0)
		return tkt_error_set(
		    error, TKT_ERROR_BUG, _("a transaction of '%s' is open already"), db->path);
	if (db->mode == TKT_DB_READ)
		return tkt_error_set(
		    error, TKT_ERROR_BUG, _("'%s' is open for reading alone"), db->path);
	made = calloc(1, sizeof(*made));
	if (!made)
		return tkt_error_set_memory(error);
	made->db = db;
	hold_stops(&made->signals);
	if (begin(db, error)) {
		sigprocmask(SIG_SETMASK, &made->signals, NULL);
		free(made);
		return -1;
	}
	db->transaction = made;
	*transaction = made;
	return 0;
}

/* Bulk has the log carried into the file while others may write; that it fails loses nothing. */
static void shorten_log(struct tkt_db *db)
{
	if (db->log_pages && db->log_pages >= db->log_pages_most)
		sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	db->log_pages = 0;
}

static void end(struct tkt_transaction *transaction)
{
	struct tkt_db *db = transaction->db;

	leave_queue(db);
	shorten_log(db);
	db->transaction = NULL;
	transaction->db = NULL;
	sigprocmask(SIG_SETMASK, &transaction->signals, NULL);
}

int tkt_transaction_commit(struct tkt_transaction *transaction, struct tkt_error *error)
{
	if (tkt_db_execute(transaction->db, "COMMIT", error))
		return -1;
	end(transaction);
	return 0;
}

void tkt_transaction_free(struct tkt_transaction *transaction)
{
	if (!transaction)
		return;
	if (transaction->db) {
		/* A full disk may have rolled it back already. */
		if (!sqlite3_get_autocommit(transaction->db->handle))
			sqlite3_exec(transaction->db->handle, "ROLLBACK", NULL, NULL, NULL);
		end(transaction);
	}
	free(transaction);
}

/* Bulk has one a line: it is worth a statement that is kept. */
static int run(struct tkt_db *db, const char *sql, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	return tkt_db_prepare(db, sql, &statement, error) || tkt_statement_run(statement, error)
	    ? -1
	    : 0;
}

int tkt_savepoint_begin(struct tkt_db *db, struct tkt_error *error)
{
	return run(db, "SAVEPOINT tkt", error);
}

int tkt_savepoint_keep(struct tkt_db *db, struct tkt_error *error)
{
	return run(db, "RELEASE tkt", error);
}

int tkt_savepoint_undo(struct tkt_db *db, struct tkt_error *error)
{
	return tkt_db_execute(db, "ROLLBACK TO tkt; RELEASE tkt", error);
}

int tkt_read_begin(struct tkt_db *db, struct tkt_error *error)
{
	if (!db->transaction && db->readers == 0 && tkt_db_execute(db, "BEGIN", error))
		return -1;
	db->readers++;
	return 0;
}

int tkt_read_end(struct tkt_db *db, struct tkt_error *error)
{
	db->readers--;
	if (db->transaction || db->readers > 0)
		return 0;
	return tkt_db_execute(db, "COMMIT", error);
}
