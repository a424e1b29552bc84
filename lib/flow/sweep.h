/*
 * lib/flow/sweep.h: what cron runs: breaches are recorded, escalations and timers fire, sleepers
 * wake, the staff is told (tkt-sla --sweep).
 */
#pragma once
#include <stdbool.h>

struct tkt_command;
struct tkt_error;

struct tkt_sweep_manner {
	bool yes;     /* however many customers are mailed, whatever the clock says */
	bool dry_run; /* only print what would be */
};

/*
 * Sweeps the desk once. Where no calendar has changed and nothing is due, nothing is parsed,
 * locked or synced. Else due tickets are worked through in transactions of some hundred, whose
 * changes are printed after each commit; a ticket that fails is reported and keeps no other back.
 * At the end one mail an address goes to the staff. Every step fires once, however many sweeps run
 * and wherever they are stopped.
 *
 * 0, or -1 with TEMPORARY (another sweep is running; a clock that has leapt, or too many customers
 * that would be mailed, without `yes`: then nothing has changed but the clocks that an edited
 * calendar moves) or what the desk and its store
 * say.
 */
int tkt_sweep_run(
    struct tkt_command *command, const struct tkt_sweep_manner *manner, struct tkt_error *error);
