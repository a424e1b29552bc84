/* lib/store/tally.h: how often something has happened in its window: brakes, rates. */
#pragma once
#include <stdint.h>

struct tkt_db;
struct tkt_error;

/*
 * Counts one more under `key` and hands back how many there are in its window, this one too. A
 * window begins with the first one after the end of the window before. In a write transaction.
 *
 *   now, window_seconds  a window that would end in the past, or that begins in the future since a
 *                        clock was set back, begins anew
 *
 * 0 or -1.
 */
int tkt_tally_add(struct tkt_db *db, const char *key, int64_t now, int64_t window_seconds,
    int64_t *count, struct tkt_error *error);

/* Forgets windows that began before `since`: they are over. In a write transaction. 0 or -1. */
int tkt_tally_forget(struct tkt_db *db, int64_t since, struct tkt_error *error);
