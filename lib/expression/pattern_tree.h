/* lib/expression/pattern_tree.h: what a regular expression is made of, as far as it takes to write
 * texts that it matches; for runaway.c. What it does not know matches nothing there. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

enum tkt_pattern_kind {
	TKT_PATTERN_NOTHING,  /* an anchor, a look around, a comment: takes no letter */
	TKT_PATTERN_LETTER,   /* one letter: itself, an escape, a class */
	TKT_PATTERN_SEQUENCE, /* its children one after the other */
	TKT_PATTERN_CHOICE,   /* one of its children */
	TKT_PATTERN_REPEAT,   /* its child, again and again */
};

struct tkt_pattern_node {
	enum tkt_pattern_kind kind;
	size_t start, end; /* bytes of the pattern */
	unsigned least;    /* of a REPEAT: how often at least */
	bool is_long;      /* of a REPEAT: it has no end, or a late one */
	struct tkt_pattern_node *child, *next;
};

/* NULL when memory is out or the pattern is nested too deeply. It must be one that compiles. */
struct tkt_pattern_node *tkt_pattern_tree(const char *string);
void tkt_pattern_node_free(struct tkt_pattern_node *node); /* with what is within and behind it */
TKT_AUTOPTR(pattern_node)
