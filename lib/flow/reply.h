/* lib/flow/reply.h: an answer or a note by an agent, with what else changes in the same step. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/option.h"
#include "base/text.h"
#include "flow/apply.h"

struct tkt_error;
struct tkt_files;
struct tkt_session;

/* Borrowed for the call. */
struct tkt_reply {
	const char *body;     /* as tkt_reply_text() leaves it; NULL: the template's */
	const char *template; /* its name, rendered for each ticket; NULL */
	const struct tkt_files *files;
	const char *channel; /* "mail" leaves; any other ("phone") is on record alone */
	bool internal;       /* a note */
	const char *status;  /* NULL: what follows from an answer */
	const struct tkt_strings *assignments; /* 'field=value' */
	const struct tkt_strings *asked;       /* flow/ask.h; the text may be empty with any */
	const char *action;                    /* of desk.conf that it performs; NULL */
	const char *why;                       /* NULL */
};

/* Does a mail leave, if there is somebody to write to? */
bool tkt_reply_leaves(const struct tkt_reply *reply);

/* What is wrong for every ticket, before a text is asked for. 0, or -1 with USAGE or DATA. */
int tkt_reply_check(const struct tkt_reply *reply, struct tkt_error *error);

/*
 * Adds a text as it leaves: UTF-8 with LF, without blank lines around it. 0, or -1 with DATA when
 * nothing is left.
 */
int tkt_reply_text(struct tkt_text *out, const char *bytes, size_t length, struct tkt_error *error);

/* The public message, or note, that the reply is on that ticket: a new object. 0, or -1 as
 * tkt_render_template(), or with DATA: the text is empty. */
int tkt_reply_message(struct tkt_session *session, const json_t *ticket,
    const struct tkt_reply *reply, json_t **message, struct tkt_error *error);

/* Puts each ticket that is named into `tickets`, an object, at the name as it was written. 0, or -1
 * with NOT_FOUND. */
int tkt_reply_tickets(struct tkt_session *session, char *const *names, size_t count,
    json_t *tickets, struct tkt_error *error);

/*
 * Answers one ticket inside a write transaction.
 *
 *   seen  the ticket as the agent saw it, or an object with its id alone. One with a `rev` is
 *         compared with what is stored
 *
 * 0 and *applied filled (its `outgoing` is NULL where nobody can be written to), or -1 with DATA
 * ("a message arrived on ticket 'SUP-1042' since it was read"; its recipients are others now; an
 * empty text) or what tkt_apply_change() and tkt_render_template() say.
 */
int tkt_reply_apply(struct tkt_session *session, const json_t *seen, const struct tkt_reply *reply,
    struct tkt_applied *applied, struct tkt_error *error);

/* Adds a message for a person to read before it leaves: To, Cc, Subject, files, text. Visible
 * controls, LF line ends. */
void tkt_reply_show(const json_t *message, struct tkt_text *out);

/*
 * Adds, for a person, who would get an answer: 'to anna@example.org, bob@example.org', or that no
 * mail leaves. 0 or -1.
 */
int tkt_reply_whom(struct tkt_session *session, const struct tkt_reply *reply, const json_t *ticket,
    struct tkt_text *out, struct tkt_error *error);
