/*
 * lib/mail/alternative.h: which of the alternatives of a multipart/alternative is the text.
 *
 * The plain one, unless it is blank, or only says that the reader's program cannot show HTML while
 * the HTML says something else.
 */
#pragma once
#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>

#define TKT_PART_DEPTH 250 /* levels of parts; the scan refuses what has more */

/* Is the plain alternative below `object` to be read, and not the HTML? */
bool tkt_alternative_is_plain(GMimeObject *object, int depth, const char *const *languages);
/* Blanks alone, the no-break one and marks that have no width too? */
bool tkt_is_blank(const char *bytes, size_t size);
