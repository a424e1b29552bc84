#include "store/blob.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/words.h"
#include "store/db.h"
#include "store/sqlite.h"

#include "base/banned.h"

#define LEVEL 3
#define BATCH 100                       /* contents that are looked at without a pause */
#define HASH_SIZE (TKT_SHA256_SIZE / 2) /* in bytes */

enum codec { CODEC_PLAIN, CODEC_ZSTD, CODEC_FILE };

static int from_hex(const char *sha256, unsigned char hash[HASH_SIZE], struct tkt_error *error)
{
	size_t index;

	if (strlen(sha256) != 64 || strspn(sha256, "0123456789abcdef") != 64)
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is no SHA-256"), sha256);
	for (index = 0; index < HASH_SIZE; index++) {
		char high = sha256[2 * index], low = sha256[2 * index + 1];

		hash[index] = (unsigned char)((high <= '9' ? high - '0' : high - 'a' + 10) << 4 |
		    (low <= '9' ? low - '0' : low - 'a' + 10));
	}
	return 0;
}

/* 'DESK/blobs/ab'; to be freed. */
static char *folder_of(struct tkt_db *db, const char *sha256)
{
	char *folder;

	return asprintf(&folder, "%s/blobs/%.2s", tkt_db_folder(db), sha256) < 0 ? NULL : folder;
}

/* The umask of one member of the group must not shut out the others. */
static int open_to_group(const char *path, mode_t mode, struct tkt_error *error)
{
	if (chmod(path, mode) && errno != EPERM) /* EPERM: another member's, who has done it */
		return tkt_error_set_system(
		    error, errno, _("cannot set the permissions of '%s'"), path);
	return 0;
}

static int make_folder(const char *path, struct tkt_error *error)
{
	if (mkdir(path, 0770) == 0)
		return open_to_group(path, 02770, error);
	if (errno == EEXIST)
		return 0;
	return tkt_error_set_system(error, errno, _("cannot create '%s'"), path);
}

static int write_file(struct tkt_db *db, const void *bytes, size_t length, const char *sha256,
    struct tkt_error *error)
{
	tkt_autofree char *blobs = tkt_path_join(tkt_db_folder(db), "blobs");
	tkt_autofree char *folder = folder_of(db, sha256);
	tkt_autofree char *path = folder ? tkt_path_join(folder, sha256) : NULL;

	if (!blobs || !path)
		return tkt_error_set_memory(error);
	if (make_folder(blobs, error) || make_folder(folder, error) ||
	    tkt_file_write_durable(folder, sha256, bytes, length, 0660, error))
		return -1;
	return open_to_group(path, 0660, error);
}

static int insert(struct tkt_db *db, const unsigned char hash[HASH_SIZE], size_t size,
    enum codec codec, const void *bytes, size_t length, struct tkt_error *error)
{
	static const char sql[] =
	    "INSERT INTO blob(sha256, size, codec, bytes, uses) VALUES (?1, ?2, ?3, ?4, 1)";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_blob(statement, 1, hash, HASH_SIZE, error) ||
	    tkt_statement_bind_integer(statement, 2, (int64_t)size, error) ||
	    tkt_statement_bind_integer(statement, 3, codec, error) ||
	    (codec != CODEC_FILE && tkt_statement_bind_blob(statement, 4, bytes, length, error)))
		return -1;
	return tkt_statement_run(statement, error);
}

static void release_compressor(void *compressor)
{
	ZSTD_freeCCtx(compressor);
}

/* Its tables take longer to make than a mail to pack. */
static int prepare_compressor(struct tkt_db *db, struct tkt_error *error)
{
	if (!db->compressor)
		db->compressor = ZSTD_createCCtx();
	db->release_compressor = release_compressor;
	return db->compressor ? 0 : tkt_error_set_memory(error);
}

static int insert_inline(struct tkt_db *db, const unsigned char hash[HASH_SIZE], const void *bytes,
    size_t length, struct tkt_error *error)
{
	size_t bound = ZSTD_compressBound(length), packed;
	tkt_autofree void *room = malloc(bound);

	if (!room)
		return tkt_error_set_memory(error);
	if (prepare_compressor(db, error))
		return -1;
	packed = ZSTD_compressCCtx(db->compressor, room, bound, bytes, length, LEVEL);
	if (ZSTD_isError(packed) || packed >= length) /* a picture is packed already */
		return insert(db, hash, length, CODEC_PLAIN, bytes, length, error);
	return insert(db, hash, length, CODEC_ZSTD, room, packed, error);
}

