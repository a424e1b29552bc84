/*
 * lib/flow/calendar_filter.h: questions about working time from standard input, each answered in
 * its own object; and what is said aloud of any answer: years without data.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_ask;
struct tkt_calendar;
struct tkt_calendars;
struct tkt_command;
struct tkt_error;

struct tkt_asking {
	struct tkt_command *command; /* borrowed, as the calendars */
	struct tkt_calendars *calendars;
	bool explain;                    /* each answer carries its `explanation` */
	struct tkt_missing_year *warned; /* what was said before */
	size_t warned_count;
};

void tkt_asking_clear(struct tkt_asking *asking);

/* Warns of a year that a calendar's lists lack, once. 0, or -1 when memory is out. */
int tkt_asking_warn_year(struct tkt_asking *asking, const struct tkt_calendar *calendar, int year,
    struct tkt_error *error);
/* The same for all years within an answer; more than three in a row are one warning. */
int tkt_asking_warn(struct tkt_asking *asking, const struct tkt_ask *ask, struct tkt_error *error);

/*
 * Works through the lines of standard input: an object without `type` is a question and comes back
 * with its answer, members and their order as they were; others pass as they are. A bad line is
 * reported. 0, or -1 for what concerns every line.
 */
int tkt_asking_filter(struct tkt_asking *asking, struct tkt_error *error);
