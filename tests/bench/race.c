/*
 * race: how long do commands take that do the same work? They run in turn, one process each, so
 * that what else the machine does meets all of them alike.
 *
 *   race ROUNDS PROCESSES FIRST MAILS COMMAND...
 *
 *   ROUNDS     a round gives one figure for each command: the mean of its processes
 *   PROCESSES  of each command in a round; they take turns
 *   FIRST      the number of the first letter of MAILS (see `corpus`); the next process gets the
 *              next one, and all commands get the same ones
 *   MAILS      a folder of letters, for standard input; '-' for none
 *   COMMAND    'name|goal|words': the first one is ours, the others are measured against; the
 *              goal is the most that ours may take in times of this one, empty for none. The words
 *              are parted by blanks and run without a shell; their output is thrown away. A word
 *              '@FILE' stands for a line of FILE: the next one for each process of a command.
 *
 * Writes a line for each peer: tab, names, medians (least, most) in ms, ratio, goal. A process that
 * fails ends the race.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MOST 100
#define COMMANDS_MOST 8
#define WORDS_MOST 32

struct contestant {
	char *name, *goal, *words[WORDS_MOST + 1];
	double milliseconds[ROUNDS_MOST]; /* a process, by round */
};

extern char **environ;

static void die(const char *what)
{
	fprintf(stderr, "race: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void read_command(char *text, struct contestant *contestant)
{
	char *rest = text, *word;
	int count = 0;

	contestant->name = strsep(&rest, "|");
	contestant->goal = strsep(&rest, "|");
	while (rest && (word = strsep(&rest, " ")) && count < WORDS_MOST)
		contestant->words[count++] = word;
	if (count == 0) {
		fprintf(stderr, "race: a command is 'name|goal|words'\n");
		exit(64);
	}
}

/* Line `number` of a file, counted from 0; to be freed. */
static char *read_line(const char *path, int number)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;

	if (!file)
		die(path);
	for (; number >= 0; number--)
		if (getline(&line, &room, file) < 0)
			die(path);
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* One process from spawn to its end, in ms; `number`: how many it had before. */
static double run(const struct contestant *contestant, const char *input, int number)
{
	char *words[WORDS_MOST + 1] = { NULL };
	posix_spawn_file_actions_t files;
	int status, code;
	double start;
	pid_t child;
	int at;

	for (at = 0; contestant->words[at]; at++)
		words[at] = contestant->words[at][0] == '@'
		    ? read_line(contestant->words[at] + 1, number)
		    : contestant->words[at];
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	start = now();
	code = posix_spawnp(&child, words[0], &files, NULL, words, environ);
	if (code) {
		errno = code;
		die(contestant->words[0]);
	}
	if (waitpid(child, &status, 0) < 0)
		die("waitpid");
	start = now() - start;
	posix_spawn_file_actions_destroy(&files);
	for (at = 0; words[at]; at++)
		if (words[at] != contestant->words[at])
			free(words[at]);
	if (status != 0) {
		fprintf(stderr, "race: '%s' < %s ended with status %d\n", contestant->name, input,
		    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
		exit(1);
	}
	return start;
}

static int compare(const void *one, const void *other)
{
	double left = *(const double *)one, right = *(const double *)other;

	return (left > right) - (left < right);
}

/* "4.10 (3.22-4.73)" */
static void print_spread(const double *values, int count)
{
	double sorted[ROUNDS_MOST];

	memcpy(sorted, values, (size_t)count * sizeof(*values));
	qsort(sorted, (size_t)count, sizeof(*sorted), compare);
	printf("\t%.2f (%.2f-%.2f)", (sorted[(count - 1) / 2] + sorted[count / 2]) / 2, sorted[0],
	    sorted[count - 1]);
}

static void print_pair(const struct contestant *ours, const struct contestant *peer, int rounds)
{
	double ratios[ROUNDS_MOST];
	int round;

	for (round = 0; round < rounds; round++)
		ratios[round] = ours->milliseconds[round] / peer->milliseconds[round];
	printf("%s\t%s", ours->name, peer->name);
	print_spread(ours->milliseconds, rounds);
	print_spread(peer->milliseconds, rounds);
	print_spread(ratios, rounds);
	printf("\t%s\n", peer->goal);
}

int main(int argc, char **argv)
{
	static struct contestant contestants[COMMANDS_MOST];
	int rounds, processes, first, count = argc - 5, round, process, at;
	const char *mails;

	if (count < 2 || count > COMMANDS_MOST) {
		fprintf(stderr, "usage: race ROUNDS PROCESSES FIRST MAILS COMMAND COMMAND...\n");
		return 64;
	}
	rounds = (int)strtol(argv[1], NULL, 10);
	processes = (int)strtol(argv[2], NULL, 10);
	first = (int)strtol(argv[3], NULL, 10);
	mails = argv[4];
	if (rounds < 1 || rounds > ROUNDS_MOST || processes < 1)
		return 64;
	for (at = 0; at < count; at++)
		read_command(argv[5 + at], &contestants[at]);
	for (round = 0; round < rounds; round++) {
		for (process = 0; process < processes; process++) {
			char input[4096] = "/dev/null";

			if (strcmp(mails, "-") != 0)
				snprintf(input, sizeof(input), "%s/%06d", mails, first++);
			for (at = 0; at < count; at++) {
				/* Who comes first changes from one to the next. */
				struct contestant *next = &contestants[(at + process) % count];

				next->milliseconds[round] +=
				    run(next, input, round * processes + process) / processes;
			}
		}
	}
	for (at = 1; at < count; at++)
		print_pair(&contestants[0], &contestants[at], rounds);
	return 0;
}
