/* lib/policy/status.h: what follows from a change for the status of a ticket and its times
 * (DESIGN.md 4, Status). */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct tkt_error;

/* Is it resolved or closed? */
bool tkt_ticket_has_ended(const json_t *ticket);

/* What came with the change, if anything. */
struct tkt_status_cause {
	bool letter_in;  /* a person's letter or call, public */
	bool reply_out;  /* a person's public answer */
	bool status_set; /* the change names the status itself: that stands */
	bool is_decided; /* a tool decided it, which had read the last letter */
	int64_t now;
};

/*
 * Puts into `after` what follows: new becomes open by an agent's reply or taking; pending, resolved
 * and closed become open by a person's letter; what belongs to a status goes with it
 * (pending_reason and wake_at with pending, resolution with resolved and closed, closed_at with
 * closed). Where nothing is lacking any more, complete_at is when that became so: when the letter
 * came that a tool has read, else now.
 *
 *   before  the ticket as it was; NULL when the change opens it
 *   after   the ticket as the change makes it; changed in place
 *
 * 0, or -1 with TKT_ERROR_TEMPORARY.
 */
int tkt_status_follow(const json_t *before, json_t *after, const struct tkt_status_cause *cause,
    struct tkt_error *error);
