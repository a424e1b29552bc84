#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"
#include "expression/expression.h"
#include "expression/literal.h"
#include "expression/token.h"

#include "base/banned.h"

/*
 * Trees are walked by recursion, here, in the evaluator and in SQLite (which refuses depths beyond
 * 1000), so both ways to grow one are bounded: nesting, and the length of a chain of 'and'.
 */
#define SIZE_LIMIT ((size_t)64 << 10)
#define DEPTH_LIMIT 100
#define LEAF_LIMIT 500

struct parser {
	const char *string;
	size_t at; /* behind `token` */
	struct tkt_token token;
	const struct tkt_field_table *table;
	const struct tkt_expression_scope *scope;
	unsigned depth;
	size_t *leaves;  /* of all strings that are parsed together */
	size_t patterns; /* how many there have been */
};

static int parse_or(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error);

static int advance(struct parser *parser, struct tkt_error *error)
{
	return tkt_token_next(parser->string, &parser->at, &parser->token, error);
}

static size_t character(const struct parser *parser)
{
	return tkt_token_character(parser->string, parser->token.start);
}

static bool is_word(const struct parser *parser, const char *word)
{
	return tkt_token_is_word(parser->string, &parser->token, word);
}

static bool is_reserved(const struct parser *parser)
{
	return is_word(parser, "and") || is_word(parser, "or") || is_word(parser, "not") ||
	    is_word(parser, "in");
}

static struct tkt_expression *new_node(
    enum tkt_expression_kind kind, struct tkt_expression *left, struct tkt_expression *right)
{
	struct tkt_expression *node = calloc(1, sizeof(*node));

	if (!node) {
		tkt_expression_free(left);
		tkt_expression_free(right);
		return NULL;
	}
	node->kind = kind;
	node->left = left;
	node->right = right;
	return node;
}

/* The operators that a type knows, beside '=', '!=' and 'in', which all do. */
static int check_operator(
    const struct tkt_expression *leaf, const char *name, const char *sign, struct tkt_error *error)
{
	bool is_text = leaf->type == TKT_FIELD_TEXT || leaf->type == TKT_FIELD_ADDRESS ||
	    leaf->type == TKT_FIELD_LIST || leaf->type == TKT_FIELD_MAP;

	switch (leaf->comparison) {
	case TKT_OPERATOR_MATCH:
	case TKT_OPERATOR_NOT_MATCH:
		if (!is_text)
			return tkt_error_set(
			    error, TKT_ERROR_USAGE, _("'%s' compares text, not '%s'"), sign, name);
		return 0;
	case TKT_OPERATOR_LESS:
	case TKT_OPERATOR_LESS_EQUAL:
	case TKT_OPERATOR_GREATER:
	case TKT_OPERATOR_GREATER_EQUAL:
		if (is_text || leaf->type == TKT_FIELD_BOOLEAN)
			return tkt_error_set(error, TKT_ERROR_USAGE,
			    _("'%s' compares times, numbers and priority, not '%s'"), sign, name);
		return 0;
	default:
		return 0;
	}
}

/* The present token as a value of `leaf`, behind those it has. */
static int parse_value(
    struct parser *parser, struct tkt_expression *leaf, const char *name, struct tkt_error *error)
{
	struct tkt_literal *literals;
	char *text;

	if (parser->token.kind != TKT_TOKEN_STRING &&
	    (parser->token.kind != TKT_TOKEN_WORD || is_reserved(parser)))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("a value is missing at character %zu"), character(parser));
	/* Grows at powers of two. */
	if ((leaf->literal_count & (leaf->literal_count - 1)) == 0) {
		size_t room = leaf->literal_count ? 2 * leaf->literal_count : 1;

		literals = reallocarray(leaf->literals, room, sizeof(*literals));
		if (!literals)
			return tkt_error_set_memory(error);
		leaf->literals = literals;
	}
	text = tkt_token_text(parser->string, &parser->token);
	if (!text)
		return tkt_error_set_memory(error);
	if (tkt_literal_read(
		&leaf->literals[leaf->literal_count], leaf, name, text, parser->scope, error))
		return -1;
	leaf->literal_count++;
	return advance(parser, error);
}

/* The pattern of the twin that stands in the same place. */
struct search {
	size_t place;
	struct tkt_pattern *found;
};

static void find_pattern(const struct tkt_expression *leaf, void *context)
{
	struct search *search = context;

	if (leaf->pattern && search->place-- == 0)
		search->found = leaf->pattern;
}

static int make_pattern(struct parser *parser, struct tkt_expression *leaf, struct tkt_error *error)
{
	struct search search = { parser->patterns++, NULL };

	tkt_expression_each_leaf(parser->scope->twin, find_pattern, &search);
	if (!search.found)
		return tkt_pattern_new(leaf->literals[0].text, &leaf->pattern, error);
	leaf->pattern = tkt_pattern_share(search.found);
	return 0;
}

