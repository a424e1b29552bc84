#include "flow/found.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/copy.h"
#include "base/file.h"
#include "base/program.h"
#include "base/sha256.h"
#include "base/time.h"
#include "flow/arm.h"
#include "flow/session.h"
#include "flow/sweep_file.h"
#include "flow/token_key.h"
#include "store/policy.h"

#include "base/banned.h"

#define FILE_MODE 0660 /* the desk's group shares it (DESIGN.md 6) */
#define MARK_BYTES 16  /* of chance */

struct profile {
	char *path;
	DIR *files;
};

static int make_folders(const char *folder, struct tkt_error *error)
{
	static const char *const names[] = { "blobs", "keys", "templates", "calendars" };
	size_t i;

	if (tkt_folder_make(folder, error))
		return -1;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		tkt_autofree char *path = tkt_path_join(folder, names[i]);

		if (!path)
			return tkt_error_set_memory(error);
		if (tkt_folder_make(path, error))
			return -1;
	}
	return 0;
}

/* One file of the profile, unless the desk has it. */
static int copy_file(
    const char *from, const char *folder, const char *name, struct tkt_error *error)
{
	tkt_autofree char *source = tkt_path_join(from, name);
	tkt_autofree char *target = tkt_path_join(folder, name);
	tkt_autotext bytes;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (!source || !target)
		return tkt_error_set_memory(error);
	if (tkt_file_read(source, &bytes, error))
		return -1;
	if (tkt_file_write_durable(folder, name, bytes.bytes, bytes.length, FILE_MODE, error))
		return -1;
	if (chmod(target, FILE_MODE))
		return tkt_error_set_system(
		    error, errno, _("cannot set the permissions of '%s'"), target);
	return 0;
}

/* The folder of a profile, by its bare name. */
static int open_profile(const struct tkt_command *command, const char *profile,
    struct profile *made, struct tkt_error *error)
{
	if (asprintf(&made->path, "%s/desks/%s", command->datadir, profile) < 0)
		return tkt_error_set_memory(error);
	if (*profile && !strchr(profile, '/') && *profile != '.')
		made->files = opendir(made->path);
	if (!made->files)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("there is no profile '%s' in '%s/desks'"), profile, command->datadir);
	return 0;
}

static void profile_clear(struct profile *profile)
{
	if (profile->files)
		closedir(profile->files);
	free(profile->path);
}

static int copy_profile(const struct profile *profile, const char *folder, struct tkt_error *error)
{
	const struct dirent *entry;

	while ((entry = readdir(profile->files))) {
		if (entry->d_name[0] != '.' &&
		    copy_file(profile->path, folder, entry->d_name, error))
			return -1;
	}
	return 0;
}

/* A random name that this desk's mail carries, so that it is known when it comes back. */
static int make_mark(struct tkt_session *session, struct tkt_error *error)
{
	unsigned char chance[MARK_BYTES];
	char mark[2 * MARK_BYTES + 1];

	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		return tkt_error_set(
		    error, TKT_ERROR_TEMPORARY, _("the system gives no random bytes"));
	tkt_hex(chance, sizeof(chance), mark);
	return tkt_desk_value_set(session->db, "mark", mark, error);
}

static int fill_database(struct tkt_command *command, struct tkt_error *error)
{
	const struct tkt_token_key *key;
	tkt_autoptr(transaction) transaction = NULL;
	tkt_autoptr(session) session = NULL;

	if (tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    tkt_session_token_key(session, &key, error) ||
	    tkt_transaction_begin(session->db, &transaction, error) || make_mark(session, error) ||
	    tkt_arm(session, error) < 0)
		return -1;
	return tkt_transaction_commit(transaction, error);
}

/* A log left alone would be played into the next database of that name. */
static void remove_database(const char *database)
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		tkt_autofree char *path = NULL;

		if (asprintf(&path, "%s%s", database, endings[i]) >= 0)
			unlink(path);
	}
}

/* What failed half-way is taken away, else the next try would find a desk. */
static int make_database(struct tkt_command *command, const char *database, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;

	if (tkt_session_open(command, TKT_DB_CREATE, &session, error))
		return -1;
	tkt_session_free(tkt_take(session));
	if (!fill_database(command, error))
		return 0;
	remove_database(database);
	return -1;
}

int tkt_desk_found(
    struct tkt_command *command, const char *folder, const char *profile, struct tkt_error *error)
{
	__attribute__((cleanup(profile_clear))) struct profile source = { 0 };
	tkt_autofree char *database = tkt_path_join(folder, "tkt.db");
	tkt_autofree char *conf = tkt_path_join(folder, "desk.conf");

	if (!database || !conf)
		return tkt_error_set_memory(error);
	if (!access(database, F_OK))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is a desk already"), folder);
	if (open_profile(command, profile, &source, error) || make_folders(folder, error))
		return -1;
	if (access(conf, F_OK) && copy_profile(&source, folder, error))
		return -1;
	if (tkt_sweep_file_make(folder, TKT_TIME_NONE, error))
		return -1;
	return make_database(command, database, error);
}
