/* lib/flow/outbox.h: what a person does with the mails of the outbox; nothing here sends. */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct tkt_error;
struct tkt_session;

/* The row of a mail as a user names it: '7'. 0 and a new reference, or -1 with NOT_FOUND. */
int tkt_outbox_get(
    struct tkt_session *session, const char *number, json_t **outgoing, struct tkt_error *error);

/*
 * Makes a mail due at once, as if it had never been tried: one that failed, was cancelled or waits.
 * Inside a write transaction. 0 and the row as it now is, or -1 with NOT_FOUND, or DATA when it is
 * sent or being sent.
 */
int tkt_outbox_retry(
    struct tkt_session *session, const char *number, json_t **outgoing, struct tkt_error *error);

/* Lets a mail that waits or has failed never leave; its ticket's log says so. As above. */
int tkt_outbox_cancel(
    struct tkt_session *session, const char *number, json_t **outgoing, struct tkt_error *error);

/*
 * Writes an event about a mail that belongs to no ticket, without its text. In a write transaction.
 *
 *   actor  NULL: the agent of the session
 *
 * 0 or -1.
 */
int tkt_outbox_log(struct tkt_session *session, const json_t *outgoing, const char *actor,
    const char *why, struct tkt_error *error);

/*
 * Brings `undelivered` of the mail's ticket in line with the outbox: recipient and reason of the
 * last mail that has failed or come back, or nothing. In a write transaction.
 *
 *   actor  "tool:tkt-mailout", or NULL: the agent of the session, whose deed is an event even where
 *          the ticket stays as it is, or where there is none
 *
 * 0, or -1 with what tkt_apply_change() says.
 */
int tkt_undelivered_follow(struct tkt_session *session, const json_t *outgoing, const char *actor,
    const char *why, struct tkt_error *error);
