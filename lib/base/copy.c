#include "base/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/fs.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/words.h"

#include "base/banned.h"

#define FOLDER_MODE 02770
#define CHUNK_SIZE ((size_t)256 << 10)
#define COPY_MOST ((size_t)1 << 30) /* bytes that one call of copy_file_range() is asked for */
#define OPEN_FOLDERS 16

int tkt_folder_make(const char *path, struct tkt_error *error)
{
	if (!mkdir(path, FOLDER_MODE & 0777))
		return chmod(path, FOLDER_MODE)
		    ? tkt_error_set_system(error, errno, _("cannot make '%s'"), path)
		    : 0;
	return errno == EEXIST ? 0
			       : tkt_error_set_system(error, errno, _("cannot make '%s'"), path);
}

bool tkt_folder_has_files(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	bool found = false;

	if (!folder)
		return false;
	while (!found && (entry = readdir(folder)))
		found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	return found;
}

/* A fifo would make us wait. */
static int open_plain(const char *path, int *file, struct tkt_error *error)
{
	struct stat status;
	int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (opened < 0)
		return tkt_error_set_system(error, errno, _("cannot open '%s'"), path);
	if (!fstat(opened, &status) && S_ISREG(status.st_mode)) {
		*file = opened;
		return 0;
	}
	close(opened);
	return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is not a plain file"), path);
}

/* Calls `take` with what is left to be read of a file, piece by piece. */
static int read_pieces(int file, const char *path,
    int (*take)(void *context, const void *bytes, size_t length, struct tkt_error *error),
    void *context, struct tkt_error *error)
{
	tkt_autofree char *room = malloc(CHUNK_SIZE);
	ssize_t count;

	if (!room)
		return tkt_error_set_memory(error);
	while ((count = read(file, room, CHUNK_SIZE)) != 0) {
		if (count < 0 && errno != EINTR)
			return tkt_error_set_system(error, errno, _("cannot read '%s'"), path);
		if (count > 0 && take(context, room, (size_t)count, error))
			return -1;
	}
	return 0;
}

struct target {
	int file;
	const char *path;
};

static int write_piece(void *context, const void *bytes, size_t length, struct tkt_error *error)
{
	const struct target *target = context;

	return tkt_file_write_all(target->file, target->path, bytes, length, error);
}

/* The rest of it, by the kernel as far as that goes: 0 at its end or where it knows no way. */
static void copy_in_kernel(int from, int to)
{
	while (copy_file_range(from, NULL, to, NULL, COPY_MOST, 0) > 0)
		;
}

static int copy_bytes(
    int from, const char *path, const struct target *target, struct tkt_error *error)
{
	if (ioctl(target->file, FICLONE, from) == 0)
		return 0;
	copy_in_kernel(from, target->file);
	/* What it left, and the reason of what cannot be written. */
	return read_pieces(from, path, write_piece, (void *)target, error);
}

int tkt_file_copy(const char *from, const char *to, unsigned mode, struct tkt_error *error)
{
	struct target target = { .path = to };
	int source, result;

	if (open_plain(from, &source, error))
		return -1;
	target.file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
	if (target.file < 0 || fchmod(target.file, (mode_t)mode))
		result = tkt_error_set_system(error, errno, _("cannot create '%s'"), to);
	else
		result = copy_bytes(source, from, &target, error);
	if (target.file >= 0 && close(target.file) && !result)
		result = tkt_error_set_system(error, errno, _("cannot write '%s'"), to);
	close(source);
	return result;
}

struct digest {
	struct sha256_ctx context;
	int64_t size;
};

static int digest_piece(void *context, const void *bytes, size_t length, struct tkt_error *error)
{
	struct digest *digest = context;

	(void)error;
	sha256_update(&digest->context, length, bytes);
	digest->size += (int64_t)length;
	return 0;
}

int tkt_file_sha256(
    const char *path, char sha256[TKT_SHA256_SIZE], int64_t *size, struct tkt_error *error)
{
	struct digest digest = { .size = 0 };
	unsigned char bytes[SHA256_DIGEST_SIZE];
	int file, result;

	if (open_plain(path, &file, error))
		return -1;
	sha256_init(&digest.context);
	posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
	posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
	result = read_pieces(file, path, digest_piece, &digest, error);
	close(file);
	if (result)
		return -1;
	sha256_digest(&digest.context, sizeof(bytes), bytes);
	tkt_hex(bytes, sizeof(bytes), sha256);
	*size = digest.size;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path) && errno != ENOENT ? -1 : 0;
}

int tkt_folder_remove(const char *path, struct tkt_error *error)
{
	if (nftw(path, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) &&
	    errno != ENOENT)
		return tkt_error_set_system(error, errno, _("cannot remove '%s'"), path);
	return 0;
}

int tkt_file_system_sync(const char *path, struct tkt_error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), code = 0;

	if (file < 0 || syncfs(file))
		code = errno;
	if (file >= 0)
		close(file);
	return code ? tkt_error_set_system(error, code, _("cannot sync '%s'"), path) : 0;
}
