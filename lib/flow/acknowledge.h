/* lib/flow/acknowledge.h: the automatic answer to the letter that opened a ticket. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "flow/apply.h"

struct tkt_error;
struct tkt_session;

/*
 * Renders the template 'ack' in the ticket's language and applies it as an automatic message,
 * inside the caller's transaction. It goes to the requester alone and echoes nothing the sender
 * chose (DESIGN.md 6). 0, or -1 with CONFIGURATION (the template) or what tkt_apply_change() says.
 */
int tkt_acknowledge(struct tkt_session *session, const json_t *ticket, struct tkt_applied *applied,
    struct tkt_error *error);
