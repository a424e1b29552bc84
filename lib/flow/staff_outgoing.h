/* lib/flow/staff_outgoing.h: a mail to one of the staff: it belongs to no ticket, and where an
 * agent may answer it, says above its text how. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

struct tkt_error;
struct tkt_session;
struct tkt_staff_token;

/* Borrowed for the call. */
struct tkt_staff_outgoing {
	const char *address;
	const char *subject, *body;
	const struct tkt_staff_token *token; /* by which it is answered; NULL: not by one */
	bool is_answerable; /* a line stands above the text, above which an answer is written */
	bool is_answer;     /* an automatic one, which nothing may answer by itself */
	const char *actor, *why; /* of its event */
};

/* Puts it into the outbox, with an event. In a write transaction. 0, or -1 with CONFIGURATION (the
 * template 'staff_line') or what the store says. */
int tkt_staff_outgoing_put(
    struct tkt_session *session, const struct tkt_staff_outgoing *mail, struct tkt_error *error);

/* Renders the template 'staff_line' in `language` (NULL: the desk's first): its subject is the line
 * itself, without blanks around it, its body what is said to who answers. 0, or -1. */
int tkt_staff_line(struct tkt_session *session, const char *language, struct tkt_text *line,
    struct tkt_text *body, struct tkt_error *error);

/* The desk itself, as the templates of mail to the staff may name it; NULL: it is no such name. */
const char *tkt_staff_variable(const struct tkt_session *session, const char *name);
