/* lib/store/outgoing.h: the outbox: one row a recipient of a mail; states, leases, attempts. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/ticket.h"

struct tkt_db;
struct tkt_error;
struct tkt_rate;

/* Writes a new row (object of tkt_outgoing_fields: number, ticket, message, recipients, sender ...;
 * state queued). In a write transaction. */
int tkt_outgoing_write(struct tkt_db *db, const json_t *outgoing, struct tkt_error *error);

/*
 * Leases the next mail that is due, for one sender: records the attempt (attempts + 1, state
 * sending, lease until `now + lease_seconds`) in a transaction of its own, before anything is
 * connected. A row whose lease ran out counts as due: its sender was stopped on the way, so its
 * `unknowns` grows by one.
 *
 *   rate    counts the leases of all senders together
 *   ticket  NULL, or only this ticket's
 *
 * 1 and an object, 0 when nothing is due or the rate is reached, -1.
 */
int tkt_outgoing_lease(struct tkt_db *db, int64_t now, int64_t lease_seconds,
    const struct tkt_rate *rate, const char *ticket, json_t **outgoing, struct tkt_error *error);
/* What became of it; `unknown`: it may have arrived all the same, which `unknowns` counts. In a
 * write transaction: the flow records an event beside. */
int tkt_outgoing_sent(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error);
int tkt_outgoing_retry_at(struct tkt_db *db, int64_t number, int64_t due_at, bool unknown,
    const char *reason, struct tkt_error *error);
int tkt_outgoing_failed(
    struct tkt_db *db, int64_t number, bool unknown, const char *reason, struct tkt_error *error);
/* By a person: failed, bounced, cancelled or waiting ones are due at once, as if they had never
 * been tried; failed, bounced or waiting ones are cancelled. 1 when it was in such a state, 0 when
 * not, -1. */
int tkt_outgoing_requeue(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error);
int tkt_outgoing_cancel(struct tkt_db *db, int64_t number, struct tkt_error *error);
/* The last mail of this ticket that has failed or come back: 1 and a new reference, 0, -1. */
int tkt_outgoing_failure(
    struct tkt_db *db, const char *ticket, json_t **outgoing, struct tkt_error *error);
/* How the outbox stands. */
struct tkt_backlog {
	int64_t unsent;    /* mails that wait or are being sent */
	int64_t oldest_at; /* when the oldest of them was made; TKT_TIME_NONE: there is none */
	int64_t failed;    /* or come back: mails that nobody has sent again or cancelled */
	int64_t sent_at;   /* the last sending, among the last 1,000 mails; TKT_TIME_NONE: none */
};
/* Reads what is unsent, and not what has been sent. 0 or -1. */
int tkt_outgoing_backlog(struct tkt_db *db, struct tkt_backlog *backlog, struct tkt_error *error);
/* A bounce came for it: it has not arrived. status: of RFC 3463, or NULL. 1; 0 when it was
 * cancelled; -1. In a write transaction. */
int tkt_outgoing_bounced(struct tkt_db *db, int64_t number, const char *status, const char *reason,
    struct tkt_error *error);
/* All rows of the mail with that Message-ID, as an array. 0 or -1. */
int tkt_outgoing_of_message(
    struct tkt_db *db, const char *message_id, json_t **rows, struct tkt_error *error);
/* One row by its number: 1, 0, -1. */
int tkt_outgoing_get(struct tkt_db *db, int64_t number, json_t **outgoing, struct tkt_error *error);
/*
 * The rows that are neither sent nor cancelled (all: every row), oldest first.
 *
 *   ticket  its id: only the mails of its messages; NULL
 *
 * Returns how many, or -1.
 */
int64_t tkt_outgoing_each(struct tkt_db *db, bool all, const char *ticket, tkt_row_visit *visit,
    void *context, struct tkt_error *error);
