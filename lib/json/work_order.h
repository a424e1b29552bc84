/*
 * lib/json/work_order.h: in which order tickets are worked on: by tier, then by arrival, with an
 * age that lets nothing starve (S0-7, S2-9, S2-11, S4-11). It is one number a ticket: the instant
 * at which it came, later by `age_seconds` for each place that its tier stands behind the first. So
 * a ticket waits at most behind those that came place * age_seconds after it.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct tkt_work_order {
	char **tiers; /* the first goes first; one that is not there stands behind the last. NULL:
			 there are none, arrival alone counts */
	int64_t age_seconds;
};

/* By how much a ticket of this tier (NULL: of none) counts as having come later. `order` may be
 * NULL. */
int64_t tkt_work_delay(const struct tkt_work_order *order, const char *tier);
/* The place of a tier, from 0; the number of tiers: it is not there. */
size_t tkt_work_place(const struct tkt_work_order *order, const char *tier);
