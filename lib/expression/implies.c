#include "expression/implies.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "expression/expression.h"

#include "base/banned.h"

/* What is known of a leaf whose field has some value. */
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

static enum answer answer_of(bool is_so)
{
	return is_so ? ANSWER_YES : ANSWER_NO;
}

static bool same_literal(const struct tkt_literal *one, const struct tkt_literal *other)
{
	if (one->empty || other->empty)
		return one->empty && other->empty;
	if (one->is_integer != other->is_integer || one->from_now != other->from_now)
		return false;
	return one->is_integer ? one->integer == other->integer
			       : tkt_text_equal(one->text, other->text);
}

static bool has_literal(const struct tkt_expression *leaf, const struct tkt_literal *literal)
{
	size_t i;

	for (i = 0; i < leaf->literal_count; i++)
		if (same_literal(&leaf->literals[i], literal))
			return true;
	return false;
}

static bool same_field(const struct tkt_expression *one, const struct tkt_expression *other)
{
	return one->field == other->field && one->part == other->part &&
	    tkt_text_equal(one->key ? one->key : "", other->key ? other->key : "");
}

static bool same_leaf(const struct tkt_expression *one, const struct tkt_expression *other)
{
	size_t i;

	if (!same_field(one, other) || one->comparison != other->comparison ||
	    one->literal_count != other->literal_count)
		return false;
	for (i = 0; i < one->literal_count; i++)
		if (!same_literal(&one->literals[i], &other->literals[i]))
			return false;
	return true;
}

static bool names_values(const struct tkt_expression *leaf)
{
	return leaf->comparison == TKT_OPERATOR_EQUAL || leaf->comparison == TKT_OPERATOR_IN;
}

/* A list has many values at once: that it has one says nothing of the others. */
static bool has_one_value(const struct tkt_expression *leaf)
{
	return leaf->field->type != TKT_FIELD_LIST &&
	    (leaf->field->type != TKT_FIELD_MAP || leaf->key);
}

static enum answer compare(
    enum tkt_operator comparison, const struct tkt_literal *value, const struct tkt_literal *bound)
{
	if (!value->is_integer || !bound->is_integer || bound->empty ||
	    value->from_now != bound->from_now)
		return ANSWER_UNKNOWN;
	switch (comparison) {
	case TKT_OPERATOR_LESS:
		return answer_of(value->integer < bound->integer);
	case TKT_OPERATOR_LESS_EQUAL:
		return answer_of(value->integer <= bound->integer);
	case TKT_OPERATOR_GREATER:
		return answer_of(value->integer > bound->integer);
	default:
		return answer_of(value->integer >= bound->integer);
	}
}

static enum answer match(const struct tkt_expression *leaf, const struct tkt_literal *value)
{
	struct tkt_error error = { 0 };
	int judged;

	if (value->is_integer)
		return ANSWER_UNKNOWN;
	judged = tkt_pattern_match(leaf->pattern, value->text, strlen(value->text), &error);
	return judged < 0 ? ANSWER_UNKNOWN : answer_of(judged);
}

static enum answer judge(const struct tkt_expression *leaf, const struct tkt_literal *value)
{
	switch (leaf->comparison) {
	case TKT_OPERATOR_EQUAL:
	case TKT_OPERATOR_IN:
		return answer_of(has_literal(leaf, value));
	case TKT_OPERATOR_NOT_EQUAL:
		return answer_of(!has_literal(leaf, value));
	case TKT_OPERATOR_PRESENT:
		/* Of what is true or false, and of counts, zero is not present. */
		return value->is_integer && !value->empty ? ANSWER_UNKNOWN
							  : answer_of(!value->empty);
	default:
		break;
	}
	if (value->empty)
		return ANSWER_UNKNOWN;
	if (leaf->comparison == TKT_OPERATOR_MATCH)
		return match(leaf, value);
	if (leaf->comparison != TKT_OPERATOR_NOT_MATCH)
		return compare(leaf->comparison, value, &leaf->literals[0]);
	switch (match(leaf, value)) {
	case ANSWER_YES:
		return ANSWER_NO;
	case ANSWER_NO:
		return ANSWER_YES;
	default:
		return ANSWER_UNKNOWN;
	}
}

/* Do all values that the first names give this answer? */
static bool all_give(
    const struct tkt_expression *one, const struct tkt_expression *other, enum answer answer)
{
	size_t i;

	for (i = 0; i < one->literal_count; i++)
		if (judge(other, &one->literals[i]) != answer)
			return false;
	return true;
}

static bool is_upper(enum tkt_operator comparison)
{
	return comparison == TKT_OPERATOR_LESS || comparison == TKT_OPERATOR_LESS_EQUAL;
}

