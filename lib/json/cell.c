#include "json/cell.h"

#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "base/words.h"
#include "base/zone.h"
#include "json/stream.h"

#include "base/banned.h"

void tkt_cell_clear(struct tkt_cell *cell)
{
	json_decref(cell->held);
	cell->held = NULL;
}

static const struct tkt_value *row_value(
    const struct tkt_field_table *table, const struct tkt_value *row, const char *name)
{
	static const struct tkt_value nothing = { .kind = TKT_VALUE_EMPTY };
	const char *key;
	size_t key_length;
	const struct tkt_field *field = tkt_field_find(table, name, &key, &key_length);

	return field ? &row[tkt_field_index(table, field)] : &nothing;
}

static void set_integer(struct tkt_value *value, int64_t integer)
{
	*value = (struct tkt_value){ .kind = TKT_VALUE_INTEGER, .integer = integer };
}

/* A JSON text of the row as a new value; NULL when it is empty. */
static int load(
    const struct tkt_value *value, const char *name, json_t **loaded, struct tkt_error *error)
{
	json_error_t reason;

	*loaded = NULL;
	if (value->kind != TKT_VALUE_TEXT || value->length == 0)
		return 0;
	*loaded = json_loadb(value->text, value->length, JSON_DECODE_ANY, &reason);
	if (*loaded)
		return 0;
	if (json_error_code(&reason) == json_error_out_of_memory)
		return tkt_error_set_memory(error);
	return tkt_error_set(
	    error, TKT_ERROR_DATA, _("the stored '%s' is not JSON: %s"), name, reason.text);
}

/* Borrows from the JSON that the cell holds or the object that the caller has. */
static void borrow(struct tkt_cell *cell, const json_t *found)
{
	struct tkt_error ignored = { 0 };
	int64_t time;

	if (tkt_json_is_empty(found))
		return;
	if (json_is_integer(found) || json_is_boolean(found)) {
		set_integer(&cell->value,
		    json_is_integer(found) ? json_integer_value(found) : json_is_true(found));
	} else if (json_is_string(found) && cell->type == TKT_FIELD_TIME) {
		if (!tkt_time_parse(json_string_value(found), &time, &ignored))
			set_integer(&cell->value, time);
	} else if (json_is_string(found)) {
		cell->value.kind = TKT_VALUE_TEXT;
		cell->value.text = json_string_value(found);
		cell->value.length = json_string_length(found);
	}
}

/* One name of a map. */
static int init_part(struct tkt_cell *cell, const struct tkt_column *column,
    const struct tkt_value *source, struct tkt_error *error)
{
	const json_t *found;

	if (load(source, column->field->name, &cell->held, error))
		return -1;
	cell->type = TKT_FIELD_TEXT;
	found = json_object_get(cell->held, column->key);
	if (json_is_array(found) || json_is_object(found)) { /* in `set` of an event */
		json_t *value = json_incref((json_t *)found);

		json_decref(cell->held);
		cell->held = value;
		cell->type = TKT_FIELD_JSON;
	}
	borrow(cell, found);
	return 0;
}

static int init_clock_part(struct tkt_cell *cell, const struct tkt_column *column,
    const struct tkt_value *clocks, int64_t now, struct tkt_error *error)
{
	const struct tkt_clock_field *part = tkt_clock_field_find(column->key);
	const json_t *clock;

	if (load(clocks, "clocks", &cell->held, error))
		return -1;
	clock = tkt_object_clock(cell->held, column->key, column->key_length);
	cell->type = part->type == TKT_FIELD_LENGTH ? TKT_FIELD_TIME : part->type;
	if (!part->running || tkt_text_equal(tkt_object_text(clock, "state"), "running"))
		borrow(cell, json_object_get(clock, part->member));
	if (part->type == TKT_FIELD_LENGTH && cell->value.kind == TKT_VALUE_INTEGER)
		cell->value.integer -= now;
	cell->type = part->type;
	return 0;
}

/* The earliest instant at which a running clock is due. */
static int due_from_clocks(
    const struct tkt_value *clocks, struct tkt_value *due, struct tkt_error *error)
{
	struct tkt_cell cell = { .type = TKT_FIELD_TIME };
	json_auto_t *list = NULL;
	json_t *clock;
	size_t index;

	if (load(clocks, "clocks", &list, error))
		return -1;
	json_array_foreach(list, index, clock) {
		if (!tkt_text_equal(tkt_object_text(clock, "state"), "running"))
			continue;
		cell.value.kind = TKT_VALUE_EMPTY;
		borrow(&cell, json_object_get(clock, "due_at"));
		if (cell.value.kind == TKT_VALUE_INTEGER &&
		    (due->kind == TKT_VALUE_EMPTY || cell.value.integer < due->integer))
			*due = cell.value;
	}
	return 0;
}

