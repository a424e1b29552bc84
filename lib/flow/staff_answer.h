/* lib/flow/staff_answer.h: an agent's letter, proven to be his, becomes what he wants of the
 * ticket.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "policy/staff_order.h"

struct tkt_taking;

/* `= { 0 }`, then tkt_staff_answer_init(). */
struct tkt_staff_answer {
	const json_t *agent;  /* who writes */
	const json_t *ticket; /* as it is stored */
	struct tkt_staff_orders orders;
	const char *word;         /* of 'staff_words': what was done, or why nothing was */
	struct tkt_error refusal; /* what the desk has said against it; no text: nothing */
};
void tkt_staff_answer_init(struct tkt_staff_answer *answer);
void tkt_staff_answer_clear(struct tkt_staff_answer *answer);
#define tkt_autoanswer __attribute__((cleanup(tkt_staff_answer_clear))) struct tkt_staff_answer

/*
 * Was the same answer taken in before, under the same Message-ID, from a copy that a server on the
 * way has changed? 1, and taking->made.letter names what it became; 0; -1.
 */
int tkt_staff_answer_is_repeated(
    struct tkt_taking *taking, struct tkt_staff_answer *answer, struct tkt_error *error);

/*
 * Composes the reply or note anew and applies it with the orders, all or nothing; the actor is the
 * agent. 1: done, taking->made.applied says what; 0: nothing was, and `word` says why; -1.
 */
int tkt_staff_answer_apply(
    struct tkt_taking *taking, struct tkt_staff_answer *answer, struct tkt_error *error);
