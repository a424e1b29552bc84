/* lib/desk/name_check.h: does anything give the tickets of a desk what its conditions ask for? */
#pragma once
#include <jansson.h>

struct tkt_conf;

/*
 * Adds warnings: a condition on a category, channel, tier, queue, tag or `fields.NAME` that nothing
 * in the desk gives a ticket, so that it never holds. Where the desk keeps a list (sections
 * category, work_tiers, the tiers of its customers) each name must be in it; else people and
 * programs may give others, and only one that is nearly a known name is told.
 *
 *   tiers  of the desk's customers: an array of texts; NULL and empty: it knows none
 */
void tkt_names_warn(const struct tkt_conf *conf, const json_t *tiers);
