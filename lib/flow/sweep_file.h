/*
 * lib/flow/sweep_file.h: the empty file `sweep` in the folder of a desk. Its time is that of the
 * last sweep; who sweeps with something to do holds it, so that no two do.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct tkt_command;
struct tkt_error;

/* Makes it, with the time of the last sweep, TKT_TIME_NONE: there was none; one that is there
 * stays. 0 or -1. */
int tkt_sweep_file_make(const char *folder, int64_t last, struct tkt_error *error);

/* When the last sweep was; TKT_TIME_NONE: there was none. 0 or -1. */
int tkt_sweep_last(const char *folder, int64_t *last, struct tkt_error *error);

/*
 * May the command's clock be believed? Not one that is earlier than the last sweep, nor one more
 * than 30 days later. Takes the present time anew where another sweep was faster. 0, or -1 with
 * TEMPORARY.
 */
int tkt_sweep_check_clock(struct tkt_command *command, const char *folder, struct tkt_error *error);

/* Sets the time of the last sweep to the command's; `back`: to an earlier one too. No sync. 0 or
 * -1. */
int tkt_sweep_done(
    const struct tkt_command *command, const char *folder, bool back, struct tkt_error *error);

/*
 * Holds it until the file is closed, and waits for another sweep to end for up to `seconds`: what
 * one that was killed has left is done by those behind it. *file, or -1 with TEMPORARY: another one
 * is still running.
 */
int tkt_sweep_hold(const char *folder, int seconds, int *file, struct tkt_error *error);
