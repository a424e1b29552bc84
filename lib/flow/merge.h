/* lib/flow/merge.h: which ticket another one may be merged into. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/*
 * Settles the `merged_into` of a ticket that is about to be written: the id is then as it is
 * stored, however it was written ('1', 'sup-1'). One that is as it was before passes unseen;
 * `before` is NULL for a new ticket. Inside the write transaction.
 *
 * 0, or -1 with DATA: the ticket itself, one that is not there, or one that was merged into this
 * one before, itself or by way of others.
 */
int tkt_merge_settle(
    struct tkt_session *session, const json_t *before, json_t *after, struct tkt_error *error);
