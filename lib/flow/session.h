/* lib/flow/session.h: one command at one desk: its policy, its database, who acts and when. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/when.h"
#include "expression/expression.h"
#include "store/db.h"

struct tkt_calendars;
struct tkt_command;
struct tkt_desk;
struct tkt_error;
struct tkt_policies;
struct tkt_template;
struct tkt_token_key;

struct tkt_session {
	struct tkt_command *command; /* borrowed */
	struct tkt_desk *desk;       /* NULL in a bare one */
	struct tkt_db *db;
	char *actor;  /* "agent:ivanova", for what a mail server runs "tool:tkt-mailin": who acts,
			 unless a change says otherwise; NULL for readers */
	char *policy; /* the name tickets keep for the policy in force; NULL until one is opened */
	char *older;  /* that of the policy before desk.conf counts, "" for none; NULL until asked
			 for */
	char *mark;   /* X-Tkt-Desk of this desk; NULL until a writer needs it */
	struct tkt_token_key *token_key, *panel_key; /* flow/token_key.h's; NULL until asked for */
	struct tkt_policies *policies;   /* flow/policies.h's; NULL until one is asked for */
	struct tkt_calendars *calendars; /* the same */
	json_t *agents;                  /* flow/agents.h's; NULL until they are asked for */
	struct tkt_template *templates;  /* those that were read: desk/template.h */
};

/*
 * Opens the desk that --desk or TKT_DESK name, else the current folder if it has a desk.conf.
 *
 *   mode  TKT_DB_READ for what only looks
 *
 * A writer for which --as or TKT_AGENT names an agent needs one who is active, once there are
 * agents: else PERMISSION.
 *
 * 0 and a new session, or -1 with NO_INPUT, PERMISSION, CONFIGURATION, DATA or TEMPORARY, as
 * tkt_desk_read() and tkt_db_open() have them.
 */
int tkt_session_open(struct tkt_command *command, enum tkt_db_mode mode,
    struct tkt_session **session, struct tkt_error *error);
/* The same for what reads the database alone and may be done with that: desk.conf is not read, so
 * `desk` and `actor` are NULL. */
int tkt_session_open_bare(
    struct tkt_command *command, struct tkt_session **session, struct tkt_error *error);
void tkt_session_free(struct tkt_session *session);
TKT_AUTOPTR(session)

/* The login of the agent who acts: --as, TKT_AGENT, else the user's. Borrowed; for writers. */
const char *tkt_session_agent(const struct tkt_session *session);
/* This desk's random mark, made by tkt-init. 0 or -1. */
int tkt_session_mark(struct tkt_session *session, const char **mark, struct tkt_error *error);
/*
 * Before the day from which desk.conf counts (S1-18): the name of the policy in force until then,
 * which is the one that the latest ticket came under. NULL: desk.conf is in force. Borrowed. 0 or
 * -1.
 */
int tkt_session_older_policy(
    struct tkt_session *session, const char **policy, struct tkt_error *error);
/* The name of the policy in force, stored when it is new; in a write transaction. 0 or -1. */
int tkt_session_policy(struct tkt_session *session, const char **policy, struct tkt_error *error);
/* What the expressions of this session depend on: its clock, its zone. */
struct tkt_expression_scope tkt_session_scope(const struct tkt_session *session);
/* What the times that a user writes count from. */
struct tkt_present tkt_session_present(const struct tkt_session *session);
/* The present day in the desk's zone: 'YYYY-MM-DD'. */
void tkt_session_day(const struct tkt_session *session, char day[16]);
