/*
 * lib/flow/intake.h: a request is taken in: what lib/policy/intake.h decides of it becomes a
 * change, with the one mail that it leads to. tkt-mailin and tkt-new apply it at once, tkt-intake
 * prints it.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "flow/apply.h"

struct tkt_channel;
struct tkt_error;
struct tkt_session;

struct tkt_intake_request {
	const json_t *ticket;  /* as the letter left it */
	const json_t *message; /* the letter; NULL: a ticket without a text */
	bool opens;            /* it opened the ticket */
	const json_t *earlier; /* changes that were proposed and are not applied yet; NULL: none */
	/* May a mail leave to its author? Asked once it is known that one would. 1, 0, -1; NULL: it
	 * may. */
	int (*may_mail)(void *context, struct tkt_error *error);
	void *context;
	json_t *rows; /* NULL, or gets what each section says of it (policy/intake.h); borrowed */
};

/*
 * Decides what becomes of it by the ticket's policy. *change is a new one, which the actor
 * 'tool:tkt-intake' is in; NULL: nothing is to change. 0, or -1 with CONFIGURATION (the policy, a
 * template), DATA, TEMPORARY or what the store says.
 */
int tkt_intake_propose(struct tkt_session *session, const struct tkt_intake_request *request,
    json_t **change, struct tkt_error *error);
/* The same, applied inside the caller's transaction; *applied stays as it is when nothing changes.
 * 0 or -1. */
int tkt_intake_apply(struct tkt_session *session, const struct tkt_intake_request *request,
    struct tkt_applied *applied, struct tkt_error *error);

/* 0; -1 with PERMISSION when the ticket's channel takes no request such as this: the error says
 * where to go instead (S2-1, S4-8). */
int tkt_intake_admit(struct tkt_session *session, const json_t *ticket, struct tkt_error *error);

/*
 * The changes that intake still has to make of a stored ticket, in order: one for each letter that
 * came after its last event. Appended to `changes`; `rows` as above, of all of them. 0 or -1.
 */
int tkt_intake_catch_up(struct tkt_session *session, const json_t *ticket, json_t *changes,
    json_t *rows, struct tkt_error *error);