static int select_blob(struct tkt_db *db, const unsigned char hash[HASH_SIZE],
    struct tkt_statement **statement, struct tkt_error *error)
{
	static const char sql[] = "SELECT codec, size, bytes FROM blob WHERE sha256 = ?1";

	if (tkt_db_prepare(db, sql, statement, error) ||
	    tkt_statement_bind_blob(*statement, 1, hash, HASH_SIZE, error))
		return -1;
	return tkt_statement_step(*statement, error);
}

/* One use more or less; *left, unless NULL, is what remains: 1 for contents that nobody counted. */
static int count_use(struct tkt_db *db, const unsigned char hash[HASH_SIZE], int difference,
    int64_t *left, struct tkt_error *error)
{
	static const char sql[] = "UPDATE blob SET uses = uses + ?2 WHERE sha256 = ?1"
				  " RETURNING ifnull(uses, 1)";
	tkt_autoptr(statement) statement = NULL;
	int found;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_blob(statement, 1, hash, HASH_SIZE, error) ||
	    tkt_statement_bind_integer(statement, 2, difference, error))
		return -1;
	found = tkt_statement_step(statement, error);
	if (left)
		*left = found > 0 ? tkt_statement_integer(statement, 0) : 0;
	return found < 0 ? -1 : 0;
}

int tkt_blob_write(
    struct tkt_db *db, const void *bytes, size_t length, char sha256[65], struct tkt_error *error)
{
	unsigned char hash[HASH_SIZE];
	tkt_autoptr(statement) statement = NULL;
	bool in_file = length > TKT_BLOB_INLINE && tkt_db_folder(db);
	int found;

	tkt_sha256(bytes, length, sha256);
	if (from_hex(sha256, hash, error))
		return -1;
	found = select_blob(db, hash, &statement, error);
	if (found < 0)
		return -1;
	if (in_file && write_file(db, bytes, length, sha256, error)) /* its file may be lost */
		return -1;
	tkt_statement_reset(statement);
	if (found)
		return count_use(db, hash, +1, NULL, error);
	return in_file ? insert(db, hash, length, CODEC_FILE, NULL, 0, error)
		       : insert_inline(db, hash, bytes, length, error);
}

static int fail_contents(const char *sha256, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("the stored contents '%s' are damaged; restore them from a backup"), sha256);
}

/* 1; 0 when the file is missing; -1. */
static int read_file(
    struct tkt_db *db, const char *sha256, struct tkt_text *out, struct tkt_error *error)
{
	tkt_autofree char *folder = tkt_db_folder(db) ? folder_of(db, sha256) : NULL;
	tkt_autofree char *path = folder ? tkt_path_join(folder, sha256) : NULL;

	if (!path)
		return tkt_db_folder(db) ? tkt_error_set_memory(error) : 0;
	if (tkt_file_read(path, out, error))
		return error->kind == TKT_ERROR_NO_INPUT ? 0 : -1;
	return 1;
}

/* Size and bytes come from the database, which may be damaged: nothing is believed. */
static int unpack(struct tkt_statement *statement, const char *sha256, struct tkt_text *out,
    struct tkt_error *error)
{
	const void *bytes = tkt_statement_blob(statement, 2);
	size_t length = tkt_statement_length(statement, 2);
	int64_t size = tkt_statement_integer(statement, 1);
	char *room;

	if (tkt_statement_integer(statement, 0) == CODEC_PLAIN) {
		tkt_text_add_bytes(out, bytes, length);
		return tkt_text_check(out, error);
	}
	if (size < 0 || size > INT_MAX)
		return fail_contents(sha256, error);
	room = tkt_text_room(out, (size_t)size);
	if (!room)
		return tkt_text_check(out, error);
	if (ZSTD_decompress(room, (size_t)size, bytes, length) != (size_t)size)
		return fail_contents(sha256, error);
	tkt_text_wrote(out, (size_t)size);
	return 0;
}

int tkt_blob_read(
    struct tkt_db *db, const char *sha256, struct tkt_text *out, struct tkt_error *error)
{
	unsigned char hash[HASH_SIZE];
	tkt_autoptr(statement) statement = NULL;
	size_t start = out->length;
	char name[65];
	int found;

	if (from_hex(sha256, hash, error))
		return -1;
	found = select_blob(db, hash, &statement, error);
	if (found <= 0)
		return found;
	if (tkt_statement_integer(statement, 0) == CODEC_FILE)
		found = read_file(db, sha256, out, error);
	else if (unpack(statement, sha256, out, error))
		found = -1;
	if (found <= 0)
		return found;
	tkt_sha256(out->bytes + start, out->length - start, name);
	if (strcmp(name, sha256) != 0) {
		tkt_text_truncate(out, start);
		return fail_contents(sha256, error);
	}
	return 1;
}

