#include "flow/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/terminal.h"
#include "base/utf8.h"
#include "base/words.h"
#include "flow/session.h"
#include "store/message.h"
#include "json/field.h"

#include "base/banned.h"

#define MARKER "# ------------------------ >8 ------------------------\n"
#define HELP "# "

extern char **environ;

struct tkt_draft {
	char *path;
};

/* Makes the folder `below` another one, and `base` itself, but nothing above it. Returns it, or
 * NULL when there is none. */
static char *state_folder(const char *base, const char *below)
{
	tkt_autofree char *folder = NULL;
	struct stat status;
	char *at;

	if (tkt_text_is_empty(base) || *base != '/' || asprintf(&folder, "%s%s", base, below) < 0)
		return NULL;
	for (at = folder + strlen(base); (at = strchr(at, '/')); at++) {
		*at = '\0';
		mkdir(folder, 0700);
		*at = '/';
	}
	mkdir(folder, 0700);
	return stat(folder, &status) || !S_ISDIR(status.st_mode) || access(folder, W_OK)
	    ? NULL
	    : tkt_take(folder);
}

/* Where a text outlives the program and, if it can be, the machine's next start. */
static char *draft_folder(void)
{
	const char *temporary = getenv("TMPDIR");
	char *folder = state_folder(getenv("XDG_STATE_HOME"), "/tkt");

	if (!folder)
		folder = state_folder(getenv("HOME"), "/.local/state/tkt");
	return folder ? folder : strdup(tkt_text_is_empty(temporary) ? "/tmp" : temporary);
}

int tkt_draft_new(const char *name, const void *bytes, size_t length, struct tkt_draft **draft,
    struct tkt_error *error)
{
	tkt_autofree char *folder = draft_folder();
	tkt_autoptr(draft) made = calloc(1, sizeof(*made));
	int file, done;

	if (!folder || !made || asprintf(&made->path, "%s/tkt-reply-%s-XXXXXX", folder, name) < 0)
		return tkt_error_set_memory(error);
	file = mkostemp(made->path, O_CLOEXEC);
	if (file < 0)
		return tkt_error_set_system(
		    error, errno, _("cannot keep the text in a file below '%s'"), folder);
	done = tkt_file_write_all(file, made->path, bytes, length, error);
	if (!done && fsync(file))
		done = tkt_error_set_system(error, errno, _("cannot write '%s'"), made->path);
	close(file);
	if (done) {
		tkt_draft_remove(made);
		return -1;
	}
	*draft = tkt_take(made);
	return 0;
}

const char *tkt_draft_path(const struct tkt_draft *draft)
{
	return draft->path;
}

void tkt_draft_remove(struct tkt_draft *draft)
{
	unlink(draft->path);
}

void tkt_draft_free(struct tkt_draft *draft)
{
	if (!draft)
		return;
	free(draft->path);
	free(draft);
}

/* One line of help, whatever a stranger wrote into it. */
static void add_help(struct tkt_text *out, const char *label, const char *text)
{
	tkt_text_format(out, HELP "%s", label);
	tkt_utf8_terminal(out, text, strlen(text), TKT_UTF8_ONE_LINE);
	tkt_text_add_byte(out, '\n');
}

static void add_quoted(struct tkt_text *out, const json_t *message)
{
	const char *name = tkt_object_text(message, "author.name");
	const char *body = tkt_object_text(message, "body");
	const char *at = tkt_object_text(message, "received_at");
	tkt_autotext title;

	tkt_text_init(&title, TKT_TEXT_LIMIT);
	if (!name)
		name = tkt_object_text(message, "author.email");
	/* TRANSLATORS: a time and a name, before a quoted message. */
	tkt_text_format(&title, _("%s, %s wrote:"), at ? at : "?", name ? name : "?");
	tkt_text_add(out, "#\n");
	add_help(out, "", title.bytes);
	while (body && *body) {
		size_t length = strcspn(body, "\n");
		tkt_autofree char *line = strndup(body, length);

		add_help(out, "> ", line ? line : "");
		body += length + (body[length] == '\n');
	}
}

/* Its first line is how tkt_draft_read() knows that the help is still there. */
static const char *first_help(void)
{
	return _(
	    "This line, the one above and all below are not sent. An empty text sends nothing.");
}

int tkt_draft_frame(struct tkt_session *session, const json_t *ticket, const char *whom,
    struct tkt_text *out, struct tkt_error *error)
{
	const char *id = tkt_object_text(ticket, "id"),
		   *subject = tkt_object_text(ticket, "subject");
	json_auto_t *last = NULL;
	tkt_autotext title;

	tkt_text_init(&title, TKT_TEXT_LIMIT);
	if (tkt_message_last(session->db, id, false, &last, error) < 0)
		return -1;
	tkt_text_add(out, "\n" MARKER);
	tkt_text_format(out, HELP "%s\n", first_help());
	tkt_text_format(&title, "%s: %s", id, subject ? subject : "");
	add_help(out, "", title.bytes);
	add_help(out, "", whom);
	if (last)
		add_quoted(out, last);
	return tkt_text_check(out, error);
}

/* Its signals are those of a fresh process; where our output is no terminal, the editor writes to
 * standard error.
 */
static int start_editor(const char *editor, const char *path, pid_t *process)
{
	tkt_autofree char *script = NULL;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int code;

	if (asprintf(&script, "%s \"$@\"", editor) < 0)
		return ENOMEM;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGQUIT);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	if (!tkt_terminal_is(STDOUT_FILENO))
		posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	code = posix_spawn(process, "/bin/sh", &actions, &attributes,
	    (char *[]){ "sh", "-c", script, (char *)editor, (char *)path, NULL }, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return code;
}

int tkt_draft_edit(const struct tkt_draft *draft, struct tkt_error *error)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction interrupt, quit;
	const char *editor = getenv("VISUAL");
	int status = 0, code;
	pid_t process;

	if (tkt_text_is_empty(editor))
		editor = getenv("EDITOR");
	if (tkt_text_is_empty(editor))
		editor = "vi";
	/* ^C is the editor's alone. */
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	code = start_editor(editor, draft->path, &process);
	while (!code && waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (code)
		return tkt_error_set_system(error, code, _("cannot run the editor '%s'"), editor);
	return status ? tkt_error_set(error, TKT_ERROR_DATA,
			    _("the editor '%s' has failed; nothing is sent"), editor)
		      : 0;
}

int tkt_draft_read(const struct tkt_draft *draft, struct tkt_text *out, struct tkt_error *error)
{
	const char *marker;
	tkt_autotext bytes;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (tkt_file_read(draft->path, &bytes, error))
		return -1;
	marker = memmem(bytes.bytes, bytes.length, "\n" MARKER, strlen("\n" MARKER));
	if (!strncmp(bytes.bytes, MARKER, strlen(MARKER)))
		tkt_text_reset(&bytes);
	else if (marker)
		tkt_text_truncate(&bytes, (size_t)(marker - bytes.bytes));
	else if (memmem(bytes.bytes, bytes.length, first_help(), strlen(first_help())))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the line '>8' is gone, so what is to be sent cannot be told; nothing is sent"));
	if (truncate(draft->path, (off_t)bytes.length))
		return tkt_error_set_system(error, errno, _("cannot write '%s'"), draft->path);
	tkt_text_add_bytes(out, bytes.bytes, bytes.length);
	return tkt_text_check(out, error);
}
