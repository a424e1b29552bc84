/* lib/flow/sweep_fire.h: one ticket of a sweep; for sweep.c alone. */
#pragma once
#include <jansson.h>

#include "base/error.h"
#include "base/text.h"

struct tkt_session;

/* What the steps of a sweep led to, printed when they are safe. */
struct tkt_fired {
	json_t *changes;            /* array, as applied */
	struct tkt_error *failures; /* of tickets */
	size_t failure_count;
	struct tkt_text complaints; /* lines: who could not be told */
};
void tkt_fired_init(struct tkt_fired *fired);
void tkt_fired_clear(struct tkt_fired *fired);
#define tkt_autofired __attribute__((cleanup(tkt_fired_clear))) struct tkt_fired

/*
 * Does all that is due on a ticket, as it was read in this write transaction; each change is a
 * savepoint, and one that fails is a failure of `fired`. 0, or -1 with TEMPORARY or IO, which end
 * the sweep.
 */
int tkt_sweep_fire(struct tkt_session *session, const json_t *ticket, struct tkt_fired *fired,
    struct tkt_error *error);

/* Could a step of what is due now write to a customer? Most policies have none that does. 1, 0, -1.
 */
int tkt_sweep_may_mail(struct tkt_session *session, struct tkt_error *error);
/* How many mails to its customer a sweep of this ticket would write; 0 too where it cannot be
 * swept. Or -1 with TEMPORARY or IO. */
int tkt_sweep_count_mails(
    struct tkt_session *session, const json_t *ticket, struct tkt_error *error);
