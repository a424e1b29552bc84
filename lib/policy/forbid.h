/* lib/policy/forbid.h: what no person may make of a ticket. Pure. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_policy;

/*
 * May the ticket become so? What it was already it may stay: only a change that makes it match is
 * refused. `before` is NULL for a new one.
 *
 * 0; or -1 with DATA, which says the section's text and line, or that a pattern passes its limit:
 * what cannot be judged is not allowed.
 */
int tkt_forbid_judge(const struct tkt_policy *policy, const json_t *before, const json_t *after,
    struct tkt_error *error);
