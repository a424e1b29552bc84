#include "flow/sweep_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/program.h"
#include "base/time.h"

#include "base/banned.h"

#define NAME "sweep"
#define FILE_MODE 0660
#define LEAP_MOST (30 * (int64_t)86400)
#define PAUSE_NANOSECONDS 20000000 /* between two looks at the lock */

static int fail(const char *folder, struct tkt_error *error)
{
	return tkt_error_set_system(error, errno, _("cannot use '%s'"), folder);
}

/* Made under another name: it must not be seen with the time of its making. */
int tkt_sweep_file_make(const char *folder, int64_t last, struct tkt_error *error)
{
	const struct timespec time = { .tv_sec = last == TKT_TIME_NONE ? 0 : last };
	const struct timespec times[2] = { time, time };
	tkt_autofree char *path = tkt_path_join(folder, NAME), *draft = NULL;
	int file, made;

	if (!path || asprintf(&draft, "%s.%jd", path, (intmax_t)getpid()) < 0) {
		draft = NULL;
		return tkt_error_set_memory(error);
	}
	if (!access(path, F_OK))
		return 0;
	file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	if (file < 0)
		return fail(draft, error);
	made = fchmod(file, FILE_MODE) || futimens(file, times) ||
		(link(draft, path) && errno != EEXIST)
	    ? fail(draft, error)
	    : 0;
	unlink(draft);
	close(file);
	return made;
}

int tkt_sweep_last(const char *folder, int64_t *last, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, NAME);
	struct stat status;

	if (!path)
		return tkt_error_set_memory(error);
	if (stat(path, &status)) {
		if (errno != ENOENT)
			return fail(path, error);
		status.st_mtime = 0;
	}
	*last = status.st_mtime ? status.st_mtime : TKT_TIME_NONE;
	return 0;
}

int tkt_sweep_check_clock(struct tkt_command *command, const char *folder, struct tkt_error *error)
{
	char now[TKT_TIME_SIZE], before[TKT_TIME_SIZE];
	int64_t last;

	if (tkt_sweep_last(folder, &last, error))
		return -1;
	if (last == TKT_TIME_NONE)
		return 0;
	if (command->now < last && !command->now_given)
		command->now = tkt_time_system();
	if (command->now >= last && command->now - last <= LEAP_MOST)
		return 0;
	tkt_time_format(command->now, now);
	tkt_time_format(last, before);
	return tkt_error_set(error, TKT_ERROR_TEMPORARY,
	    command->now < last
		? _("it is %s, but the last sweep was at %s; if the clock is right, run it with --yes")
		: _("it is %s, and the last sweep was at %s, more than 30 days ago; if the clock is right, run it with --yes"),
	    now, before);
}

int tkt_sweep_done(
    const struct tkt_command *command, const char *folder, bool back, struct tkt_error *error)
{
	const struct timespec times[2] = { { .tv_sec = command->now }, { .tv_sec = command->now } };
	tkt_autofree char *path = tkt_path_join(folder, NAME);
	int64_t last;

	if (!path)
		return tkt_error_set_memory(error);
	if (tkt_sweep_last(folder, &last, error))
		return -1;
	if (last != TKT_TIME_NONE && command->now <= last && !back)
		return 0;
	if (!utimensat(AT_FDCWD, path, times, 0))
		return 0;
	if (errno == ENOENT)
		return tkt_sweep_file_make(folder, TKT_TIME_NONE, error) ||
			utimensat(AT_FDCWD, path, times, 0)
		    ? fail(path, error)
		    : 0;
	/* Another user's file takes no time but the present one. */
	if (errno == EPERM && !command->now_given && !utimensat(AT_FDCWD, path, NULL, 0))
		return 0;
	return fail(path, error);
}

/* 0, or -1 with errno: EWOULDBLOCK when the time was over. */
static int lock(int file, int seconds)
{
	static const struct timespec pause = { .tv_nsec = PAUSE_NANOSECONDS };
	int64_t deadline = tkt_monotonic_milliseconds() + seconds * INT64_C(1000);

	while (flock(file, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK || tkt_monotonic_milliseconds() >= deadline)
			return -1;
		nanosleep(&pause, NULL);
	}
	return 0;
}

int tkt_sweep_hold(const char *folder, int seconds, int *file, struct tkt_error *error)
{
	tkt_autofree char *path = tkt_path_join(folder, NAME);
	int opened;

	if (!path)
		return tkt_error_set_memory(error);
	if (tkt_sweep_file_make(folder, TKT_TIME_NONE, error))
		return -1;
	opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (opened < 0)
		return fail(path, error);
	if (lock(opened, seconds)) {
		if (errno == EWOULDBLOCK)
			tkt_error_set(
			    error, TKT_ERROR_TEMPORARY, _("another sweep of this desk is running"));
		else
			fail(path, error);
		close(opened);
		return -1;
	}
	*file = opened;
	return 0;
}
