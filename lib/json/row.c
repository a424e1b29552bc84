#include <string.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "json/field.h"
#include "json/stored.h"
#include "json/stream.h"

#include "base/banned.h"

/* Is its text JSON? */
static bool is_json(const struct tkt_field *field)
{
	return field->type == TKT_FIELD_LIST || field->type == TKT_FIELD_MAP ||
	    field->type == TKT_FIELD_JSON;
}

static bool is_nothing(const struct tkt_field *field, const struct tkt_value *value)
{
	if (field->flags & TKT_FIELD_DERIVED)
		return true;
	if (field->type == TKT_FIELD_BOOLEAN)
		return false;
	switch (value->kind) {
	case TKT_VALUE_EMPTY:
		return true;
	case TKT_VALUE_INTEGER:
		return field->type == TKT_FIELD_PRIORITY && !tkt_priority_word(value->integer);
	case TKT_VALUE_TEXT:
		break;
	}
	if (!is_json(field))
		return value->length == 0;
	return value->length == 0 ||
	    (value->length == 2 &&
		(!memcmp(value->text, "[]", 2) || !memcmp(value->text, "{}", 2)));
}

/* A member whose value is these bytes, quoted or as they are. Keys are ASCII literals of the
 * tables: nothing to escape. */
static void write_member(struct tkt_text *out, const char *name, size_t name_length, bool first,
    const char *bytes, size_t length, bool quote)
{
	char *room = tkt_text_room(out, name_length + length + 6);
	char *at = room;

	if (!room)
		return;
	if (!first)
		*at++ = ',';
	*at++ = '"';
	memcpy(at, name, name_length);
	at += name_length;
	*at++ = '"';
	*at++ = ':';
	if (quote)
		*at++ = '"';
	memcpy(at, bytes, length);
	at += length;
	if (quote)
		*at++ = '"';
	tkt_text_wrote(out, (size_t)(at - room));
}

static void write_integer(struct tkt_text *out, const struct tkt_field *field, const char *name,
    size_t name_length, bool first, int64_t integer)
{
	bool quote = field->type != TKT_FIELD_INTEGER && field->type != TKT_FIELD_LENGTH;
	char time[TKT_TIME_SIZE], digits[24];
	const char *word = digits;

	if (field->type == TKT_FIELD_TIME)
		word = tkt_time_format(integer, time);
	else if (field->type == TKT_FIELD_PRIORITY)
		word = tkt_priority_word(integer);
	else /* a TEXT too: a number in its column, an id on the wire */
		snprintf(digits, sizeof(digits), "%lld", (long long)integer);
	write_member(out, name, name_length, first, word, strlen(word), quote);
}

static void write_value(struct tkt_text *out, const struct tkt_field *field, const char *name,
    bool first, const struct tkt_value *value)
{
	size_t length = strlen(name);

	if (field->type == TKT_FIELD_BOOLEAN) {
		bool is_true = value->kind == TKT_VALUE_INTEGER && value->integer != 0;

		write_member(
		    out, name, length, first, is_true ? "true" : "false", is_true ? 4 : 5, false);
	} else if (value->kind == TKT_VALUE_INTEGER) {
		write_integer(out, field, name, length, first, value->integer);
	} else if (is_json(field) || tkt_json_is_plain(value->text, value->length)) {
		write_member(out, name, length, first, value->text, value->length, !is_json(field));
	} else {
		write_member(out, name, length, first, "", 0, false);
		tkt_json_string(out, value->text, value->length);
	}
}

void tkt_row_write(
    struct tkt_text *out, const struct tkt_field_table *table, const struct tkt_value *row)
{
	const char *nested = NULL; /* name of the object that is open within this one */
	size_t nested_length = 0, index;

	tkt_json_begin(out, '{');
	write_member(out, "type", 4, true, table->type, strlen(table->type), true);
	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];
		const char *name = field->name, *dot;
		bool first = false;

		if (is_nothing(field, &row[index]))
			continue;
		dot = strchr(name, '.');
		if (nested &&
		    (!dot || (size_t)(dot - name) != nested_length ||
			memcmp(name, nested, nested_length) != 0)) {
			tkt_text_add_byte(out, '}');
			nested = NULL;
		}
		if (dot) {
			first = !nested;
			if (!nested) {
				nested = name;
				nested_length = (size_t)(dot - name);
				write_member(out, name, nested_length, false, "{", 1, false);
			}
			name = dot + 1;
		}
		write_value(out, field, name, first, &row[index]);
	}
	if (nested)
		tkt_text_add_byte(out, '}');
	tkt_json_end(out, '}');
}

static json_t *load_integer(const struct tkt_field *field, int64_t integer)
{
	char time[TKT_TIME_SIZE];

	switch (field->type) {
	case TKT_FIELD_PRIORITY:
		return json_string(tkt_priority_word(integer));
	case TKT_FIELD_TIME:
		return json_string(tkt_time_format(integer, time));
	case TKT_FIELD_TEXT:
	case TKT_FIELD_ADDRESS:
		return json_sprintf("%lld", (long long)integer);
	default:
		return json_integer(integer);
	}
}

static int load_value(const struct tkt_field *field, const struct tkt_value *value, json_t **loaded,
    struct tkt_error *error)
{
	json_error_t reason;
	json_t *made;

