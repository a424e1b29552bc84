/*
 * calendar: how many lengths of working time a second, from days that are built: our calendar
 * against a bare table of spans with running sums and two binary searches, which knows one week and
 * nothing else. Both are asked for the same starts in turn and must give the same answers.
 *
 *   calendar ROUNDS OPERATIONS
 *
 * Writes a line for each length: medians (least-most) in million a second. A wrong answer ends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "base/zone.h"
#include "calendar/calendar.h"

#define DAYS 2500
#define ROUNDS_MOST 100
#define FIRST_DAY (INT64_C(19723) * 86400) /* Monday, 2024-01-01 */
#define STARTS 5000
#define STEP 7919 /* seconds between two starts: a prime, so that all times of a day come */

/* Monday to Friday, 09:00 to 18:00 at +03:00. */
static struct {
	int64_t open[DAYS], closed[DAYS], sum[DAYS + 1];
	int count;
} bare;

static void die(const char *what)
{
	fprintf(stderr, "calendar: %s\n", what);
	exit(1);
}

static void build_bare(void)
{
	int day;

	for (day = 0; day < DAYS; day++) {
		if (day % 7 >= 5)
			continue;
		bare.open[bare.count] = FIRST_DAY + day * INT64_C(86400) + 6 * 3600;
		bare.closed[bare.count] = bare.open[bare.count] + 9 * 3600;
		bare.sum[bare.count + 1] = bare.sum[bare.count] + 9 * 3600;
		bare.count++;
	}
}

/* The first index from `low` on whose value passes. */
static int search(const int64_t *values, int low, int64_t wanted)
{
	int high = bare.count;

	while (low < high) {
		int middle = (low + high) / 2;

		if (values[middle] >= wanted)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int64_t add_bare(int64_t start, int64_t seconds)
{
	int first = search(bare.closed, 0, start + 1), last;
	int64_t goal = bare.sum[first] + seconds;

	if (start > bare.open[first])
		goal += start - bare.open[first];
	last = search(bare.sum + 1, first, goal);
	return bare.open[last] + goal - bare.sum[last];
}

static struct tkt_calendar *build_ours(void)
{
	struct tkt_calendar *calendar = tkt_calendar_new("office");
	struct tkt_error error = { 0 };
	struct tkt_zone *zone;

	if (!calendar || tkt_zone_new("+03:00", &zone, &error) ||
	    tkt_calendar_add_week(calendar, "mon-fri 09:00-18:00", &error))
		die(error.text);
	tkt_calendar_set_zone(calendar, zone);
	return calendar;
}

static int64_t add_ours(struct tkt_calendar *calendar, int64_t start, int64_t seconds)
{
	struct tkt_error error = { 0 };
	int64_t result;

	if (tkt_calendar_add_seconds(calendar, TKT_MEASURE_OPEN, start, seconds, &result, &error))
		die(error.text);
	return result;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int compare(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/* Million additions a second; calendar NULL: of the bare table. *sum keeps the work from being
 * thrown away, and both must have the same. */
static double measure(struct tkt_calendar *calendar, long operations, int64_t seconds, int64_t *sum)
{
	double began = now();
	long at;

	for (at = 0; at < operations; at++) {
		int64_t start = FIRST_DAY + at % STARTS * STEP;

		*sum += calendar ? add_ours(calendar, start, seconds) : add_bare(start, seconds);
	}
	return (double)operations / (now() - began) / 1e6;
}

static void race(struct tkt_calendar *calendar, int rounds, long operations, int hours)
{
	double ours[ROUNDS_MOST], peers[ROUNDS_MOST];
	int64_t sums[2] = { 0, 0 };
	int round;

	for (round = 0; round < rounds; round++) {
		ours[round] = measure(calendar, operations, hours * INT64_C(3600), &sums[0]);
		peers[round] = measure(NULL, operations, hours * INT64_C(3600), &sums[1]);
	}
	if (sums[0] != sums[1])
		die("the bare table gives other answers");
	qsort(ours, (size_t)rounds, sizeof(*ours), compare);
	qsort(peers, (size_t)rounds, sizeof(*peers), compare);
	printf(
	    "add %dwh, million a second: ours %.1f (%.1f-%.1f), bare table %.1f (%.1f-%.1f); goal "
	    "10: %s\n",
	    hours, ours[rounds / 2], ours[0], ours[rounds - 1], peers[rounds / 2], peers[0],
	    peers[rounds - 1], ours[rounds / 2] >= 10 ? "reached" : "MISSED");
}

int main(int argc, char **argv)
{
	int rounds = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
	long operations = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	struct tkt_calendar *calendar;

	if (rounds < 1 || rounds > ROUNDS_MOST || operations < 1)
		die("give ROUNDS and OPERATIONS");
	build_bare();
	calendar = build_ours();
	race(calendar, rounds, operations, 8);
	race(calendar, rounds, operations, 400);
	tkt_calendar_free(calendar);
	return 0;
}
