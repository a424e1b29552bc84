/*
 * lib/expression/expression.h: the language that selects tickets (WIRE.md 4 is its definition):
 * parse, check against a field table, evaluate in memory. lib/store/where.c turns it into SQL;
 * both answer alike.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "json/field.h"

struct tkt_error;
struct tkt_work_order;
struct tkt_zone;
struct tkt_pattern; /* opaque: a compiled regular expression */

/* What a value may depend on; the same for all expressions of one command. */
struct tkt_expression_scope {
	int64_t now;
	const struct tkt_zone *zone; /* of the desk: a bare date is its midnight there; NULL: UTC */
	const struct tkt_work_order *work; /* of the desk, for `rank`; it must outlive the
					      expressions; NULL: arrival alone counts */
	const struct tkt_expression *twin; /* the same text as it was parsed before under another
					      scope: its patterns are shared, not compiled anew;
					      of tkt_expression_parse() alone; NULL */
};

enum tkt_expression_kind {
	TKT_EXPRESSION_AND,
	TKT_EXPRESSION_OR,
	TKT_EXPRESSION_NOT,
	TKT_EXPRESSION_LEAF
};

enum tkt_operator {
	TKT_OPERATOR_PRESENT, /* a field alone: has a value; a boolean: is true; `questions`: some
				 are open */
	TKT_OPERATOR_EQUAL,
	TKT_OPERATOR_NOT_EQUAL,
	TKT_OPERATOR_MATCH,
	TKT_OPERATOR_NOT_MATCH,
	TKT_OPERATOR_LESS,
	TKT_OPERATOR_LESS_EQUAL,
	TKT_OPERATOR_GREATER,
	TKT_OPERATOR_GREATER_EQUAL,
	TKT_OPERATOR_IN,
};

/* A literal, resolved when it was parsed: times to seconds by scope->now, words of priority to
 * numbers. */
struct tkt_literal {
	bool is_integer;
	int64_t integer;
	char *text;    /* owned; the literal as text, NULL when is_integer */
	bool empty;    /* "": compares as 'has no value' */
	bool from_now; /* '+2h', 'today': it moves with scope->now */
};

/* A node; read by where.c, made by the parser alone. */
struct tkt_expression {
	enum tkt_expression_kind kind;
	struct tkt_expression *left, *right; /* NOT has `left` alone */
	/* of a leaf: */
	const struct tkt_field *field;
	char *key; /* of a map or clock: 'domain' of fields.domain; NULL: the whole field */
	const struct tkt_clock_field *part; /* of a clock; else NULL */
	enum tkt_field_type type;           /* what the leaf compares: of clock.NAME.due TIME */
	enum tkt_operator comparison;
	struct tkt_literal *literals; /* one, or those of `in` */
	size_t literal_count;
	struct tkt_pattern *pattern;       /* of ~ and !~ */
	int64_t now;                       /* scope->now: for age, idle, left, overdue */
	const struct tkt_work_order *work; /* scope->work: for rank */
};

/*
 * Parses one expression whose names are those of `table`. 0 and a new tree, or -1 with
 * TKT_ERROR_USAGE that says where: "expression 'status=': a value is missing at character 8",
 * "... there is no field 'stauts'; did you mean 'status'?", "... '<' compares times, numbers and
 * priority, not 'subject'", "... 'urgent' is no priority: low, normal, high or critical".
 */
int tkt_expression_parse(const char *string, const struct tkt_field_table *table,
    const struct tkt_expression_scope *scope, struct tkt_expression **expression,
    struct tkt_error *error);
/* ANDs `count` strings, each parsed alone; none at all give NULL, which matches everything. */
int tkt_expression_parse_all(const char *const *strings, size_t count,
    const struct tkt_field_table *table, const struct tkt_expression_scope *scope,
    struct tkt_expression **expression, struct tkt_error *error);
/* Hands over each leaf, from left to right; NULL has none. */
typedef void tkt_leaf_visit(const struct tkt_expression *leaf, void *context);
void tkt_expression_each_leaf(
    const struct tkt_expression *expression, tkt_leaf_visit *visit, void *context);
/* Does its answer depend on scope->now: 'age > 2d', 'due < +2h'? */
bool tkt_expression_uses_now(const struct tkt_expression *expression);
/* `left` and `right` in one (either may be NULL); takes both. NULL when memory is out and both are
 * freed. */
struct tkt_expression *tkt_expression_and(
    struct tkt_expression *left, struct tkt_expression *right);
void tkt_expression_free(struct tkt_expression *expression);
TKT_AUTOPTR(expression)

/*
 * Judges an object as it stands on the wire. Derived names are worked out: due, overdue and left
 * from `clocks`, age, idle, rank, waiting_for from the times, the tier and the status; `questions`
 * and `description` from members of those names where a caller has put them. 1 or 0; -1 with
 * TKT_ERROR_DATA when a pattern passes PCRE2's match limit.
 */
int tkt_expression_match(
    const struct tkt_expression *expression, const json_t *object, struct tkt_error *error);

/* Whom a ticket waits for: us, customer, third_party, development, nobody. Put away without a word
 * whom for, it is ours to look at. */
const char *tkt_waiting_for(const json_t *ticket);

/* A leaf's own pattern against one text: for SQL functions. 1, 0, or -1 as above. */
int tkt_pattern_match(
    const struct tkt_pattern *pattern, const char *text, size_t length, struct tkt_error *error);
/* Does it take more steps than so many before it is known whether it matches? */
bool tkt_pattern_takes_steps(
    const struct tkt_pattern *pattern, const char *text, size_t length, unsigned steps);
/*
 * Where it matches first, from byte `from` on, and what its named groups hold there: an object of
 * names and texts, without those that took no part.
 *
 *   groups      a new object; its member "" is the first group that holds anything, named or not,
 *           else the whole match
 *   start, end  of the whole match, in bytes of the text
 *
 * 1, 0, or -1 as above.
 */
int tkt_pattern_capture(const struct tkt_pattern *pattern, const char *text, size_t length,
    size_t from, json_t **groups, size_t *start, size_t *end, struct tkt_error *error);
/* The names of its groups: a new array of texts; NULL when memory is out. */
json_t *tkt_pattern_names(const struct tkt_pattern *pattern);
int tkt_pattern_new(const char *string, struct tkt_pattern **pattern, struct tkt_error *error);
/* The pattern itself for one more owner, who frees it too. Not for two threads at once. */
struct tkt_pattern *tkt_pattern_share(struct tkt_pattern *pattern);
void tkt_pattern_free(struct tkt_pattern *pattern);
TKT_AUTOPTR(pattern)
