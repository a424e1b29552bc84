/* tkt: run the tool of a name: `tkt list` is tkt-list, from the folder of tkt itself or from PATH.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/help.h"
#include "base/nearest.h"
#include "base/program.h"
#include "base/time.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

#define PREFIX "tkt-"
#define DESCRIPTION_LIMIT ((size_t)1 << 20)

extern char **environ;

/* The tools that can be run, in the order of their names; each name stands once. */
struct catalogue {
	glob_t files;       /* of all folders, in the order of the search */
	const char **paths; /* borrowed from files */
	size_t count;
};

static void catalogue_clear(struct catalogue *catalogue)
{
	free(catalogue->paths);
	globfree(&catalogue->files);
}

static const char *command_name(const char *path)
{
	return strrchr(path, '/') + 1 + strlen(PREFIX);
}

/* The folder of this program, "" when the system does not tell. */
static void find_own_folder(char folder[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);

	folder[length > 0 ? length : 0] = '\0';
	if (strrchr(folder, '/'))
		*strrchr(folder, '/') = '\0';
}

/* Where tools are looked for, with colons between: the program's own folder, then PATH. */
static int find_folders(struct tkt_text *folders, struct tkt_error *error)
{
	const char *path = getenv("PATH");
	char own[PATH_MAX];

	find_own_folder(own);
	tkt_text_init(folders, TKT_TEXT_LIMIT);
	tkt_text_format(folders, "%s:%s", own, path ? path : "");
	return tkt_text_check(folders, error);
}

