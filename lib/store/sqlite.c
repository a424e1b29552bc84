#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/words.h"
#include "store/schema.h"
#include "store/sqlite.h"

#include "base/banned.h"

#define FILE_MODE 0660    /* the desk's group writes; others see nothing */
#define FOLDER_MODE 02770 /* what is made in it belongs to its group */
#define LOG_PAGES 1024    /* in the log for each megabyte of the cache: four times as many */
#define HEADER_SIZE 100
#define HEADER_APPLICATION 68 /* big-endian, 4 bytes: sqlite.org/fileformat.html 1.3 */

/* File systems that other machines write too: their locks and mapped pages are not to be trusted.
 */
static const struct {
	unsigned long magic; /* statfs(2) */
	const char *name;
} network_systems[] = {
	{ 0x6969, "NFS" },
	{ 0x517b, "SMB" },
	{ 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB2" },
	{ 0x564c, "NCP" },
	{ 0x5346414f, "AFS" },
	{ 0x6b414653, "AFS" },
	{ 0x73757245, "Coda" },
	{ 0x00c36400, "Ceph" },
	{ 0x0bd00bd0, "Lustre" },
	{ 0x47504653, "GPFS" },
	{ 0x01021997, "9P" },
};

static int check_file_system(const char *folder, struct tkt_error *error)
{
	struct statfs system;
	size_t index;

	if (statfs(folder, &system)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return tkt_error_set(error, TKT_ERROR_NO_INPUT,
			    _("there is no desk '%s'; tkt-init makes one"), folder);
		return tkt_error_set_system(error, errno, _("cannot open the desk '%s'"), folder);
	}
	for (index = 0; index < sizeof(network_systems) / sizeof(network_systems[0]); index++)
		if ((unsigned long)system.f_type == network_systems[index].magic)
			return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
			    _("the desk '%s' is on a network file system (%s), whose locks would "
			      "lose tickets; put it on a disk of this machine"),
			    folder, network_systems[index].name);
	return 0;
}

int tkt_db_new(
    const char *folder, enum tkt_db_mode mode, struct tkt_db **db, struct tkt_error *error)
{
	struct tkt_db *made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	made->mode = mode;
	made->queue = -1;
	made->folder = folder ? strdup(folder) : NULL;
	made->path = folder ? tkt_path_join(folder, "tkt.db") : strdup(":memory:");
	if (!made->path || (folder && !made->folder)) {
		tkt_db_free(made);
		return tkt_error_set_memory(error);
	}
	*db = made;
	return 0;
}

void tkt_db_free(struct tkt_db *db)
{
	if (!db)
		return;
	tkt_db_drop_idle(db);
	sqlite3_close(db->handle);
	if (db->queue >= 0)
		close(db->queue);
	if (db->compressor)
		db->release_compressor(db->compressor);
	free(db->folder);
	free(db->path);
	free(db);
}

static int count_log_pages(void *context, sqlite3 *handle, const char *name, int pages)
{
	struct tkt_db *db = context;

	(void)handle;
	(void)name;
	db->log_pages = pages;
	return SQLITE_OK;
}

int tkt_db_expect_many(struct tkt_db *db, int megabytes, struct tkt_error *error)
{
	char pragma[64];

	db->log_pages_most = megabytes * LOG_PAGES;
	sqlite3_wal_hook(db->handle, count_log_pages, db); /* instead of SQLite's checkpoint */
	snprintf(pragma, sizeof(pragma), "PRAGMA cache_size = %d", -1024 * megabytes); /* in KB */
	return tkt_db_execute(db, pragma, error);
}

const char *tkt_db_folder(const struct tkt_db *db)
{
	return db->folder;
}

int tkt_db_connect(
    struct tkt_db *db, const char *path, int flags, int busy_seconds, struct tkt_error *error)
{
	int code;

	/* A tool has one thread; a list of a million takes a seventh longer with locks and counts
	 * of memory. Not heeded when SQLite runs already. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	code = sqlite3_open_v2(path, &db->handle,
	    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, NULL);

	if (code != SQLITE_OK)
		return tkt_db_fail(db, code, error);
	db->busy_seconds = busy_seconds;
	/* A reader meets a lock only in the moment in which the last writer leaves. */
	sqlite3_busy_timeout(db->handle, busy_seconds * 1000);
	/* A desk may come from elsewhere: its schema must not call what ours does not. */
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	code = sqlite3_create_function_v2(db->handle, "tkt_match", 2,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, db, tkt_match_function, NULL,
	    NULL, NULL);
	return code == SQLITE_OK ? 0 : tkt_db_fail(db, code, error);
}

/* Read through SQLite's own descriptor: closing another one of the same file would drop the locks
 * of this process. */
