#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "expression/expression.h"
#include "json/work_order.h"

#include "base/banned.h"

/* A leaf without its negation. */
struct positive {
	enum tkt_operator comparison;
	bool negated;
};

static struct positive positive_of(const struct tkt_expression *leaf)
{
	switch (leaf->comparison) {
	case TKT_OPERATOR_NOT_EQUAL:
		return (struct positive){ TKT_OPERATOR_EQUAL, true };
	case TKT_OPERATOR_NOT_MATCH:
		return (struct positive){ TKT_OPERATOR_MATCH, true };
	default:
		return (struct positive){ leaf->comparison, false };
	}
}

static bool read_time(const json_t *value, int64_t *time)
{
	struct tkt_error ignored;
	const char *text = json_string_value(value);

	return text && tkt_time_parse(text, time, &ignored) == 0;
}

/* The earliest instant that a running clock is due. */
static bool earliest_due(const json_t *object, int64_t *due)
{
	const json_t *clocks = json_object_get(object, "clocks"), *clock;
	bool found = false;
	size_t index;
	int64_t time;

	json_array_foreach(clocks, index, clock) {
		const char *state = tkt_object_text(clock, "state");

		if (!state || strcmp(state, "running") != 0 ||
		    !read_time(json_object_get(clock, "due_at"), &time))
			continue;
		if (!found || time < *due)
			*due = time;
		found = true;
	}
	return found;
}

/* What is told of a clock, if it is in the state to tell it. */
static const json_t *clock_member(const struct tkt_expression *leaf, const json_t *object)
{
	const json_t *clock =
	    tkt_object_clock(json_object_get(object, "clocks"), leaf->key, strlen(leaf->key));

	if (leaf->part->running && !tkt_text_equal(tkt_object_text(clock, "state"), "running"))
		return NULL;
	return json_object_get(clock, leaf->part->member);
}

static bool clock_number(const struct tkt_expression *leaf, const json_t *object, int64_t *number)
{
	if (!read_time(clock_member(leaf, object), number))
		return false;
	*number -= leaf->type == TKT_FIELD_LENGTH ? leaf->now : 0;
	return true;
}

/* An array counts as its size: open questions as objects are as good as their number. */
static bool count_of(const json_t *value, int64_t *count)
{
	*count = json_is_array(value) ? (int64_t)json_array_size(value) : json_integer_value(value);
	return *count != 0 || json_is_integer(value) || json_is_array(value);
}

static bool since(const json_t *object, const char *name, int64_t now, int64_t *seconds)
{
	int64_t time;

	if (!read_time(tkt_object_get(object, name), &time))
		return false;
	*seconds = now - time;
	return true;
}

/* When it counts as having come. */
static bool rank_of(const json_t *object, const struct tkt_work_order *work, int64_t *rank)
{
	if (!read_time(json_object_get(object, "received_at"), rank) &&
	    !read_time(json_object_get(object, "created_at"), rank))
		return false;
	*rank += tkt_work_delay(work, tkt_object_text(object, "tier"));
	return true;
}

/* The derived fields that are numbers. */
static bool derived_number(const struct tkt_expression *leaf, const json_t *object, int64_t *number)
{
	const char *name = leaf->field->name;
	int64_t due;

	if (leaf->part)
		return clock_number(leaf, object, number);
	if (strcmp(name, "questions") == 0) {
		if (!count_of(json_object_get(object, name), number))
			*number = 0; /* always has a value */
		return true;
	}
	if (strcmp(name, "age") == 0)
		return since(object, "created_at", leaf->now, number);
	if (strcmp(name, "idle") == 0)
		return since(object, "updated_at", leaf->now, number);
	if (strcmp(name, "rank") == 0)
		return rank_of(object, leaf->work, number);
	if (strcmp(name, "overdue") == 0) {
		*number = earliest_due(object, &due) && due < leaf->now;
		return true;
	}
	if (!earliest_due(object, &due))
		return false;
	*number = strcmp(name, "left") == 0 ? due - leaf->now : due;
	return true;
}

