/*
 * lib/policy/timer.h: what happens when nothing happens: the `timer` sections of a policy on one
 * ticket. Pure. On the wire they are the ticket's member `timers`:
 *
 *   {"name":"silent","since_at":"...","next_at":"...","steps":["5wd"]}
 *
 * A timer's cycle is the instant it runs from; `steps` are those that have fired or were skipped in
 * it; without next_at it does not run now.
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct tkt_calendars;
struct tkt_error;
struct tkt_policy;

/* Puts `timers` into the ticket as it now is (none when it is closed). 0, or -1. */
int tkt_timers_follow(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    json_t *ticket, struct tkt_error *error);
/* The earliest next_at; TKT_TIME_NONE: none runs. */
int64_t tkt_timers_next(const json_t *ticket);
