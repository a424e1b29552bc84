/* lib/flow/acknowledge.h: the automatic answer to a letter that was taken in. */
#pragma once
#include <jansson.h>

#include "flow/apply.h"

struct tkt_error;
struct tkt_session;

/*
 * Renders the template ('ack' for the letter that opened the ticket, 'ack_reply', 'set_aside') in
 * the ticket's language and applies it as an automatic message, inside the caller's transaction. It
 * goes to the letter's author alone and echoes nothing that he chose (DESIGN.md 6).
 *
 *   aside  what 'set_aside' tells, as flow/set_aside.h has it; NULL: nothing
 *
 * 0, or -1 with CONFIGURATION (the template) or what tkt_apply_change() says.
 */
int tkt_acknowledge(struct tkt_session *session, const json_t *ticket, const char *address,
    const char *template, const json_t *aside, struct tkt_applied *applied,
    struct tkt_error *error);
