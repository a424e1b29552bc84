/*
 * lib/store/sweep.h: what a sweep finds: tickets with something to do, and notices to staff that
 * wait to be mailed. Both by an index, so that an idle look costs a page.
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "json/field.h"

struct tkt_db;
struct tkt_error;

/* Where a walk over due tickets is: it goes on behind it. { INT64_MIN, 0 } starts it. */
struct tkt_due_place {
	int64_t next_at, number;
};

/* Is anything to be done at `now`: a ticket with next_at <= now, a notice that may be mailed? 1, 0,
 * -1. */
int tkt_sweep_is_due(struct tkt_db *db, int64_t now, struct tkt_error *error);
/*
 * Up to `limit` tickets, whole objects in wire order, with next_at <= now, the earliest first,
 * behind *place, which moves on. A new array, empty at the end. One query. 0, -1.
 */
int tkt_sweep_tickets(struct tkt_db *db, int64_t now, int limit, struct tkt_due_place *place,
    json_t **tickets, struct tkt_error *error);

/* What a reckoning reads of an open ticket; texts are borrowed until the visit returns. */
struct tkt_promised {
	int64_t number, rev;
	const char *id, *channel, *policy;
	const char *clocks, *timers; /* JSON; NULL: it has none */
	size_t clocks_length, timers_length;
	int64_t next_at; /* TKT_TIME_NONE: nothing */
	int64_t wake_at; /* of a pending one; TKT_TIME_NONE */
};
typedef int tkt_promised_visit(
    const struct tkt_promised *ticket, void *context, struct tkt_error *error);
/* Hands over up to `limit` tickets that are not closed, by number, behind *after, which moves on.
 * One query. Returns how many were looked at, or -1. */
int64_t tkt_sweep_promised(struct tkt_db *db, int limit, int64_t *after, tkt_promised_visit *visit,
    void *context, struct tkt_error *error);

/* The names of the policies that the due tickets came under: a new array of texts. 0, -1. */
int tkt_sweep_policies(struct tkt_db *db, int64_t now, json_t **names, struct tkt_error *error);

/* One line for one member of staff, kept until a mail gathers them. */
struct tkt_notice {
	int64_t number;      /* given by the store */
	const char *address; /* whom to tell */
	const char *ticket;  /* "SUP-1042" */
	const char *text;    /* "first_response 75%" */
	int64_t send_at;     /* not before */
};
/* In a write transaction. 0, -1. */
int tkt_notice_write(struct tkt_db *db, const struct tkt_notice *notice, struct tkt_error *error);
typedef int tkt_notice_visit(
    const struct tkt_notice *notice, void *context, struct tkt_error *error);
/* Those with send_at <= now, by address, then in order of writing. Returns how many, or -1. */
int64_t tkt_notice_each(struct tkt_db *db, int64_t now, tkt_notice_visit *visit, void *context,
    struct tkt_error *error);
/* Forgets those up to `number` with send_at <= now. In a write transaction. 0, -1. */
int tkt_notice_forget(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error);
