/* lib/policy/deputy_check.h: when an agent is away, does anybody stand in? For tkt-lint. */
#pragma once
#include <jansson.h>

#include "desk/desk.h"

/*
 * Hands over warnings, of "tkt.db", on the agents of a desk (an array of objects of tkt-json(5)): a
 * deputy who is no agent of it; deputies for good who go in a circle; an absence, not over yet,
 * with a day on which all who would stand in are away too, or go in a circle.
 *
 *   today  YYYY-MM-DD
 */
void tkt_deputies_warn(
    const json_t *agents, const char *today, tkt_finding_report *report, void *context);