/* The leaf's field as a number, in the measure of its literals. Returns whether it has one. */
static bool number_of(const struct tkt_expression *leaf, const json_t *object, int64_t *number)
{
	const json_t *value;

	if (leaf->field->flags & TKT_FIELD_DERIVED)
		return derived_number(leaf, object, number);
	value = tkt_object_get(object, leaf->field->name);
	switch (leaf->type) {
	case TKT_FIELD_TIME:
		return read_time(value, number);
	case TKT_FIELD_PRIORITY:
		*number =
		    json_is_string(value) ? tkt_priority_from_word(json_string_value(value)) : 0;
		return *number != 0;
	case TKT_FIELD_BOOLEAN:
		*number = json_is_true(value);
		return true;
	default:
		*number = json_integer_value(value);
		return json_is_integer(value);
	}
}

static bool compare_numbers(enum tkt_operator comparison, int64_t number, int64_t literal)
{
	switch (comparison) {
	case TKT_OPERATOR_LESS:
		return number < literal;
	case TKT_OPERATOR_LESS_EQUAL:
		return number <= literal;
	case TKT_OPERATOR_GREATER:
		return number > literal;
	case TKT_OPERATOR_GREATER_EQUAL:
		return number >= literal;
	default:
		return number == literal;
	}
}

static bool has_empty(const struct tkt_expression *leaf)
{
	for (size_t i = 0; i < leaf->literal_count; i++)
		if (leaf->literals[i].empty)
			return true;
	return false;
}

/* Booleans, and the count of questions, are there without being 'so': zero is not present. */
static bool is_present(const struct tkt_expression *leaf, bool has_value, int64_t number)
{
	bool zero_is_none = leaf->type == TKT_FIELD_BOOLEAN ||
	    (leaf->field->flags & TKT_FIELD_DERIVED && leaf->type == TKT_FIELD_INTEGER);

	return has_value && (number != 0 || !zero_is_none);
}

static bool judge_number(
    const struct tkt_expression *leaf, enum tkt_operator comparison, const json_t *object)
{
	int64_t number = 0;
	bool has_value = number_of(leaf, object, &number);
	bool present = is_present(leaf, has_value, number);

	if (comparison == TKT_OPERATOR_PRESENT)
		return present;
	if (!present && has_empty(leaf))
		return true;
	for (size_t i = 0; has_value && i < leaf->literal_count; i++)
		if (!leaf->literals[i].empty &&
		    compare_numbers(comparison, number, leaf->literals[i].integer))
			return true;
	return false;
}

/* Addresses are stored in lower case; an object that never was stored may have others. */
static bool is_equal(const struct tkt_expression *leaf, const char *text, const char *literal)
{
	if (leaf->type != TKT_FIELD_ADDRESS && !(leaf->field->flags & TKT_FIELD_LOWER))
		return strcmp(text, literal) == 0;
	for (; *text && *literal; text++, literal++) {
		char lower = *text >= 'A' && *text <= 'Z' ? (char)(*text + ('a' - 'A')) : *text;

		if (lower != *literal)
			return false;
	}
	return *text == *literal;
}

/* One text, never empty: 1, 0 or -1. */
static int judge_text(const struct tkt_expression *leaf, enum tkt_operator comparison,
    const char *text, struct tkt_error *error)
{
	if (comparison == TKT_OPERATOR_MATCH)
		return tkt_pattern_match(leaf->pattern, text, strlen(text), error);
	for (size_t i = 0; i < leaf->literal_count; i++)
		if (!leaf->literals[i].empty && is_equal(leaf, text, leaf->literals[i].text))
			return 1;
	return 0;
}