static bool is_lower(enum tkt_operator comparison)
{
	return comparison == TKT_OPERATOR_GREATER || comparison == TKT_OPERATOR_GREATER_EQUAL;
}

/* 'age > 3d' is within 'age > 1d'. */
static bool is_within(const struct tkt_expression *one, const struct tkt_expression *other)
{
	const struct tkt_literal *narrow, *wide;

	if (!(is_upper(one->comparison) && is_upper(other->comparison)) &&
	    !(is_lower(one->comparison) && is_lower(other->comparison)))
		return false;
	narrow = &one->literals[0];
	wide = &other->literals[0];
	if (!narrow->is_integer || !wide->is_integer || narrow->empty || wide->empty ||
	    narrow->from_now != wide->from_now)
		return false;
	if (narrow->integer == wide->integer)
		return one->comparison == other->comparison ||
		    other->comparison == TKT_OPERATOR_LESS_EQUAL ||
		    other->comparison == TKT_OPERATOR_GREATER_EQUAL;
	return is_upper(one->comparison) ? narrow->integer < wide->integer
					 : narrow->integer > wide->integer;
}

static bool leaf_implies(const struct tkt_expression *one, const struct tkt_expression *other)
{
	bool negates = other->comparison == TKT_OPERATOR_NOT_EQUAL ||
	    other->comparison == TKT_OPERATOR_NOT_MATCH;

	if (same_leaf(one, other))
		return true;
	if (!same_field(one, other) || (negates && !has_one_value(one)))
		return false;
	return names_values(one) ? all_give(one, other, ANSWER_YES) : is_within(one, other);
}

static bool leaf_excludes(const struct tkt_expression *one, const struct tkt_expression *other)
{
	if (!same_field(one, other) || !has_one_value(one))
		return false;
	return (names_values(one) && all_give(one, other, ANSWER_NO)) ||
	    (names_values(other) && all_give(other, one, ANSWER_NO));
}

bool tkt_expression_implies(const struct tkt_expression *one, const struct tkt_expression *other)
{
	if (one->kind == TKT_EXPRESSION_OR)
		return tkt_expression_implies(one->left, other) &&
		    tkt_expression_implies(one->right, other);
	if (other->kind == TKT_EXPRESSION_AND)
		return tkt_expression_implies(one, other->left) &&
		    tkt_expression_implies(one, other->right);
	if (other->kind == TKT_EXPRESSION_OR &&
	    (tkt_expression_implies(one, other->left) || tkt_expression_implies(one, other->right)))
		return true;
	if (one->kind == TKT_EXPRESSION_AND)
		return tkt_expression_implies(one->left, other) ||
		    tkt_expression_implies(one->right, other);
	if (other->kind == TKT_EXPRESSION_NOT)
		return one->kind == TKT_EXPRESSION_NOT
		    ? tkt_expression_implies(other->left, one->left)
		    : tkt_expression_excludes(one, other->left);
	return one->kind == TKT_EXPRESSION_LEAF && other->kind == TKT_EXPRESSION_LEAF &&
	    leaf_implies(one, other);
}

bool tkt_expression_excludes(const struct tkt_expression *one, const struct tkt_expression *other)
{
	if (one->kind == TKT_EXPRESSION_LEAF && other->kind == TKT_EXPRESSION_LEAF)
		return leaf_excludes(one, other);
	if (one->kind == TKT_EXPRESSION_LEAF ||
	    (one->kind == TKT_EXPRESSION_NOT && other->kind != TKT_EXPRESSION_LEAF)) {
		const struct tkt_expression *swapped = one;

		one = other;
		other = swapped;
	}
	switch (one->kind) {
	case TKT_EXPRESSION_AND:
		return tkt_expression_excludes(one->left, other) ||
		    tkt_expression_excludes(one->right, other);
	case TKT_EXPRESSION_OR:
		return tkt_expression_excludes(one->left, other) &&
		    tkt_expression_excludes(one->right, other);
	default:
		return other->kind == TKT_EXPRESSION_LEAF &&
		    tkt_expression_implies(other, one->left);
	}
}

bool tkt_expression_is_never(const struct tkt_expression *expression)
{
	switch (expression->kind) {
	case TKT_EXPRESSION_AND:
		return tkt_expression_is_never(expression->left) ||
		    tkt_expression_is_never(expression->right) ||
		    tkt_expression_excludes(expression->left, expression->right);
	case TKT_EXPRESSION_OR:
		return tkt_expression_is_never(expression->left) &&
		    tkt_expression_is_never(expression->right);
	default:
		return false;
	}
}
