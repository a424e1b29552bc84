#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/words.h"
#include "expression/expression.h"
#include "store/sqlite.h"

#include "base/banned.h"

#define IDLE_LIMIT 64 /* a sweep uses some 40 texts in turn */
#define PATTERN_TYPE "tkt_pattern"

struct tkt_statement {
	struct tkt_db *db;
	sqlite3_stmt *handle;
	struct tkt_statement *next; /* among the idle */
};

static int fail_full(struct tkt_db *db, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_TEMPORARY,
	    _("the disk is full: '%s' could not be written; make room and try again"), db->path);
}

static int fail_permission(struct tkt_db *db, struct tkt_error *error)
{
	if (db->mode == TKT_DB_READ)
		return tkt_error_set(error, TKT_ERROR_PERMISSION,
		    _("no permission to read '%s' and to write in its folder; a reader belongs to "
		      "the desk's group"),
		    db->path);
	return tkt_error_set(error, TKT_ERROR_PERMISSION,
	    _("no permission to write '%s'; who writes belongs to the desk's group"), db->path);
}

static int fail_system(struct tkt_db *db, int extended, struct tkt_error *error)
{
	int code = db->handle ? sqlite3_system_errno(db->handle) : 0;

	switch (code) {
	case ENOSPC:
	case EDQUOT:
		return fail_full(db, error);
	case EACCES:
	case EPERM:
	case EROFS:
		return fail_permission(db, error);
	case ENOENT:
	case ENOTDIR:
		return tkt_error_set(error, TKT_ERROR_NO_INPUT,
		    _("there is no '%s'; tkt-init makes a desk"), db->path);
	case 0:
		return tkt_error_set(error, TKT_ERROR_IO, _("cannot read or write '%s': %s"),
		    db->path, sqlite3_errstr(extended));
	default:
		return tkt_error_set_system(error, code, _("cannot read or write '%s'"), db->path);
	}
}

int tkt_db_fail(struct tkt_db *db, int code, struct tkt_error *error)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return tkt_error_set(error, TKT_ERROR_TEMPORARY,
		    _("'%s' is locked by another program; try again"), db->path);
	case SQLITE_NOMEM:
		return tkt_error_set_memory(error);
	case SQLITE_FULL:
		return fail_full(db, error);
	case SQLITE_IOERR:
		return code == SQLITE_IOERR_NOMEM ? tkt_error_set_memory(error)
						  : fail_system(db, code, error);
	case SQLITE_CANTOPEN:
		return fail_system(db, code, error);
	case SQLITE_READONLY:
		if (code == SQLITE_READONLY_DBMOVED)
			return tkt_error_set(error, TKT_ERROR_TEMPORARY,
			    _("'%s' was moved or replaced while it was open; try again"), db->path);
		return fail_permission(db, error);
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return fail_permission(db, error);
	case SQLITE_NOTADB:
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' is not a database of tkt"), db->path);
	case SQLITE_CORRUPT:
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' is damaged; copy the desk's folder, then restore a backup or "
		      "see what '.recover' of sqlite3 saves"),
		    db->path);
	case SQLITE_TOOBIG:
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("too large for '%s': more than 1 GB"), db->path);
	case SQLITE_CONSTRAINT:
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' refuses a row: %s"), db->path,
		    sqlite3_errmsg(db->handle));
	}
	if (db->function_error.kind != TKT_ERROR_NONE) {
		*error = db->function_error;
		db->function_error.kind = TKT_ERROR_NONE;
		return -1;
	}
	return tkt_error_set(error, TKT_ERROR_BUG, _("'%s' cannot run a statement: %s"), db->path,
	    sqlite3_errmsg(db->handle));
}

int tkt_db_execute(struct tkt_db *db, const char *sql, struct tkt_error *error)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : tkt_db_fail(db, code, error);
}

int tkt_db_pragma(struct tkt_db *db, const char *sql, int64_t *number, struct tkt_error *error)
{
	sqlite3_stmt *handle = NULL;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &handle, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(handle);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(handle, 0);
	sqlite3_finalize(handle);
	return code == SQLITE_ROW ? 0 : tkt_db_fail(db, code, error);
}

int tkt_db_version(struct tkt_db *db, int64_t *version, struct tkt_error *error)
{
	return tkt_db_pragma(db, "PRAGMA data_version", version, error);
}

void tkt_db_observe(
    struct tkt_db *db, void (*observe)(void *context, const char *sql), void *context)
{
	db->observe = observe;
	db->observe_context = context;
}

/* An idle statement of the same text, or NULL. */
static struct tkt_statement *take_idle(struct tkt_db *db, const char *sql)
{
	struct tkt_statement **link, *found;

	for (link = &db->idle; *link; link = &(*link)->next) {
		if (strcmp(sqlite3_sql((*link)->handle), sql) != 0)
			continue;
		found = *link;
		*link = found->next;
		db->idle_count--;
		return found;
	}
	return NULL;
}

int tkt_db_prepare(
    struct tkt_db *db, const char *sql, struct tkt_statement **statement, struct tkt_error *error)
{
	struct tkt_statement *made;
	int code;

	if (db->observe)
		db->observe(db->observe_context, sql);
	made = take_idle(db, sql);
	if (made) {
		*statement = made;
		return 0;
	}
	made = calloc(1, sizeof(*made));
	if (!made)
		return tkt_error_set_memory(error);
	made->db = db;
	code = sqlite3_prepare_v2(db->handle, sql, -1, &made->handle, NULL);
	if (code != SQLITE_OK) {
		free(made);
		return tkt_db_fail(db, code, error);
	}
	*statement = made;
	return 0;
}

