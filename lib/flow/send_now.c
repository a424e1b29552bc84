#include "flow/send_now.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/program.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "store/outgoing.h"
#include "json/field.h"

#include "base/banned.h"

#define SENDER "tkt-mailout"
#define COMPLAINT_LIMIT ((size_t)64 << 10)

extern char **environ;

/* The tool beside this program; its bare name, for PATH, when there is none. */
static void find_sender(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - sizeof("/" SENDER));
	char *slash;

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		memcpy(slash + 1, SENDER, sizeof(SENDER));
	if (!slash || access(path, X_OK))
		memcpy(path, SENDER, sizeof(SENDER));
}

/* Starts it with its complaints on a pipe, and with a SIGPIPE that kills as it does elsewhere. */
static int start_sender(char **arguments, int *from, pid_t *process)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int ends[2], code;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
	code = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	*from = ends[0];
	if (!code)
		return 0;
	close(ends[0]);
	return -1;
}

/* Runs it, and adds why mails may still be here: the first of its complaints, its sentence's start
 * cut, or what else it can be. */
static void run_sender(const struct tkt_session *session, const char *ticket, struct tkt_text *why)
{
	static const char prefix[] = SENDER ": ";
	const struct tkt_command *command = session->command;
	char path[PATH_MAX], now[TKT_TIME_SIZE];
	char *arguments[] = { path, "--quiet", "--desk", session->desk->path, "--ticket",
		(char *)ticket, command->now_given ? "--now" : NULL, now, NULL };
	struct tkt_error ignored = { 0 };
	tkt_autotext complaint;
	const char *said;
	pid_t process;
	int from, status = -1;

	tkt_text_init(&complaint, COMPLAINT_LIMIT);
	find_sender(path);
	tkt_time_format(command->now, now);
	if (!start_sender(arguments, &from, &process)) {
		tkt_file_read_all(from, SENDER, &complaint, &ignored);
		close(from);
		waitpid(process, &status, 0);
	}
	tkt_text_truncate(&complaint, strcspn(complaint.bytes, "\n"));
	said = complaint.bytes;
	if (!strncmp(said, prefix, strlen(prefix)))
		said += strlen(prefix);
	/* It left them without a word: the rate, or another run has them. */
	tkt_text_add(why,
	    *said         ? said
		: !status ? _("it waits for its turn")
			  : _("tkt-mailout could not be run"));
}

/* 'SUP-1: sent to anna@example.com', or why not yet: what the row says, else `why`. */
static int say_outcome(
    struct tkt_session *session, const json_t *outgoing, const char *why, struct tkt_error *error)
{
	const char *id = tkt_object_text(outgoing, "ticket"), *state, *reason;
	const char *recipient =
	    json_string_value(json_array_get(json_object_get(outgoing, "recipients"), 0));
	json_auto_t *row = NULL;

	if (tkt_outgoing_get(session->db, json_integer_value(json_object_get(outgoing, "number")),
		&row, error) < 0)
		return -1;
	state = tkt_object_text(row, "state");
	if (tkt_text_equal(state, "sent")) {
		tkt_command_warn(session->command, _("%s: sent to %s"), id, recipient);
		return 0;
	}
	reason = tkt_object_text(row, "error");
	tkt_command_warn(session->command,
	    tkt_text_equal(state, "failed") ? _("%s: failed to reach %s: %s")
					    : _("%s: queued for %s: %s"),
	    id, recipient, reason ? reason : why);
	return 0;
}

int tkt_send_now(struct tkt_session *session, const json_t *outgoing, struct tkt_error *error)
{
	const char *previous = NULL;
	const json_t *element;
	tkt_autotext why;
	size_t at;

	tkt_text_init(&why, COMPLAINT_LIMIT);
	json_array_foreach(outgoing, at, element) {
		const char *id = tkt_object_text(element, "ticket");

		if (!tkt_text_equal(id, previous)) {
			tkt_text_reset(&why);
			run_sender(session, id, &why);
			previous = id;
		}
		if (say_outcome(session, element, why.bytes, error))
			return -1;
	}
	return 0;
}
