#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/program.h"
#include "base/terminal.h"
#include "base/time.h"
#include "base/utf8.h"

#include "base/banned.h"

#define FLUSH_SIZE ((size_t)64 << 10)
#define FULL_SIZE ((size_t)1 << 20)

int64_t tkt_command_now(const struct tkt_command *command)
{
	return command->now_given ? command->now : tkt_time_system();
}

/* One write, so that the lines of a pipeline's tools do not mix. Its failure has nowhere to go. */
static void print_line(const struct tkt_command *command, const char *line)
{
	struct tkt_error ignored;
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_format(&text, "%s: ", command->program->name);
	tkt_utf8_terminal(&text, line, strlen(line), TKT_UTF8_ONE_LINE);
	tkt_text_add_byte(&text, '\n');
	if (text.failed) /* out of memory: the line as it is */
		dprintf(STDERR_FILENO, "%s: %s\n", command->program->name, line);
	else
		tkt_file_write_all(STDERR_FILENO, "stderr", text.bytes, text.length, &ignored);
}

void tkt_command_progress(struct tkt_command *command, int64_t items)
{
	command->done += items;
	if (items == 0)
		return;
	if (command->quiet || command->program->mail_server || !tkt_terminal_is(STDOUT_FILENO))
		tkt_progress_show(&command->progress, command->program->name, command->done);
}

void tkt_command_report(struct tkt_command *command, const struct tkt_error *error)
{
	tkt_progress_clear(&command->progress);
	command->worst = tkt_error_worse(command->worst, error->kind);
	if (error->kind != TKT_ERROR_NO)
		print_line(command, error->text);
}

void tkt_command_warn(struct tkt_command *command, const char *format, ...)
{
	char line[sizeof(((struct tkt_error *)NULL)->text)];
	va_list arguments;

	tkt_progress_clear(&command->progress);
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	print_line(command, line);
}

/* A library may have had SIGPIPE ignored since main() set it (GMime does). */
static void die_of_pipe(void)
{
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

int tkt_command_flush(struct tkt_command *command, struct tkt_error *error)
{
	const char *at = command->out.bytes;
	size_t left = command->out.length;

	if (tkt_text_check(&command->out, error)) {
		tkt_text_reset(&command->out);
		return -1;
	}
	while (left > 0 && !command->reader_gone) {
		ssize_t count = write(STDOUT_FILENO, at, left);
		struct pollfd wait = { .fd = STDOUT_FILENO, .events = POLLOUT };

		if (count >= 0) {
			at += count;
			left -= (size_t)count;
		} else if (errno == EPIPE) {
			if (!command->program->writes)
				die_of_pipe();
			command->reader_gone = true;
		} else if (errno == EAGAIN) {
			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			tkt_text_reset(&command->out);
			return tkt_error_set(error, TKT_ERROR_IO,
			    _("cannot write standard output: %s"), strerror(errno));
		}
	}
	tkt_text_reset(&command->out);
	return command->reader_gone ? 1 : 0;
}

bool tkt_command_is_full(const struct tkt_command *command)
{
	return command->out.length >= FULL_SIZE;
}

int tkt_command_flush_full(struct tkt_command *command, struct tkt_error *error)
{
	return command->out.length >= FLUSH_SIZE ? tkt_command_flush(command, error) : 0;
}
