/*
 * lib/flow/backup.h: a whole copy of a desk while others write, and is a desk or a copy whole
 * (DESIGN.md 4 and 6). A copy is a desk that is armed nowhere.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/backup.h"

struct tkt_command;
struct tkt_error;

/* What a backup, or a desk, holds. */
struct tkt_backup {
	const char *path; /* as it was given; borrowed */
	int64_t at;
	bool has_keys;
	struct tkt_holdings holdings;
	int64_t files,
	    bytes;       /* of the database, the contents in files and what else was looked at */
	int64_t damaged; /* what was reported */
};

/*
 * Copies the desk in the folder `desk` to the new folder `target`: the database in one read
 * transaction, then what it names below blobs/, then the small files; synced, looked at again as
 * tkt_backup_verify() does it, and named `target` at the end. What is damaged in the desk itself is
 * reported to `command` (DATA), and the rest is copied; but no backup is made of a database that
 * SQLite finds damaged.
 *
 *   keys  the secrets too
 *
 * 0, or -1 with nothing at `target`: what tkt_backup_place_make() and tkt_backup_copy() say; IO:
 * what was written is not what is read.
 */
int tkt_backup_make(struct tkt_command *command, const char *desk, const char *target, bool keys,
    struct tkt_backup *backup, struct tkt_error *error);

/*
 * Looks at a backup or a desk: SQLite's checks, the SHA-256 of all contents, and of a backup's
 * other files. What is wrong is reported to `command` (DATA) and counted. 0, or -1 when it cannot
 * be looked at: DATA: it is not finished, NO_INPUT ...
 */
int tkt_backup_verify(struct tkt_command *command, const char *folder, struct tkt_backup *backup,
    struct tkt_error *error);

/* It as an object of tkt_backup_fields: 0 and a new one, or -1 with TEMPORARY. */
int tkt_backup_object(const struct tkt_backup *backup, json_t **object, struct tkt_error *error);
