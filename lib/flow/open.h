/* lib/flow/open.h: a ticket opened by hand, by a script, or by monitoring under a key. */
#pragma once
#include <jansson.h>

#include "flow/apply.h"

struct tkt_error;
struct tkt_files;
struct tkt_session;

/*
 * Opens a ticket inside a write transaction, with its first message.
 *
 *   values  members of a ticket by wire names, dotted or nested, those that may be set; `key` too:
 * when an open ticket has that key, the text joins it instead and the values are left alone body
 * the first message's text; NULL or "": no message unless there are files files   attachments;
 * NULL: none
 *
 * 0 and *applied filled, or -1 with DATA (a value out of its set, a member that cannot be set) or
 * what tkt_apply_change() says.
 */
int tkt_open_ticket(struct tkt_session *session, const json_t *values, const char *body,
    const struct tkt_files *files, struct tkt_applied *applied, struct tkt_error *error);
