#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

/* "'priority' cannot be 'urgent': low, normal, high or critical" */
static int refuse_word(const struct tkt_field *field, const char *word, struct tkt_error *error)
{
	tkt_autotext list;
	size_t index;

	tkt_text_init(&list, TKT_TEXT_LIMIT);
	for (index = 0; field->values[index]; index++) {
		if (index)
			/* TRANSLATORS: between the last two words of a list: 'low, normal or high'
			 */
			tkt_text_add(&list, field->values[index + 1] ? ", " : _(" or "));
		tkt_text_add(&list, field->values[index]);
	}
	return tkt_error_set(
	    error, TKT_ERROR_DATA, _("'%s' cannot be '%s': %s"), field->name, word, list.bytes);
}

static int check_word(const struct tkt_field *field, const char *word, struct tkt_error *error)
{
	size_t index;

	if (!field->values)
		return 0;
	for (index = 0; field->values[index]; index++)
		if (!strcmp(field->values[index], word))
			return 0;
	return refuse_word(field, word, error);
}

static int check_type(
    const struct tkt_field *field, bool right, const char *wanted, struct tkt_error *error)
{
	if (right)
		return 0;
	return tkt_error_set(error, TKT_ERROR_DATA, _(wanted), field->name);
}

static int give(json_t *made, json_t **checked, struct tkt_error *error)
{
	if (!made)
		return tkt_error_set_memory(error);
	*checked = made;
	return 0;
}

static json_t *lower_copy(const json_t *text)
{
	tkt_autofree char *lower = strdup(json_string_value(text));

	if (!lower)
		return NULL;
	tkt_ascii_lower(lower);
	return json_string(lower);
}

/* A new list of texts, without empty ones. */
static int check_list(
    const struct tkt_field *field, const json_t *value, json_t **checked, struct tkt_error *error)
{
	json_auto_t *list = json_array();
	json_t *element;
	size_t index;

	if (!list)
		return tkt_error_set_memory(error);
	json_array_foreach(value, index, element) {
		if (!json_is_string(element))
			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("'%s' must be a list of texts"), field->name);
		if (json_string_length(element) == 0)
			continue;
		if (json_array_append_new(list,
			field->flags & TKT_FIELD_LOWER ? lower_copy(element)
						       : json_incref(element)))
			return tkt_error_set_memory(error);
	}
	return give(json_array_size(list) ? json_incref(list) : json_null(), checked, error);
}

/* A new object of texts; what an event states in `set` and `was` may be of any kind. */
static int check_map(
    const struct tkt_field *field, const json_t *value, json_t **checked, struct tkt_error *error)
{
	json_auto_t *map = json_object();
	json_t *element;
	const char *key;

	if (!map)
		return tkt_error_set_memory(error);
	json_object_foreach((json_t *)value, key, element) {
		if (field->flags & TKT_FIELD_SETTABLE) {
			if (!json_is_string(element) && !json_is_null(element))
				return tkt_error_set(error, TKT_ERROR_DATA,
				    _("'%s.%s' must be a text"), field->name, key);
			if (!*key)
				return tkt_error_set(error, TKT_ERROR_DATA,
				    _("'%s' has a member without a name"), field->name);
			if (tkt_json_is_empty(element))
				continue;
		}
		if (json_object_set(map, key, element))
			return tkt_error_set_memory(error);
	}
	return give(json_object_size(map) ? json_incref(map) : json_null(), checked, error);
}

static int check_text(
    const struct tkt_field *field, const json_t *value, json_t **checked, struct tkt_error *error)
{
	int64_t time;

	if (check_type(field, json_is_string(value), N_("'%s' must be a text"), error) ||
	    check_word(field, json_string_value(value), error))
		return -1;
	if (field->type == TKT_FIELD_TIME) {
		char normal[TKT_TIME_SIZE];

		if (tkt_time_parse(json_string_value(value), &time, error)) {
			tkt_error_prefix(error, "'%s'", field->name);
			error->kind = TKT_ERROR_DATA;
			return -1;
		}
		tkt_time_format(time, normal);
		return give(!strcmp(normal, json_string_value(value)) ? json_incref((json_t *)value)
								      : json_string(normal),
		    checked, error);
	}
	if (field->type == TKT_FIELD_ADDRESS)
		return give(lower_copy(value), checked, error);
	return give(json_incref((json_t *)value), checked, error);
}