static int select_batch(
    struct tkt_db *db, int64_t after, struct tkt_statement **statement, struct tkt_error *error)
{
	static const char sql[] = "SELECT codec, size, bytes, sha256, rowid FROM blob"
				  " WHERE rowid > ?1 ORDER BY rowid LIMIT ?2";

	if (tkt_db_prepare(db, sql, statement, error) ||
	    tkt_statement_bind_integer(*statement, 1, after, error) ||
	    tkt_statement_bind_integer(*statement, 2, BATCH, error))
		return -1;
	return 0;
}

/* Are the contents in this row what their name says? 1, 0, -1. */
static int is_sound(struct tkt_statement *statement, const char *sha256, struct tkt_error *error)
{
	char name[TKT_SHA256_SIZE];
	tkt_autotext bytes;

	tkt_text_init(&bytes, INT_MAX);
	if (unpack(statement, sha256, &bytes, error))
		return error->kind == TKT_ERROR_DATA ? 0 : -1;
	tkt_sha256(bytes.bytes, bytes.length, name);
	return strcmp(name, sha256) == 0;
}

static int look_at(struct tkt_statement *statement, struct tkt_blob *blob, struct tkt_error *error)
{
	const void *hash = tkt_statement_blob(statement, 3);
	int sound = 1;

	if (tkt_statement_length(statement, 3) != HASH_SIZE)
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is no SHA-256"), "blob");
	tkt_hex(hash, HASH_SIZE, blob->sha256);
	blob->is_file = tkt_statement_integer(statement, 0) == CODEC_FILE;
	if (!blob->is_file)
		sound = is_sound(statement, blob->sha256, error);
	blob->is_damaged = !sound;
	return sound < 0 ? -1 : 0;
}

/* How many there were, of BATCH at most; *last is the last row's. -1. */
static int read_batch(
    struct tkt_db *db, int64_t *last, struct tkt_blob blobs[BATCH], struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int row, count = 0;

	if (select_batch(db, *last, &statement, error))
		return -1;
	while ((row = tkt_statement_step(statement, error)) > 0) {
		if (look_at(statement, &blobs[count++], error))
			return -1;
		*last = tkt_statement_integer(statement, 4);
	}
	return row < 0 ? -1 : count;
}

int tkt_blob_each(struct tkt_db *db, tkt_blob_visit *visit, void *context, struct tkt_error *error)
{
	struct tkt_blob blobs[BATCH];
	int64_t last = INT64_MIN;
	int i, count;

	do {
		count = read_batch(db, &last, blobs, error);
		for (i = 0; i < count; i++)
			if (visit(&blobs[i], context, error))
				return -1;
	} while (count == BATCH);
	return count < 0 ? -1 : 0;
}

int tkt_blob_is_known(struct tkt_db *db, const char *sha256, struct tkt_error *error)
{
	unsigned char hash[HASH_SIZE];
	tkt_autoptr(statement) statement = NULL;

	return from_hex(sha256, hash, error) ? -1 : select_blob(db, hash, &statement, error);
}

int tkt_blob_forget(struct tkt_db *db, const char *sha256, struct tkt_error *error)
{
	unsigned char hash[HASH_SIZE];
	tkt_autoptr(statement) statement = NULL;

	if (from_hex(sha256, hash, error) ||
	    tkt_db_prepare(db, "DELETE FROM blob WHERE sha256 = ?1", &statement, error) ||
	    tkt_statement_bind_blob(statement, 1, hash, HASH_SIZE, error))
		return -1;
	return tkt_statement_run(statement, error);
}

int tkt_blob_drop(struct tkt_db *db, const char *sha256, struct tkt_error *error)
{
	tkt_autofree char *folder = tkt_db_folder(db) ? folder_of(db, sha256) : NULL;
	tkt_autofree char *path = folder ? tkt_path_join(folder, sha256) : NULL;
	unsigned char hash[HASH_SIZE];
	int64_t left;

	if (from_hex(sha256, hash, error) || count_use(db, hash, -1, &left, error))
		return -1;
	if (left > 0)
		return 0;
	if (tkt_blob_forget(db, sha256, error))
		return -1;
	if (path && unlink(path) && errno != ENOENT)
		return tkt_error_set_system(error, errno, _("cannot remove '%s'"), path);
	return 0;
}
