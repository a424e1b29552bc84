/* lib/flow/staff_notice.h: what a notice tells an agent beside its lines: how it is answered, and
 * what the customer wrote. */
#pragma once
#include <jansson.h>

#include "base/text.h"
#include "mail/staff_token.h"

struct tkt_error;
struct tkt_session;

/* One notice in the making. */
struct tkt_staff_notice {
	const json_t *agent; /* whom it tells, borrowed; NULL: nobody that the desk knows as one */
	const char *ticket;  /* the only one that it tells of; NULL: there are several */
	struct tkt_staff_token token; /* of answers to that one */
	bool is_answerable;
};

/*
 * Begins the notice to an address.
 *
 *   ticket  the only one that it tells of; NULL: there are several
 *
 * 0 or -1.
 */
int tkt_staff_notice_begin(struct tkt_session *session, const char *address, const char *ticket,
    struct tkt_staff_notice *notice, struct tkt_error *error);

/*
 * Adds what stands below the line of a ticket: of the only one what its customer wrote last, if it
 * waits for an answer; of each of several the address of its own answers. Nothing for one who is no
 * agent. 0 or -1.
 */
int tkt_staff_notice_add(struct tkt_session *session, struct tkt_staff_notice *notice,
    const char *ticket, struct tkt_text *lines, struct tkt_error *error);

/* Keeps a notice of a letter that has joined the ticket for whom desk.conf wants to know of each.
 * In the write transaction. 0 or -1. */
int tkt_staff_notice_letter(
    struct tkt_session *session, const json_t *ticket, struct tkt_error *error);
