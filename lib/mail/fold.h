/* lib/mail/fold.h: words of mailers compared without regard to case, whatever the locale. */
#pragma once
#include <stddef.h>

/* Makes capitals of ASCII, Latin-1 and Cyrillic small, in place: every character keeps its length
 * in bytes, so that a place in the folded text is the same place in what it was made from. */
void tkt_fold(char *text, size_t length);