static int parse_values(
    struct parser *parser, struct tkt_expression *leaf, const char *name, struct tkt_error *error)
{
	while (true) {
		if (parse_value(parser, leaf, name, error))
			return -1;
		if (leaf->comparison != TKT_OPERATOR_IN || parser->token.kind != TKT_TOKEN_COMMA)
			break;
		if (advance(parser, error))
			return -1;
	}
	if (leaf->comparison == TKT_OPERATOR_MATCH || leaf->comparison == TKT_OPERATOR_NOT_MATCH)
		return make_pattern(parser, leaf, error);
	return 0;
}

/* A map as a whole has no one value: it can only be empty or not. */
static int check_whole_map(
    const struct tkt_expression *leaf, const char *name, struct tkt_error *error)
{
	bool whole = leaf->field->type == TKT_FIELD_MAP && !leaf->key;
	bool present = leaf->comparison == TKT_OPERATOR_PRESENT;
	bool equal =
	    leaf->comparison == TKT_OPERATOR_EQUAL || leaf->comparison == TKT_OPERATOR_NOT_EQUAL;

	if (whole && !present && !(equal && leaf->literals[0].empty))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' has parts: name one, as in '%s.NAME'"), name, name);
	return 0;
}

/* What stands behind a field: an operator with its values, or nothing. */
static int parse_comparison(
    struct parser *parser, struct tkt_expression *leaf, const char *name, struct tkt_error *error)
{
	tkt_autofree char *sign = NULL;

	if (is_word(parser, "in"))
		leaf->comparison = TKT_OPERATOR_IN;
	else if (parser->token.kind == TKT_TOKEN_OPERATOR)
		leaf->comparison = parser->token.comparison;
	else
		return 0; /* TKT_OPERATOR_PRESENT */
	sign = strndup(parser->string + parser->token.start, parser->token.length);
	if (!sign)
		return tkt_error_set_memory(error);
	if (check_operator(leaf, name, sign, error) || advance(parser, error))
		return -1;
	return parse_values(parser, leaf, name, error) ? -1 : check_whole_map(leaf, name, error);
}

/* Finds the field that is called `name` and what of it the leaf compares. */
static int resolve_field(
    struct parser *parser, struct tkt_expression *leaf, const char *name, struct tkt_error *error)
{
	const char *key;
	size_t key_length;

	leaf->field = tkt_field_require(parser->table, name, &key, &key_length, error);
	if (!leaf->field)
		return -1;
	leaf->type = leaf->field->type;
	if (leaf->type == TKT_FIELD_JSON)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' cannot be compared in an expression"), name);
	if (!key)
		return 0;
	if (leaf->field->flags & TKT_FIELD_CLOCK) {
		leaf->part = tkt_clock_field_find(key);
		leaf->type = leaf->part->type;
	}
	leaf->key = strndup(key, key_length);
	return leaf->key ? 0 : tkt_error_set_memory(error);
}

static int parse_leaf(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error)
{
	tkt_autoptr(expression) leaf = NULL;
	tkt_autofree char *name = NULL;

	if (parser->token.kind != TKT_TOKEN_WORD || is_reserved(parser))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("a field is missing at character %zu"), character(parser));
	if (++*parser->leaves > LEAF_LIMIT)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("there are more than %d comparisons"), LEAF_LIMIT);
	leaf = new_node(TKT_EXPRESSION_LEAF, NULL, NULL);
	name = tkt_token_text(parser->string, &parser->token);
	if (!leaf || !name)
		return tkt_error_set_memory(error);
	leaf->now = parser->scope->now;
	leaf->work = parser->scope->work;
	if (resolve_field(parser, leaf, name, error) || advance(parser, error) ||
	    parse_comparison(parser, leaf, name, error))
		return -1;
	*expression = tkt_take(leaf);
	return 0;
}

static int parse_parentheses(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error)
{
	size_t opened = character(parser);
	tkt_autoptr(expression) inside = NULL;

	if (advance(parser, error) || parse_or(parser, &inside, error))
		return -1;
	if (parser->token.kind == TKT_TOKEN_END)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("the parenthesis at character %zu is not closed"), opened);
	if (parser->token.kind != TKT_TOKEN_CLOSE)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'and', 'or' or ')' is missing at character %zu"), character(parser));
	if (advance(parser, error))
		return -1;
	*expression = tkt_take(inside);
	return 0;
}

static int parse_not(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error)
{
	struct tkt_expression *inside = NULL;
	int result;

	if (parser->depth == DEPTH_LIMIT)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("more than %d levels are nested at character %zu"), DEPTH_LIMIT,
		    character(parser));
	parser->depth++;
	if (is_word(parser, "not")) {
		result = advance(parser, error) || parse_not(parser, &inside, error) ? -1 : 0;
		if (result == 0) {
			*expression = new_node(TKT_EXPRESSION_NOT, inside, NULL);
			result = *expression ? 0 : tkt_error_set_memory(error);
		}
	} else if (parser->token.kind == TKT_TOKEN_OPEN) {
		result = parse_parentheses(parser, expression, error);
	} else {
		result = parse_leaf(parser, expression, error);
	}
	parser->depth--;
	return result;
}

