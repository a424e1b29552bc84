/* lib/flow/backup_check.h: what tkt_backup_make() and tkt_backup_verify() share. */
#pragma once

struct tkt_backup;
struct tkt_command;
struct tkt_db;
struct tkt_error;

struct tkt_backup_check {
	struct tkt_command *command;
	const char *folder; /* that is looked at */
	const char *origin; /* the desk that it was just copied from; NULL: from none */
	struct tkt_db *db;
	struct tkt_backup *backup; /* is filled */
};

/* The file of contents: 'FOLDER/blobs/ab/ab...', to be freed. NULL when memory is out. */
char *tkt_backup_blob_path(const char *folder, const char *sha256);

/* Looks at all but the counts. 0 or -1. */
int tkt_backup_check_all(const struct tkt_backup_check *check, struct tkt_error *error);
