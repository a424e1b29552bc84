/*
 * queue: how long does a mail wait when a mail server drains a queue? As its pipes do, so many
 * processes take in a letter each; another program runs again and again all the while.
 *
 *   queue PIPES FIRST COUNT MAILS DELIVER READ
 *
 *   PIPES    processes that run at once
 *   FIRST    the number of the first letter of MAILS (see `corpus`), COUNT letters in all
 *   DELIVER  words parted by blanks: gets a letter on its standard input
 *   READ     words parted by blanks: what runs meanwhile, one process at a time
 *
 * Writes mails a second, the median and the longest time from start to end of a DELIVER in ms, then
 * how many times READ ran, and the median and the 99th percentile of its times in ms. A process
 * that fails ends the run.
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

#define PIPES_MOST 64
#define WORDS_MOST 32

struct child {
	pid_t id;
	double start;
};

struct times {
	double *milliseconds;
	int count, room;
};

struct queue {
	const char *mails;
	char *deliver[WORDS_MOST + 1], *read[WORDS_MOST + 1];
	int pipes, first, count, started;
};

extern char **environ;

static void die(const char *what)
{
	fprintf(stderr, "queue: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void read_words(char *text, char *words[WORDS_MOST + 1])
{
	char *word;
	int count = 0;

	while ((word = strsep(&text, " ")) && count < WORDS_MOST)
		words[count++] = word;
	words[count] = NULL;
}

static void start(struct child *child, char **words, const char *input)
{
	posix_spawn_file_actions_t files;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	child->start = now();
	errno = posix_spawnp(&child->id, words[0], &files, NULL, words, environ);
	if (errno)
		die(words[0]);
	posix_spawn_file_actions_destroy(&files);
}

static void start_delivery(struct queue *queue, struct child *child)
{
	char input[4096];

	snprintf(input, sizeof(input), "%s/%06d", queue->mails, queue->first + queue->started++);
	start(child, queue->deliver, input);
}

static void add(struct times *times, double milliseconds)
{
	if (times->count == times->room) {
		times->room = times->room ? times->room * 2 : 1024;
		times->milliseconds =
		    realloc(times->milliseconds, (size_t)times->room * sizeof(double));
		if (!times->milliseconds)
			die("realloc");
	}
	times->milliseconds[times->count++] = milliseconds;
}

static int compare(const void *one, const void *other)
{
	double left = *(const double *)one, right = *(const double *)other;

	return (left > right) - (left < right);
}

/* Sorts them; `share` of them are at most as long. */
static double percentile(struct times *times, double share)
{
	int place = (int)(share * times->count);

	qsort(times->milliseconds, (size_t)times->count, sizeof(double), compare);
	return times->milliseconds[place < times->count ? place : times->count - 1];
}

/* Which of the children ended; its time is added to those of its kind. The last one reads. */
static int wait_for_one(
    struct child *children, int reader, struct times *delivered, struct times *read)
{
	int status, at;
	pid_t id = waitpid(-1, &status, 0);

	if (id < 0)
		die("waitpid");
	for (at = 0; at < reader && children[at].id != id; at++)
		;
	if (status != 0) {
		fprintf(stderr, "queue: a process that %s ended with status %d\n",
		    at == reader ? "reads" : "delivers",
		    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
		exit(1);
	}
	add(at == reader ? read : delivered, now() - children[at].start);
	children[at].id = 0;
	return at;
}

/* The drain itself; how long it took, in ms. */
static double drain(struct queue *queue, struct times *delivered, struct times *read)
{
	struct child children[PIPES_MOST + 1];
	double begin = now();
	int at;

	for (at = 0; at < queue->pipes; at++)
		start_delivery(queue, &children[at]);
	start(&children[at], queue->read, "/dev/null");
	while (delivered->count < queue->count) {
		at = wait_for_one(children, queue->pipes, delivered, read);
		if (at == queue->pipes)
			start(&children[at], queue->read, "/dev/null");
		else if (queue->started < queue->count)
			start_delivery(queue, &children[at]);
	}
	begin = now() - begin;
	waitpid(children[queue->pipes].id, NULL, 0);
	return begin;
}

int main(int argc, char **argv)
{
	struct times delivered = { 0 }, read = { 0 };
	struct queue queue = { 0 };
	double took;

	if (argc != 7) {
		fprintf(stderr, "usage: queue PIPES FIRST COUNT MAILS DELIVER READ\n");
		return 64;
	}
	queue.pipes = (int)strtol(argv[1], NULL, 10);
	queue.first = (int)strtol(argv[2], NULL, 10);
	queue.count = (int)strtol(argv[3], NULL, 10);
	queue.mails = argv[4];
	read_words(argv[5], queue.deliver);
	read_words(argv[6], queue.read);
	if (queue.pipes < 1 || queue.pipes > PIPES_MOST || queue.count < queue.pipes)
		return 64;
	took = drain(&queue, &delivered, &read);
	printf("%.0f %.1f %.0f %d %.1f %.1f\n", queue.count * 1e3 / took,
	    percentile(&delivered, 0.5), percentile(&delivered, 1), read.count,
	    percentile(&read, 0.5), percentile(&read, 0.99));
	return 0;
}
