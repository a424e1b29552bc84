#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/help.h"
#include "base/terminal.h"
#include "base/time.h"

#include "base/banned.h"

static struct {
	const char *desk, *now, *agent, *format; /* borrowed from argv */
	bool quiet, help, version, describe;
} given;

static const struct tkt_option options[] = {
	TKT_OPTION_TEXT('D', "desk", N_("DIR"), &given.desk, N_("the desk's folder (TKT_DESK)")),
	TKT_OPTION_TEXT(
	    0, "now", N_("TIME"), &given.now, N_("take this for the present time (TKT_NOW)")),
	TKT_OPTION_TEXT(0, "as", N_("AGENT"), &given.agent, N_("act as this agent (TKT_AGENT)")),
	TKT_OPTION_TEXT(
	    0, "format", N_("FORMAT"), &given.format, N_("write json, table, tsv or csv")),
	TKT_OPTION_FLAG(0, "quiet", &given.quiet, N_("write no objects")),
	TKT_OPTION_FLAG(0, "describe", &given.describe, N_("describe the program as JSON")),
	TKT_OPTION_FLAG(0, "version", &given.version, N_("show the version")),
	TKT_OPTION_FLAG(0, "help", &given.help, N_("show this help")), /* the last: see below */
	TKT_OPTION_END,
};

#define OPTION_COUNT (sizeof(options) / sizeof(options[0]))

/* A file of ours, the database above all, must never get the number of a standard one. Those that
 * were closed fail when they are used, as closed ones do. */
static int keep_standard_files(void)
{
	int file;

	for (file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
		int opened = file;

		if (fcntl(file, F_GETFD) == -1)
			opened = open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
		if (opened != file)
			return -1;
	}
	return 0;
}

/* A writer finishes when the reader of its output leaves; a reader dies, whatever it inherited. */
static void set_pipe_signal(bool writes)
{
	sigset_t pipe_signal;

	signal(SIGPIPE, writes ? SIG_IGN : SIG_DFL);
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &pipe_signal, NULL);
}

/* Where the locale is not installed, LANGUAGE still chooses among our translations. */
static void set_category(int category)
{
	if (!setlocale(category, ""))
		setlocale(category, "C.UTF-8");
}

/* Numbers, order and dates are the same everywhere; reading what a locale says of the other ten
 * categories would cost each start as much as opening the database. */
static void set_language(const char *datadir)
{
	tkt_autofree char *folder = tkt_path_join(datadir, "locale");

	set_category(LC_CTYPE);
	set_category(LC_MESSAGES);
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (folder)
		bindtextdomain("tkt", folder);
	bind_textdomain_codeset("tkt", "UTF-8");
	textdomain("tkt");
}

/* An option's argument, else the variable's value if it is not empty, else NULL. */
static int choose(const char *argument, const char *option, const char *variable,
    const char **chosen, struct tkt_error *error)
{
	const char *value = getenv(variable);

	if (argument && !*argument)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'%s' is empty"), option);
	if (tkt_text_is_empty(value))
		value = NULL;
	*chosen = argument ? argument : value;
	return 0;
}

static int choose_now(struct tkt_command *command, struct tkt_error *error)
{
	const char *now;

	command->now = tkt_time_system();
	if (choose(given.now, "--now", "TKT_NOW", &now, error))
		return -1;
	if (!now)
		return 0;
	if (tkt_time_parse(now, &command->now, error)) {
		error->kind = TKT_ERROR_USAGE;
		return tkt_error_prefix(error, "%s", given.now ? "--now" : "TKT_NOW");
	}
	command->now_given = true;
	return 0;
}

static int choose_format(struct tkt_command *command, struct tkt_error *error)
{
	command->format = tkt_terminal_is(STDOUT_FILENO) ? TKT_FORMAT_TABLE : TKT_FORMAT_JSON;
	command->format_given = given.format != NULL;
	if (!given.format)
		return 0;
	if (strcmp(given.format, "json") == 0)
		command->format = TKT_FORMAT_JSON;
	else if (strcmp(given.format, "table") == 0)
		command->format = TKT_FORMAT_TABLE;
	else if (strcmp(given.format, "tsv") == 0)
		command->format = TKT_FORMAT_TSV;
	else if (strcmp(given.format, "csv") == 0)
		command->format = TKT_FORMAT_CSV;
	else
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' is not a format; write json, table, tsv or csv"), given.format);
	return 0;
}

