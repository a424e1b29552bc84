#include "flow/backup_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/sums.h"

#include "base/banned.h"

static const char said[] = N_("This backup is not finished, and never will be when no tkt-backup "
			      "runs: the folder may be removed.\n");

static int fail(const char *target, struct tkt_error *error)
{
	return tkt_error_set_system(error, errno, _("cannot make '%s'"), target);
}

/* Where it is, or will be, without links. NULL with the error. */
static char *resolve(const char *target, struct tkt_error *error)
{
	tkt_autofree char *given = strdup(target), *parent = NULL;
	char *path = realpath(target, NULL), *name;
	size_t length = strlen(target);

	if (path || !given || errno != ENOENT || !length) {
		if (!path)
			fail(target, error);
		return path;
	}
	while (length > 1 && given[length - 1] == '/')
		given[--length] = '\0';
	name = strrchr(given, '/');
	name = name ? name + 1 : given;
	parent = name == given ? strdup(".") : strndup(given, (size_t)(name - given));
	if (parent)
		path = realpath(parent, NULL);
	free(parent);
	parent = path;
	path = parent ? tkt_path_join(parent, name) : NULL;
	if (!path)
		fail(target, error);
	return path;
}

static int check_outside(
    const char *desk, const char *path, const char *target, struct tkt_error *error)
{
	tkt_autofree char *folder = realpath(desk, NULL);
	size_t length;

	if (!folder)
		return tkt_error_set_system(error, errno, _("cannot open the desk '%s'"), desk);
	length = strlen(folder);
	if (!strncmp(path, folder, length) && (path[length] == '/' || !path[length]))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' is inside the desk; a backup belongs elsewhere, best on another disk"),
		    target);
	return 0;
}

static int fail_taken(const char *target, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("'%s' is there already; give the name of a new folder, such as one with a date"),
	    target);
}

/* What is there already must be an empty folder that a rename can replace. */
static int check_target(const char *path, const char *target, struct tkt_error *error)
{
	tkt_autofree char *above = NULL;
	struct stat status, status_above;

	if (lstat(path, &status))
		return errno == ENOENT ? 0 : fail(target, error);
	if (!S_ISDIR(status.st_mode) || tkt_folder_has_files(path))
		return fail_taken(target, error);
	if (asprintf(&above, "%s/..", path) < 0)
		return tkt_error_set_memory(error);
	if (stat(above, &status_above))
		return fail(target, error);
	if (status.st_dev != status_above.st_dev || status.st_ino == status_above.st_ino)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' is where a disk is mounted; give the name of a new folder in it"),
		    target);
	return 0;
}

static int lock(struct tkt_backup_place *place, struct tkt_error *error)
{
	place->lock = open(place->partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (place->lock < 0)
		return fail(place->partial, error);
	/* A network file system may know no such lock. */
	if (!flock(place->lock, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
		return 0;
	return tkt_error_set(
	    error, TKT_ERROR_TEMPORARY, _("another tkt-backup makes '%s'"), place->target);
}

bool tkt_backup_has(const char *folder, const char *name)
{
	tkt_autofree char *path = tkt_path_join(folder, name);

	return path && !access(path, F_OK);
}

/* Says that the folder is none yet; it is there as soon as it can be. */
static int mark(const char *partial, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(partial, TKT_UNFINISHED_FILE);
	int file, result;

	if (!path)
		return tkt_error_set_memory(error);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (file < 0)
		return tkt_error_set_system(error, errno, _("cannot create '%s'"), path);
	result = tkt_file_write_all(file, path, _(said), strlen(_(said)), error);
	close(file);
	return result;
}

static int remove_entries(const char *partial, DIR *folder, struct tkt_error *error)
{
	const struct dirent *entry;

	while ((entry = readdir(folder))) {
		tkt_autofree char *path = tkt_path_join(partial, entry->d_name);

		if (!path)
			return tkt_error_set_memory(error);
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, TKT_UNFINISHED_FILE) != 0 &&
		    tkt_folder_remove(path, error))
			return -1;
	}
	return 0;
}

/* The mark goes last: what a kill leaves of it is still known as ours. */
static int remove_partial(const char *partial, struct tkt_error *error)
{
	DIR *folder = opendir(partial);
	int result;

	if (!folder)
		return tkt_error_set_system(error, errno, _("cannot remove '%s'"), partial);
	result = remove_entries(partial, folder, error);
	closedir(folder);
	return result ? -1 : tkt_folder_remove(partial, error);
}

/* What a run that was killed has left. Nothing that is not ours is removed. */
static int remove_left(struct tkt_backup_place *place, struct tkt_error *error)
{
	bool has_files = tkt_folder_has_files(place->partial);

	if (lock(place, error))
		return -1;
	if (has_files && !tkt_backup_has(place->partial, TKT_UNFINISHED_FILE) &&
	    !tkt_backup_has(place->partial, TKT_SUMS_FILE))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' is in the way, and not of tkt-backup"), place->partial);
	if ((has_files && mark(place->partial, error)) || remove_partial(place->partial, error))
		return -1;
	close(place->lock);
	place->lock = -1;
	return 0;
}

static int make_partial(struct tkt_backup_place *place, struct tkt_error *error)
{
	struct stat status;

	if (!lstat(place->partial, &status) && remove_left(place, error))
		return -1;
	if (tkt_folder_make(place->partial, error) || lock(place, error))
		return -1;
	place->is_ours = true;
	return mark(place->partial, error);
}

int tkt_backup_place_make(
    const char *desk, const char *target, struct tkt_backup_place *place, struct tkt_error *error)
{
	place->target = resolve(target, error);
	if (!place->target || check_outside(desk, place->target, target, error) ||
	    check_target(place->target, target, error))
		return -1;
	if (asprintf(&place->partial, "%s.partial", place->target) < 0) {
		place->partial = NULL;
		return tkt_error_set_memory(error);
	}
	return make_partial(place, error);
}

static int sync_above(const char *path, struct tkt_error *error)
{
	tkt_autofree char *above = NULL;
	int folder, code = 0;

	if (asprintf(&above, "%s/..", path) < 0)
		return tkt_error_set_memory(error);
	folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 || (fsync(folder) && errno != EINVAL))
		code = errno;
	if (folder >= 0)
		close(folder);
	return code ? tkt_error_set_system(error, code, _("cannot sync '%s'"), path) : 0;
}

int tkt_backup_place_settle(struct tkt_backup_place *place, struct tkt_error *error)
{
	tkt_autofree char *mark = tkt_path_join(place->partial, TKT_UNFINISHED_FILE);

	if (!mark)
		return tkt_error_set_memory(error);
	if (unlink(mark))
		return tkt_error_set_system(error, errno, _("cannot remove '%s'"), mark);
	fsync(place->lock); /* that the mark is gone, before the name is there */
	if (rename(place->partial, place->target))
		return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
		    ? fail_taken(place->target, error)
		    : fail(place->target, error);
	place->is_ours = false;
	return sync_above(place->target, error);
}

void tkt_backup_place_clear(struct tkt_backup_place *place)
{
	struct tkt_error ignored;

	if (place->is_ours)
		remove_partial(place->partial, &ignored);
	if (place->lock >= 0)
		close(place->lock);
	free(place->target);
	free(place->partial);
}
