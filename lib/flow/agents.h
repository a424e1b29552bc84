/* lib/flow/agents.h: the agents of a desk, for what decides by them. */
#pragma once
#include <jansson.h>

struct tkt_db;
struct tkt_error;
struct tkt_session;

/* All agents: a new array of objects of tkt-json(5), empty when the desk knows none. 0 or -1. */
int tkt_agents_read(struct tkt_db *db, json_t **agents, struct tkt_error *error);
/* The same, read once, held by the session. */
int tkt_session_agents(struct tkt_session *session, const json_t **agents, struct tkt_error *error);
