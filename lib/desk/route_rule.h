/*
 * lib/desk/route_rule.h: the sections `route` and `team` of desk.conf (desk.conf(5)): where tickets
 * go, and who gets them. What they decide is lib/policy/route.h's.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "desk/match.h"

struct tkt_conf;
struct tkt_conf_section;
struct tkt_error;
struct tkt_policy;
struct tkt_section_maker;

struct tkt_route {
	char *title;
	char *rule; /* "desk.conf:41" */
	struct tkt_match match;
	char **set;    /* 'priority=high'; each list is ended by NULL and never NULL itself */
	char **add;    /* 'tags=late' */
	char **notify; /* 'assignee', 'group:leads' ... */
	char *team;    /* that chooses the assignee; NULL */
	bool stop;     /* later routes are not tried */
};

/* How one of several members is chosen. */
enum tkt_assign {
	TKT_ASSIGN_ROUND_ROBIN,  /* whose last turn is the longest ago */
	TKT_ASSIGN_LEAST_LOADED, /* who has the fewest open tickets; of equals, by turn */
	TKT_ASSIGN_NONE,         /* nobody, unless a preference leaves one alone */
};

/* What narrows the members that come into question. */
enum tkt_preference {
	TKT_PREFER_NAMED,    /* who is named in the text (S1-10) */
	TKT_PREFER_PREVIOUS, /* who had the requester's latest ticket */
	TKT_PREFER_SKILL,    /* who has the skill that the ticket's field names */
	TKT_PREFER_LANGUAGE, /* who speaks the ticket's language */
	TKT_PREFER_COUNT
};
extern const char *const tkt_preference_words[TKT_PREFER_COUNT];

struct tkt_team {
	char *title;
	char *rule;
	char **members; /* 'ivanova', 'group:l1'; ended by NULL */
	enum tkt_assign assign;
	enum tkt_preference prefer[TKT_PREFER_COUNT]; /* in their order */
	size_t prefer_count;
	char *skill; /* the field of TKT_PREFER_SKILL: "fields.product"; NULL */
};

/* Each adds what a section says to the policy: 0, or -1 with CONFIGURATION or TEMPORARY. */
int tkt_route_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error);
int tkt_team_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error);
void tkt_routes_free(struct tkt_route *routes, size_t count);
void tkt_teams_free(struct tkt_team *teams, size_t count);

/* The team of a name; NULL: the policy has none. */
const struct tkt_team *tkt_team_find(const struct tkt_policy *policy, const char *name);

/* Add errors: a team that is not there, or has no members ... */
void tkt_route_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section);
void tkt_team_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section);
/* Add warnings: a route that is never reached, or does nothing; a team that no route names. */
void tkt_route_section_warn(const struct tkt_conf *conf, const struct tkt_conf_section *section);
void tkt_team_section_warn(const struct tkt_conf *conf, const struct tkt_conf_section *section);
