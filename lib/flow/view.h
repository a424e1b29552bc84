/* lib/flow/view.h: one ticket with its correspondence, as it is at one moment, for readers. */
#pragma once
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_error;
struct tkt_output;
struct tkt_session;

struct tkt_view {
	json_t *ticket;
	json_t *questions; /* the open ones, oldest first */
	int64_t
	    *messages; /* numbers, oldest first: 8 bytes each, so that a long one is no matter */
	size_t message_count, message_room;
};
void tkt_view_clear(struct tkt_view *view);
#define tkt_autoview __attribute__((cleanup(tkt_view_clear))) struct tkt_view

/*
 * Reads ticket `id`, as a user may write it; no transaction is open afterwards. Messages never
 * change, so each can be read when it is its turn.
 *
 * 0 and a view (`= { 0 }` before); -1 with NOT_FOUND or what the store says.
 */
int tkt_view_load(
    struct tkt_session *session, const char *id, struct tkt_view *view, struct tkt_error *error);

/* One message of it: 0 and a new reference, or -1. */
int tkt_view_message(struct tkt_session *session, const struct tkt_view *view, size_t index,
    json_t **message, struct tkt_error *error);

/* Adds the ticket to `output` as tkt-list would, with what is worked out for each. 0 or -1. */
int tkt_view_columns(struct tkt_session *session, const struct tkt_view *view,
    struct tkt_output *output, struct tkt_error *error);