/* The tool of a command in *path, to be freed; NULL when there is none. */
static int find_tool(const char *name, char **path, struct tkt_error *error)
{
	tkt_autotext folders;
	char *rest, *folder;

	*path = NULL;
	if (find_folders(&folders, error))
		return -1;
	for (rest = folders.bytes; !strchr(name, '/') && (folder = strsep(&rest, ":"));) {
		if (*folder && asprintf(path, "%s/" PREFIX "%s", folder, name) < 0)
			return tkt_error_set_memory(error);
		if (*path && access(*path, X_OK) == 0)
			return 0;
		free(tkt_take(*path));
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(command_name(*(const char *const *)a), command_name(*(const char *const *)b));
}

/* Is the tool that a name means, and not one behind it in the search. */
static bool is_first(const struct catalogue *catalogue, const char *path)
{
	size_t index;

	for (index = 0; index < catalogue->count; index++)
		if (compare_names(&catalogue->paths[index], &path) == 0)
			return false;
	return access(path, X_OK) == 0;
}

static int catalogue_read(struct catalogue *catalogue, struct tkt_error *error)
{
	tkt_autotext folders;
	char *rest, *folder;
	size_t index;

	if (find_folders(&folders, error))
		return -1;
	for (rest = folders.bytes; (folder = strsep(&rest, ":"));) {
		tkt_autofree char *pattern = NULL;
		int append = catalogue->files.gl_pathv ? GLOB_APPEND : 0;

		if (asprintf(&pattern, "%s/" PREFIX "*", folder) < 0 ||
		    (*folder && glob(pattern, append, NULL, &catalogue->files) == GLOB_NOSPACE))
			return tkt_error_set_memory(error);
	}
	catalogue->paths = calloc(catalogue->files.gl_pathc + 1, sizeof(*catalogue->paths));
	if (!catalogue->paths)
		return tkt_error_set_memory(error);
	for (index = 0; index < catalogue->files.gl_pathc; index++)
		if (is_first(catalogue, catalogue->files.gl_pathv[index]))
			catalogue->paths[catalogue->count++] = catalogue->files.gl_pathv[index];
	qsort(catalogue->paths, catalogue->count, sizeof(*catalogue->paths), compare_names);
	return 0;
}

/* Only our own tools are asked, and no script: what another does with --describe is not known. */
static bool knows_describe(const char *path)
{
	char start[2] = "", own[PATH_MAX];
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool script = file < 0 || read(file, start, sizeof(start)) != sizeof(start) ||
	    memcmp(start, "#!", sizeof(start)) == 0;

	if (file >= 0)
		close(file);
	find_own_folder(own);
	return !script && !strncmp(path, own, strlen(own)) &&
	    strrchr(path, '/') == path + strlen(own);
}

/* Starts `path --describe`. Returns the end of a pipe with its output, or -1. */
static int start_describing(const char *path, pid_t *process)
{
	char *arguments[] = { (char *)path, "--describe", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], code;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	code = posix_spawn(process, path, &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (!code)
		return ends[0];
	close(ends[0]);
	return -1;
}

/* What a tool says it does, to be freed; NULL when it does not say. */
static char *ask_summary(const char *path)
{
	tkt_autotext description;
	json_auto_t *object = NULL;
	struct tkt_error unread = { 0 };
	const char *summary = NULL;
	pid_t process;
	int from = knows_describe(path) ? start_describing(path, &process) : -1;

	tkt_text_init(&description, DESCRIPTION_LIMIT);
	if (from < 0)
		return NULL;
	if (tkt_file_read_all(from, path, &description, &unread) == 0 &&
	    tkt_object_parse(
		description.bytes, strcspn(description.bytes, "\n"), &object, &unread) == 0)
		summary = tkt_object_text(object, "summary");
	close(from);
	waitpid(process, NULL, 0);
	return summary ? strdup(summary) : NULL;
}

static void show_commands(struct tkt_command *command, const struct catalogue *catalogue)
{
	size_t widest = 0, index;

	for (index = 0; index < catalogue->count; index++)
		if (strlen(command_name(catalogue->paths[index])) > widest)
			widest = strlen(command_name(catalogue->paths[index]));
	tkt_help_add_usage(&command->out, command->program);
	tkt_text_format(&command->out, "\n%s\n", _("Commands:"));
	for (index = 0; index < catalogue->count; index++) {
		tkt_autofree char *summary = ask_summary(catalogue->paths[index]);

		tkt_text_format(&command->out, "  %-*s%s%s\n", summary ? (int)widest : 0,
		    command_name(catalogue->paths[index]), summary ? "  " : "",
		    summary ? summary : "");
	}
	tkt_text_format(&command->out, "\n%s\n",
	    _("'tkt help COMMAND' shows the options of one, 'man tkt-COMMAND' its manual page."));
}

/* The options given to tkt reach the tool by the environment, or as options of its own. */
static int hand_on_options(const struct tkt_command *command)
{
	char now[TKT_TIME_SIZE];

	return (command->desk && setenv("TKT_DESK", command->desk, 1)) ||
	    (command->agent && setenv("TKT_AGENT", command->agent, 1)) ||
	    (command->now_given && setenv("TKT_NOW", tkt_time_format(command->now, now), 1));
}

/* Becomes the tool; returns only on failure. */
static int become(
    const struct tkt_command *command, const char *path, char **arguments, struct tkt_error *error)
{
	static const char *const formats[] = { "--format=json", "--format=table", "--format=tsv" };
	tkt_autofree const char **all = calloc(command->operand_count + 4, sizeof(*all));
	size_t count = 0;

	if (!all || hand_on_options(command))
		return tkt_error_set_memory(error);
	all[count++] = strrchr(path, '/') + 1;
	if (command->format_given)
		all[count++] = formats[command->format];
	if (command->quiet)
		all[count++] = "--quiet";
	while (*arguments)
		all[count++] = *arguments++;
	execv(path, (char *const *)all);
	return tkt_error_set_system(error, errno, _("cannot run '%s'"), path);
}

static int unknown(const struct catalogue *catalogue, const char *name, struct tkt_error *error)
{
	struct tkt_nearest nearest;
	size_t index;

	tkt_nearest_init(&nearest, name);
	for (index = 0; index < catalogue->count; index++)
		tkt_nearest_offer(&nearest, command_name(catalogue->paths[index]));
	if (nearest.found)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("there is no command '%s'; did you mean '%s'?"), name, nearest.found);
	return tkt_error_set(
	    error, TKT_ERROR_USAGE, _("there is no command '%s'; see tkt --help"), name);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	__attribute__((cleanup(catalogue_clear))) struct catalogue catalogue = { 0 };
	static char *help[] = { "--help", NULL };
	tkt_autofree char *path = NULL;
	char **words = command->operands;
	bool wants_help = !words[0] || !strcmp(words[0], "help") || !strcmp(words[0], "--help");

	if (wants_help && (!words[0] || !words[1])) {
		if (catalogue_read(&catalogue, error))
			return -1;
		show_commands(command, &catalogue);
		return 0;
	}
	if (wants_help)
		words++;
	if (words[0][0] == '-')
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("unknown option '%s'; see %s --help"), words[0], command->program->name);
	if (find_tool(words[0], &path, error))
		return -1;
	if (path)
		return become(command, path, wants_help ? help : words + 1, error);
	if (catalogue_read(&catalogue, error))
		return -1;
	return unknown(&catalogue, words[0], error);
}

const struct tkt_program tkt_program = {
	.name = "tkt",
	.synopsis = "[-D DIR] COMMAND [ARGUMENT...]",
	.summary = N_("A help desk for the shell: run one of its commands."),
	.operands = N_("COMMAND"),
	.exit_statuses = "0 64 66 70 74 75 77",
	.own_help = true,
	.run = run,
};
