/* lib/base/progress.h: how far a long command is, for a person at a terminal. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* `= { 0 }` at the start. */
struct tkt_progress {
	int64_t begun, shown; /* milliseconds of the monotonic clock */
	bool on_line;         /* the terminal's line holds a count */
};

/*
 * Counts up to `done` on one line of standard error, where that is a terminal and the command has
 * run for two seconds; five times a second at most. `program` stands before the count.
 */
void tkt_progress_show(struct tkt_progress *progress, const char *program, int64_t done);
/* Clears the line for what is to be printed there. */
void tkt_progress_clear(struct tkt_progress *progress);
