/*
 * lib/desk/intake_rule.h: the sections of desk.conf by which a request is taken in (desk.conf(5)):
 * recognise, question, category, flag, form, entitlement, channel. What they decide is
 * lib/policy/intake.h's.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "desk/match.h"

struct tkt_conf;
struct tkt_conf_section;
struct tkt_error;
struct tkt_pattern;
struct tkt_policy;
struct tkt_section_maker;

/* Where a recogniser looks; bits. */
enum tkt_part_of_letter {
	TKT_IN_SUBJECT = 1,
	TKT_IN_DESCRIPTION = 2, /* the new text */
	TKT_IN_ATTACHMENTS = 4, /* a line each: its type and its name */
	TKT_IN_RECIPIENTS = 8,  /* a line each: the addresses of To and Cc */
};

/* Facts that stand in a request: the named groups of a pattern fill `fields`. */
struct tkt_recognise {
	char *title, *rule; /* "desk.conf:41" */
	struct tkt_pattern *pattern;
	unsigned parts; /* tkt_part_of_letter */
};

/* What can be asked; its title is the field that the answer goes to. */
struct tkt_question {
	char *title, *rule;
	char **texts; /* "en: Which browser?", the first is for other languages; ended by NULL */
	bool has_match;
	struct tkt_match match;      /* asked of a ticket that matches, softly */
	struct tkt_pattern *pattern; /* of the answer; NULL */
};
/* Its text in a language; NULL: in the first. Borrowed. */
const char *tkt_question_text(const struct tkt_question *question, const char *language);

/* What a section does to the tickets that match. */
struct tkt_intake_rule {
	char *title, *rule;
	struct tkt_match match;
	char **set, **add; /* "priority=high", "tags=late"; ended by NULL, never NULL */
	char *reply;       /* a template: of an entitlement or a channel; NULL */
};

/* What a request must say before it counts as made. */
struct tkt_form {
	struct tkt_intake_rule rule; /* `set` and `add` while something is lacking */
	char **require;              /* fields; ended by NULL */
	char **ask;                  /* softly */
};

enum tkt_acceptance {
	TKT_ACCEPT_ALL,     /* a request like any other */
	TKT_ACCEPT_CONSULT, /* talk, which orders nothing */
	TKT_ACCEPT_NONE,    /* no request */
};
enum tkt_acknowledge { TKT_ACKNOWLEDGE_NONE, TKT_ACKNOWLEDGE_FIRST, TKT_ACKNOWLEDGE_ALL };

/* A way by which requests come; its title is the name of the channel. */
struct tkt_channel {
	struct tkt_intake_rule rule; /* its match is the scope; `reply` where not all is accepted */
	bool has_match;
	enum tkt_acceptance accept;
	bool has_outside;
	enum tkt_acceptance outside; /* beyond the scope, or outside the hours of its calendar */
	char *identity;              /* the most that it proves: "none"; NULL */
	char *calendar;              /* NULL */
	bool has_acknowledge;
	enum tkt_acknowledge acknowledge;
};

/* All of a policy, each in file order. */
struct tkt_intake_rules {
	struct tkt_recognise *recognisers;
	size_t recogniser_count;
	struct tkt_question *questions;
	size_t question_count;
	struct tkt_intake_rule *categories;
	size_t category_count;
	struct tkt_intake_rule *flags;
	size_t flag_count;
	struct tkt_form *forms;
	size_t form_count;
	struct tkt_intake_rule *entitlements;
	size_t entitlement_count;
	struct tkt_channel *channels;
	size_t channel_count;
};
void tkt_intake_rules_clear(struct tkt_intake_rules *rules);
/* One by its title; NULL: there is none. */
const struct tkt_question *tkt_question_find(
    const struct tkt_intake_rules *rules, const char *title);
const struct tkt_channel *tkt_channel_find(const struct tkt_intake_rules *rules, const char *title);
/* What 'first', 'all' or 'none' says; a boolean stands for 'first' or 'none'. */
enum tkt_acknowledge tkt_acknowledge_of(const char *word);

/* Adds what a section of one of these kinds says to the policy: 0, or -1 with CONFIGURATION or
 * TEMPORARY. */
int tkt_intake_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error);

/* Adds errors: a form that requires what no question asks for, a pattern that names nothing ... */
void tkt_intake_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section);
/* Adds warnings: a question that nothing asks ... */
void tkt_intake_section_warn(const struct tkt_conf *conf, const struct tkt_conf_section *section);
/* The key of the question for a field: 'browser' of 'fields.browser', else the field itself. */
const char *tkt_question_key(const char *field);
