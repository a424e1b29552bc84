#include "expression/literal.h"

#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/when.h"
#include "base/words.h"

#include "base/banned.h"

static const char *const booleans[] = { "true", "false", NULL };
static const char *const priorities[] = { "low", "normal", "high", "critical", NULL };

/* "low, normal, high or critical", or the nearest one, behind an error that names the value. */
static int refuse_word(
    const char *reason, const char *word, const char *const *values, struct tkt_error *error)
{
	struct tkt_nearest nearest;
	tkt_autotext list;

	tkt_text_init(&list, 1000);
	tkt_nearest_init(&nearest, word);
	tkt_nearest_offer_all(&nearest, values);
	if (nearest.found)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("%s; did you mean '%s'?"), reason, nearest.found);
	for (size_t i = 0; values[i]; i++) {
		if (i)
			tkt_text_add(&list, values[i + 1] ? ", " : _(" or "));
		tkt_text_add(&list, values[i]);
	}
	return tkt_error_set(error, TKT_ERROR_USAGE, "%s: %s", reason, list.bytes);
}

static bool is_one_of(const char *word, const char *const *values)
{
	for (; *values; values++)
		if (strcmp(word, *values) == 0)
			return true;
	return false;
}

static int read_word(
    const char *name, const char *text, const char *const *values, struct tkt_error *error)
{
	char reason[300];

	if (is_one_of(text, values))
		return 0;
	if (values == priorities)
		snprintf(reason, sizeof(reason), _("'%.100s' is no priority"), text);
	else
		snprintf(reason, sizeof(reason), _("'%.100s' is no value of '%.100s'"), text, name);
	return refuse_word(reason, text, values, error);
}

/* '2h', '3d': elapsed time, without a sign. */
static int read_seconds(const char *text, int64_t *seconds, struct tkt_error *error)
{
	struct tkt_length length;

	if (tkt_length_parse(text, &length, error) || tkt_length_seconds(&length, seconds, error)) {
		error->kind = TKT_ERROR_USAGE;
		return -1;
	}
	return 0;
}

static int read_time(const char *text, const struct tkt_expression_scope *scope, int64_t *time,
    struct tkt_error *error)
{
	const struct tkt_present present = { scope->now, scope->zone };

	if (tkt_when_parse(text, &present, time, error)) {
		error->kind = TKT_ERROR_USAGE;
		return -1;
	}
	return 0;
}

static int read_length(
    const char *name, const char *text, int64_t *seconds, struct tkt_error *error)
{
	if (*text == '+' || *text == '-')
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%.100s': the lengths of '%s' have no sign"), text, name);
	return read_seconds(text, seconds, error);
}

static int read_integer(const struct tkt_expression *leaf, const char *name, const char *text,
    const struct tkt_expression_scope *scope, int64_t *integer, struct tkt_error *error)
{
	switch (leaf->type) {
	case TKT_FIELD_TIME:
		return read_time(text, scope, integer, error);
	case TKT_FIELD_LENGTH:
		return read_length(name, text, integer, error);
	case TKT_FIELD_PRIORITY:
		*integer = tkt_priority_from_word(text);
		return read_word(name, text, priorities, error);
	case TKT_FIELD_BOOLEAN:
		*integer = strcmp(text, "true") == 0;
		return read_word(name, text, booleans, error);
	default:
		if (tkt_number_parse(text, integer))
			return tkt_error_set(error, TKT_ERROR_USAGE,
			    _("'%s' is a number, not '%.100s'"), name, text);
		return 0;
	}
}

static const char *const *values_of(const struct tkt_expression *leaf)
{
	return leaf->part ? leaf->part->values : leaf->field->values;
}

static bool is_text(enum tkt_field_type type)
{
	return type == TKT_FIELD_TEXT || type == TKT_FIELD_ADDRESS || type == TKT_FIELD_LIST ||
	    type == TKT_FIELD_MAP;
}

/* Is `text` a value that can stand for 'has none'? A boolean always has one, and less than nothing
 * is nothing. */
static bool is_empty(const struct tkt_expression *leaf, const char *text)
{
	return !*text && leaf->type != TKT_FIELD_BOOLEAN &&
	    (leaf->comparison == TKT_OPERATOR_EQUAL || leaf->comparison == TKT_OPERATOR_NOT_EQUAL ||
		leaf->comparison == TKT_OPERATOR_IN);
}

int tkt_literal_read(struct tkt_literal *literal, const struct tkt_expression *leaf,
    const char *name, char *text, const struct tkt_expression_scope *scope, struct tkt_error *error)
{
	tkt_autofree char *owned = text;
	const char *const *values = values_of(leaf);
	int64_t integer;

	if (is_empty(leaf, text)) {
		*literal = (struct tkt_literal){ .text = tkt_take(owned), .empty = true };
		return 0;
	}
	if (!is_text(leaf->type)) {
		if (read_integer(leaf, name, text, scope, &integer, error))
			return -1;
		*literal = (struct tkt_literal){
			.is_integer = true,
			.integer = integer,
			.from_now = leaf->type == TKT_FIELD_TIME && (*text < '0' || *text > '9'),
		};
		return 0;
	}
	if (leaf->comparison != TKT_OPERATOR_MATCH && leaf->comparison != TKT_OPERATOR_NOT_MATCH) {
		if (values && read_word(name, text, values, error))
			return -1;
		if (leaf->type == TKT_FIELD_ADDRESS || leaf->field->flags & TKT_FIELD_LOWER)
			tkt_ascii_lower(owned);
	}
	*literal = (struct tkt_literal){ .text = tkt_take(owned) };
	return 0;
}
