/*
 * lib/desk/section.h: what the makers of the structs of desk.conf's sections share: level.c,
 * route_rule.c ... Each returns 0, or -1 with CONFIGURATION or TEMPORARY; what was made before a
 * failure stays where it is, for the owner of the struct to free.
 */
#pragma once
#include <stddef.h>

#include "desk/match.h"

struct tkt_conf;
struct tkt_conf_range;
struct tkt_conf_section;
struct tkt_conf_value;
struct tkt_error;
struct tkt_expression_scope;

struct tkt_section_maker {
	const struct tkt_conf *conf;
	const struct tkt_expression_scope *scope;
};

/* What another floor says about a value becomes a fault of the text, with its place: returns -1. */
int tkt_section_fail(const struct tkt_section_maker *maker, int line, struct tkt_error *error);
/* The section's place, "desk.conf:41". */
int tkt_section_rule(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    char **rule, struct tkt_error *error);
/* The values of an option that is a list, in file order, borrowed; the array is the caller's and
 * ended by NULL. NULL when memory is out. `section`: a handle, NULL for the top. */
const struct tkt_conf_value **tkt_section_values(const struct tkt_section_maker *maker,
    const struct tkt_conf_range *section, const char *name, size_t *count);
/* Their texts, ended by NULL, for tkt_texts_free(). */
int tkt_section_texts(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    const char *name, char ***texts, struct tkt_error *error);
/* The same of assignments, their times in full: 'wake_at=+3d' counts from the scope's now. */
int tkt_section_assignments(const struct tkt_section_maker *maker,
    const struct tkt_conf_range *section, const char *name, char ***assignments,
    struct tkt_error *error);
/* `match` and `any`. */
int tkt_section_match(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    struct tkt_match *match, struct tkt_error *error);

/* A word's place in a table; -1: it is not there. */
int tkt_word_index(const char *const *words, size_t count, const char *word, size_t length);
