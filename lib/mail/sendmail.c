/* A command that takes a mail as sendmail(8) does; no shell on the way. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/banned.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "mail/sender.h"

extern char **environ;

enum {
	SAID_BYTES = 600,        /* of the command's output: what an error text shows */
	EXIT_NOT_RUNNABLE = 126, /* of a shell or env(1) in the command */
	EXIT_NOT_FOUND = 127,
};

struct command {
	char *text;   /* the desk's command, cut into words */
	char **words; /* into `text`; ended by NULL */
	size_t count;
	bool ignores_dots; /* it has '-i' already */
};

/* One run. */
struct child {
	pid_t pid;
	int input, output; /* our ends of its pipes, not blocking; -1: closed */
	size_t written;
	struct tkt_text said; /* its standard output and error, SAID_BYTES at most */
	int64_t deadline;     /* milliseconds of the monotonic clock */
	bool timed_out;
	bool ended; /* and waited for: `status` holds */
	int status;
};

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void close_end(int *file)
{
	if (*file >= 0)
		close(*file);
	*file = -1;
}

static int open_command(struct tkt_sender *sender, struct tkt_error *error)
{
	const char *text = sender->desk->transport.command;
	struct command *command = calloc(1, sizeof(*command));
	char *rest, *word;

	if (!command)
		return tkt_error_set_memory(error);
	sender->state = command;
	command->text = strdup(text ? text : "");
	command->words = calloc(strlen(text ? text : "") / 2 + 2, sizeof(*command->words));
	if (!command->text || !command->words)
		return tkt_error_set_memory(error);
	rest = command->text;
	while ((word = strsep(&rest, " \t\r\n"))) {
		if (!word[0])
			continue;
		command->words[command->count++] = word;
		if (tkt_text_equal(word, "-i") || tkt_text_equal(word, "-oi"))
			command->ignores_dots = true;
	}
	if (command->count == 0)
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("the sendmail transport needs a 'command'"));
	return 0;
}

static void close_command(struct tkt_sender *sender)
{
	struct command *command = sender->state;

	if (!command)
		return;
	free(command->words);
	free(command->text);
	free(command);
}

/* COMMAND... -i -f SENDER -- RECIPIENT...; the strings stay borrowed. NULL: memory is out. */
static char **new_arguments(const struct command *command, const struct tkt_dispatch *letter)
{
	size_t count = 0, used = 0, i;
	char **arguments;

	while (letter->recipients[count])
		count++;
	arguments = calloc(command->count + count + 5, sizeof(*arguments));
	if (!arguments)
		return NULL;
	for (i = 0; i < command->count; i++)
		arguments[used++] = command->words[i];
	if (!command->ignores_dots)
		arguments[used++] = (char *)"-i";
	arguments[used++] = (char *)"-f";
	arguments[used++] = (char *)(letter->from[0] ? letter->from : "<>");
	arguments[used++] = (char *)"--";
	for (i = 0; i < count; i++)
		arguments[used++] = (char *)letter->recipients[i];
	return arguments;
}

/*
 * Starts it in a process group of its own, which a timeout can end as a whole, with the signals of
 * a fresh process. Returns 0 or the code of posix_spawnp().
 */
static int spawn(char **arguments, int input, int output, pid_t *pid)
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

static int start(struct child *child, char **arguments, struct tkt_error *error)
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
static void hear(struct child *child)
{
	char bytes[4096];
	ssize_t got;

	while ((got = read(child->output, bytes, sizeof(bytes))) > 0) {
		size_t room = SAID_BYTES - child->said.length;

		tkt_text_add_bytes(&child->said, bytes, (size_t)got < room ? (size_t)got : room);
	}
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&child->output);
}

static void feed(struct child *child, const struct tkt_text *mail)
{
	ssize_t wrote =
	    write(child->input, mail->bytes + child->written, mail->length - child->written);

	if (wrote > 0)
		child->written += (size_t)wrote;
	else if (wrote < 0 && errno != EAGAIN && errno != EINTR) /* EPIPE: it reads no more */
		close_end(&child->input);
	if (child->written == mail->length)
		close_end(&child->input);
}

