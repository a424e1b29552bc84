#include "store/where.h"

#include <string.h>

#include "base/error.h"
#include "expression/expression.h"
#include "store/derived.h"

#include "base/banned.h"

/*
 * SQLite takes 32766 values, trees 1000 deep, and its parser's stack holds 100 entries, three a
 * level of parentheses. What goes beyond is left to the evaluator.
 */
#define VALUE_LIMIT 30000
#define DEPTH_LIMIT 700
#define LEVEL_LIMIT 20

struct where {
	const struct tkt_field_table *table;
	struct tkt_text *sql;
	struct tkt_bindings *bindings;
	unsigned depth, levels; /* of the tree and of its parentheses, where we are */
	bool declined;
};

/* Lists and maps of the ticket that have an indexed table: (ticket, element) or (ticket, name,
 * element). */
struct side {
	const char *field, *table, *element;
};
static const struct side sides[] = {
	{ "tags", "ticket_tag", "tag" },
	{ "cc", "ticket_cc", "address" },
	{ "fields", "ticket_field", "value" },
};

/* Lengths are distances of now from a time that has a column, so that its index serves them:
 * 'age > 2d' is 'created_at < now - 2d'. */
static const struct distance {
	const char *field, *column;
	bool is_past; /* now - column; else column - now */
} distances[] = {
	{ "age", "ticket.created_at", true },
	{ "idle", "ticket.updated_at", true },
	{ "left", "ticket.due_at", false },
};

enum shape {
	SCALAR,
	SIDE, /* rows of a side table */
	EACH, /* elements of a JSON array in a column */
};

/* What a leaf looks at. */
struct subject {
	enum shape shape;
	struct tkt_text operand; /* the SQL that is compared: of the scalar, or of one element */
	const struct side *side;
	size_t key; /* number of the bound name in a side table; 0: none */
	const struct distance *distance;
};

static void subject_clear(struct subject *subject)
{
	tkt_text_clear(&subject->operand);
}

static bool is_ticket(const struct tkt_field_table *table)
{
	return strcmp(table->table, "ticket") == 0;
}

static const struct side *find_side(const struct tkt_field *field)
{
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		if (strcmp(sides[i].field, field->name) == 0)
			return &sides[i];
	return NULL;
}

static const struct distance *find_distance(const struct tkt_field *field)
{
	for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++)
		if (strcmp(distances[i].field, field->name) == 0)
			return &distances[i];
	return NULL;
}

/* A clock counts in its latest cycle. */
static int add_clock(struct tkt_text *sql, struct tkt_bindings *bindings, const char *name,
    const struct tkt_clock_field *part, int64_t now, struct tkt_error *error)
{
	tkt_text_format(sql,
	    part->running ? "(SELECT CASE clock.state WHEN 'running' THEN clock.%s"
			  : "(SELECT clock.%s",
	    part->member);
	if (part->type == TKT_FIELD_LENGTH) {
		if (tkt_bindings_add_integer(bindings, now, error))
			return -1;
		tkt_text_format(sql, " - ?%zu", bindings->count);
	}
	if (tkt_bindings_add_text(bindings, name, error))
		return -1;
	tkt_text_format(sql,
	    "%s FROM clock WHERE clock.ticket = ticket.number AND clock.name = ?%zu"
	    " ORDER BY clock.cycle DESC LIMIT 1)",
	    part->running ? " END" : "", bindings->count);
	return 1;
}

/* Fills a subject: 1; 0 when SQL has none; -1. Booleans are not seen here. */
static int find_subject(struct where *where, const struct tkt_expression *leaf,
    struct subject *subject, struct tkt_error *error)
{
	const struct tkt_field *field = leaf->field;
	bool of_ticket = is_ticket(where->table);

	if (of_ticket && leaf->part)
		return add_clock(
		    &subject->operand, where->bindings, leaf->key, leaf->part, leaf->now, error);
	if (of_ticket && tkt_field_is_rank(field))
		return tkt_rank_add(&subject->operand, where->bindings, leaf->work, error) ? -1 : 1;
	subject->side = of_ticket ? find_side(field) : NULL;
	if (field->type == TKT_FIELD_MAP && leaf->key) {
		if (!subject->side || tkt_bindings_add_text(where->bindings, leaf->key, error))
			return subject->side ? -1 : 0;
		subject->key = where->bindings->count;
	}
	if (subject->side && (field->type == TKT_FIELD_LIST || subject->key)) {
		subject->shape = SIDE;
		tkt_text_format(
		    &subject->operand, "%s.%s", subject->side->table, subject->side->element);
		return 1;
	}
	if (field->type == TKT_FIELD_LIST && field->column) {
		subject->shape = EACH;
		tkt_text_add(&subject->operand, "json_each.value");
		return 1;
	}
	subject->distance = of_ticket ? find_distance(field) : NULL;
	if (subject->distance)
		tkt_text_add(&subject->operand, subject->distance->column);
	else if (field->column)
		tkt_text_format(&subject->operand, "%s.%s", where->table->table, field->column);
	else if (of_ticket && tkt_derived_sql(field))
		tkt_text_add(&subject->operand, tkt_derived_sql(field));
	else
		return 0;
	return 1;
}

