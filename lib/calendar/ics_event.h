/*
 * lib/calendar/ics_event.h: one event of an .ics file, as its reader cut it out. libical gets no
 * more than the properties that say which days are meant, event by event: so nesting, size and line
 * numbers are the reader's, and what a file can make libical do is bounded.
 */
#pragma once
#include "base/text.h"

struct tkt_error;
struct tkt_gather;

enum tkt_ics_property {
	TKT_ICS_DTSTART,
	TKT_ICS_DTEND,
	TKT_ICS_DURATION,
	TKT_ICS_RRULE,
	TKT_ICS_RDATE,
	TKT_ICS_EXDATE,
	TKT_ICS_CATEGORIES,
	TKT_ICS_SUMMARY,
	TKT_ICS_STATUS,
	TKT_ICS_EXRULE,
	TKT_ICS_RECURRENCE_ID,
	TKT_ICS_PROPERTY_COUNT
};
extern const char *const tkt_ics_property_names[TKT_ICS_PROPERTY_COUNT];

struct tkt_ics_event {
	int line;                          /* of its BEGIN */
	int lines[TKT_ICS_PROPERTY_COUNT]; /* of the first of each; 0: it has none */
	struct tkt_text text;              /* a VEVENT of these properties, unfolded */
};

/* Adds the days of an event. 0, or -1 with CONFIGURATION, TEMPORARY or, without libical,
 * UNAVAILABLE. */
int tkt_ics_event_gather(
    const struct tkt_ics_event *event, struct tkt_gather *gather, struct tkt_error *error);