static int derive(struct tkt_cell *cell, const char *name, const struct tkt_field_table *table,
    const struct tkt_value *row, int64_t now, struct tkt_error *error)
{
	struct tkt_value from = { .kind = TKT_VALUE_EMPTY };

	if (!strcmp(name, "age")) {
		from = *row_value(table, row, "created_at");
		if (from.kind == TKT_VALUE_INTEGER)
			set_integer(&cell->value, now - from.integer);
		return 0;
	}
	if (!strcmp(name, "idle")) {
		from = *row_value(table, row, "updated_at");
		if (from.kind == TKT_VALUE_INTEGER)
			set_integer(&cell->value, now - from.integer);
		return 0;
	}
	if (strcmp(name, "due") != 0 && strcmp(name, "overdue") != 0 && strcmp(name, "left") != 0)
		return 0;
	from = *row_value(table, row, "due");
	if (from.kind == TKT_VALUE_EMPTY &&
	    due_from_clocks(row_value(table, row, "clocks"), &from, error))
		return -1;
	if (!strcmp(name, "overdue"))
		set_integer(&cell->value, from.kind == TKT_VALUE_INTEGER && from.integer < now);
	else if (from.kind == TKT_VALUE_INTEGER)
		set_integer(&cell->value, *name == 'd' ? from.integer : from.integer - now);
	return 0;
}

int tkt_cell_init(struct tkt_cell *cell, const struct tkt_column *column,
    const struct tkt_field_table *table, const struct tkt_value *row, const json_t *object,
    int64_t now, struct tkt_error *error)
{
	const struct tkt_field *field = column->field;

	*cell = (struct tkt_cell){ .type = field->type };
	if (field->flags & TKT_FIELD_CLOCK)
		return init_clock_part(cell, column, row_value(table, row, "clocks"), now, error);
	cell->value = row[tkt_field_index(table, field)];
	if (column->key) {
		struct tkt_value map = cell->value;

		cell->value = (struct tkt_value){ .kind = TKT_VALUE_EMPTY };
		return init_part(cell, column, &map, error);
	}
	if (!(field->flags & TKT_FIELD_DERIVED) || cell->value.kind != TKT_VALUE_EMPTY)
		return 0;
	if (derive(cell, field->name, table, row, now, error))
		return -1;
	if (cell->value.kind == TKT_VALUE_EMPTY && object)
		borrow(cell, json_object_get(object, field->name));
	return 0;
}

const char *const *tkt_cell_needs(const struct tkt_field *field)
{
	static const char *const nothing[] = { NULL };
	static const char *const due[] = { "due", NULL }, *const created[] = { "created_at", NULL },
				 *const updated[] = { "updated_at", NULL },
				 *const clocks[] = { "clocks", NULL };

	if (!(field->flags & TKT_FIELD_DERIVED))
		return nothing;
	if (field->flags & TKT_FIELD_CLOCK)
		return clocks;
	if (!strcmp(field->name, "overdue") || !strcmp(field->name, "left"))
		return due;
	if (!strcmp(field->name, "age"))
		return created;
	return strcmp(field->name, "idle") != 0 ? nothing : updated;
}

/* 'a,b' of a list; 'name=value,...' of a map. */
static int add_joined(struct tkt_text *out, const struct tkt_cell *cell, struct tkt_error *error)
{
	json_auto_t *value = NULL;
	const char *key;
	json_t *element;
	size_t index, start = out->length;

	if (load(&cell->value, "list", &value, error))
		return -1;
	json_array_foreach(value, index, element) {
		if (index)
			tkt_text_add_byte(out, ',');
		if (json_is_string(element))
			tkt_text_add_bytes(
			    out, json_string_value(element), json_string_length(element));
	}
	json_object_foreach(value, key, element) {
		if (out->length > start)
			tkt_text_add_byte(out, ',');
		tkt_text_add(out, key);
		tkt_text_add_byte(out, '=');
		if (json_is_string(element))
			tkt_text_add_bytes(
			    out, json_string_value(element), json_string_length(element));
		else if (json_is_array(element) || json_is_object(element)) {
			tkt_autofree char *text = json_dumps(element, JSON_COMPACT);

			if (!text)
				return tkt_error_set_memory(error);
			tkt_text_add(out, text);
		}
	}
	return 0;
}

