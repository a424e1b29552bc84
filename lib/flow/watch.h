/* lib/flow/watch.h: waits until there is something new to look at. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct tkt_db;
struct tkt_error;

struct tkt_watch {
	struct tkt_db *db; /* borrowed */
	int64_t until,
	    since;       /* milliseconds of the system's uptime: its end, the last look's start */
	int64_t version; /* what had been committed then */
};

/* Starts the first look, which is the caller's. 0, -1. */
int tkt_watch_begin(
    struct tkt_watch *watch, struct tkt_db *db, int64_t length_seconds, struct tkt_error *error);
/*
 * Waits, with no read transaction, until another process has committed something after the last
 * look began; with `ticks`, for a second at most. Looks are at least a fifth of a second apart, and
 * further the longer one takes, so that they cost little of a processor's time.
 *
 * Returns 1 for another look; 0 when the time is over and nothing is new; -1.
 */
int tkt_watch_next(struct tkt_watch *watch, bool ticks, struct tkt_error *error);
