/* lib/policy/clock_parts.h: what the files of lib/policy/clock.h share, for them alone. */
#pragma once
#include "policy/clock.h"

void tkt_clock_clear(struct tkt_clock *clock);
/* Is it running or paused? */
bool tkt_clock_is_open(const struct tkt_clock *clock);
struct tkt_clock *tkt_clocks_find(
    const struct tkt_clocks *clocks, enum tkt_clock_name name, int64_t cycle);
/* That of the highest cycle; NULL: there is none of that name. */
struct tkt_clock *tkt_clocks_latest(const struct tkt_clocks *clocks, enum tkt_clock_name name);
/* Adds one by the level, running, not yet reckoned, at its place. The pointers of before are void.
 * 0 or -1. */
int tkt_clocks_add(struct tkt_clocks *clocks, enum tkt_clock_name name, int64_t cycle,
    const struct tkt_level *level, struct tkt_clock **added, struct tkt_error *error);
/* Takes what `clock` holds and leaves it empty. 0 or -1. */
int tkt_clocks_take(struct tkt_clocks *clocks, struct tkt_clock *clock, struct tkt_error *error);
/* Puts it under the section, target and calendar of a level that promises it. 0 or -1. */
int tkt_clock_set_level(
    struct tkt_clock *clock, const struct tkt_level *level, struct tkt_error *error);
/* The calendar alone. 0 or -1. */
int tkt_clock_set_calendar(
    struct tkt_clock *clock, const struct tkt_level *level, struct tkt_error *error);

/* Stops the time at `at`; one that ended at that very instant goes on. Of a running clock. 0, -1.
 */
int tkt_clock_begin_pause(struct tkt_clock *clock, int64_t at, struct tkt_error *error);
/* Ends the pause of a paused one; one of no length is forgotten. */
void tkt_clock_end_pause(struct tkt_clock *clock, int64_t at);
/* A time that does not count, between two instants. 0 or -1. */
int tkt_clock_add_pause(
    struct tkt_clock *clock, int64_t started_at, int64_t ended_at, struct tkt_error *error);

/* The unit of its target; -1 with DATA: that is no length. */
int tkt_clock_length(
    const struct tkt_clock *clock, struct tkt_length *length, struct tkt_error *error);
/* due_at of a running or stopped clock, remaining_seconds of a paused one, from its anchor, target
 * and pauses. 0, or -1 with DATA. */
int tkt_clock_reckon(
    struct tkt_clock *clock, struct tkt_calendar *calendar, struct tkt_error *error);
