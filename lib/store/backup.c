#include "store/backup.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "store/schema.h"
#include "store/sqlite.h"

#include "base/banned.h"

#define BUSY_SECONDS 30
#define STEP_BYTES (1 << 20)
#define FLAWS_MOST 100

/* One that a newer program made may name its contents in another way. */
static int check_version(struct tkt_db *db, struct tkt_error *error)
{
	int64_t version;

	if (tkt_db_pragma(db, "PRAGMA user_version", &version, error))
		return -1;
	if (version > TKT_SCHEMA_VERSION)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is of a newer version of tkt than this program"), db->path);
	return 0;
}

int tkt_backup_source(const char *folder, struct tkt_db **db, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;

	if (tkt_db_open_any(folder, TKT_DB_READ, BUSY_SECONDS, &made, error) ||
	    check_version(made, error))
		return -1;
	*db = tkt_take(made);
	return 0;
}

/* 'file:PATH?OPTIONS' (sqlite.org/uri.html): what means something in it is escaped. */
static int add_uri(
    struct tkt_text *uri, const char *path, const char *options, struct tkt_error *error)
{
	const char *at;

	tkt_text_add(uri, path[0] == '/' ? "file://" : "file:");
	for (at = path; *at; at++)
		if (strchr("?#%", *at))
			tkt_text_format(uri, "%%%02X", (unsigned char)*at);
		else
			tkt_text_add_byte(uri, *at);
	tkt_text_format(uri, "?%s", options);
	return tkt_text_check(uri, error);
}

static int open_alone(const char *folder, enum tkt_db_mode mode, int flags, const char *options,
    struct tkt_db **db, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;
	tkt_autotext uri;

	tkt_text_init(&uri, TKT_TEXT_LIMIT);
	if (tkt_db_new(folder, mode, &made, error) || add_uri(&uri, made->path, options, error) ||
	    tkt_db_connect(made, uri.bytes, flags | SQLITE_OPEN_URI, 0, error))
		return -1;
	*db = tkt_take(made);
	return 0;
}

int tkt_backup_open(const char *folder, struct tkt_db **db, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;

	if (open_alone(folder, TKT_DB_READ, SQLITE_OPEN_READONLY, "immutable=1", &made, error) ||
	    tkt_db_check_application(made, error) || check_version(made, error))
		return -1;
	*db = tkt_take(made);
	return 0;
}

static int count(struct tkt_db *db, const char *sql, int64_t *number, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) || tkt_statement_step(statement, error) < 0)
		return -1;
	*number = tkt_statement_integer(statement, 0);
	return 0;
}

int tkt_backup_count(struct tkt_db *db, struct tkt_holdings *holdings, struct tkt_error *error)
{
	if (count(db, "SELECT count(*) FROM ticket", &holdings->tickets, error) ||
	    count(db, "SELECT count(*) FROM message", &holdings->messages, error) ||
	    count(db, "SELECT count(*) FROM letter", &holdings->letters, error) ||
	    count(db, "SELECT count(*) FROM event", &holdings->events, error) ||
	    count(db, "SELECT count(*) FROM blob", &holdings->contents, error) ||
	    count(db, "SELECT count(*) FROM outgoing WHERE state <> 'sent' AND due_at IS NOT NULL",
		&holdings->unsent, error) ||
	    tkt_db_pragma(db, "PRAGMA page_count", &holdings->pages, error))
		return -1;
	return 0;
}

static int copy_pages(struct tkt_db *from, struct tkt_db *to, void (*tell)(void *context),
    void *context, struct tkt_error *error)
{
	sqlite3_backup *backup;
	int64_t page_size;
	int code;

	if (tkt_db_pragma(from, "PRAGMA page_size", &page_size, error))
		return -1;
	backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
	if (!backup)
		return tkt_db_fail(to, sqlite3_extended_errcode(to->handle), error);
	while ((code = sqlite3_backup_step(backup, (int)(STEP_BYTES / page_size))) == SQLITE_OK)
		tell(context);
	/* What fails in reading is kept by the one, in writing by the other. */
	sqlite3_backup_finish(backup);
	if (code == SQLITE_DONE)
		return 0;
	return tkt_db_fail(
	    code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? from : to, code, error);
}

/* Without locks, side files and syncs: nobody else knows the file yet. */
static int open_new(const char *folder, struct tkt_db **copy, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;

	if (open_alone(folder, TKT_DB_WRITE, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		"vfs=unix-none", &made, error) ||
	    tkt_db_execute(made,
		"PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY",
		error))
		return -1;
	*copy = tkt_take(made);
	return 0;
}

int tkt_backup_copy(struct tkt_db *db, const char *into, void (*tell)(void *context), void *context,
    struct tkt_holdings *holdings, struct tkt_db **copy, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;
	struct tkt_holdings counted;
	int result;

	if (open_new(into, &made, error) || tkt_read_begin(db, error))
		return -1;
	/* Counting begins the moment. */
	result = tkt_backup_count(db, &counted, error) || copy_pages(db, made, tell, context, error)
	    ? -1
	    : 0;
	if (result) {
		struct tkt_error ignored;

		tkt_read_end(db, &ignored);
		return -1;
	}
	if (tkt_read_end(db, error))
		return -1;
	*holdings = counted;
	*copy = tkt_take(made);
	return 0;
}

int tkt_backup_close(struct tkt_db *copy, struct tkt_error *error)
{
	tkt_autoptr(db) closed = copy;

	return tkt_db_execute(closed, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

/* Of `form`: a text, or a table and a row. */
static int report_rows(struct tkt_db *db, const char *sql, enum tkt_flaw flaw,
    tkt_flaw_report *report, void *context, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int row = 0, flaws;

	if (tkt_db_prepare(db, sql, &statement, error))
		return -1;
	for (flaws = 0; flaws < FLAWS_MOST && (row = tkt_statement_step(statement, error)) > 0;
	     flaws++) {
		const char *text = tkt_statement_text(statement, 0);
		tkt_autofree char *named = NULL;

		if (flaw == TKT_FLAW_FILE && tkt_text_equal(text, "ok"))
			continue;
		if (flaw == TKT_FLAW_ROW) {
			if (asprintf(&named, "%s %lld", text,
				(long long)tkt_statement_integer(statement, 1)) < 0)
				return tkt_error_set_memory(error);
			text = named;
		}
		if (report(flaw, text ? text : "", context, error))
			return -1;
	}
	return row < 0 ? -1 : 0;
}

int tkt_backup_check(
    struct tkt_db *db, tkt_flaw_report *report, void *context, struct tkt_error *error)
{
	return report_rows(db, "PRAGMA integrity_check", TKT_FLAW_FILE, report, context, error) ||
		report_rows(db, "PRAGMA foreign_key_check", TKT_FLAW_ROW, report, context, error)
	    ? -1
	    : 0;
}
