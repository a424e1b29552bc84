/* lib/policy/named.h: is an agent named in a ticket (S1-10)? */
#pragma once
#include <jansson.h>

struct tkt_error;

/*
 * Does the subject or the description have the login, or the agent's name, as words of its own,
 * without regard to case? Of a name in two words the second may stand first.
 *
 *   agent  NULL: nothing is known of him but the login
 *
 * 1, 0, or -1 with TEMPORARY.
 */
int tkt_agent_is_named(
    const json_t *ticket, const char *login, const json_t *agent, struct tkt_error *error);
