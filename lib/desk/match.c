#include "desk/match.h"

#include <stdlib.h>

#include "expression/expression.h"

#include "base/banned.h"

int tkt_match_ticket(const struct tkt_match *match, const json_t *ticket, struct tkt_error *error)
{
	int judged = tkt_expression_match(match->all, ticket, error);
	size_t i;

	if (judged <= 0 || !match->any)
		return judged;
	for (i = 0; match->any[i]; i++) {
		judged = tkt_expression_match(match->any[i], ticket, error);
		if (judged != 0)
			return judged;
	}
	return 0;
}

void tkt_match_clear(struct tkt_match *match)
{
	size_t i;

	tkt_expression_free(match->all);
	for (i = 0; match->any && match->any[i]; i++)
		tkt_expression_free(match->any[i]);
	free(match->any);
}
