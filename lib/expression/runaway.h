/*
 * lib/expression/runaway.h: does a pattern backtrack badly? Repeats within repeats, '(\w+\s*)+:',
 * and repeats beside each other that take the same letters, '\s*.*\s*$', try all the ways to share
 * a text out between them before they give up.
 */
#pragma once
#include "base/text.h"

/*
 * PCRE2 judges itself: texts are made that come as far as one of the pattern's repeats, fill it and
 * then cannot go on. A pattern that takes 100,000 steps on some 200 bytes is one that runs away;
 * those that share nothing out take some thousands.
 *
 *   part  gets the repeat, as it is written
 *
 * 1; 0: none was found, or the pattern is none.
 */
int tkt_pattern_runs_away(const char *string, struct tkt_text *part);