int tkt_db_check_application(struct tkt_db *db, struct tkt_error *error)
{
	unsigned char header[HEADER_SIZE];
	const unsigned char *at = header + HEADER_APPLICATION;
	sqlite3_file *file = NULL;
	unsigned long id;
	int code = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);

	if (code == SQLITE_OK)
		code = file->pMethods->xRead(file, header, HEADER_SIZE, 0);
	if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
		return tkt_db_fail(db, code, error);
	id = (unsigned long)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
	if (code != SQLITE_OK || memcmp(header, "SQLite format 3", 16) != 0 ||
	    id != TKT_APPLICATION_ID)
		return tkt_db_fail(db, SQLITE_NOTADB, error);
	return 0;
}

/* Not from the header: an upgrade that was just made may still stand in the log alone. */
static int check_version(struct tkt_db *db, struct tkt_error *error)
{
	int64_t version;

	if (tkt_db_pragma(db, "PRAGMA user_version", &version, error))
		return -1;
	if (version < TKT_SCHEMA_VERSION)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is of an older version of tkt; run 'tkt-init --upgrade'"), db->path);
	if (version > TKT_SCHEMA_VERSION)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is of a newer version of tkt than this program"), db->path);
	return 0;
}

/* An empty file of the right mode, whatever the umask is. */
static int make_file(const char *path, int flags, struct tkt_error *error)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | flags, FILE_MODE);

	if (file < 0 && errno == EEXIST)
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is there already"), path);
	if (file < 0)
		return tkt_error_set_system(error, errno, _("cannot create '%s'"), path);
	if (fchmod(file, FILE_MODE)) {
		int code = errno;

		close(file);
		return tkt_error_set_system(
		    error, code, _("cannot set the permissions of '%s'"), path);
	}
	close(file);
	return 0;
}

static int make_folder(const char *path, struct tkt_error *error)
{
	if (mkdir(path, 0770) && errno != EEXIST)
		return tkt_error_set_system(error, errno, _("cannot create '%s'"), path);
	if (chmod(path, FOLDER_MODE))
		return tkt_error_set_system(
		    error, errno, _("cannot set the permissions of '%s'"), path);
	return 0;
}

/* The folder with its new names is on the disk. */
static int sync_folder(const char *path, struct tkt_error *error)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), code = 0;

	if (folder < 0)
		return tkt_error_set_system(error, errno, _("cannot open '%s'"), path);
	if (fsync(folder) && errno != EINVAL)
		code = errno;
	close(folder);
	return code == 0 ? 0 : tkt_error_set_system(error, code, _("cannot sync '%s'"), path);
}

static int fill_new(struct tkt_db *db, int busy_seconds, struct tkt_error *error)
{
	tkt_autofree char *lock = tkt_path_join(db->folder, "writer.lock");
	tkt_autofree char *blobs = tkt_path_join(db->folder, "blobs");

	if (!lock || !blobs)
		return tkt_error_set_memory(error);
	if (make_file(lock, 0, error) || make_folder(blobs, error) ||
	    tkt_db_connect(db, db->path, SQLITE_OPEN_READWRITE, busy_seconds, error) ||
	    tkt_schema_create(db, error) ||
	    tkt_db_execute(db, "PRAGMA journal_mode=WAL", error)) /* the file remembers it */
		return -1;
	return sync_folder(db->folder, error);
}

static int create(const char *folder, int busy_seconds, struct tkt_db **db, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;

	if (make_folder(folder, error) || check_file_system(folder, error) ||
	    tkt_db_new(folder, TKT_DB_CREATE, &made, error) || make_file(made->path, O_EXCL, error))
		return -1;
	if (fill_new(made, busy_seconds, error)) {
		unlink(made->path); /* else the next try would find half a desk */
		return -1;
	}
	*db = tkt_take(made);
	return 0;
}

int tkt_db_open_any(const char *folder, enum tkt_db_mode mode, int busy_seconds, struct tkt_db **db,
    struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;
	int flags = mode == TKT_DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

	if (check_file_system(folder, error) || tkt_db_new(folder, mode, &made, error) ||
	    tkt_db_connect(made, made->path, flags, busy_seconds, error) ||
	    tkt_db_check_application(made, error))
		return -1;
	if (mode != TKT_DB_READ) {
		/* SQLite opens what it may not write for reading: better said now than later. */
		if (sqlite3_db_readonly(made->handle, "main"))
			return tkt_db_fail(made, SQLITE_READONLY, error);
		if (tkt_db_execute(made, "PRAGMA synchronous=FULL", error))
			return -1;
	}
	*db = tkt_take(made);
	return 0;
}

int tkt_db_open(const char *folder, enum tkt_db_mode mode, int busy_seconds, struct tkt_db **db,
    struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;

	if (mode == TKT_DB_CREATE)
		return create(folder, busy_seconds, db, error);
	if (tkt_db_open_any(folder, mode, busy_seconds, &made, error) || check_version(made, error))
		return -1;
	*db = tkt_take(made);
	return 0;
}

int tkt_db_open_memory(struct tkt_db **db, struct tkt_error *error)
{
	tkt_autoptr(db) made = NULL;

	if (tkt_db_new(NULL, TKT_DB_CREATE, &made, error) ||
	    tkt_db_connect(
		made, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 1, error) ||
	    tkt_schema_create(made, error))
		return -1;
	*db = tkt_take(made);
	return 0;
}