static void finalize(struct tkt_statement *statement)
{
	sqlite3_finalize(statement->handle);
	free(statement);
}

void tkt_db_drop_idle(struct tkt_db *db)
{
	while (db->idle) {
		struct tkt_statement *statement = db->idle;

		db->idle = statement->next;
		finalize(statement);
	}
	db->idle_count = 0;
}

/* The one that has been idle for the longest stands last. */
static void drop_oldest(struct tkt_db *db)
{
	struct tkt_statement **link = &db->idle;

	while ((*link)->next)
		link = &(*link)->next;
	finalize(*link);
	*link = NULL;
	db->idle_count--;
}

/* Kept for the next prepare: bulk runs the same few statements for each letter. */
void tkt_statement_free(struct tkt_statement *statement)
{
	struct tkt_db *db;

	if (!statement)
		return;
	db = statement->db;
	tkt_statement_reset(statement); /* one that is not reset keeps its read transaction open */
	if (db->idle_count >= IDLE_LIMIT)
		drop_oldest(db);
	statement->next = db->idle;
	db->idle = statement;
	db->idle_count++;
}

static int bound(struct tkt_statement *statement, int code, struct tkt_error *error)
{
	return code == SQLITE_OK ? 0 : tkt_db_fail(statement->db, code, error);
}

int tkt_statement_bind_bytes(struct tkt_statement *statement, int index, const char *text,
    size_t length, struct tkt_error *error)
{
	if (!text || length == 0)
		return tkt_statement_bind_null(statement, index, error);
	return bound(statement,
	    sqlite3_bind_text64(statement->handle, index, text, length, SQLITE_STATIC, SQLITE_UTF8),
	    error);
}

int tkt_statement_bind_text(
    struct tkt_statement *statement, int index, const char *text, struct tkt_error *error)
{
	return tkt_statement_bind_bytes(statement, index, text, text ? strlen(text) : 0, error);
}

int tkt_statement_bind_blob(struct tkt_statement *statement, int index, const void *bytes,
    size_t length, struct tkt_error *error)
{
	const void *start = bytes ? bytes : "";

	return bound(statement,
	    sqlite3_bind_blob64(statement->handle, index, start, length, SQLITE_STATIC), error);
}

int tkt_statement_bind_integer(
    struct tkt_statement *statement, int index, int64_t number, struct tkt_error *error)
{
	return bound(statement, sqlite3_bind_int64(statement->handle, index, number), error);
}

int tkt_statement_bind_time(
    struct tkt_statement *statement, int index, int64_t time, struct tkt_error *error)
{
	if (time == TKT_TIME_NONE)
		return tkt_statement_bind_null(statement, index, error);
	return tkt_statement_bind_integer(statement, index, time, error);
}

int tkt_statement_bind_null(struct tkt_statement *statement, int index, struct tkt_error *error)
{
	return bound(statement, sqlite3_bind_null(statement->handle, index), error);
}

int tkt_statement_bind_pattern(struct tkt_statement *statement, int index,
    const struct tkt_pattern *pattern, struct tkt_error *error)
{
	return bound(statement,
	    sqlite3_bind_pointer(statement->handle, index, (void *)pattern, PATTERN_TYPE, NULL),
	    error);
}

/* tkt_match(pattern, text): 1 or 0; NULL matches nothing. */
void tkt_match_function(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct tkt_db *db = sqlite3_user_data(context);
	const struct tkt_pattern *pattern = sqlite3_value_pointer(values[0], PATTERN_TYPE);
	const char *text = (const char *)sqlite3_value_text(values[1]);
	int matched = 0;

	(void)count;
	if (pattern && text)
		matched = tkt_pattern_match(
		    pattern, text, (size_t)sqlite3_value_bytes(values[1]), &db->function_error);
	if (matched < 0)
		sqlite3_result_error(context, db->function_error.text, -1);
	else
		sqlite3_result_int(context, matched);
}

int tkt_statement_step(struct tkt_statement *statement, struct tkt_error *error)
{
	int code = sqlite3_step(statement->handle);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	return tkt_db_fail(statement->db, code, error);
}

int tkt_statement_run(struct tkt_statement *statement, struct tkt_error *error)
{
	int row = tkt_statement_step(statement, error);

	tkt_statement_reset(statement);
	return row < 0 ? -1 : 0;
}

void tkt_statement_reset(struct tkt_statement *statement)
{
	sqlite3_reset(statement->handle);
	sqlite3_clear_bindings(statement->handle);
}

void tkt_statement_rewind(struct tkt_statement *statement)
{
	sqlite3_reset(statement->handle);
}

bool tkt_statement_is_null(struct tkt_statement *statement, int column)
{
	return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

const char *tkt_statement_text(struct tkt_statement *statement, int column)
{
	return (const char *)sqlite3_column_text(statement->handle, column);
}

const void *tkt_statement_blob(struct tkt_statement *statement, int column)
{
	return sqlite3_column_blob(statement->handle, column);
}

size_t tkt_statement_length(struct tkt_statement *statement, int column)
{
	return (size_t)sqlite3_column_bytes(statement->handle, column);
}

int64_t tkt_statement_integer(struct tkt_statement *statement, int column)
{
	return sqlite3_column_int64(statement->handle, column);
}
