/*
 * lib/store/backup.h: a copy of the database as it is at one moment, while others write; and what
 * is wrong with a database.
 */
#pragma once
#include <stdint.h>

#include "store/db.h"

struct tkt_error;

/* How much a database holds. */
struct tkt_holdings {
	int64_t tickets, messages, letters, events;
	int64_t unsent;   /* mails that wait or are being sent */
	int64_t contents; /* raw mails and attachments, each once */
	int64_t pages;    /* of the file */
};

/* Opens the database of a desk to read it, of this schema version or an older one. 0, or -1 as
 * tkt_db_open() has it. */
int tkt_backup_source(const char *folder, struct tkt_db **db, struct tkt_error *error);

/*
 * Makes tkt.db in the folder `into` of what `db` holds at one moment: one read transaction, as long
 * as it takes to copy the pages. Writers go on; what they write meanwhile stays in the log of the
 * desk. (Stepping without that transaction begins anew at each commit of others, and may never
 * end.) The file can be anywhere, on a network file system too: nobody else knows it yet.
 *
 *   tell      called for each megabyte
 *   holdings  what was counted in the same moment
 *
 * 0 and the copy, open for writing; -1 with TEMPORARY (no room), IO, DATA (damaged) ...
 */
int tkt_backup_copy(struct tkt_db *db, const char *into, void (*tell)(void *context), void *context,
    struct tkt_holdings *holdings, struct tkt_db **copy, struct tkt_error *error);
/* Closes a copy: all of it is in the one file then, but not synced. Frees it in any case. 0 or -1.
 */
int tkt_backup_close(struct tkt_db *copy, struct tkt_error *error);

/* Opens a database that nobody writes, such as a copy: it may lie on a medium that cannot be
 * written, and no side files are made. 0 or -1. */
int tkt_backup_open(const char *folder, struct tkt_db **db, struct tkt_error *error);

int tkt_backup_count(struct tkt_db *db, struct tkt_holdings *holdings, struct tkt_error *error);

enum tkt_flaw {
	TKT_FLAW_FILE, /* pages, indexes, values that their column forbids */
	TKT_FLAW_ROW,  /* a row of something that is not there */
};
typedef int tkt_flaw_report(
    enum tkt_flaw flaw, const char *text, void *context, struct tkt_error *error);
/* Hands over what is wrong with it, 100 of each kind at most; the text is SQLite's, or 'TABLE ROW'.
 * 0 or -1. */
int tkt_backup_check(
    struct tkt_db *db, tkt_flaw_report *report, void *context, struct tkt_error *error);
