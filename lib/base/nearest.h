/* lib/base/nearest.h: the known word that a misspelt one probably means: 'did you mean'. */
#pragma once
#include <stddef.h>

struct tkt_nearest {
	const char *word;  /* as it was written; borrowed */
	const char *found; /* the nearest known word so far, borrowed; NULL: none is near enough */
	size_t apart;      /* edits between the two */
};

void tkt_nearest_init(struct tkt_nearest *nearest, const char *word);
/* Considers one known word; of two as near the first stays. A third of the letters may be wrong,
 * at most two; two neighbours swapped count as one. */
void tkt_nearest_offer(struct tkt_nearest *nearest, const char *known);
/* The same for each word of a list that NULL ends. */
void tkt_nearest_offer_all(struct tkt_nearest *nearest, const char *const *known);
