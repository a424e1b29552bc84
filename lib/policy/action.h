/*
 * lib/policy/action.h: may an action be done on a ticket, and what it changes there. Pure.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_action;
struct tkt_error;

/* What is known of who asks; borrowed. */
struct tkt_action_facts {
	const json_t *ticket;
	const json_t *channels;   /* texts: by which ways the requester has written */
	bool is_contract_address; /* he has written from exactly that of the ticket's contract */
};

/*
 * 0; or -1 with PERMISSION, which names the missing rung, or the ways that are open, and never an
 * address on file (S3-4), or with DATA: the action is for other tickets, or wants a reason. A way
 * that is not listed is refused whoever asks, and nothing overrides it (S3-2).
 *
 *   why  of the change; NULL
 */
int tkt_action_judge(const struct tkt_action *action, const struct tkt_action_facts *facts,
    const char *why, struct tkt_error *error);

/*
 * Puts what the action does into the change: its `set`, which counts more than the change's own,
 * `add`, `notify` and `rule`. A value '{{FIELD}}' is that of the ticket. 0, or -1 with DATA (the
 * ticket has none, or it is no value for that field), CONFIGURATION or TEMPORARY.
 */
int tkt_action_extend(
    const struct tkt_action *action, const json_t *ticket, json_t *change, struct tkt_error *error);
