#include "flow/watch.h"

#include <time.h>

#include "base/time.h"
#include "store/db.h"

#include "base/banned.h"

#define APART 200 /* milliseconds */
#define TICK 1000
#define SHARE 4 /* pauses last so many times as long as the looks between them */

static void pause_for(int64_t milliseconds)
{
	struct timespec length = { .tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000 };

	clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int tkt_watch_begin(
    struct tkt_watch *watch, struct tkt_db *db, int64_t length_seconds, struct tkt_error *error)
{
	watch->db = db;
	watch->since = tkt_monotonic_milliseconds();
	watch->until = watch->since + length_seconds * 1000;
	return tkt_db_version(db, &watch->version, error);
}

int tkt_watch_next(struct tkt_watch *watch, bool ticks, struct tkt_error *error)
{
	int64_t took = tkt_monotonic_milliseconds() - watch->since, version, now;
	int64_t apart = took * SHARE > APART ? took * SHARE : APART;

	while ((now = tkt_monotonic_milliseconds()) < watch->until) {
		pause_for(least(apart, watch->until - now));
		apart = APART;
		if (tkt_db_version(watch->db, &version, error))
			return -1;
		now = tkt_monotonic_milliseconds();
		if (version == watch->version &&
		    (!ticks || now < least(watch->until, watch->since + took + TICK)))
			continue;
		watch->version = version;
		watch->since = now;
		return 1;
	}
	return 0;
}
