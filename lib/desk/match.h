/* lib/desk/match.h: `match` and `any` of a section of desk.conf, judged on tickets. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_expression;

/* Every one of the first, and one of the second if there are any. */
struct tkt_match {
	struct tkt_expression *all;  /* NULL: everything */
	struct tkt_expression **any; /* ended by NULL; NULL: none were given */
};
void tkt_match_clear(struct tkt_match *match);

/* 1 or 0; -1 when a pattern passes its limit. */
int tkt_match_ticket(const struct tkt_match *match, const json_t *ticket, struct tkt_error *error);
