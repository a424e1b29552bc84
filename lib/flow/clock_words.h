/* lib/flow/clock_words.h: how the clocks of a ticket moved, as a sentence for a person. */
#pragma once
#include <jansson.h>
#include <stddef.h>

struct tkt_text;

/*
 * Adds 'first_response met; resolution paused': what differs between two values of `clocks`, clock
 * by clock, each behind '; ' unless nothing stands behind `start` yet. A clock of a later cycle has
 * its number: 'next_response 2 started'. Steps that have fired are not told: the change says why.
 *
 *   before  NULL: there were none
 */
void tkt_clocks_tell(struct tkt_text *out, size_t start, const json_t *before, const json_t *after);
