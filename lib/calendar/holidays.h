/*
 * lib/calendar/holidays.h: lists of holidays: NAME.tsv (date, kind, note) and NAME.ics (RFC 5545,
 * whole-day events; CATEGORIES HOLIDAY, WORKDAY or SHORT, without one a holiday).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct tkt_error;

/* Bits, so that a calendar can name the kinds it honours. */
enum tkt_day_kind {
	TKT_DAY_HOLIDAY = 1, /* a day off */
	TKT_DAY_WORKDAY = 2, /* a Saturday or Sunday that is worked in full */
	TKT_DAY_SHORT = 4,   /* worked, also when a Saturday, and closed an hour earlier */
};
#define TKT_DAY_KINDS (TKT_DAY_HOLIDAY | TKT_DAY_WORKDAY | TKT_DAY_SHORT)

struct tkt_holiday {
	int64_t day; /* since 1970-01-01 */
	enum tkt_day_kind kind;
	const char *note; /* "Labour Day"; "" when there is none */
};

struct tkt_holidays {
	struct tkt_holiday *days; /* in order of time, each day once */
	size_t count;
	char *notes; /* what `note` borrows from */
};

/* 'holiday', 'workday', 'short' to its bit; 0: it is none. */
unsigned tkt_day_kind_from_word(const char *word);
const char *tkt_day_kind_word(enum tkt_day_kind kind);

#define TKT_HOLIDAYS_SIZE ((size_t)4 << 20) /* bytes of a file */

/*
 * Reads the bytes of a file, which a NUL follows; `name` is for its suffix and the errors. 0 and a
 * new list, or -1 with TEMPORARY or CONFIGURATION: "ru.tsv:12: '2026-13-01' is no date", a day that
 * stands there twice with different kinds, an unknown kind, an event that is not of whole days ...
 */
int tkt_holidays_parse(const char *name, const char *bytes, size_t length,
    struct tkt_holidays **holidays, struct tkt_error *error);
/* An error of a line, as tkt_holidays_parse() gives the first. */
typedef void tkt_holidays_trouble(const struct tkt_error *error, void *context);
/* The same, but every line of a .tsv that is wrong is handed over; then it is -1 with the last. */
int tkt_holidays_check(const char *name, const char *bytes, size_t length,
    tkt_holidays_trouble *trouble, void *context, struct tkt_holidays **holidays,
    struct tkt_error *error);
void tkt_holidays_free(struct tkt_holidays *holidays);
TKT_AUTOPTR(holidays)

/* The entry of a day; NULL: it is an ordinary one. */
const struct tkt_holiday *tkt_holidays_find(const struct tkt_holidays *holidays, int64_t day);
/* Does the list say anything about that year? */
bool tkt_holidays_has_year(const struct tkt_holidays *holidays, int year);