static int read_options(struct tkt_command *command, int argc, char **argv, struct tkt_error *error)
{
	const struct tkt_program *program = command->program;
	struct tkt_option but_help[OPTION_COUNT];
	int first;

	if (program->own_help) {
		memcpy(but_help, options, sizeof(options));
		but_help[OPTION_COUNT - 2] = options[OPTION_COUNT - 1];
		first = tkt_option_parse_leading(
		    argc, argv, program->name, program->options, but_help, error);
	} else {
		first =
		    tkt_option_parse(argc, argv, program->name, program->options, options, error);
	}
	if (first < 0)
		return -1;
	command->operands = argv + first;
	command->operand_count = (size_t)(argc - first);
	command->quiet = given.quiet;
	return 0;
}

/* --help and its like. 1 if one was given and answered. */
static int answer(struct tkt_command *command)
{
	const struct tkt_program *program = command->program;

	if (given.help)
		tkt_help_add(&command->out, program, options);
	else if (given.describe)
		tkt_help_describe(&command->out, program, options);
	else if (given.version)
		tkt_text_format(&command->out, "%s %s\n", program->name, TKT_VERSION);
	else
		return 0;
	return 1;
}

static int run(struct tkt_command *command, int argc, char **argv, struct tkt_error *error)
{
	const struct tkt_program *program = command->program;

	if (read_options(command, argc, argv, error))
		return -1;
	if (answer(command))
		return 0;
	if (command->operand_count > 0 && !program->operands)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("unexpected operand '%s'; see %s --help"), command->operands[0],
		    program->name);
	if (choose(given.desk, "--desk", "TKT_DESK", &command->desk, error) ||
	    choose(given.agent, "--as", "TKT_AGENT", &command->agent, error) ||
	    choose_now(command, error) || choose_format(command, error))
		return -1;
	return program->run(command, error);
}

/* What was added to the output before a failure is true all the same, so it is written. */
static void finish(struct tkt_command *command)
{
	struct tkt_error error = { 0 };

	if (tkt_command_flush(command, &error) < 0) {
		tkt_command_report(command, &error);
		return;
	}
	/* Some file systems keep a failure until the close. */
	if (close(STDOUT_FILENO) && errno != EBADF && errno != EINTR) {
		tkt_error_set(
		    &error, TKT_ERROR_IO, _("cannot write standard output: %s"), strerror(errno));
		tkt_command_report(command, &error);
	}
}

int main(int argc, char **argv)
{
	struct tkt_command command = { .program = &tkt_program };
	struct tkt_error error = { 0 };
	int result, status;

	if (keep_standard_files())
		return tkt_exit_status(TKT_ERROR_TEMPORARY);
	set_pipe_signal(tkt_program.writes);
	command.datadir = getenv("TKT_DATADIR");
	if (tkt_text_is_empty(command.datadir))
		command.datadir = TKT_DATADIR;
	set_language(command.datadir);
	tkt_text_init(&command.out, TKT_TEXT_LIMIT);
	result = run(&command, argc, argv, &error);
	if (result < 0 && error.kind == TKT_ERROR_NONE && !command.reader_gone)
		tkt_error_set(&error, TKT_ERROR_BUG, _("failed without a reason"));
	finish(&command);
	tkt_progress_clear(&command.progress);
	if (result < 0 && error.kind != TKT_ERROR_NONE)
		tkt_command_report(&command, &error);
	status = tkt_exit_status(command.worst);
	if (tkt_program.mail_server && status != 0)
		status = tkt_exit_status(TKT_ERROR_TEMPORARY);
	tkt_text_clear(&command.out);
	tkt_option_clear(tkt_program.options);
	return status;
}
