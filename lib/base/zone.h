/*
 * lib/base/zone.h: wall clocks of the tz database, as the C library reads it. Finding the offsets
 * of a year exchanges the environment for a moment, so zones are for one thread; each year is asked
 * once and kept.
 */
#pragma once
#include <stdint.h>

#include "base/cleanup.h"
#include "base/time.h"

struct tkt_error;
struct tkt_zone; /* opaque */

/*
 *   name  of the tz database ('Europe/Moscow'), 'UTC', or a fixed offset ('+06:00')
 *
 * 0 and a new zone in *zone, or -1: TKT_ERROR_CONFIGURATION for an unknown name.
 */
int tkt_zone_new(const char *name, struct tkt_zone **zone, struct tkt_error *error);
void tkt_zone_free(struct tkt_zone *zone);
TKT_AUTOPTR(zone)

/* What a wall clock shows at `time`. Returns the offset from UTC in seconds. zone NULL is UTC. */
int tkt_zone_civil(const struct tkt_zone *zone, int64_t time, struct tkt_civil *civil);
/*
 * The offset from UTC in seconds at `time`. It stays so before *until: the next change or the end
 * of that year of UTC; INT64_MAX for a fixed offset. zone NULL is UTC. Beyond the year 9999 *until
 * is not later than `time`.
 */
int tkt_zone_offset(const struct tkt_zone *zone, int64_t time, int64_t *until);
/* The day that it shows, as 'YYYY-MM-DD'. Returns `out`. */
const char *tkt_day_at(const struct tkt_zone *zone, int64_t time, char out[TKT_TIME_SIZE]);
/* The instant a wall clock shows `civil`: the earlier of two; for a time in a gap, the gap's end.
 */
int64_t tkt_zone_time(const struct tkt_zone *zone, const struct tkt_civil *civil);
