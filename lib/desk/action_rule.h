/* lib/desk/action_rule.h: the sections `action` of desk.conf (desk.conf(5)): what may be done on
 * whose word. What they decide is lib/policy/action.h's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "desk/match.h"

struct tkt_conf;
struct tkt_conf_section;
struct tkt_error;
struct tkt_policy;
struct tkt_section_maker;

struct tkt_action {
	char *title;
	char *rule; /* "desk.conf:41" */
	struct tkt_match match;
	char *needs;       /* of the identities; NULL: none */
	char **channels;   /* each list is ended by NULL and never NULL itself; empty: every one */
	bool by_contract;  /* from the address that the contract names alone */
	bool needs_reason; /* the change has a `why` */
	char **set;        /* 'priority=high' */
	char **add;        /* 'tags=late' */
	char **notify;     /* 'assignee', 'group:leads' ... */
	char *reply;       /* name of a template; NULL */
};

/* Adds what a section says to the policy: 0, or -1 with CONFIGURATION or TEMPORARY. */
int tkt_action_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error);
void tkt_actions_free(struct tkt_action *actions, size_t count);

/* The action of a name; NULL: the policy has none. */
const struct tkt_action *tkt_action_find(const struct tkt_policy *policy, const char *name);

/* Is it 'cc={{fields.admin}}', whose value is that of a field of the ticket? Both names are new, or
 * NULL when memory is out; NULL as a place: not wanted. */
bool tkt_action_field_of(const char *assignment, char **name, char **field);

/* Adds errors: a requester who is told by notify. */
void tkt_action_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section);
