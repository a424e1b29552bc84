/*
 * lib/desk/attachment_rule.h: the sections `attachment` of desk.conf: what of a letter is taken, by
 * kind. Which rule judges what is lib/policy/attachment.h's.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct tkt_conf;
struct tkt_conf_section;
struct tkt_error;

struct tkt_attachment_rule {
	char *kind;   /* "image", "application" ...: a top-level media type; "any" */
	char **allow; /* "image/png", "image/" and a star; empty: all of the kind. Ended by NULL,
			 as the others */
	char **deny;
	char **names;   /* patterns of fnmatch(3), without regard to case */
	int64_t size;   /* bytes of one attachment; -1: there is no bound */
	int64_t number; /* attachments of one letter; -1: there is no bound */
};

struct tkt_attachment_rules {
	struct tkt_attachment_rule *items; /* in file order */
	size_t count;
};

/* 0, or -1 with TEMPORARY; the values have been checked. */
int tkt_attachment_rules_read(
    const struct tkt_conf *conf, struct tkt_attachment_rules *rules, struct tkt_error *error);
void tkt_attachment_rules_clear(struct tkt_attachment_rules *rules);

/* The rule of a kind; NULL: there is none. */
const struct tkt_attachment_rule *tkt_attachment_rule_find(
    const struct tkt_attachment_rules *rules, const char *kind, size_t length);

/* Adds an error for each type that is not of its section's kind. */
void tkt_attachment_section_check(
    const struct tkt_conf *conf, const struct tkt_conf_section *section);
/* Adds warnings: a type that is allowed and denied, a count of 0. */
void tkt_attachment_section_warn(
    const struct tkt_conf *conf, const struct tkt_conf_section *section);
