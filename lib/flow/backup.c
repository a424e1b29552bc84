#include "flow/backup.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/copy.h"
#include "base/file.h"
#include "base/program.h"
#include "base/time.h"
#include "flow/arm.h"
#include "flow/backup_check.h"
#include "flow/backup_files.h"
#include "flow/backup_place.h"
#include "flow/sums.h"
#include "store/blob.h"
#include "json/field.h"

#include "base/banned.h"

#define FILE_MODE 0660 /* the desk's group shares it */
#define DATABASE "tkt.db"

struct making {
	struct tkt_command *command;
	const char *desk, *into;
	struct tkt_db *source, *copy;
	struct tkt_text sums;
	struct tkt_backup *backup;
};

static void clear(struct making *making)
{
	tkt_db_free(making->source);
	tkt_db_free(making->copy);
	tkt_text_clear(&making->sums);
}

static void tell(void *context)
{
	const struct making *making = context;

	tkt_command_progress(making->command, 1);
}

/* 'ab' below the new blobs/. */
static int make_folder(const struct making *making, const char *sha256, struct tkt_error *error)
{
	tkt_autofree char *folder = NULL;

	if (asprintf(&folder, "%s/blobs/%.2s", making->into, sha256) < 0)
		return tkt_error_set_memory(error);
	return tkt_folder_make(folder, error);
}

/*
 * Contents that cannot be read are left to the look at all, which names them. 1: these are not
 * there; 0; -1.
 */
static int copy_file(struct making *making, const char *sha256, struct tkt_error *error)
{
	tkt_autofree char *from = tkt_backup_blob_path(making->desk, sha256);
	tkt_autofree char *to = tkt_backup_blob_path(making->into, sha256);
	struct tkt_error ignored;
	char found[TKT_SHA256_SIZE];
	int64_t size;

	if (!from || !to)
		return tkt_error_set_memory(error);
	if (make_folder(making, sha256, error))
		return -1;
	if (!tkt_file_copy(from, to, FILE_MODE, error))
		return 0;
	if (error->kind == TKT_ERROR_TEMPORARY || !tkt_file_sha256(from, found, &size, &ignored))
		return -1;
	unlink(to);
	return ignored.kind == TKT_ERROR_NO_INPUT;
}

static int copy_blob(const struct tkt_blob *blob, void *context, struct tkt_error *error)
{
	struct making *making = context;
	tkt_autofree char *path = NULL;
	int missing, known;

	if (!blob->is_file)
		return 0;
	missing = copy_file(making, blob->sha256, error);
	known = missing > 0 ? tkt_blob_is_known(making->source, blob->sha256, error) : 1;
	if (missing < 0 || known < 0)
		return -1;
	/* Dropped by age since the copy of the database was made. */
	if (!known) {
		making->backup->holdings.contents--;
		return tkt_blob_forget(making->copy, blob->sha256, error);
	}
	path = tkt_backup_blob_path("", blob->sha256);
	if (!path)
		return tkt_error_set_memory(error);
	tkt_sums_add(&making->sums, blob->sha256, path + 1);
	tkt_command_progress(making->command, 1);
	return 0;
}

/* The copy is opened without a word about its mode, and the umask may be narrow. */
static int share_database(const struct making *making, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(making->into, DATABASE);

	if (!path)
		return tkt_error_set_memory(error);
	return chmod(path, FILE_MODE)
	    ? tkt_error_set_system(error, errno, _("cannot set the permissions of '%s'"), path)
	    : 0;
}

static int copy_all(struct making *making, bool keys, struct tkt_error *error)
{
	tkt_autofree char *blobs = tkt_path_join(making->into, "blobs");

	if (!blobs)
		return tkt_error_set_memory(error);
	if (tkt_backup_copy(making->source, making->into, tell, making, &making->backup->holdings,
		&making->copy, error) ||
	    share_database(making, error) || tkt_arm_forget(making->copy, error) ||
	    tkt_folder_make(blobs, error) ||
	    tkt_blob_each(making->copy, copy_blob, making, error) ||
	    tkt_backup_close(tkt_take(making->copy), error))
		return -1;
	return tkt_backup_files(
	    making->command, making->desk, making->into, keys, &making->sums, error);
}

/* The sum of the database is that of the file on the disk. */
static int write_sums(struct making *making, struct tkt_error *error)
{
	tkt_autofree char *database = tkt_path_join(making->into, DATABASE);
	tkt_autofree char *path = tkt_path_join(making->into, TKT_SUMS_FILE);
	char sha256[TKT_SHA256_SIZE];
	int64_t size;

	if (!database || !path)
		return tkt_error_set_memory(error);
	if (tkt_file_system_sync(making->into, error) ||
	    tkt_file_sha256(database, sha256, &size, error))
		return -1;
	making->backup->files++;
	making->backup->bytes += size;
	tkt_sums_add(&making->sums, sha256, DATABASE);
	if (tkt_text_check(&making->sums, error) ||
	    tkt_file_write_durable(making->into, TKT_SUMS_FILE, making->sums.bytes,
		making->sums.length, FILE_MODE, error))
		return -1;
	return chmod(path, FILE_MODE)
	    ? tkt_error_set_system(error, errno, _("cannot set the permissions of '%s'"), path)
	    : 0;
}

