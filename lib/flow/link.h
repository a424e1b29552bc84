/* lib/flow/link.h: two tickets that belong together, and the one that proves who asks in both. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_session;

struct tkt_link {
	const char *one, *other; /* ids as they were written */
	bool verify;     /* the one that the panel has verified lifts the other's identity (S1-7) */
	const char *why; /* for the log; NULL */
};

/*
 * Links the two, each in the other's `linked`, in a write transaction; an event each, unless they
 * were so before. Which one lifts is told by their messages: a verified one of its requester.
 *
 * 0 and both tickets as they now are; -1 with NOT_FOUND, DATA (one ticket twice), PERMISSION (to
 * verify: neither is verified by the panel, or they are not of one requester or customer) or what
 * tkt_apply_change() says.
 */
int tkt_link_apply(struct tkt_session *session, const struct tkt_link *link, json_t **one,
    json_t **other, struct tkt_error *error);
