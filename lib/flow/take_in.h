/*
 * lib/flow/take_in.h: a letter becomes a ticket, a message of one, or a row of the ledger that says
 * why not (DESIGN.md 4: Threading, Machine mail, Nothing is lost).
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "flow/apply.h"

struct tkt_error;
struct tkt_mail;
struct tkt_session;

#define TKT_NULL_SENDER "<>" /* in the ledger */

struct tkt_letter {
	const char *bytes; /* the whole mail as received; borrowed */
	size_t length;
	const char *sender;    /* of the envelope; "" is the null sender; NULL: not known */
	const char *recipient; /* of the envelope; NULL: not known */
	int64_t received_at;
	const char *verdict;    /* of a filter that wants it kept aside; NULL: none does */
	const json_t *released; /* its row, when a person puts it through; NULL: it is new */
	bool is_trial;          /* its transaction will be rolled back: leave no files behind */
	bool skip_known;        /* it will be rolled back if it is a duplicate */
	bool without_intake;    /* tkt-intake and tkt-route say later what becomes of it */
};

/* What became of it. `= { 0 }` before the first use. */
struct tkt_taken {
	json_t *letter;             /* the row of the ledger */
	struct tkt_applied applied; /* ticket and message, when it led to any */
	struct tkt_applied answer;  /* what became of it at once, and the mail that leaves; empty:
				       nothing */
};
void tkt_taken_clear(struct tkt_taken *taken);
#define tkt_autotaken __attribute__((cleanup(tkt_taken_clear))) struct tkt_taken

/*
 * Takes in one letter inside a write transaction; never commits. The letter is stored whole, with
 * its row in the ledger, whatever it is.
 *
 *   mail  what tkt_mail_parse() made of it, before the transaction; NULL: it is no letter and is
 * refused
 *
 * 0 and *taken filled, or -1 with TEMPORARY or what the store says: then nothing of it is stored.
 */
int tkt_take_in(struct tkt_session *session, const struct tkt_letter *letter,
    const struct tkt_mail *mail, struct tkt_taken *taken, struct tkt_error *error);
