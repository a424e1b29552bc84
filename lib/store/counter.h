/* lib/store/counter.h: numbers given out once: tickets, seq of events, messages, letters, outgoing.
 */
#pragma once
#include <stdint.h>

struct tkt_db;
struct tkt_error;

enum tkt_counter {
	TKT_COUNTER_TICKET,
	TKT_COUNTER_EVENT,
	TKT_COUNTER_MESSAGE,
	TKT_COUNTER_LETTER,
	TKT_COUNTER_OUTGOING
};

/* The next number, from 1; inside a write transaction. 0 or -1. */
int tkt_counter_next(
    struct tkt_db *db, enum tkt_counter counter, int64_t *number, struct tkt_error *error);
/* Replay and arming: no number up to `number` will be given out any more. */
int tkt_counter_raise(
    struct tkt_db *db, enum tkt_counter counter, int64_t number, struct tkt_error *error);
