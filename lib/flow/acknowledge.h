/* lib/flow/acknowledge.h: the automatic answers to a letter that was taken in. */
#pragma once
#include <jansson.h>

#include "flow/apply.h"

struct tkt_error;
struct tkt_session;

/* A mail to the letter's author alone, which echoes nothing that he chose (DESIGN.md 6). */
struct tkt_acknowledgement {
	const json_t *ticket;
	const char *address;
	const char *template; /* 'ack', 'ack_reply', 'questions', 'set_aside', that of a refusal */
	const json_t *aside; /* what 'set_aside' tells, as flow/set_aside.h has it; NULL: nothing */
	const json_t *to_ask; /* what 'questions' asks, as policy/intake.h has it; NULL: nothing */
};

/* Renders it in the ticket's language as the message of a change. 0 and a new object, or -1 with
 * CONFIGURATION (the template). */
int tkt_acknowledge_compose(struct tkt_session *session, const struct tkt_acknowledgement *mail,
    json_t **message, struct tkt_error *error);

/* Tells of attachments that were set aside, as an event of its own inside the caller's transaction.
 * 0, or -1 as before or what tkt_apply_change() says. */
int tkt_acknowledge_aside(struct tkt_session *session, const json_t *ticket, const char *address,
    const json_t *aside, struct tkt_applied *applied, struct tkt_error *error);
