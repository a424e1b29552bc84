/*
 * lib/store/db.h: the database: open, prepare, bind, step, column, transactions. sqlite.c is its
 * driver; nothing outside lib/store writes SQL.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/time.h"

struct tkt_error;
struct tkt_pattern;
struct tkt_db;        /* opaque */
struct tkt_statement; /* opaque */
struct tkt_transaction;

enum tkt_db_mode {
	TKT_DB_READ,   /* read-only: never changes, checkpoints or waits */
	TKT_DB_WRITE,  /* the file must be there */
	TKT_DB_CREATE, /* it must not */
};

/*
 * Opens tkt.db in the folder of a desk.
 *
 *   busy_seconds  how long a writer waits for another: first in a queue (flock of 'writer.lock',
 * fair), then by SQLite's handler
 *
 * 0, or -1 with NO_INPUT (not there), PERMISSION, DATA (not a database of ours: application_id),
 * CONFIGURATION (a schema that is older: "... run tkt-init --upgrade", or newer; a network file
 * system, with its name), TEMPORARY (locked, no memory).
 */
int tkt_db_open(const char *folder, enum tkt_db_mode mode, int busy_seconds, struct tkt_db **db,
    struct tkt_error *error);
/* An empty database with the schema, in memory: for tests. */
int tkt_db_open_memory(struct tkt_db **db, struct tkt_error *error);
/*
 * Many rows will be written, all over the file: pages are kept in memory and go from the log into
 * the file less often, each of them once for many changes of it, and while others may write.
 *
 *   megabytes  of pages that are kept; the log has four times as much, and a little more while
 *              it is read
 *
 * 0 or -1.
 */
int tkt_db_expect_many(struct tkt_db *db, int megabytes, struct tkt_error *error);
const char *tkt_db_folder(const struct tkt_db *db); /* NULL in memory */
void tkt_db_free(struct tkt_db *db);
TKT_AUTOPTR(db)

/* Of the statements that were freed, some 64 are kept: one of the same text is taken again, without
 * its bindings. */
int tkt_db_prepare(
    struct tkt_db *db, const char *sql, struct tkt_statement **statement, struct tkt_error *error);
void tkt_statement_free(struct tkt_statement *statement);
TKT_AUTOPTR(statement)

/* Calls `observe` with the text of each statement that is prepared: for the test of query plans. */
void tkt_db_observe(
    struct tkt_db *db, void (*observe)(void *context, const char *sql), void *context);

/* A number that is another one once another process has committed something. 0, -1. */
int tkt_db_version(struct tkt_db *db, int64_t *version, struct tkt_error *error);

/* Bind by position from 1. Texts are borrowed until the next reset; NULL and "" both bind NULL
 * ('empty' is NULL everywhere). */
int tkt_statement_bind_text(
    struct tkt_statement *statement, int index, const char *text, struct tkt_error *error);
int tkt_statement_bind_bytes(struct tkt_statement *statement, int index, const char *text,
    size_t length, struct tkt_error *error); /* as TEXT */
int tkt_statement_bind_blob(struct tkt_statement *statement, int index, const void *bytes,
    size_t length, struct tkt_error *error);
int tkt_statement_bind_integer(
    struct tkt_statement *statement, int index, int64_t number, struct tkt_error *error);
int tkt_statement_bind_time(struct tkt_statement *statement, int index, int64_t time,
    struct tkt_error *error); /* TKT_TIME_NONE: NULL */
int tkt_statement_bind_null(struct tkt_statement *statement, int index, struct tkt_error *error);
/* For tkt_match(?, text); the pattern is borrowed until the statement is freed. */
int tkt_statement_bind_pattern(struct tkt_statement *statement, int index,
    const struct tkt_pattern *pattern, struct tkt_error *error);

/* 1: a row; 0: the end; -1 with TEMPORARY (locked, full disk), IO, DATA (malformed) or what an SQL
 * function reported. */
int tkt_statement_step(struct tkt_statement *statement, struct tkt_error *error);
/* Steps once, for a statement that gives no row, and resets it. */
int tkt_statement_run(struct tkt_statement *statement, struct tkt_error *error);
void tkt_statement_reset(
    struct tkt_statement *statement); /* for the next use; bindings are cleared */
void tkt_statement_rewind(struct tkt_statement *statement); /* the same, with its bindings */

/* Columns from 0; texts live until the next step. NULL gives NULL and 0. */
bool tkt_statement_is_null(struct tkt_statement *statement, int column);
const char *tkt_statement_text(struct tkt_statement *statement, int column);
const void *tkt_statement_blob(struct tkt_statement *statement, int column);
size_t tkt_statement_length(struct tkt_statement *statement, int column); /* bytes */
int64_t tkt_statement_integer(struct tkt_statement *statement, int column);

/*
 * A write transaction (BEGIN IMMEDIATE). Inside it nothing reads standard input, writes standard
 * output or waits for a child; ^Z is held back until it ends. Freed without a commit it rolls back.
 */
int tkt_transaction_begin(
    struct tkt_db *db, struct tkt_transaction **transaction, struct tkt_error *error);
int tkt_transaction_commit(struct tkt_transaction *transaction, struct tkt_error *error);
void tkt_transaction_free(struct tkt_transaction *transaction);
TKT_AUTOPTR(transaction)

/* A savepoint inside it, for one letter or line: kept, or undone alone. They do not nest. */
int tkt_savepoint_begin(struct tkt_db *db, struct tkt_error *error);
int tkt_savepoint_keep(struct tkt_db *db, struct tkt_error *error);
int tkt_savepoint_undo(struct tkt_db *db, struct tkt_error *error);

/* A read transaction: one state for several queries; held for no output and no wait. */
int tkt_read_begin(struct tkt_db *db, struct tkt_error *error);
int tkt_read_end(struct tkt_db *db, struct tkt_error *error);
