/* lib/expression/literal.h: what a leaf compares with; for the parser alone. */
#pragma once
#include <stddef.h>

#include "expression/expression.h"

/*
 * Reads `text` as a value of the leaf's type. Takes text, also on failure. 0, or -1 with
 * TKT_ERROR_USAGE: "'opne' is no value of 'status'; did you mean 'open'?".
 *
 *   name  of the field as the user wrote it, for errors
 */
int tkt_literal_read(struct tkt_literal *literal, const struct tkt_expression *leaf,
    const char *name, char *text, const struct tkt_expression_scope *scope,
    struct tkt_error *error);