static void wait_for(struct child *child, int options)
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
static void attend(struct child *child, const struct tkt_text *mail)
{
	while (!child->ended) {
		struct pollfd files[] = {
			{ .fd = child->input, .events = POLLOUT },
			{ .fd = child->output, .events = POLLIN },
		};
		int nap = child->output < 0 ? 2 : 20;

		poll(files, 2, nap);
		if (files[0].revents)
			feed(child, mail);
		if (files[1].revents)
			hear(child);
		wait_for(child, WNOHANG);
		if (!child->ended && milliseconds() > child->deadline) {
			/* Killed before its input is closed, lest half a mail look like a whole. */
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
static void attend_quietly(struct child *child, const struct tkt_text *mail)
{
	const struct timespec at_once = { 0 };
	sigset_t pipe_signal, before, pending;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	attend(child, mail);
	if (!sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&pipe_signal, NULL, &at_once) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static enum tkt_error_kind kind_of_exit(int status)
{
	switch (status) {
	case EX_TEMPFAIL:
	case EX_OSERR:
	case EX_CANTCREAT:
	case EX_IOERR:
		return TKT_ERROR_TEMPORARY;
	case EX_NOPERM: /* msmtp: the login was refused */
	case EX_CONFIG:
	case EXIT_NOT_RUNNABLE:
	case EXIT_NOT_FOUND:
		return TKT_ERROR_CONFIGURATION;
	default:
		return TKT_ERROR_UNAVAILABLE;
	}
}

static int judge(const struct child *child, const char *name, bool complete,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	tkt_autotext said;

	tkt_text_init(&said, 4 * SAID_BYTES);
	tkt_mail_add_quoted(&said, child->said.bytes, child->said.length);
	if (said.length == 0)
		tkt_text_add(&said, _("it said nothing"));
	if (child->timed_out) {
		delivery->unknown = complete;
		return tkt_error_set(error, TKT_ERROR_TEMPORARY, _("'%s' did not end in time: %s"),
		    name, said.bytes);
	}
	if (!WIFEXITED(child->status)) {
		delivery->unknown = complete;
		return tkt_error_set(error, TKT_ERROR_TEMPORARY,
		    _("'%s' was ended by signal %d: %s"), name, WTERMSIG(child->status),
		    said.bytes);
	}
	if (WEXITSTATUS(child->status) != 0)
		return tkt_error_set(error, kind_of_exit(WEXITSTATUS(child->status)),
		    _("'%s' ended with status %d: %s"), name, WEXITSTATUS(child->status),
		    said.bytes);
	if (!complete) {
		delivery->unknown = true;
		return tkt_error_set(error, TKT_ERROR_TEMPORARY,
		    _("'%s' did not read the whole mail: %s"), name, said.bytes);
	}
	return 0;
}

static int send_by_command(struct tkt_sender *sender, const struct tkt_dispatch *letter,
    struct tkt_delivery *delivery, struct tkt_error *error)
{
	const struct command *command = sender->state;
	struct child child = { .input = -1, .output = -1 };
	tkt_autofree char **arguments = new_arguments(command, letter);
	tkt_autotext mail;
	int status;

	tkt_text_init(&mail, TKT_TEXT_LIMIT);
	tkt_mail_add_unix(&mail, letter->bytes, letter->length);
	if (!arguments)
		return tkt_error_set_memory(error);
	if (tkt_text_check(&mail, error) || start(&child, arguments, error))
		return -1;
	tkt_text_init(&child.said, SAID_BYTES);
	child.deadline = milliseconds() + (int64_t)sender->timeout_seconds * 1000;
	attend_quietly(&child, &mail);
	status = judge(&child, arguments[0], child.written == mail.length, delivery, error);
	tkt_text_clear(&child.said);
	return status;
}

const struct tkt_transport_driver tkt_transport_sendmail = {
	.open = open_command,
	.send = send_by_command,
	.close = close_command,
};
