/* lib/store/assignment.h: what a team's choice depends on: whose turn was when, who has how many
 * tickets, who had the requester's last. */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct tkt_db;
struct tkt_error;

/* A team has given a ticket to an agent, in the event `seq`. In a write transaction. 0 or -1. */
int tkt_turn_write(
    struct tkt_db *db, const char *team, const char *agent, int64_t seq, struct tkt_error *error);
/* The event of each agent's last turn in a team: a new object {"ivanova":77}. 0 or -1. */
int tkt_turn_all(struct tkt_db *db, const char *team, json_t **turns, struct tkt_error *error);

/* How many tickets of each agent who has any are neither resolved nor closed: a new object
 * {"ivanova":3}. 0 or -1. */
int tkt_assignee_loads(struct tkt_db *db, json_t **loads, struct tkt_error *error);
/* The assignee of the latest ticket of a requester, but for ticket `id`, that has one. 1 and a new
 * text in *agent; 0: none; -1. */
int tkt_assignee_previous(struct tkt_db *db, const char *requester, const char *id, char **agent,
    struct tkt_error *error);