int tkt_cell_plain(struct tkt_text *out, const struct tkt_cell *cell, struct tkt_error *error)
{
	const struct tkt_value *value = &cell->value;
	char time[TKT_TIME_SIZE];
	const char *word;

	if (cell->type == TKT_FIELD_BOOLEAN) {
		tkt_text_add(
		    out, value->kind == TKT_VALUE_INTEGER && value->integer ? "true" : "false");
	} else if (cell->type == TKT_FIELD_JSON && cell->held) {
		tkt_autofree char *text = json_dumps(cell->held, JSON_COMPACT | JSON_ENCODE_ANY);

		if (!text)
			return tkt_error_set_memory(error);
		tkt_text_add(out, text);
	} else if (value->kind == TKT_VALUE_TEXT && cell->type == TKT_FIELD_LIST) {
		return add_joined(out, cell, error);
	} else if (value->kind == TKT_VALUE_TEXT) {
		tkt_text_add_bytes(out, value->text, value->length);
	} else if (value->kind == TKT_VALUE_INTEGER && cell->type == TKT_FIELD_TIME) {
		tkt_text_add(out, tkt_time_format(value->integer, time));
	} else if (value->kind == TKT_VALUE_INTEGER && cell->type == TKT_FIELD_PRIORITY) {
		word = tkt_priority_word(value->integer);
		tkt_text_add(out, word ? word : "");
	} else if (value->kind == TKT_VALUE_INTEGER) {
		tkt_text_format(out, "%lld", (long long)value->integer);
	}
	return 0;
}

static void add_length(struct tkt_text *out, int64_t seconds)
{
	uint64_t left = seconds < 0 ? -(uint64_t)seconds : (uint64_t)seconds;
	unsigned long long days = left / 86400;
	unsigned hours = left / 3600 % 24, minutes = left / 60 % 60;

	if (seconds < 0)
		tkt_text_add_byte(out, '-');
	if (days)
		/* TRANSLATORS: days and hours; short: all of it should fit 9 columns of a table */
		tkt_text_format(out, _("%llud %uh"), days, hours);
	else if (hours)
		/* TRANSLATORS: hours and minutes */
		tkt_text_format(out, _("%uh %um"), hours, minutes);
	else if (minutes)
		/* TRANSLATORS: minutes */
		tkt_text_format(out, _("%um"), minutes);
	else
		/* TRANSLATORS: seconds */
		tkt_text_format(out, _("%us"), (unsigned)left);
}

int tkt_cell_human(struct tkt_text *out, const struct tkt_cell *cell, const struct tkt_zone *zone,
    struct tkt_error *error)
{
	const struct tkt_value *value = &cell->value;
	struct tkt_civil civil;

	if (cell->type == TKT_FIELD_BOOLEAN) {
		tkt_text_add(
		    out, value->kind == TKT_VALUE_INTEGER && value->integer ? _("yes") : _("no"));
	} else if (value->kind == TKT_VALUE_INTEGER && cell->type == TKT_FIELD_TIME) {
		tkt_zone_civil(zone, value->integer, &civil);
		tkt_text_format(out, "%04d-%02d-%02d %02d:%02d", civil.year, civil.month, civil.day,
		    civil.hour, civil.minute);
	} else if (value->kind == TKT_VALUE_INTEGER && cell->type == TKT_FIELD_LENGTH) {
		add_length(out, value->integer);
	} else if (value->kind == TKT_VALUE_TEXT && cell->type == TKT_FIELD_MAP) {
		return add_joined(out, cell, error);
	} else {
		return tkt_cell_plain(out, cell, error);
	}
	return 0;
}

int tkt_cell_json(const struct tkt_cell *cell, json_t **made, struct tkt_error *error)
{
	const struct tkt_value *value = &cell->value;
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (cell->type == TKT_FIELD_BOOLEAN) {
		*made = json_boolean(value->kind == TKT_VALUE_INTEGER && value->integer);
		return 0;
	}
	if (cell->type == TKT_FIELD_JSON && cell->held) {
		*made = json_deep_copy(cell->held);
		return *made ? 0 : tkt_error_set_memory(error);
	}
	if (value->kind == TKT_VALUE_TEXT &&
	    (cell->type == TKT_FIELD_LIST || cell->type == TKT_FIELD_MAP ||
		cell->type == TKT_FIELD_JSON)) {
		if (load(value, "list", made, error))
			return -1;
		if (!*made)
			*made = json_null();
		return 0;
	}
	if (value->kind == TKT_VALUE_INTEGER &&
	    (cell->type == TKT_FIELD_INTEGER || cell->type == TKT_FIELD_LENGTH)) {
		*made = json_integer(value->integer);
		return *made ? 0 : tkt_error_set_memory(error);
	}
	if (tkt_cell_plain(&text, cell, error) || tkt_text_check(&text, error))
		return -1;
	*made = text.length ? json_stringn(text.bytes, text.length) : json_null();
	return *made ? 0 : tkt_error_set_memory(error);
}
