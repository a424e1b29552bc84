/*
 * lib/flow/notice.h: what the staff is told of tickets: kept in the store by the changes that tell
 * it, then gathered into one mail an address.
 */
#pragma once
#include <jansson.h>

#include "base/text.h"

struct tkt_error;
struct tkt_session;

/*
 * Keeps what a change tells the persons of its `notify`, each address once; the requester is none
 * of the staff. In the write transaction of the change.
 *
 *   ticket      as the change leaves it: a critical one is told of at once, others when the desk's
 *               notice_calendar is open
 *   complaints  gets a line for each who has no mail address; the others are told all the same
 *
 * 0, or -1 with CONFIGURATION (the calendar) or what the store says.
 */
int tkt_notices_add(struct tkt_session *session, const json_t *change, const json_t *ticket,
    struct tkt_text *complaints, struct tkt_error *error);

/*
 * Puts all that may be told now into the outbox, one mail an address by the template 'notice', and
 * forgets it; an event a mail. In a write transaction. Returns how many mails, or -1.
 */
int tkt_notices_mail(struct tkt_session *session, struct tkt_error *error);