static bool is_negative(enum tkt_operator comparison)
{
	return comparison == TKT_OPERATOR_NOT_EQUAL || comparison == TKT_OPERATOR_NOT_MATCH;
}

/* The sign of an order; turned round for a time in the past, which is earlier the longer ago. */
static const char *order_sign(enum tkt_operator comparison, bool turned)
{
	switch (comparison) {
	case TKT_OPERATOR_LESS:
		return turned ? ">" : "<";
	case TKT_OPERATOR_LESS_EQUAL:
		return turned ? ">=" : "<=";
	case TKT_OPERATOR_GREATER:
		return turned ? "<" : ">";
	default:
		return turned ? "<=" : ">=";
	}
}

static int bind_literal(struct where *where, const struct tkt_expression *leaf,
    const struct subject *subject, const struct tkt_literal *literal, struct tkt_error *error)
{
	int64_t integer = literal->integer;

	if (!literal->is_integer)
		return tkt_bindings_add_text(where->bindings, literal->text, error);
	if (subject->distance)
		integer = subject->distance->is_past ? leaf->now - integer : leaf->now + integer;
	return tkt_bindings_add_integer(where->bindings, integer, error);
}

/* Adds ' IN (?1,?2)' with the values that are not empty. */
static int add_set(struct where *where, const struct tkt_expression *leaf,
    const struct subject *subject, struct tkt_error *error)
{
	const char *before = " IN (";

	for (size_t i = 0; i < leaf->literal_count; i++) {
		if (leaf->literals[i].empty)
			continue;
		if (bind_literal(where, leaf, subject, &leaf->literals[i], error))
			return -1;
		tkt_text_format(where->sql, "%s?%zu", before, where->bindings->count);
		before = ",";
	}
	tkt_text_add(where->sql, ")");
	return 0;
}

/* Compares the operand with the values. Without `negated` NULL counts as false; with it the
 * condition is never NULL. */
static int add_comparison(struct where *where, const struct tkt_expression *leaf,
    const struct subject *subject, bool negated, struct tkt_error *error)
{
	const char *operand = subject->operand.bytes;
	bool turned = subject->distance && subject->distance->is_past;

	switch (leaf->comparison) {
	case TKT_OPERATOR_MATCH:
	case TKT_OPERATOR_NOT_MATCH:
		if (tkt_bindings_add_pattern(where->bindings, leaf->pattern, error))
			return -1;
		tkt_text_format(where->sql, "%stkt_match(?%zu, %s)", negated ? "NOT " : "",
		    where->bindings->count, operand);
		return 0;
	case TKT_OPERATOR_EQUAL:
	case TKT_OPERATOR_NOT_EQUAL:
		if (bind_literal(where, leaf, subject, leaf->literals, error))
			return -1;
		tkt_text_format(where->sql, "%s %s ?%zu", operand, negated ? "IS NOT" : "=",
		    where->bindings->count);
		return 0;
	case TKT_OPERATOR_IN:
		tkt_text_format(where->sql, "%s%s", negated ? "NOT ifnull(" : "", operand);
		if (add_set(where, leaf, subject, error))
			return -1;
		break;
	default:
		if (bind_literal(where, leaf, subject, leaf->literals, error))
			return -1;
		tkt_text_format(where->sql, "%s%s %s ?%zu", negated ? "NOT ifnull(" : "", operand,
		    order_sign(leaf->comparison, turned), where->bindings->count);
	}
	tkt_text_add(where->sql, negated ? ", 0)" : "");
	return 0;
}

/* 'ticket.number IN (SELECT ticket_tag.ticket FROM ticket_tag WHERE ': uncorrelated, so that an
 * index on the element drives the query. */
