#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"

#include "base/banned.h"

#define CHUNK_SIZE ((size_t)64 << 10)
#define NAME_TRIES 100

/* May the call be made again? Waits if the file does not block by itself. */
static bool is_worth_again(int file, short events)
{
	struct pollfd wait = { .fd = file, .events = events };

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

static ssize_t read_some(int file, void *bytes, size_t length)
{
	ssize_t count;

	do
		count = read(file, bytes, length);
	while (count < 0 && is_worth_again(file, POLLIN));
	return count;
}

/* How much to ask for at first: all of a file and one byte, so that a batch of small ones holds no
 * more memory than they need. */
static size_t first_chunk(int file)
{
	struct stat status;

	if (fstat(file, &status) || !S_ISREG(status.st_mode) || status.st_size <= 0 ||
	    (size_t)status.st_size >= CHUNK_SIZE)
		return CHUNK_SIZE;
	return (size_t)status.st_size + 1;
}

int tkt_file_read_all(int file, const char *name, struct tkt_text *text, struct tkt_error *error)
{
	size_t chunk = first_chunk(file);

	while (!text->failed) {
		size_t left = text->limit - text->length;
		size_t wanted = left < chunk ? left : chunk;
		char beyond = 0, *room = wanted > 0 ? tkt_text_room(text, wanted) : &beyond;
		ssize_t count;

		if (!room)
			break;
		count = read_some(file, room, wanted > 0 ? wanted : 1);
		if (count < 0)
			return tkt_error_set_system(error, errno, _("cannot read '%s'"), name);
		if (count == 0)
			return 0;
		if (wanted == 0)
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("'%s' is larger than %zu bytes"), name, text->limit);
		tkt_text_wrote(text, (size_t)count);
		chunk = (size_t)count < wanted ? wanted - (size_t)count : CHUNK_SIZE;
	}
	return tkt_text_check(text, error);
}

int tkt_file_read(const char *path, struct tkt_text *text, struct tkt_error *error)
{
	int file, result;

	if (strcmp(path, "-") == 0)
		return tkt_file_read_all(STDIN_FILENO, "stdin", text, error);
	file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (file < 0)
		return tkt_error_set_system(error, errno, _("cannot open '%s'"), path);
	result = tkt_file_read_all(file, path, text, error);
	close(file);
	return result;
}

int tkt_file_write_all(
    int file, const char *name, const void *bytes, size_t length, struct tkt_error *error)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t count = write(file, at, length);

		if (count < 0 && !is_worth_again(file, POLLOUT))
			return tkt_error_set_system(error, errno, _("cannot write '%s'"), name);
		if (count > 0) {
			at += count;
			length -= (size_t)count;
		}
	}
	return 0;
}

/* Opens a file of a new name in `folder`; the name goes to `name`. -1 with errno. */
static int open_new(int folder, char name[32], unsigned mode)
{
	uint64_t number;
	int tries, file;

	for (tries = 0; tries < NAME_TRIES; tries++) {
		if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
			return -1;
		snprintf(name, 32, ".new-%016" PRIx64, number);
		file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		    (mode_t)mode);
		if (file >= 0 || errno != EEXIST)
			return file;
	}
	return -1;
}

/* Renames unless the name is taken, which is no failure. -1 with errno. */
static int rename_new(int folder, const char *from, const char *name)
{
	if (renameat2(folder, from, folder, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EEXIST)
		return unlinkat(folder, from, 0);
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return renameat(folder, from, folder, name); /* a file system without NOREPLACE */
}

static int write_new(int folder, const char *path, const char *name, const void *bytes,
    size_t length, unsigned mode, struct tkt_error *error)
{
	char new_name[32];
	int file = open_new(folder, new_name, mode), code = 0;

	if (file < 0)
		return tkt_error_set_system(error, errno, _("cannot create '%s'"), path);
	if (tkt_file_write_all(file, path, bytes, length, error)) {
		close(file);
		unlinkat(folder, new_name, 0);
		return -1;
	}
	if (fsync(file))
		code = errno;
	if (close(file) && code == 0)
		code = errno;
	if (code == 0 && rename_new(folder, new_name, name))
		code = errno;
	if (code == 0)
		return 0;
	unlinkat(folder, new_name, 0);
	return tkt_error_set_system(error, code, _("cannot write '%s'"), path);
}

/* 1 if `name` is there as a file, 0 if it is not, -1 if it is something else. */
static int is_there(int folder, const char *path, const char *name, struct tkt_error *error)
{
	struct stat status;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT
		    ? 0
		    : tkt_error_set_system(error, errno, _("cannot look at '%s'"), path);
	if (!S_ISREG(status.st_mode))
		return tkt_error_set(error, TKT_ERROR_IO, _("'%s' is not a plain file"), path);
	return 1;
}

static int write_in(int folder, const char *path, const char *name, const void *bytes,
    size_t length, unsigned mode, struct tkt_error *error)
{
	int there = is_there(folder, path, name, error);

	if (there < 0)
		return -1;
	if (!there && write_new(folder, path, name, bytes, length, mode, error))
		return -1;
	/* For a file that was there too: who renamed it may not have come this far yet. */
	if (fsync(folder) && errno != EINVAL)
		return tkt_error_set_system(
		    error, errno, _("cannot sync the folder of '%s'"), path);
	return 0;
}

int tkt_file_write_durable(const char *folder, const char *name, const void *bytes, size_t length,
    unsigned mode, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, name);
	int opened, result;

	if (!path)
		return tkt_error_set_memory(error);
	opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (opened < 0)
		return tkt_error_set_system(error, errno, _("cannot open '%s'"), folder);
	result = write_in(opened, path, name, bytes, length, mode, error);
	close(opened);
	return result;
}

char *tkt_path_join(const char *folder, const char *name)
{
	size_t length = strlen(folder);
	bool has_slash = length > 0 && folder[length - 1] == '/';
	char *path;

	if (asprintf(&path, "%s%s%s", folder, has_slash || length == 0 ? "" : "/", name) < 0)
		return NULL;
	return path;
}
