/* lib/flow/clocks_view.h: the clocks of a ticket as they are at this moment, by the calendars as
 * they now are; nothing is written. */
#pragma once
#include <jansson.h>

#include "policy/clock.h"

struct tkt_error;
struct tkt_session;

/* What the clocks of a ticket go by: its policy's first section that matches. 0, or -1 with
 * CONFIGURATION (a calendar that the policy names is not there any more). */
int tkt_clocks_level(struct tkt_session *session, const json_t *ticket, struct tkt_level *level,
    struct tkt_error *error);

/*
 * The clocks of a ticket anew: what runs or is paused is reckoned by the present calendars; where
 * the ticket, as it stands here, is of another level than its clocks, they are those of that level,
 * by its log. Breaches are noted. Those of a closed ticket are as they stand.
 *
 *   clocks  `= { 0 }` before
 *   level   what they are by
 *
 * 0, or -1. Reads in a transaction of its caller.
 */
int tkt_clocks_fresh(struct tkt_session *session, const json_t *ticket, struct tkt_clocks *clocks,
    struct tkt_level *level, struct tkt_error *error);
/* Puts them into the ticket. 0, or -1. */
int tkt_clocks_view(struct tkt_session *session, json_t *ticket, struct tkt_error *error);