static void open_side(struct where *where, const struct subject *subject, bool negated)
{
	const char *table = subject->side->table;

	tkt_text_format(where->sql, "ticket.number %sIN (SELECT %s.ticket FROM %s WHERE ",
	    negated ? "NOT " : "", table, table);
	if (subject->key)
		tkt_text_format(where->sql, "%s.name = ?%zu", table, subject->key);
}

/* Does one of the values that are not empty match? */
static int add_values(struct where *where, const struct tkt_expression *leaf,
    const struct subject *subject, bool negated, struct tkt_error *error)
{
	if (subject->shape == SCALAR)
		return add_comparison(where, leaf, subject, negated, error);
	if (subject->shape == SIDE) {
		open_side(where, subject, negated);
		tkt_text_add(where->sql, subject->key ? " AND " : "");
	} else {
		tkt_text_format(where->sql, "%sEXISTS (SELECT 1 FROM json_each(%s.%s) WHERE ",
		    negated ? "NOT " : "", where->table->table, leaf->field->column);
	}
	if (add_comparison(where, leaf, subject, false, error))
		return -1;
	tkt_text_add(where->sql, ")");
	return 0;
}

/* Has it a value? */
static void add_presence(struct where *where, const struct tkt_expression *leaf,
    const struct subject *subject, bool negated)
{
	const char *operand = subject->operand.bytes;

	if (subject->key) {
		open_side(where, subject, negated);
		tkt_text_add(where->sql, ")");
	} else if (leaf->field->flags & TKT_FIELD_DERIVED && leaf->type == TKT_FIELD_INTEGER) {
		tkt_text_format(where->sql, "%s %s 0", operand, negated ? "=" : ">");
	} else if (subject->shape != SCALAR) {
		tkt_text_format(where->sql, "%s.%s IS %sNULL", where->table->table,
		    leaf->field->column, negated ? "" : "NOT ");
	} else {
		tkt_text_format(where->sql, "%s IS %sNULL", operand, negated ? "" : "NOT ");
	}
}

/* A boolean is one of two words, so its values boil down to which of them match. */
static int add_boolean(
    struct where *where, const struct tkt_expression *leaf, bool negated, struct tkt_error *error)
{
	bool wants[2] = { false, leaf->comparison == TKT_OPERATOR_PRESENT };

	for (size_t i = 0; i < leaf->literal_count; i++)
		wants[leaf->literals[i].integer != 0] = true;
	if (wants[0] == wants[1]) {
		tkt_text_add(where->sql, wants[0] != negated ? "1" : "0");
		return 0;
	}
	negated ^= wants[0];
	if (leaf->field->column) {
		tkt_text_format(where->sql, "%s.%s IS %s1", where->table->table,
		    leaf->field->column, negated ? "NOT " : "");
		return 0;
	}
	/* overdue */
	if (tkt_bindings_add_integer(where->bindings, leaf->now, error))
		return -1;
	tkt_text_format(where->sql,
	    negated ? "NOT ifnull(ticket.due_at < ?%zu, 0)" : "ticket.due_at < ?%zu",
	    where->bindings->count);
	return 0;
}

static void decline(struct where *where)
{
	where->declined = true;
	tkt_text_add(where->sql, "1");
}

static void count_literals(const struct tkt_expression *leaf, size_t *empty, size_t *others)
{
	*empty = *others = 0;
	for (size_t i = 0; i < leaf->literal_count; i++)
		++*(leaf->literals[i].empty ? empty : others);
}

static int add_scalar_or_list(
    struct where *where, const struct tkt_expression *leaf, bool negated, struct tkt_error *error)
{
	__attribute__((cleanup(subject_clear))) struct subject subject = { .shape = SCALAR };
	size_t empty, others;
	int found;

	tkt_text_init(&subject.operand, 4096);
	found = find_subject(where, leaf, &subject, error);
	if (found < 0 || tkt_text_check(&subject.operand, error))
		return -1;
	if (!found) {
		decline(where);
		return 0;
	}
	count_literals(leaf, &empty, &others);
	if (leaf->comparison == TKT_OPERATOR_PRESENT) {
		add_presence(where, leaf, &subject, negated);
	} else if (!empty) {
		return add_values(where, leaf, &subject, negated, error);
	} else if (!others) {
		add_presence(where, leaf, &subject, !negated);
	} else {
		tkt_text_add(where->sql, "(");
		if (add_values(where, leaf, &subject, negated, error))
			return -1;
		tkt_text_add(where->sql, negated ? " AND " : " OR ");
		add_presence(where, leaf, &subject, !negated);
		tkt_text_add(where->sql, ")");
	}
	return 0;
}

