/* lib/flow/open.h: a ticket opened by hand, by a script, or by monitoring under a key. */
#pragma once
#include <jansson.h>

#include "flow/apply.h"

struct tkt_error;
struct tkt_files;
struct tkt_session;

/* What comes with the members of a new ticket; borrowed for the call. */
struct tkt_opening {
	const char *body;              /* the first message's text; NULL or "": none */
	const struct tkt_files *files; /* attachments; NULL: none */
	const char *token;             /* of the panel (flow/panel.h); NULL: none */
	bool without_intake;           /* tkt-intake and tkt-route say later what becomes of it */
};

/*
 * Opens a ticket inside a write transaction, with its first message, unless there is neither text
 * nor file nor a token that counts.
 *
 *   values  members of a ticket by wire names, dotted or nested, those that may be set; `key` too:
 *           when an open ticket has that key, the text joins it instead and the values are left
 *           alone. With a token and without `channel` that is the panel
 *
 * Intake then decides what becomes of it (flow/intake.h). A request that its channel does not take
 * is not registered.
 *
 * 0 and *applied filled: the ticket as it is then, the message and what the first event had; -1
 * with PERMISSION (the channel), DATA (a value out of its set, a member that cannot be set) or what
 * tkt_panel_judge() and tkt_apply_change() say.
 */
int tkt_open_ticket(struct tkt_session *session, const json_t *values,
    const struct tkt_opening *opening, struct tkt_applied *applied, struct tkt_error *error);
