/* lib/base/when.h: what a person writes for a time, by the present one and a wall clock. */
#pragma once
#include <stdint.h>

struct tkt_error;
struct tkt_zone;

/* When and where something is written. */
struct tkt_present {
	int64_t now;                 /* seconds since 1970-01-01T00:00:00Z */
	const struct tkt_zone *zone; /* whose wall clock counts; NULL: UTC */
};

/*
 * Reads a time:
 *
 *   2026-03-02T09:00:00Z  RFC 3339; the seconds may be left out
 *   '2026-03-02 09:00'    by the wall clock; 2026-03-02 is the midnight with which the day begins
 *   today, tomorrow, yesterday, monday or mon: such a midnight; of a weekday the next one to come,
 *                         never today's. 'monday 09:00' is that time of that day
 *   +3d, -2h              a length of elapsed time (s m h d) from now
 *   now
 *
 * Words may have capitals. 0, or -1 with TKT_ERROR_DATA.
 */
int tkt_when_parse(
    const char *string, const struct tkt_present *present, int64_t *time, struct tkt_error *error);
