#include "flow/backup_check.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/copy.h"
#include "base/file.h"
#include "base/program.h"
#include "flow/backup.h"
#include "flow/backup_place.h"
#include "flow/sums.h"
#include "store/blob.h"

#include "base/banned.h"

#define MEGABYTE_SHIFT 20
#define DATABASE "tkt.db"
#define BLOBS "blobs/"

char *tkt_backup_blob_path(const char *folder, const char *sha256)
{
	char *path;

	return asprintf(&path, "%s/" BLOBS "%.2s/%s", folder, sha256, sha256) < 0 ? NULL : path;
}

static void report(const struct tkt_backup_check *check, const struct tkt_error *damage)
{
	check->backup->damaged++;
	tkt_command_report(check->command, damage);
}

static void count_file(const struct tkt_backup_check *check, int64_t size)
{
	check->backup->files++;
	check->backup->bytes += size;
	tkt_command_progress(check->command, 1 + (size >> MEGABYTE_SHIFT));
}

static void say_damaged(const char *sha256, struct tkt_error *damage)
{
	tkt_error_set(damage, TKT_ERROR_DATA,
	    _("the stored contents '%s' are damaged; restore them from a backup"), sha256);
}

/* 1: the file holds what its name says; 0: not, *damage says what; -1. */
static int is_sound(const char *folder, const char *sha256, int64_t *size, struct tkt_error *damage,
    struct tkt_error *error)
{
	tkt_autofree char *path = tkt_backup_blob_path(folder, sha256);
	char found[TKT_SHA256_SIZE];

	if (!path)
		return tkt_error_set_memory(error);
	if (!tkt_file_sha256(path, found, size, damage)) {
		if (!strcmp(found, sha256))
			return 1;
		say_damaged(sha256, damage);
		return 0;
	}
	if (damage->kind == TKT_ERROR_NO_INPUT)
		tkt_error_set(damage, TKT_ERROR_DATA,
		    _("the stored contents '%s' are missing; restore them from a backup"), sha256);
	return 0;
}

static int check_blob_file(
    const struct tkt_backup_check *check, const char *sha256, struct tkt_error *error)
{
	struct tkt_error damage = { 0 };
	int64_t size = 0, ignored;
	int sound = is_sound(check->folder, sha256, &size, &damage, error);

	if (sound < 0)
		return -1;
	if (sound) {
		count_file(check, size);
		return 0;
	}
	/* Of a new copy: is the desk to blame, or the disk that the copy is on? */
	if (check->origin) {
		sound = is_sound(check->origin, sha256, &ignored, &damage, error);
		if (sound)
			return sound < 0
			    ? -1
			    : tkt_error_set(error, TKT_ERROR_IO,
				  _("the contents '%s' were not written as they are"), sha256);
	}
	report(check, &damage);
	return 0;
}

static int check_blob(const struct tkt_blob *blob, void *context, struct tkt_error *error)
{
	const struct tkt_backup_check *check = context;
	struct tkt_error damage = { 0 };

	if (blob->is_file)
		return check_blob_file(check, blob->sha256, error);
	tkt_command_progress(check->command, 1);
	if (blob->is_damaged) {
		say_damaged(blob->sha256, &damage);
		report(check, &damage);
	}
	return 0;
}

static int check_flaw(enum tkt_flaw flaw, const char *text, void *context, struct tkt_error *error)
{
	const struct tkt_backup_check *check = context;
	struct tkt_error damage = { 0 };

	if (flaw == TKT_FLAW_FILE && check->origin)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("no backup was made: the database of '%s' is damaged: %s"), check->origin,
		    text);
	if (flaw == TKT_FLAW_FILE)
		tkt_error_set(&damage, TKT_ERROR_DATA, _("the database of '%s' is damaged: %s"),
		    check->folder, text);
	else
		tkt_error_set(&damage, TKT_ERROR_DATA,
		    _("the database of '%s' is damaged: row '%s' is of something that is not there"),
		    check->origin ? check->origin : check->folder, text);
	report(check, &damage);
	return 0;
}

/* Of SHA256SUMS: contents were looked at by name, a database that was just summed by SQLite. */
static int check_sum(const char *sha256, const char *path, void *context, struct tkt_error *error)
{
	const struct tkt_backup_check *check = context;
	tkt_autofree char *full = tkt_path_join(check->folder, path);
	struct tkt_error damage = { 0 };
	char found[TKT_SHA256_SIZE];
	int64_t size;

	if (!full)
		return tkt_error_set_memory(error);
	if (!strncmp(path, BLOBS, strlen(BLOBS)))
		return 0;
	if (check->origin && !strcmp(path, DATABASE))
		return 0;
	if (tkt_file_sha256(full, found, &size, &damage)) {
		report(check, &damage);
		return 0;
	}
	count_file(check, size);
	if (!strcmp(found, sha256))
		return 0;
	if (check->origin)
		return tkt_error_set(error, TKT_ERROR_IO, _("'%s' was not written as it is"), path);
	tkt_error_set(
	    &damage, TKT_ERROR_DATA, _("'%s' is not as it was when the backup was made"), full);
	report(check, &damage);
	return 0;
}

int tkt_backup_check_all(const struct tkt_backup_check *check, struct tkt_error *error)
{
	if (tkt_backup_check(check->db, check_flaw, (void *)check, error) ||
	    tkt_blob_each(check->db, check_blob, (void *)check, error))
		return -1;
	return tkt_backup_has(check->folder, TKT_SUMS_FILE)
	    ? tkt_sums_each(check->folder, check_sum, (void *)check, error)
	    : 0;
}
