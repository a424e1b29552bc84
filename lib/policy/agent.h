/*
 * lib/policy/agent.h: who of the agents is there on a day, and who stands in for the others. Pure.
 * Agents are objects of tkt-json(5), an array of them in any order; an empty one is a desk that
 * knows none, where any login goes. A day is 'YYYY-MM-DD' in the desk's zone.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

enum tkt_presence {
	TKT_AGENT_PRESENT,
	TKT_AGENT_ABSENT,   /* on that day */
	TKT_AGENT_INACTIVE, /* for good */
	TKT_AGENT_UNKNOWN,  /* no agent of the desk */
};

/* Borrowed; NULL: there is none of that login. */
const json_t *tkt_agent_find(const json_t *agents, const char *login);
/* Has one of its lists ('groups', 'skills', 'languages') the word? Of NULL: no. */
bool tkt_agent_has(const json_t *agent, const char *list, const char *word);
enum tkt_presence tkt_agent_presence(const json_t *agents, const char *login, const char *day);
/* The absence that the day lies in, borrowed; NULL: none. */
const json_t *tkt_agent_absence(const json_t *agent, const char *day);
/*
 * Who stands in for an agent who is not present: the deputy of the absence, else of the agent; in
 * place of one who is not present either that one's, and so on. Borrowed; NULL: nobody, or they go
 * in a circle.
 */
const char *tkt_agent_deputy(const json_t *agents, const char *login, const char *day);
