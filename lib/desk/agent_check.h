/* lib/desk/agent_check.h: does the desk know the agents that its desk.conf names? */
#pragma once
#include <jansson.h>

struct tkt_conf;

/*
 * Adds warnings: a member of a team, an assignee (set, or asked for in a condition), or one who is
 * told, who is no agent of the desk, or not active any more; a group that no agent is in.
 *
 *   agents  of the desk: an array of objects of tkt-json(5); NULL and empty: it has none
 */
void tkt_agents_warn(const struct tkt_conf *conf, const json_t *agents);
