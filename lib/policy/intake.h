/*
 * lib/policy/intake.h: what becomes of a request when it comes in: who asks and by which way, what
 * it is about, which facts it holds and which it lacks. Pure: a ticket, a letter and the policy in,
 * one change out. desk.conf(5) states the rules.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "desk/intake_rule.h"

struct tkt_error;

#define TKT_INTAKE_ACTOR "tool:tkt-intake"

/* A request, or a later letter of its ticket, and what is known when it is judged. */
struct tkt_intake_case {
	const json_t *ticket;    /* as the letter left it */
	const json_t *message;   /* the letter; NULL: a ticket without a text */
	const char *description; /* the new text of the ticket's first letter; NULL: none */
	const json_t *questions; /* all of the ticket, answered ones too */
	bool opens;              /* it opened the ticket */
	bool after_hours;        /* the calendar of its channel was closed when it came */
	const char *now;         /* RFC 3339: when questions are asked and answered */
	enum tkt_acknowledge acknowledge; /* the desk's, of letters */
	/*
	 * Who asks, once the facts are known: an object of tkt_identity_fields for the ticket as it
	 * then is, a new one. NULL: the desk knows nobody.
	 */
	int (*identify)(
	    const json_t *ticket, json_t **identity, void *context, struct tkt_error *error);
	void *context;
	json_t *rows; /* NULL, or an array that gets what each section said of it, as objects of
			 tkt_judgement_fields; borrowed */
};

/* What was decided. `= { 0 }` before the first use. */
struct tkt_intake {
	json_t *change; /* of the ticket, without a message; NULL: it stays as it is */
	char *template; /* of the one mail that it leads to; NULL: none */
	bool is_answer; /* the mail is more than an acknowledgement */
	json_t *to_ask; /* what the mail asks: [{"number":1,"text":"..."}]; NULL: nothing */
};
void tkt_intake_clear(struct tkt_intake *intake);
#define tkt_autointake __attribute__((cleanup(tkt_intake_clear))) struct tkt_intake

/*
 * Decides, in this order:
 *
 *   - facts: what recognisers find fills `fields` that are empty; of a later letter, what answers
 *     open questions too, which closes them
 *   - people: customer, contract, tier and entitlement, unless somebody has said them; who came
 *     without a contract is looked for again while facts are lacking
 *   - the channel: what it accepts, and the most that it proves
 *   - category and flags, of a request that opens a ticket
 *   - entitlement: a refusal ends here
 *   - forms: what is lacking becomes `lacks` and questions
 *
 * and one mail: a refusal, else questions, else the acknowledgement. The change says why (English,
 * for the log), by which rules, and that tool:tkt-intake decided. A rule whose pattern passes its
 * limit is left out: the ticket gets the tag 'rule_failed', and `why` names the rule.
 *
 * 0 and *intake, or -1 with TEMPORARY or DATA (an assignment that does not go).
 */
int tkt_intake_decide(const struct tkt_intake_rules *rules, const struct tkt_intake_case *letter,
    struct tkt_intake *intake, struct tkt_error *error);

/*
 * What a channel makes of a request (S2-1, S3-1, S4-8). The section is *channel; NULL: there is
 * none, and all is accepted. A pattern that passes its limit is no match. 0, or -1 TEMPORARY.
 */
int tkt_intake_accepts(const struct tkt_intake_rules *rules, const json_t *ticket, bool after_hours,
    const struct tkt_channel **channel, enum tkt_acceptance *acceptance, struct tkt_error *error);
