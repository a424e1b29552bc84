#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/time.h"
#include "base/words.h"

#include "base/banned.h"

extern char **environ;

static void close_end(int *file)
{
	if (*file >= 0)
		close(*file);
	*file = -1;
}

/*
 * Starts it in a process group of its own, which a timeout can end as a whole, with the signals of
 * a fresh process. Returns 0 or the code of posix_spawnp().
 */
static int spawn(char *const *arguments, int input, int output, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int code;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	code = posix_spawn_file_actions_init(&files);
	if (code)
		return code;
	code = posix_spawnattr_init(&attributes);
	if (code) {
		posix_spawn_file_actions_destroy(&files);
		return code;
	}
	posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	code = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
	if (!code)
		code = posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	if (!code)
		code = posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
	if (!code)
		code = posix_spawnp(pid, arguments[0], &files, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return code;
}

static int start(struct tkt_child *child, char *const *arguments, struct tkt_error *error)
{
	int input[2], output[2], code;

	if (pipe2(input, O_CLOEXEC))
		return tkt_error_set_system(error, errno, _("cannot make a pipe"));
	if (pipe2(output, O_CLOEXEC)) {
		tkt_error_set_system(error, errno, _("cannot make a pipe"));
		close(input[0]);
		close(input[1]);
		return -1;
	}
	child->input = input[1];
	child->output = output[0];
	fcntl(child->input, F_SETFL, O_NONBLOCK);
	fcntl(child->output, F_SETFL, O_NONBLOCK);
	code = spawn(arguments, input[0], output[1], &child->pid);
	close(input[0]);
	close(output[1]);
	if (!code)
		return 0;
	close_end(&child->input);
	close_end(&child->output);
	tkt_error_set_system(error, code, _("cannot run '%s'"), arguments[0]);
	if (error->kind != TKT_ERROR_TEMPORARY)
		error->kind = TKT_ERROR_CONFIGURATION;
	return -1;
}

/* Takes what it has said so far; keeps the beginning. */
static void hear(struct tkt_child *child)
{
	char bytes[4096];
	ssize_t got;

	while ((got = read(child->output, bytes, sizeof(bytes))) > 0) {
		size_t room = TKT_CHILD_SAID - child->said.length;

		tkt_text_add_bytes(&child->said, bytes, (size_t)got < room ? (size_t)got : room);
	}
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&child->output);
}

static void feed(struct tkt_child *child, const struct tkt_text *bytes)
{
	ssize_t wrote =
	    write(child->input, bytes->bytes + child->written, bytes->length - child->written);

	if (wrote > 0)
		child->written += (size_t)wrote;
	else if (wrote < 0 && errno != EAGAIN && errno != EINTR) /* EPIPE: it reads no more */
		close_end(&child->input);
	if (child->written == bytes->length)
		close_end(&child->input);
}

static void wait_for(struct tkt_child *child, int options)
{
	pid_t ended;

	while ((ended = waitpid(child->pid, &child->status, options)) < 0 && errno == EINTR)
		;
	if (ended < 0) /* SIGCHLD is ignored: nobody will ever know */
		child->status = SIGKILL;
	child->ended = ended != 0;
}

/*
 * Feeds, hears and waits until it has ended. Its end is asked for, not derived from closed pipes:
 * a daemon that it leaves behind may hold them for ever.
 */
static void attend(struct tkt_child *child, const struct tkt_text *bytes)
{
	while (!child->ended) {
		struct pollfd files[] = {
			{ .fd = child->input, .events = POLLOUT },
			{ .fd = child->output, .events = POLLIN },
		};
		int nap = child->output < 0 ? 2 : 20;

		poll(files, 2, nap);
		if (files[0].revents)
			feed(child, bytes);
		if (files[1].revents)
			hear(child);
		wait_for(child, WNOHANG);
		if (!child->ended && tkt_monotonic_milliseconds() > child->deadline) {
			/* Killed before its input is closed, lest half of its input look like the
			 * whole. */
			child->timed_out = true;
			kill(-child->pid, SIGKILL);
			wait_for(child, 0);
		}
	}
	if (child->output >= 0)
		hear(child);
	close_end(&child->input);
	close_end(&child->output);
}

/* attend() with SIGPIPE held back; one that came of our writing is taken off again. */
static void attend_quietly(struct tkt_child *child, const struct tkt_text *bytes)
{
	const struct timespec at_once = { 0 };
	sigset_t pipe_signal, before, pending;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	attend(child, bytes);
	if (!sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int tkt_child_run(struct tkt_child *child, char *const *arguments, const struct tkt_text *bytes,
    int timeout_seconds, struct tkt_error *error)
{
	*child = (struct tkt_child){ .input = -1, .output = -1 };
	tkt_text_init(&child->said, TKT_CHILD_SAID);
	if (start(child, arguments, error))
		return -1;
	child->deadline = tkt_monotonic_milliseconds() + (int64_t)timeout_seconds * 1000;
	attend_quietly(child, bytes);
	return 0;
}

void tkt_child_clear(struct tkt_child *child)
{
	tkt_text_clear(&child->said);
}

char **tkt_words_split(char *text)
{
	char **words = calloc(strlen(text) / 2 + 2, sizeof(*words));
	size_t count = 0;
	char *word;

	while (words && (word = strsep(&text, " \t\r\n")))
		if (word[0])
			words[count++] = word;
	return words;
}