/* A scalar of the wire as text; numbers and booleans stand in the maps of an event. */
static int judge_scalar(const struct tkt_expression *leaf, enum tkt_operator comparison,
    const json_t *value, struct tkt_error *error)
{
	char number[32];

	switch (json_typeof(value)) {
	case JSON_STRING:
		return tkt_json_is_empty(value)
		    ? 0
		    : judge_text(leaf, comparison, json_string_value(value), error);
	case JSON_INTEGER:
		snprintf(
		    number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return judge_text(leaf, comparison, number, error);
	case JSON_TRUE:
	case JSON_FALSE:
		return judge_text(leaf, comparison, json_is_true(value) ? "true" : "false", error);
	default:
		return 0;
	}
}

const char *tkt_waiting_for(const json_t *object)
{
	const char *status = tkt_object_text(object, "status");
	const char *reason = tkt_object_text(object, "pending_reason");
	int64_t in, out;

	if (status && (strcmp(status, "resolved") == 0 || strcmp(status, "closed") == 0))
		return "nobody";
	if (status && strcmp(status, "pending") == 0) {
		if (reason &&
		    (strcmp(reason, "customer") == 0 || strcmp(reason, "third_party") == 0 ||
			strcmp(reason, "development") == 0))
			return reason;
		return "us";
	}
	if (!read_time(json_object_get(object, "last_out_at"), &out))
		return "us";
	if (!read_time(json_object_get(object, "last_in_at"), &in))
		return "customer";
	return out >= in ? "customer" : "us";
}

/* The value that a leaf over text looks at, borrowed; NULL when there is none. */
static const json_t *text_value(const struct tkt_expression *leaf, const json_t *object)
{
	if (leaf->part)
		return clock_member(leaf, object);
	if (leaf->key) /* as it stands: the maps of an event have dotted names */
		return json_object_get(json_object_get(object, leaf->field->name), leaf->key);
	return tkt_object_get(object, leaf->field->name);
}

static int judge_texts(const struct tkt_expression *leaf, enum tkt_operator comparison,
    const json_t *object, struct tkt_error *error)
{
	const json_t *value, *element;
	size_t index;
	int judged = 0;

	if (strcmp(leaf->field->name, "waiting_for") == 0) {
		/* Always has a value. */
		return comparison == TKT_OPERATOR_PRESENT
		    ? 1
		    : judge_text(leaf, comparison, tkt_waiting_for(object), error);
	}
	value = text_value(leaf, object);
	if (comparison == TKT_OPERATOR_PRESENT)
		return !tkt_json_is_empty(value);
	if (tkt_json_is_empty(value))
		return has_empty(leaf);
	if (!json_is_array(value))
		return judge_scalar(leaf, comparison, value, error);
	json_array_foreach(value, index, element) {
		judged = judge_scalar(leaf, comparison, element, error);
		if (judged != 0)
			break;
	}
	return judged;
}

static int judge_leaf(
    const struct tkt_expression *leaf, const json_t *object, struct tkt_error *error)
{
	struct positive positive = positive_of(leaf);
	int judged;

	switch (leaf->type) {
	case TKT_FIELD_PRIORITY:
	case TKT_FIELD_INTEGER:
	case TKT_FIELD_TIME:
	case TKT_FIELD_LENGTH:
	case TKT_FIELD_BOOLEAN:
		judged = judge_number(leaf, positive.comparison, object);
		break;
	default:
		judged = judge_texts(leaf, positive.comparison, object, error);
	}
	return judged < 0 ? -1 : judged != positive.negated;
}

int tkt_expression_match(
    const struct tkt_expression *expression, const json_t *object, struct tkt_error *error)
{
	int judged;

	if (!expression)
		return 1;
	if (expression->kind == TKT_EXPRESSION_LEAF)
		return judge_leaf(expression, object, error);
	judged = tkt_expression_match(expression->left, object, error);
	if (judged < 0)
		return -1;
	switch (expression->kind) {
	case TKT_EXPRESSION_NOT:
		return !judged;
	case TKT_EXPRESSION_AND:
		return judged ? tkt_expression_match(expression->right, object, error) : 0;
	default:
		return judged ? 1 : tkt_expression_match(expression->right, object, error);
	}
}

/* The fields that are distances from now, and whether now is past one. */
static bool leaf_uses_now(const struct tkt_expression *leaf)
{
	size_t index;

	if (leaf->type == TKT_FIELD_LENGTH || strcmp(leaf->field->name, "overdue") == 0)
		return true;
	for (index = 0; index < leaf->literal_count; index++)
		if (leaf->literals[index].from_now)
			return true;
	return false;
}

void tkt_expression_each_leaf(
    const struct tkt_expression *expression, tkt_leaf_visit *visit, void *context)
{
	if (!expression)
		return;
	if (expression->kind == TKT_EXPRESSION_LEAF)
		visit(expression, context);
	tkt_expression_each_leaf(expression->left, visit, context);
	tkt_expression_each_leaf(expression->right, visit, context);
}

static void note_now(const struct tkt_expression *leaf, void *context)
{
	bool *uses = context;

	*uses = *uses || leaf_uses_now(leaf);
}

bool tkt_expression_uses_now(const struct tkt_expression *expression)
{
	bool uses = false;

	tkt_expression_each_leaf(expression, note_now, &uses);
	return uses;
}
