/* lib/desk/forbid_rule.h: the sections `forbid` of desk.conf (desk.conf(5)): what no person may
 * make of a ticket. What they decide is lib/policy/forbid.h's. */
#pragma once
#include <stddef.h>

#include "desk/match.h"

struct tkt_conf;
struct tkt_conf_section;
struct tkt_error;
struct tkt_policy;
struct tkt_section_maker;

struct tkt_forbid {
	char *title;
	char *rule; /* "desk.conf:41" */
	struct tkt_match match;
	char *text; /* why, for who tries */
};

/* Adds what a section says to the policy: 0, or -1 with CONFIGURATION or TEMPORARY. */
int tkt_forbid_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error);
void tkt_forbids_free(struct tkt_forbid *forbids, size_t count);

/* Adds errors: one without conditions, or without a text. */
void tkt_forbid_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section);
