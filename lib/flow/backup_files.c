#include "flow/backup_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/copy.h"
#include "base/file.h"
#include "base/program.h"
#include "base/time.h"
#include "desk/finding.h"
#include "desk/scan.h"
#include "flow/sums.h"
#include "flow/sweep_file.h"

#include "base/banned.h"

#define FILE_MODE 0660
#define KEY_MODE 0640 /* DESIGN.md 6 */
#define DEPTH_MOST 8
#define OUTSIDE "outside"

struct copying {
	struct tkt_command *command;
	const char *desk, *into;
	struct tkt_text *sums;
};

/* The folders above a file of the backup. */
static int make_above(const struct copying *copying, const char *relative, struct tkt_error *error)
{
	const char *slash = relative;

	while ((slash = strchr(slash, '/'))) {
		tkt_autofree char *folder = NULL;

		if (asprintf(&folder, "%s/%.*s", copying->into, (int)(slash - relative), relative) <
		    0)
			return tkt_error_set_memory(error);
		if (tkt_folder_make(folder, error))
			return -1;
		slash++;
	}
	return 0;
}

/* What is read is what is written and named, though someone edits it. */
static int copy_as(const struct copying *copying, const char *from, const char *relative,
    unsigned mode, struct tkt_error *error)
{
	tkt_autofree char *to = tkt_path_join(copying->into, relative);
	char sha256[TKT_SHA256_SIZE];
	tkt_autotext bytes;
	char *name;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (!to)
		return tkt_error_set_memory(error);
	if (!access(to, F_OK)) /* an include twice, or one among the templates */
		return 0;
	if (tkt_file_read(from, &bytes, error) || make_above(copying, relative, error))
		return -1;
	tkt_sha256(bytes.bytes, bytes.length, sha256);
	name = strrchr(to, '/');
	*name++ = '\0';
	if (tkt_file_write_durable(to, name, bytes.bytes, bytes.length, mode, error))
		return -1;
	name[-1] = '/';
	if (chmod(to, mode))
		return tkt_error_set_system(
		    error, errno, _("cannot set the permissions of '%s'"), to);
	tkt_sums_add(copying->sums, sha256, relative);
	return 0;
}

static int copy_folder(const struct copying *copying, const char *relative, unsigned mode,
    int depth, struct tkt_error *error);

static int copy_entry(const struct copying *copying, const char *relative, unsigned mode, int depth,
    struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(copying->desk, relative);
	struct stat status;

	if (!path)
		return tkt_error_set_memory(error);
	if (stat(path, &status)) /* a link to nowhere, or just removed */
		return errno == ENOENT
		    ? 0
		    : tkt_error_set_system(error, errno, _("cannot look at '%s'"), path);
	if (S_ISDIR(status.st_mode) && depth < DEPTH_MOST)
		return copy_folder(copying, relative, mode, depth + 1, error);
	return S_ISREG(status.st_mode) ? copy_as(copying, path, relative, mode, error) : 0;
}

static int copy_entries(const struct copying *copying, DIR *folder, const char *relative,
    unsigned mode, int depth, struct tkt_error *error)
{
	const struct dirent *entry;

	while ((entry = readdir(folder))) {
		tkt_autofree char *path = NULL;

		if (entry->d_name[0] == '.')
			continue;
		path = tkt_path_join(relative, entry->d_name);
		if (!path)
			return tkt_error_set_memory(error);
		if (copy_entry(copying, path, mode, depth, error))
			return -1;
	}
	return 0;
}

/* One that the desk has not is empty in the backup. */
static int copy_folder(const struct copying *copying, const char *relative, unsigned mode,
    int depth, struct tkt_error *error)
{
	tkt_autofree char *from = tkt_path_join(copying->desk, relative);
	tkt_autofree char *to = tkt_path_join(copying->into, relative);
	DIR *folder;
	int result;

	if (!from || !to)
		return tkt_error_set_memory(error);
	if (tkt_folder_make(to, error))
		return -1;
	folder = opendir(from);
	if (!folder)
		return errno == ENOENT
		    ? 0
		    : tkt_error_set_system(error, errno, _("cannot open '%s'"), from);
	result = copy_entries(copying, folder, relative, mode, depth, error);
	closedir(folder);
	return result;
}

static int copy_source(const struct copying *copying, const char *file, struct tkt_error *error)
{
	tkt_autofree char *path = NULL;
	tkt_autofree char *relative = NULL;

	if (file[0] != '/') {
		path = tkt_path_join(copying->desk, file);
		return path ? copy_as(copying, path, file, FILE_MODE, error)
			    : tkt_error_set_memory(error);
	}
	if (asprintf(&relative, OUTSIDE "%s", file) < 0) {
		relative = NULL;
		return tkt_error_set_memory(error);
	}
	if (copy_as(copying, file, relative, FILE_MODE, error))
		return -1;
	tkt_command_warn(copying->command,
	    _("'%s', which desk.conf includes, is not in the desk; the backup has it as '%s'"),
	    file, relative);
	return 0;
}

/* desk.conf and its includes, as far as they are known: a backup needs no sound desk.conf. */
static int copy_conf(const struct copying *copying, struct tkt_error *error)
{
	tkt_autoptr(findings) findings = tkt_findings_new();
	tkt_autoptr(scan) scan = findings ? tkt_scan_new(copying->desk, findings) : NULL;
	const struct tkt_source *source;
	size_t i;

	if (!scan)
		return tkt_error_set_memory(error);
	if (tkt_scan_file(scan, "desk.conf", NULL, error))
		return -1;
	source = tkt_scan_source(scan);
	for (i = 0; i < source->file_count; i++)
		if (copy_source(copying, source->files[i], error))
			return -1;
	if (!tkt_scan_is_sound(scan))
		tkt_command_warn(copying->command,
		    _("desk.conf has errors, see tkt-lint: files that it is to include may be missing in the backup"));
	return 0;
}

/* Its time is that of the last sweep: who restores an old desk is asked before it acts. */
static int copy_sweep(const struct copying *copying, struct tkt_error *error)
{
	int64_t last;

	if (tkt_sweep_last(copying->desk, &last, error))
		return -1;
	return tkt_sweep_file_make(copying->into, last, error);
}

int tkt_backup_files(struct tkt_command *command, const char *desk, const char *into, bool keys,
    struct tkt_text *sums, struct tkt_error *error)
{
	const struct copying copying = { command, desk, into, sums };
	tkt_autofree char *empty = tkt_path_join(into, "keys");

	if (!empty)
		return tkt_error_set_memory(error);
	if (copy_folder(&copying, "templates", FILE_MODE, 0, error) ||
	    copy_folder(&copying, "calendars", FILE_MODE, 0, error) ||
	    (keys ? copy_folder(&copying, "keys", KEY_MODE, 0, error)
		  : tkt_folder_make(empty, error)) ||
	    copy_conf(&copying, error) || copy_sweep(&copying, error))
		return -1;
	return tkt_text_check(sums, error);
}
