/*
 * lib/flow/decider.h: how a decider works through the tickets it is given: each as it comes when it
 * comes whole, for it may be one that is only proposed, else as it is stored; passed on as it would
 * be, with the changes appended to its `changes`.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_command;
struct tkt_error;
struct tkt_field_table;
struct tkt_session;

struct tkt_decider {
	/*
	 * Decides on one ticket in a read transaction: appends its changes, in order, each of the
	 * ticket as the one before leaves it, to `changes`, and to `rows`, unless that is NULL,
	 * why.
	 */
	int (*decide)(struct tkt_session *session, const json_t *ticket, json_t *changes,
	    json_t *rows, void *context, struct tkt_error *error);
	void *context;
	const char *fields; /* -o; NULL */
	const char *rules;  /* a folder whose desk.conf counts instead; NULL. Not to apply */
	bool changes_only;  /* --changes */
	const struct tkt_field_table *explain; /* --explain: the table of its rows; NULL */
	bool apply;                            /* --apply */
	bool atomic, dry_run;                  /* which go with --apply */
};

/*
 * Operands, else lines of standard input. Without `apply` nothing is changed; with it each is
 * decided on as it is stored, the changes are made at once and the tickets printed. 0; -1: USAGE
 * where options do not go together, else what the run says.
 */
int tkt_decider_run(
    struct tkt_command *command, const struct tkt_decider *decider, struct tkt_error *error);
