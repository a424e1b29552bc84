/* lib/calendar/gather.h: the days of a list as its reader finds them; for tsv.c and ics.c. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "calendar/holidays.h"

#define TKT_HOLIDAYS_COUNT 100000  /* days that it may name, repetitions too */
#define TKT_HOLIDAYS_STEPS 1000000 /* days that its rules may come to, kept or not */

struct tkt_gathered {
	int64_t day;
	enum tkt_day_kind kind;
	int line;
	size_t note; /* where it begins in `notes` */
};

struct tkt_gather {
	const char *name; /* of the file, for errors; borrowed */
	struct tkt_gathered *days;
	size_t count, allocated;
	struct tkt_text notes;         /* each ends with a NUL */
	size_t steps;                  /* what recurrences have cost so far */
	tkt_holidays_trouble *trouble; /* NULL: the first error ends the reading */
	void *context;
	bool has_trouble;
};

/* Adds a day. 0, or -1 with CONFIGURATION when there are too many. */
int tkt_gather_add(struct tkt_gather *gather, int64_t day, enum tkt_day_kind kind, const char *note,
    int line, struct tkt_error *error);
/* Hands an error of a line over, so that the next one is read. 0, or -1 when nobody wants it, or it
 * is none of that line's. */
int tkt_gather_pass(struct tkt_gather *gather, const struct tkt_error *error);
/* An error about a line: 'ru.tsv:12: TEXT'. Returns -1. */
int tkt_gather_error(const struct tkt_gather *gather, int line, struct tkt_error *error,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Read the bytes, which a NUL follows, without byte order mark. 0 or -1. */
int tkt_gather_tsv(
    struct tkt_gather *gather, const char *bytes, size_t length, struct tkt_error *error);
int tkt_gather_ics(
    struct tkt_gather *gather, const char *bytes, size_t length, struct tkt_error *error);