static int add_leaf(
    struct where *where, const struct tkt_expression *leaf, bool negated, struct tkt_error *error)
{
	bool is_known = leaf->field->column || is_ticket(where->table);

	if (where->bindings->count + leaf->literal_count > VALUE_LIMIT || !is_known) {
		decline(where);
		return 0;
	}
	negated ^= is_negative(leaf->comparison);
	return leaf->type == TKT_FIELD_BOOLEAN ? add_boolean(where, leaf, negated, error)
					       : add_scalar_or_list(where, leaf, negated, error);
}

enum junction { ALL, ANY };

static int add_node(struct where *where, const struct tkt_expression *node, bool negated,
    enum junction around, struct tkt_error *error);

/* A chain of one junction needs no parentheses, so that its length costs the parser nothing. */
static int add_junction(struct where *where, const struct tkt_expression *node, bool negated,
    enum junction around, struct tkt_error *error)
{
	enum junction junction = (node->kind == TKT_EXPRESSION_AND) != negated ? ALL : ANY;
	bool inner = junction != around;

	if (where->levels + inner > LEVEL_LIMIT) {
		decline(where);
		return 0;
	}
	where->levels += inner;
	tkt_text_add(where->sql, inner ? "(" : "");
	if (add_node(where, node->left, negated, junction, error))
		return -1;
	tkt_text_add(where->sql, junction == ALL ? " AND " : " OR ");
	if (add_node(where, node->right, negated, junction, error))
		return -1;
	tkt_text_add(where->sql, inner ? ")" : "");
	where->levels -= inner;
	return 0;
}

/* Negation is carried down to the leaves: only there can one be declined together with it. */
static int add_node(struct where *where, const struct tkt_expression *node, bool negated,
    enum junction around, struct tkt_error *error)
{
	int result = 0;

	if (++where->depth > DEPTH_LIMIT)
		decline(where);
	else if (node->kind == TKT_EXPRESSION_LEAF)
		result = add_leaf(where, node, negated, error);
	else if (node->kind == TKT_EXPRESSION_NOT)
		result = add_node(where, node->left, !negated, around, error);
	else
		result = add_junction(where, node, negated, around, error);
	where->depth--;
	return result;
}

int tkt_where_add(const struct tkt_expression *expression, const struct tkt_field_table *table,
    struct tkt_text *sql, struct tkt_bindings *bindings, bool *declined, struct tkt_error *error)
{
	struct where where = { .table = table, .sql = sql, .bindings = bindings };

	tkt_text_add(sql, "(");
	if (!expression)
		tkt_text_add(sql, "1");
	else if (add_node(&where, expression, false, ALL, error))
		return -1;
	tkt_text_add(sql, ")");
	if (tkt_text_check(sql, error))
		return -1;
	*declined = where.declined;
	return 0;
}

int tkt_where_value(const struct tkt_field *field, const char *key,
    const struct tkt_clock_field *part, int64_t now, const struct tkt_work_order *work,
    struct tkt_text *sql, struct tkt_bindings *bindings, struct tkt_error *error)
{
	const struct distance *distance = find_distance(field);

	if (part)
		return add_clock(sql, bindings, key, part, now, error);
	if (tkt_field_is_rank(field))
		return tkt_rank_add(sql, bindings, work, error) ? -1 : 1;
	if (field->type == TKT_FIELD_MAP && key) {
		if (tkt_bindings_add_text(bindings, key, error))
			return -1;
		tkt_text_format(sql,
		    "(SELECT json_each.value FROM json_each(ticket.fields)"
		    " WHERE json_each.key = ?%zu)",
		    bindings->count);
	} else if (distance || field->type == TKT_FIELD_BOOLEAN) {
		if (tkt_bindings_add_integer(bindings, now, error))
			return -1;
		if (!distance) /* overdue */
			tkt_text_format(sql, "ifnull(ticket.due_at < ?%zu, 0)", bindings->count);
		else if (distance->is_past)
			tkt_text_format(sql, "(?%zu - %s)", bindings->count, distance->column);
		else
			tkt_text_format(sql, "(%s - ?%zu)", distance->column, bindings->count);
	} else if (field->column) {
		tkt_text_format(sql, "ticket.%s", field->column);
	} else if (tkt_derived_sql(field)) {
		tkt_text_add(sql, tkt_derived_sql(field));
	} else {
		return 0;
	}
	return 1;
}
