/* lib/expression/implies.h: what one expression says about another, without any ticket. */
#pragma once
#include <stdbool.h>

struct tkt_expression;

/* Is the second true of each ticket of which the first is? false, too, where it is not plain. Both
 * are parsed with the same scope. */
bool tkt_expression_implies(const struct tkt_expression *one, const struct tkt_expression *other);
/* Is there no ticket of which both are true? false, too, where it is not plain. */
bool tkt_expression_excludes(const struct tkt_expression *one, const struct tkt_expression *other);
/* Is there no ticket of which it is true: 'status=open and status=closed'? */
bool tkt_expression_is_never(const struct tkt_expression *expression);
