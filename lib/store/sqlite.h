/* lib/store/sqlite.h: what the files of the driver share; nobody else includes it. */
#pragma once
#include <signal.h>
#include <sqlite3.h>

#include "base/error.h"
#include "store/db.h"

struct tkt_transaction {
	struct tkt_db *db;
	sigset_t signals; /* that were blocked before */
};

struct tkt_db {
	sqlite3 *handle;
	char *folder; /* of the desk; NULL in memory */
	char *path;   /* of tkt.db, for messages */
	enum tkt_db_mode mode;
	int busy_seconds;
	int queue; /* 'writer.lock', opened by the first transaction; -1 */
	struct tkt_transaction *transaction; /* the one that is open, owned by its caller */
	int log_pages;      /* after the last commit; 0 where SQLite itself makes checkpoints */
	int log_pages_most; /* of those that bulk changes again and again */
	int readers;        /* read transactions within each other */
	struct tkt_statement *idle; /* statements that were freed: the next prepare takes one */
	size_t idle_count;
	/* blob.c's, made for the first blob that is written: readers link none of it */
	void *compressor;
	void (*release_compressor)(void *compressor);
	struct tkt_error function_error; /* what an SQL function reported */
	void (*observe)(void *context, const char *sql);
	void *observe_context;
};

/* One that is not open yet; `folder` NULL: in memory. 0 or -1. */
int tkt_db_new(
    const char *folder, enum tkt_db_mode mode, struct tkt_db **db, struct tkt_error *error);
/* Whose file it is stands in its header since its creation. 0, or -1 with DATA: not ours. */
int tkt_db_check_application(struct tkt_db *db, struct tkt_error *error);
/* Opens tkt.db without a look at its schema's version: for tkt-init --upgrade. */
int tkt_db_open_any(const char *folder, enum tkt_db_mode mode, int busy_seconds, struct tkt_db **db,
    struct tkt_error *error);
/* Opens `path`, sets what every connection needs. The flags are SQLite's. */
int tkt_db_connect(
    struct tkt_db *db, const char *path, int flags, int busy_seconds, struct tkt_error *error);

/* Says what SQLite's last failure, of this code, means to the user. Returns -1. */
int tkt_db_fail(struct tkt_db *db, int code, struct tkt_error *error);
/* Runs statements that are ours and give no rows. */
int tkt_db_execute(struct tkt_db *db, const char *sql, struct tkt_error *error);
/* The integer a pragma answers. */
int tkt_db_pragma(struct tkt_db *db, const char *sql, int64_t *number, struct tkt_error *error);
void tkt_db_drop_idle(struct tkt_db *db);
void tkt_match_function(sqlite3_context *context, int count, sqlite3_value **values);
