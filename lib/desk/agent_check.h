/* lib/desk/agent_check.h: does the desk know the agents that its desk.conf names? */
#pragma once
#include <jansson.h>

struct tkt_conf;

/*
 * Adds warnings: a member of a team, an assignee, or one who is told, who is no agent of the desk;
 * a group of a team that no agent is in; deputies who stand in for each other in a circle, or whom
 * nobody knows.
 *
 *   agents  of the desk: an array of objects of tkt-json(5); NULL and empty: it has none
 */
void tkt_agents_warn(const struct tkt_conf *conf, const json_t *agents);