static int parse_and(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error)
{
	tkt_autoptr(expression) all = NULL;

	if (parse_not(parser, &all, error))
		return -1;
	while (is_word(parser, "and")) {
		struct tkt_expression *right;

		if (advance(parser, error) || parse_not(parser, &right, error))
			return -1;
		all = new_node(TKT_EXPRESSION_AND, all, right);
		if (!all)
			return tkt_error_set_memory(error);
	}
	*expression = tkt_take(all);
	return 0;
}

static int parse_or(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error)
{
	tkt_autoptr(expression) any = NULL;

	if (parse_and(parser, &any, error))
		return -1;
	while (is_word(parser, "or")) {
		struct tkt_expression *right;

		if (advance(parser, error) || parse_and(parser, &right, error))
			return -1;
		any = new_node(TKT_EXPRESSION_OR, any, right);
		if (!any)
			return tkt_error_set_memory(error);
	}
	*expression = tkt_take(any);
	return 0;
}

static int parse_whole(
    struct parser *parser, struct tkt_expression **expression, struct tkt_error *error)
{
	size_t length = strnlen(parser->string, SIZE_LIMIT + 1);
	tkt_autoptr(expression) whole = NULL;

	if (length > SIZE_LIMIT)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("it is longer than %zu bytes"), SIZE_LIMIT);
	if (!tkt_utf8_is_valid(parser->string, length))
		return tkt_error_set(error, TKT_ERROR_USAGE, _("it is not UTF-8"));
	if (advance(parser, error) || parse_or(parser, &whole, error))
		return -1;
	if (parser->token.kind == TKT_TOKEN_CLOSE)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("the parenthesis at character %zu was not opened"), character(parser));
	if (parser->token.kind != TKT_TOKEN_END)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'and' or 'or' is missing at character %zu"), character(parser));
	*expression = tkt_take(whole);
	return 0;
}

#define SHOWN_BYTES 200 /* of an expression in an error */

/* Puts the expression before the reason, both fit for a terminal. */
static int name_expression(const char *string, struct tkt_error *error)
{
	size_t length = strnlen(string, SHOWN_BYTES + 1), shown = length;
	tkt_autotext text, reason;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_text_init(&reason, TKT_TEXT_LIMIT);
	if (length > SHOWN_BYTES) {
		shown = SHOWN_BYTES;
		while (shown && ((unsigned char)string[shown] & 0xc0) == 0x80)
			shown--;
	}
	tkt_utf8_terminal(&text, string, shown, TKT_UTF8_ONE_LINE);
	if (shown < length)
		tkt_text_add(&text, "...");
	tkt_utf8_terminal(&reason, error->text, strlen(error->text), TKT_UTF8_ONE_LINE);
	return tkt_error_set(
	    error, error->kind, _("expression '%s': %s"), text.bytes, reason.bytes);
}

static int parse_counted(const char *string, const struct tkt_field_table *table,
    const struct tkt_expression_scope *scope, size_t *leaves, struct tkt_expression **expression,
    struct tkt_error *error)
{
	struct parser parser = {
		.string = string, .table = table, .scope = scope, .leaves = leaves
	};

	if (parse_whole(&parser, expression, error) == 0)
		return 0;
	return error->kind == TKT_ERROR_TEMPORARY ? -1 : name_expression(string, error);
}

int tkt_expression_parse(const char *string, const struct tkt_field_table *table,
    const struct tkt_expression_scope *scope, struct tkt_expression **expression,
    struct tkt_error *error)
{
	size_t leaves = 0;

	return parse_counted(string, table, scope, &leaves, expression, error);
}

int tkt_expression_parse_all(const char *const *strings, size_t count,
    const struct tkt_field_table *table, const struct tkt_expression_scope *scope,
    struct tkt_expression **expression, struct tkt_error *error)
{
	tkt_autoptr(expression) all = NULL;
	size_t leaves = 0;

	for (size_t i = 0; i < count; i++) {
		struct tkt_expression *one;

		if (parse_counted(strings[i], table, scope, &leaves, &one, error))
			return -1;
		all = tkt_expression_and(all, one);
		if (!all)
			return tkt_error_set_memory(error);
	}
	*expression = tkt_take(all);
	return 0;
}

struct tkt_expression *tkt_expression_and(struct tkt_expression *left, struct tkt_expression *right)
{
	if (!left || !right)
		return left ? left : right;
	return new_node(TKT_EXPRESSION_AND, left, right);
}

void tkt_expression_free(struct tkt_expression *expression)
{
	if (!expression)
		return;
	tkt_expression_free(expression->left);
	tkt_expression_free(expression->right);
	for (size_t i = 0; i < expression->literal_count; i++)
		free(expression->literals[i].text);
	free(expression->literals);
	free(expression->key);
	tkt_pattern_free(expression->pattern);
	free(expression);
}
