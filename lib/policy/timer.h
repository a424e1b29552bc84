/*
 * lib/policy/timer.h: what happens when nothing happens: the `timer` sections of a policy on one
 * ticket. Pure. On the wire they are the ticket's member `timers`:
 *
 *   {"name":"silent","since_at":"...","next_at":"...","steps":["5wd"]}
 *
 * A timer's cycle is the instant it runs from; `steps` are those that have fired or were skipped in
 * it; without next_at it does not run now. An entry whose match holds no more, or whose ticket is
 * closed, stays for the sake of its steps until the cycle is another one.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct tkt_calendars;
struct tkt_error;
struct tkt_policy;
struct tkt_step;
struct tkt_timer;

/*
 * Puts `timers` into the ticket as it now is; none runs when it is closed. 0, or -1 with
 * CONFIGURATION (a calendar that is not there any more), DATA (one that never opens) or TEMPORARY.
 */
int tkt_timers_follow(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    json_t *ticket, struct tkt_error *error);
/* The earliest next_at; TKT_TIME_NONE: none runs. */
int64_t tkt_timers_next(const json_t *ticket);

/* Does it run on the ticket as it is, and since when? 1, 0, -1. */
int tkt_timer_runs(const struct tkt_timer *timer, const json_t *ticket, int64_t *since_at,
    struct tkt_error *error);
/* Its entry in the ticket's `timers`, for the cycle that began at `since_at`; NULL: there is none.
 */
json_t *tkt_timer_entry(const json_t *ticket, const char *name, int64_t since_at);
/* When a step of it is due. 0, or -1 as tkt_timers_follow(). */
int tkt_timer_step_at(const struct tkt_timer *timer, const struct tkt_step *step,
    struct tkt_calendars *calendars, int64_t since_at, int64_t *at, struct tkt_error *error);
/* Has the entry of a timer, or of a clock, a step of this title among its `steps`? */
bool tkt_entry_has_step(const json_t *entry, const char *title);
