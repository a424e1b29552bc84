/* lib/base/child.h: another program, run with some bytes as its input, within a time. No shell. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"

struct tkt_error;

#define TKT_CHILD_SAID 600 /* bytes of its output that are kept */

struct tkt_child {
	/* What became of it: */
	size_t written;       /* bytes of its input that it has taken */
	struct tkt_text said; /* the beginning of its standard output and error */
	bool timed_out;       /* it was killed, with the whole of its process group */
	int status;           /* as wait(2) has it */
	/* While it runs: */
	pid_t pid;
	int input, output; /* our ends of its pipes, not blocking; -1: closed */
	int64_t deadline;  /* milliseconds of the monotonic clock */
	bool ended;        /* and waited for */
};

/*
 * Runs it in a process group of its own, with the signals of a fresh process, and waits for its
 * end, which closed pipes do not tell: a daemon that it leaves behind may hold them for ever.
 *
 *   arguments  the program, by PATH or its path, first; ended by NULL
 *
 * 0 when it ran, however it ended; -1 with CONFIGURATION or TEMPORARY when it could not be started.
 * To be cleared either way.
 */
int tkt_child_run(struct tkt_child *child, char *const *arguments, const struct tkt_text *bytes,
    int timeout_seconds, struct tkt_error *error);
void tkt_child_clear(struct tkt_child *child);
#define tkt_autochild __attribute__((cleanup(tkt_child_clear))) struct tkt_child

/* Cuts a command at its blanks, in place: a new array of its words, ended by NULL; NULL: no memory.
 */
char **tkt_words_split(char *text);