	if (field->type == TKT_FIELD_BOOLEAN)
		made = json_boolean(value->kind == TKT_VALUE_INTEGER && value->integer != 0);
	else if (value->kind == TKT_VALUE_INTEGER)
		made = load_integer(field, value->integer);
	else if (is_json(field)) {
		made = tkt_stored_read(value->text, value->length);
		if (!made)
			made = json_loadb(value->text, value->length, JSON_DECODE_ANY, &reason);
		if (!made && json_error_code(&reason) != json_error_out_of_memory)
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("the stored '%s' is not JSON: %s"), field->name, reason.text);
	} else {
		made = json_stringn(value->text, value->length);
		if (!made && !tkt_utf8_is_valid(value->text, value->length))
			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("the stored '%s' is not UTF-8"), field->name);
	}
	if (!made)
		return tkt_error_set_memory(error);
	*loaded = made;
	return 0;
}

int tkt_row_load(const struct tkt_field_table *table, const struct tkt_value *row, json_t **object,
    struct tkt_error *error)
{
	json_auto_t *made = json_object();
	json_t *value = NULL;
	size_t index;

	if (!made || json_object_set_new(made, "type", json_string(table->type)))
		return tkt_error_set_memory(error);
	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];

		if (is_nothing(field, &row[index]))
			continue;
		if (load_value(field, &row[index], &value, error) ||
		    tkt_object_set(made, field->name, value, error))
			return -1;
	}
	*object = made;
	made = NULL;
	return 0;
}

/*
 * Texts in `room` move while it grows. Until the row is whole, such a value has no text and its
 * place in `integer`.
 */
static void keep_in_room(struct tkt_value *value, struct tkt_text *room, size_t start)
{
	value->kind = TKT_VALUE_TEXT;
	value->text = NULL;
	value->integer = (int64_t)start;
	value->length = room->length - start;
	tkt_text_add_bytes(room, "\0\n", 2); /* behind a LF the JSON writer sets no comma */
}

static int value_from_checked(const struct tkt_field *field, const json_t *member,
    struct tkt_value *value, struct tkt_text *room, struct tkt_error *error)
{
	size_t start = room->length;

	switch (field->type) {
	case TKT_FIELD_INTEGER:
	case TKT_FIELD_LENGTH:
		value->integer = json_integer_value(member);
		break;
	case TKT_FIELD_BOOLEAN:
		value->integer = json_is_true(member);
		break;
	case TKT_FIELD_PRIORITY:
		value->integer = tkt_priority_from_word(json_string_value(member));
		break;
	case TKT_FIELD_TIME:
		if (tkt_time_parse(json_string_value(member), &value->integer, error))
			return -1;
		break;
	case TKT_FIELD_TEXT:
		value->kind = TKT_VALUE_TEXT;
		value->text = json_string_value(member);
		value->length = json_string_length(member);
		return 0;
	case TKT_FIELD_ADDRESS: /* `member` is the lower-case copy, not the object's own */
		tkt_text_add_bytes(room, json_string_value(member), json_string_length(member));
		keep_in_room(value, room, start);
		return 0;
	case TKT_FIELD_LIST:
	case TKT_FIELD_MAP:
	case TKT_FIELD_JSON:
		tkt_value_write(room, member);
		keep_in_room(value, room, start);
		return 0;
	}
	value->kind = TKT_VALUE_INTEGER;
	return 0;
}

/* Fills one value from its member, which may be empty. */
static int value_from_member(const struct tkt_field *field, json_t *member, struct tkt_value *value,
    struct tkt_text *room, struct tkt_error *error)
{
	json_auto_t *checked = NULL;

	if (field->type == TKT_FIELD_BOOLEAN)
		value->kind = TKT_VALUE_INTEGER;
	if (tkt_json_is_empty(member))
		return 0;
	if (tkt_field_value_check(field, member, &checked, error))
		return -1;
	if (json_is_null(checked))
		return 0;
	/* A TEXT is checked as it is, so that the row can borrow it from the object. */
	return value_from_checked(
	    field, field->type == TKT_FIELD_TEXT ? member : checked, value, room, error);
}

static bool is_same(const json_t *before, const json_t *after)
{
	if (tkt_json_is_empty(before) || tkt_json_is_empty(after))
		return tkt_json_is_empty(before) && tkt_json_is_empty(after);
	return json_equal(before, after);
}

/* `changed` NULL: all of the fields. */
static int fill_row(const struct tkt_field_table *table, const json_t *before, const json_t *object,
    struct tkt_value *row, bool *changed, struct tkt_text *room, struct tkt_error *error)
{
	size_t index;

	if (room->length)
		tkt_text_add_byte(room, '\n');
	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];
		json_t *member;

		row[index] = (struct tkt_value){ .kind = TKT_VALUE_EMPTY };
		if (changed)
			changed[index] = false;
		if (field->flags & TKT_FIELD_DERIVED)
			continue;
		member = tkt_object_get(object, field->name);
		if (changed && is_same(tkt_object_get(before, field->name), member))
			continue;
		if (changed)
			changed[index] = true;
		if (value_from_member(field, member, &row[index], room, error))
			return -1;
	}
	if (tkt_text_check(room, error))
		return -1;
	for (index = 0; index < table->count; index++)
		if (row[index].kind == TKT_VALUE_TEXT && !row[index].text)
			row[index].text = room->bytes + row[index].integer;
	return 0;
}

int tkt_row_from_object(const struct tkt_field_table *table, const json_t *object,
    struct tkt_value *row, struct tkt_text *room, struct tkt_error *error)
{
	return fill_row(table, NULL, object, row, NULL, room, error);
}

int tkt_row_from_difference(const struct tkt_field_table *table, const json_t *before,
    const json_t *after, struct tkt_value *row, bool *changed, struct tkt_text *room,
    struct tkt_error *error)
{
	return fill_row(table, before, after, row, changed, room, error);
}
