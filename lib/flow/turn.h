/* lib/flow/turn.h: the turns of a team follow the log. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_session;

/* Keeps the turn that an event tells of: one whose `team` has given its ticket to somebody. In the
 * write transaction of the event. 0 or -1. */
int tkt_turn_follow(struct tkt_session *session, const json_t *event, struct tkt_error *error);
