/*
 * lib/policy/clock.h: the promises of an sla on one ticket: started, met, paused, resumed, breached
 * by what happens to it. Pure: tickets and instants in, clocks out. tkt-sla(1) states the rules.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "desk/level.h"

struct tkt_calendar;
struct tkt_calendars;
struct tkt_error;
struct tkt_text;

enum tkt_clock_state {
	TKT_CLOCK_RUNNING, /* has due_at */
	TKT_CLOCK_PAUSED,  /* has remaining_seconds, in the target's measure */
	TKT_CLOCK_MET,     /* has stopped_at, at or before what was due */
	TKT_CLOCK_MISSED,  /* has stopped_at, later */
};

/* A time that does not count; ended_at is TKT_TIME_NONE while it lasts. */
struct tkt_clock_pause {
	int64_t started_at, ended_at;
};

/* One clock; on the wire an element of a ticket's `clocks` (tkt-json(5)). */
struct tkt_clock {
	enum tkt_clock_name name;
	int64_t cycle;
	char *sla;      /* title of the section it is by */
	char *calendar; /* name; NULL */
	char *target;   /* "4wh" */
	enum tkt_clock_state state;
	int64_t started_at;        /* the anchor */
	int64_t due_at;            /* TKT_TIME_NONE unless running; when stopped, what it was */
	int64_t remaining_seconds; /* when paused; may be negative */
	int64_t stopped_at;        /* TKT_TIME_NONE unless met or missed */
	int64_t breached_at;       /* TKT_TIME_NONE: not breached */
	struct tkt_clock_pause *pauses;
	size_t pause_count;
	char **steps; /* escalations that have fired or were skipped, by title */
	size_t step_count;
};
struct tkt_clocks {
	struct tkt_clock *clocks; /* by cycle, then by name: as on the wire */
	size_t count;
};
void tkt_clocks_clear(struct tkt_clocks *clocks);
#define tkt_autoclocks __attribute__((cleanup(tkt_clocks_clear))) struct tkt_clocks

/* Out of, and into, the member `clocks` of a ticket (an array; NULL: none). Unknown members are
 * lost. 0, or -1 with DATA or TEMPORARY. */
int tkt_clocks_load(const json_t *array, struct tkt_clocks *clocks, struct tkt_error *error);
int tkt_clocks_store(const struct tkt_clocks *clocks, json_t **array, struct tkt_error *error);
/* Adds the same as JSON. */
void tkt_clocks_write(const struct tkt_clocks *clocks, struct tkt_text *out);

/* What a ticket's clocks go by. */
struct tkt_level {
	const struct tkt_sla *sla;     /* the first that matches; NULL: none */
	struct tkt_calendar *calendar; /* the channel's, else the sla's; NULL: elapsed time alone */
};
/* That of a section, for tickets of a channel (NULL: none). 0, or -1 with CONFIGURATION
 * ("desk.conf:7: there is no calendar 'x'") or what tkt_calendars_find() says. */
int tkt_level_make(const struct tkt_sla *sla, struct tkt_calendars *calendars, const char *channel,
    struct tkt_level *level, struct tkt_error *error);
/* Chooses it for a ticket as it is. 0, or -1 as before. */
int tkt_level_choose(const struct tkt_policy *policy, struct tkt_calendars *calendars,
    const json_t *ticket, struct tkt_level *level, struct tkt_error *error);

/* One change of a ticket, as the clocks see it. */
struct tkt_moment {
	int64_t at;
	const json_t *ticket; /* as the change leaves it */
	bool opens;           /* it made the ticket */
	bool stays_closed;    /* a closed ticket that it leaves so is not judged: nothing moves */
	bool letter_in;       /* a person's public message from the customer's side */
	bool reply_out;       /* a person's public reply, safely in the outbox or on record */
	int64_t sent_at;      /* of the letter; TKT_TIME_NONE: it does not say */
	int64_t received_at;
	const json_t *step; /* that fired with it, as tkt_due_mark() takes it; NULL */
};

/*
 * The instant a clock counts from: `received_at`, or `sent_at` where the anchor is `sent` and it is
 * credible: not later than the receipt nor more than 72 hours before it (SLA.md, Clocks 1).
 */
int64_t tkt_anchor_instant(enum tkt_anchor anchor, int64_t sent_at, int64_t received_at);

/*
 * Moves the clocks on by one change, by a level that is the one they are by. What was due before
 * is breached first; at the same instant stop comes before pause and pause before start. A request
 * that `lacks` facts has none; they start when it is complete, from `complete_at`.
 * 0, or -1 with DATA (a calendar that is never open) or TEMPORARY.
 */
int tkt_clocks_follow(struct tkt_clocks *clocks, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_error *error);
/* Are they by this level: the same section, targets and calendar? */
bool tkt_clocks_are_by(const struct tkt_clocks *clocks, const struct tkt_level *level);
/*
 * Brings the clocks under another level: replays `story`, all changes of the ticket from its
 * opening on, with the new section, targets, calendar and pauses from the same anchors. Verdicts
 * reached stay, so do breaches and steps; a deadline that is thereby past at `now` is breached now.
 */
int tkt_clocks_adopt(struct tkt_clocks *clocks, const struct tkt_moment *story, size_t count,
    const struct tkt_level *level, int64_t now, struct tkt_error *error);
/* Gives the clocks the steps that fired or were skipped in the story and that they do not have. A
 * promise that is made again has lost them. 0 or -1. */
int tkt_clocks_recall(struct tkt_clocks *clocks, const struct tkt_moment *story, size_t count,
    struct tkt_error *error);
/* After a calendar edit: due_at and remaining_seconds of what is running or paused anew, from the
 * same anchors, targets and pauses. A deadline thereby past at `now` is breached now. */
int tkt_clocks_reckon(
    struct tkt_clocks *clocks, const struct tkt_level *level, int64_t now, struct tkt_error *error);
/* Sets breached_at of each running clock whose due_at is before `now`. true: some were. */
bool tkt_clocks_breach(struct tkt_clocks *clocks, int64_t now);

/*
 * When an escalation of the level fires for a clock. 1; 0: it does not, for the clock is not
 * running or by another section, the step of another clock, or it has fired; or -1.
 */
int tkt_clock_step(const struct tkt_clock *clock, const struct tkt_level *level,
    const struct tkt_step *step, int64_t *at, struct tkt_error *error);
/* The next instant at which something of them is to be done: a breach to be recorded (the second
 * after due_at), an escalation that has not fired. TKT_TIME_NONE: nothing. 0, or -1. */
int tkt_clocks_next(const struct tkt_clocks *clocks, const struct tkt_level *level, int64_t *next,
    struct tkt_error *error);
