#include "base/nearest.h"

#include <stdint.h>
#include <string.h>

#include "base/banned.h"

#define WORD_LIMIT 64 /* bytes: no longer word is compared */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The edits between two words (Damerau and Levenshtein, each part edited once). */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_LIMIT + 1];
	size_t a_length = strlen(a), b_length = strlen(b), i, j;

	if (a_length > WORD_LIMIT || b_length > WORD_LIMIT)
		return SIZE_MAX;
	for (j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *second = rows[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= b_length; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], second[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

void tkt_nearest_init(struct tkt_nearest *nearest, const char *word)
{
	nearest->word = word;
	nearest->found = NULL;
	nearest->apart = 1 + least(2, strlen(word) / 3);
}

void tkt_nearest_offer(struct tkt_nearest *nearest, const char *known)
{
	size_t apart = distance(nearest->word, known);

	if (apart >= nearest->apart)
		return;
	nearest->apart = apart;
	nearest->found = known;
}

void tkt_nearest_offer_all(struct tkt_nearest *nearest, const char *const *known)
{
	for (; *known; known++)
		tkt_nearest_offer(nearest, *known);
}
