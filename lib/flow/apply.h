/*
 * lib/flow/apply.h: the one writer: a change becomes the row, the message, the outgoing mail and
 * the event, in its caller's transaction. A public message out of channel 'mail' (the default)
 * leaves by the outbox; one of another channel (phone) is on record alone. The promises on the
 * ticket move in the same transaction (flow/clocks.h). tkt-new, tkt-set, tkt-reply, tkt-apply,
 * tkt-mailin and tkt-sla go through it.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "flow/clocks.h"

struct tkt_error;
struct tkt_expression;
struct tkt_session;

/* What a change led to; all references are the holder's. `= { 0 }` before the first use. */
struct tkt_applied {
	json_t *ticket;   /* as it now is, in wire order */
	json_t *message;  /* the message it brought, complete; NULL */
	json_t *outgoing; /* the rows of the outbox, one a recipient; NULL when no mail leaves */
	json_t *event;    /* as it went into the log; NULL: nothing changed */
};
void tkt_applied_clear(struct tkt_applied *applied);
#define tkt_autoapplied __attribute__((cleanup(tkt_applied_clear))) struct tkt_applied

/* Who does it, beside what the change says. */
struct tkt_apply_manner {
	const char *actor; /* "contact:a@example.org"; NULL: the change's, else the session's */
	const struct tkt_expression *only_if; /* judged on the stored ticket; NULL: always */
	const json_t *before;    /* the stored ticket, if it was read in this transaction; NULL */
	bool keeps_updated_at;   /* nobody did anything: a breach, a recompute */
	bool is_proven;          /* flow vouches for the identity that it brings (identity.h) */
	bool tells_always;       /* the log tells of it though nothing of the ticket changes */
	enum tkt_clocks_way way; /* what moves its clocks: by itself the change */
};

/*
 * Applies one change inside a write transaction; never commits.
 *
 *   change  as tkt_change_check() leaves it: names of its own (key, linked, sent_at, undelivered
 * ...) are accepted here too, since flow writes them
 *
 * A change that changes nothing and brings no message, question or step is none: the ticket stays
 * at its revision, nothing is logged, *applied has the ticket alone. `updated_at` rises unless only
 * clocks, timers and next_at moved.
 *
 * 0 and *applied filled; -1 with NOT_FOUND (no such ticket), NO (only_if says no, or the step has
 * fired before), DATA ("ticket 'SUP-1042' has moved on: 'status' is 'closed', not 'open'; read it
 * again"), PERMISSION (an identity by its own word), TEMPORARY, or what tkt_clocks_advance() and
 * the store say.
 */
int tkt_apply_change(struct tkt_session *session, const json_t *change,
    const struct tkt_apply_manner *manner, struct tkt_applied *applied, struct tkt_error *error);

/*
 * Writes one event verbatim into a desk (tkt-apply --replay): its columns, its message by SHA-256;
 * runs no policy, sends nothing. *ticket is NULL for the event of a mail that belongs to none. 0,
 * or -1 with DATA.
 */
int tkt_apply_event(
    struct tkt_session *session, const json_t *event, json_t **ticket, struct tkt_error *error);