/* Are they what was counted in the desk? */
static int check_counts(
    struct tkt_db *db, const struct tkt_holdings *wanted, struct tkt_error *error)
{
	struct tkt_holdings found;

	if (tkt_backup_count(db, &found, error))
		return -1;
	if (found.tickets == wanted->tickets && found.messages == wanted->messages &&
	    found.letters == wanted->letters && found.events == wanted->events &&
	    found.unsent == wanted->unsent && found.contents == wanted->contents &&
	    found.pages >= wanted->pages)
		return 0;
	return tkt_error_set(error, TKT_ERROR_IO, _("'%s' was not written as it is"), DATABASE);
}

static int look_again(struct making *making, struct tkt_error *error)
{
	tkt_autoptr(db) db = NULL;
	struct tkt_backup_check check = {
		.command = making->command,
		.folder = making->into,
		.origin = making->desk,
		.backup = making->backup,
	};

	if (tkt_backup_open(making->into, &db, error))
		return -1;
	check.db = db;
	return check_counts(db, &making->backup->holdings, error) ||
		tkt_backup_check_all(&check, error)
	    ? -1
	    : 0;
}

int tkt_backup_make(struct tkt_command *command, const char *desk, const char *target, bool keys,
    struct tkt_backup *backup, struct tkt_error *error)
{
	__attribute__((cleanup(clear))) struct making making = { .command = command, .desk = desk };
	tkt_autoplace place = { .lock = -1 };
	struct tkt_backup made = {
		.path = target,
		.at = tkt_command_now(command),
		.has_keys = keys,
	};

	tkt_text_init(&making.sums, INT_MAX);
	making.backup = &made;
	if (tkt_backup_source(desk, &making.source, error) ||
	    tkt_backup_place_make(desk, target, &place, error))
		return -1;
	making.into = place.partial;
	if (copy_all(&making, keys, error) || write_sums(&making, error) ||
	    look_again(&making, error) || tkt_backup_place_settle(&place, error))
		return -1;
	*backup = made;
	return 0;
}

/* A backup that was never written to, as far as can be seen, is read as a file. */
static int open_to_verify(const char *folder, struct tkt_db **db, struct tkt_error *error)
{
	if (tkt_backup_has(folder, TKT_UNFINISHED_FILE))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' is no backup: it was not finished"), folder);
	return tkt_backup_has(folder, TKT_SUMS_FILE) && !tkt_backup_has(folder, DATABASE "-wal")
	    ? tkt_backup_open(folder, db, error)
	    : tkt_backup_source(folder, db, error);
}

/* SHA256SUMS has the database of a backup; that of a desk is counted here. */
static int count_database(const char *folder, struct tkt_backup *backup, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, DATABASE);
	struct stat status;

	if (!path)
		return tkt_error_set_memory(error);
	if (tkt_backup_has(folder, TKT_SUMS_FILE))
		return 0;
	if (stat(path, &status))
		return tkt_error_set_system(error, errno, _("cannot look at '%s'"), path);
	backup->files++;
	backup->bytes += status.st_size;
	return 0;
}

/* Is any file in keys/? */
static int find_keys(const char *folder, bool *found, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, "keys");

	if (!path)
		return tkt_error_set_memory(error);
	*found = tkt_folder_has_files(path);
	return 0;
}

int tkt_backup_verify(struct tkt_command *command, const char *folder, struct tkt_backup *backup,
    struct tkt_error *error)
{
	tkt_autoptr(db) db = NULL;
	struct tkt_backup found = { .path = folder, .at = tkt_command_now(command) };
	struct tkt_backup_check check = {
		.command = command,
		.folder = folder,
		.backup = &found,
	};

	if (open_to_verify(folder, &db, error))
		return -1;
	check.db = db;
	if (tkt_backup_count(db, &found.holdings, error) || tkt_backup_check_all(&check, error) ||
	    count_database(folder, &found, error) || find_keys(folder, &found.has_keys, error))
		return -1;
	*backup = found;
	return 0;
}

int tkt_backup_object(const struct tkt_backup *backup, json_t **object, struct tkt_error *error)
{
	const struct tkt_holdings *holdings = &backup->holdings;
	char at[TKT_TIME_SIZE];

	tkt_time_format(backup->at, at);
	*object = json_pack("{s:s,s:s,s:s,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "type",
	    "backup", "path", backup->path, "at", at, "has_keys", backup->has_keys, "tickets",
	    (json_int_t)holdings->tickets, "messages", (json_int_t)holdings->messages, "letters",
	    (json_int_t)holdings->letters, "events", (json_int_t)holdings->events, "unsent",
	    (json_int_t)holdings->unsent, "contents", (json_int_t)holdings->contents, "files",
	    (json_int_t)backup->files, "bytes", (json_int_t)backup->bytes, "damaged",
	    (json_int_t)backup->damaged);
	/* A path is bytes: one that is no UTF-8 cannot stand in JSON. */
	return *object
	    ? 0
	    : tkt_error_set(error, TKT_ERROR_USAGE, _("the name '%s' is not UTF-8"), backup->path);
}
