/*
 * lib/store/where.h: an expression as the condition of a query. The SQL is made of constant words
 * and of column names of the field table; every value is bound.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "json/field.h"

struct tkt_error;
struct tkt_expression;
struct tkt_pattern;
struct tkt_statement;
struct tkt_work_order;

enum tkt_binding_kind { TKT_BINDING_INTEGER, TKT_BINDING_TEXT, TKT_BINDING_PATTERN };

struct tkt_binding {
	enum tkt_binding_kind kind;
	int64_t integer;
	const char *text;
	const struct tkt_pattern *pattern;
};

/* The values of a statement in the order of their numbers: items[0] is ?1. Texts and patterns are
 * borrowed from the expression, or from whoever adds them. `= { 0 }` is none. */
struct tkt_bindings {
	struct tkt_binding *items;
	size_t count, allocated;
};
void tkt_bindings_clear(struct tkt_bindings *bindings);
#define tkt_autobindings __attribute__((cleanup(tkt_bindings_clear))) struct tkt_bindings

/* Each adds one value; its number is bindings->count afterwards. 0, or -1 with TEMPORARY. */
int tkt_bindings_add_integer(
    struct tkt_bindings *bindings, int64_t integer, struct tkt_error *error);
int tkt_bindings_add_text(struct tkt_bindings *bindings, const char *text, struct tkt_error *error);
int tkt_bindings_add_pattern(
    struct tkt_bindings *bindings, const struct tkt_pattern *pattern, struct tkt_error *error);
/* Binds them all to a statement. */
int tkt_bindings_apply(
    const struct tkt_bindings *bindings, struct tkt_statement *statement, struct tkt_error *error);

/*
 * Adds `expression` to `sql` as one condition in parentheses, '(1)' for NULL, with its values
 * behind those that `bindings` has: a query that binds values of its own adds them there too. The
 * condition stands where NULL counts as false, in WHERE or ON, and never below a NOT. The query's
 * FROM names table->table without an alias, and the ticket's key is ticket.number.
 *
 *   declined  set to true when SQL cannot judge some leaf, else to false. That leaf is TRUE here,
 *             and so is its negation: the rows are those that may match, and
 *             tkt_expression_match() judges each before it is counted or limited
 *
 * 0, or -1 with TKT_ERROR_TEMPORARY or what sql->limit says.
 */
int tkt_where_add(const struct tkt_expression *expression, const struct tkt_field_table *table,
    struct tkt_text *sql, struct tkt_bindings *bindings, bool *declined, struct tkt_error *error);

/*
 * Adds what one field of the ticket is in SQL, as an integer or a text, for sorting and for derived
 * columns: 'ticket.due_at', '(ticket.due_at - ?3)'.
 *
 *   key   of a map, or the NAME of 'clock.NAME.due'; NULL for the whole field. Borrowed by bindings
 *   part  of a clock; else NULL
 *   work  for `rank`; NULL: arrival alone counts. Borrowed by bindings
 *
 * 1; 0, with nothing added, when SQL has no such value; -1.
 */
int tkt_where_value(const struct tkt_field *field, const char *key,
    const struct tkt_clock_field *part, int64_t now, const struct tkt_work_order *work,
    struct tkt_text *sql, struct tkt_bindings *bindings, struct tkt_error *error);
