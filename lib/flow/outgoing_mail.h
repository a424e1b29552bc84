/* lib/flow/outgoing_mail.h: to whom an answer goes, under which subject and Message-ID. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_session;

/*
 * Who gets a public reply: the requester and the ticket's cc, without the desk's own addresses and
 * without doubles (DESIGN.md 4). A new array of addresses; empty when nobody can be written to.
 */
int tkt_reply_recipients(struct tkt_session *session, const json_t *ticket, json_t **recipients,
    struct tkt_error *error);

/*
 * Fills in what an outgoing message still lacks: author, to, cc, subject with the ticket's id once,
 * message_id, in_reply_to and references of the ticket's correspondence (RFC 5322, 3.6.4).
 * 0, or -1 with TEMPORARY or what the store says.
 */
int tkt_outgoing_complete(
    struct tkt_session *session, const json_t *ticket, json_t *message, struct tkt_error *error);

/* A new Message-ID (RFC 5322, 3.6.4) of the desk's domain: what it is about, so that people can see
 * it, and chance. NULL with TEMPORARY. */
json_t *tkt_message_id_new(struct tkt_session *session, const char *about, struct tkt_error *error);

/* What a row of the outbox is made of; what is NULL is left out. Borrowed for the call. */
struct tkt_outgoing_put {
	const char *ticket, *message; /* NULL for a mail to the staff */
	const char *recipient;
	const char *subject, *message_id;
	const char *body; /* of a mail that is no message; NULL */
	bool is_answer;   /* an automatic one, which nothing may answer: the null sender */
};

/* Writes one row: a mail to one recipient, due at once; its envelope sender is the address for its
 * bounces, or the desk's. In a write transaction. 0 and a new reference, or -1. */
int tkt_outgoing_put(struct tkt_session *session, const struct tkt_outgoing_put *mail, json_t **row,
    struct tkt_error *error);

/*
 * Puts a completed message into the outbox: rows of the same transaction, one for each address of
 * to and cc, so that a recipient who is refused keeps the mail from nobody else; all leave under
 * the message's Message-ID and show its whole To and Cc. *outgoing is a new list of them; NULL when
 * there is nobody to write to. 0 or -1.
 */
int tkt_outgoing_enqueue(struct tkt_session *session, const json_t *ticket, const json_t *message,
    json_t **outgoing, struct tkt_error *error);