int tkt_field_value_check(
    const struct tkt_field *field, const json_t *value, json_t **checked, struct tkt_error *error)
{
	if (tkt_json_is_empty(value))
		return give(json_null(), checked, error);
	switch (field->type) {
	case TKT_FIELD_TEXT:
	case TKT_FIELD_ADDRESS:
	case TKT_FIELD_PRIORITY:
	case TKT_FIELD_TIME:
		return check_text(field, value, checked, error);
	case TKT_FIELD_INTEGER:
	case TKT_FIELD_LENGTH:
		if (check_type(
			field, json_is_integer(value), N_("'%s' must be a whole number"), error))
			return -1;
		return give(json_incref((json_t *)value), checked, error);
	case TKT_FIELD_BOOLEAN:
		if (check_type(
			field, json_is_boolean(value), N_("'%s' must be true or false"), error))
			return -1;
		return give(json_incref((json_t *)value), checked, error);
	case TKT_FIELD_LIST:
		if (check_type(
			field, json_is_array(value), N_("'%s' must be a list of texts"), error))
			return -1;
		return check_list(field, value, checked, error);
	case TKT_FIELD_MAP:
		if (json_is_string(value)) /* of one key */
			return give(json_incref((json_t *)value), checked, error);
		if (check_type(field, json_is_object(value),
			N_("'%s' must be an object of names and texts"), error))
			return -1;
		return check_map(field, value, checked, error);
	case TKT_FIELD_JSON:
		break;
	}
	return give(json_incref((json_t *)value), checked, error);
}

/* 'a,b' as a list, without blanks around the words. */
static json_t *parse_list(const char *string)
{
	json_t *list = json_array();
	size_t length;

	for (; list; string += length + 1) {
		const char *start = string, *end;

		length = strcspn(string, ",");
		end = string + length;
		while (start < end && *start == ' ')
			start++;
		while (end > start && end[-1] == ' ')
			end--;
		if (end > start &&
		    json_array_append_new(list, json_stringn(start, (size_t)(end - start)))) {
			json_decref(list);
			return NULL;
		}
		if (!string[length])
			break;
	}
	return list;
}

static int parse_number(
    const struct tkt_field *field, const char *string, json_t **value, struct tkt_error *error)
{
	struct tkt_length length;
	int64_t number;

	if (field->type == TKT_FIELD_LENGTH) {
		if (tkt_length_parse(string, &length, error) ||
		    tkt_length_seconds(&length, &number, error))
			return tkt_error_prefix(error, "'%s'", field->name);
	} else if (tkt_number_parse(string, &number)) {
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' must be a whole number, not '%s'"), field->name, string);
	}
	return give(json_integer(number), value, error);
}

static int parse_boolean(
    const struct tkt_field *field, const char *string, json_t **value, struct tkt_error *error)
{
	if (strcmp(string, "true") != 0 && strcmp(string, "false") != 0)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' must be true or false, not '%s'"), field->name, string);
	return give(json_boolean(*string == 't'), value, error);
}

static int parse_json(
    const struct tkt_field *field, const char *string, json_t **value, struct tkt_error *error)
{
	json_error_t reason;
	json_t *made = json_loads(string, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &reason);

	if (!made && json_error_code(&reason) != json_error_out_of_memory)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' must be JSON: %s"), field->name, reason.text);
	return give(made, value, error);
}

/* A bare date is its midnight in UTC: this floor knows no desk. */
static int parse_time(
    const struct tkt_field *field, const char *string, json_t **value, struct tkt_error *error)
{
	struct tkt_civil civil = { 0 };
	char time[TKT_TIME_SIZE];
	json_auto_t *text = NULL;

	if (!tkt_date_parse(string, &civil))
		return give(
		    json_string(tkt_time_format(tkt_time_from_civil(&civil), time)), value, error);
	text = json_string(string);
	if (!text)
		return tkt_error_set_memory(error);
	return tkt_field_value_check(field, text, value, error);
}

int tkt_field_value_parse(
    const struct tkt_field *field, const char *string, json_t **value, struct tkt_error *error)
{
	json_auto_t *raw = NULL;

	if (!*string)
		return give(json_null(), value, error);
	if (!tkt_utf8_is_valid(string, strlen(string)))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the value of '%s' is not UTF-8"), field->name);
	switch (field->type) {
	case TKT_FIELD_INTEGER:
	case TKT_FIELD_LENGTH:
		return parse_number(field, string, value, error);
	case TKT_FIELD_BOOLEAN:
		return parse_boolean(field, string, value, error);
	case TKT_FIELD_JSON:
		return parse_json(field, string, value, error);
	case TKT_FIELD_TIME:
		return parse_time(field, string, value, error);
	case TKT_FIELD_LIST:
		raw = parse_list(string);
		break;
	default:
		raw = json_string(string);
		break;
	}
	if (!raw)
		return tkt_error_set_memory(error);
	return tkt_field_value_check(field, raw, value, error);
}
