#include "flow/people_columns.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/option.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "policy/person_check.h"
#include "json/field.h"

#include "base/banned.h"

/* Where a cell goes; neither field nor part: nowhere. */
struct column {
	char *cell; /* of the header, for errors */
	const struct tkt_field *field;
	const char *key;             /* of a map: 'phone' of 'fields.phone'; within `name` */
	const struct tkt_part *part; /* of an object in the list */
	char *name;                  /* of the member */
};

struct tkt_people_columns {
	const struct tkt_field_table *table;
	const char *list; /* the member that is a list of objects; NULL */
	const struct tkt_part *parts;
	struct column *columns;
	size_t count;
};

void tkt_people_columns_free(struct tkt_people_columns *columns)
{
	size_t i;

	if (!columns)
		return;
	for (i = 0; i < columns->count; i++) {
		free(columns->columns[i].cell);
		free(columns->columns[i].name);
	}
	free(columns->columns);
	free(columns);
}
static inline void cleanup_columns(struct tkt_people_columns **columns)
{
	tkt_people_columns_free(*columns);
}

/* A part of an object in the list: 'contracts.number', or 'number' where no member has that name.
 */
static const struct tkt_part *find_part(const struct tkt_people_columns *columns, const char *name)
{
	size_t length = columns->list ? strlen(columns->list) : 0;
	const struct tkt_part *part;

	if (!columns->list)
		return NULL;
	if (!strncmp(name, columns->list, length) && name[length] == '.')
		name += length + 1;
	for (part = columns->parts; part->name; part++)
		if (!strcmp(part->name, name))
			return part;
	return NULL;
}

/* What `name` is; it lives as long as the column. */
static bool find_member(
    const struct tkt_people_columns *columns, const char *name, struct column *column)
{
	const char *key = NULL;
	size_t key_length;
	const struct tkt_field *field = tkt_field_find(columns->table, name, &key, &key_length);

	if (field && (field->type == TKT_FIELD_JSON || (field->type == TKT_FIELD_MAP && !key)))
		field = NULL;
	column->field = field;
	column->key = key;
	column->part = field ? NULL : find_part(columns, name);
	return column->field || column->part;
}

/* The map that names this column; its NAME ends before '='. */
static const char *find_map(const struct tkt_strings *maps, const char *cell)
{
	size_t i;

	for (i = 0; i < maps->count; i++)
		if (strcmp(strchr(maps->items[i], '=') + 1, cell) == 0)
			return maps->items[i];
	return NULL;
}

static int add_column(struct tkt_people_columns *columns, const char *cell,
    const struct tkt_strings *maps, struct tkt_error *error)
{
	struct column *column = &columns->columns[columns->count];
	const char *map = find_map(maps, cell);
	char *name = map ? strndup(map, strcspn(map, "=")) : strdup(cell), *at;
	size_t i;

	column->name = name;
	column->cell = strdup(cell);
	columns->count++;
	if (!column->name || !column->cell)
		return tkt_error_set_memory(error);
	if (!map && !find_member(columns, name, column)) /* 'Name' is `name`, 'ID' is `id` */
		for (at = name; *at; at++)
			*at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
	if (!find_member(columns, name, column))
		return 0;
	for (i = 0; i + 1 < columns->count; i++) {
		const struct column *other = &columns->columns[i];

		if ((other->field || other->part) && !strcmp(other->name, name) &&
		    !(column->field && column->field->type == TKT_FIELD_LIST))
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("columns '%s' and '%s' are both '%s'"), other->cell, cell, name);
	}
	return 0;
}

/* Each map names a member, and a column of the file. */
static int check_maps(const struct tkt_people_columns *columns, const struct tkt_strings *maps,
    const char *const *header, size_t count, struct tkt_error *error)
{
	size_t i, at;

	for (i = 0; i < maps->count; i++) {
		const char *equals = strchr(maps->items[i], '=');
		tkt_autofree char *name = NULL;
		struct column column;

		if (!equals || equals == maps->items[i] || !equals[1])
			return tkt_error_set(error, TKT_ERROR_USAGE,
			    _("'--map' needs NAME=COLUMN, not '%s'"), maps->items[i]);
		name = strndup(maps->items[i], (size_t)(equals - maps->items[i]));
		if (!name)
			return tkt_error_set_memory(error);
		if (!find_member(columns, name, &column))
			return tkt_error_set(
			    error, TKT_ERROR_USAGE, _("there is no member '%s'"), name);
		for (at = 0; at < count && strcmp(header[at], equals + 1) != 0; at++)
			;
		if (at == count)
			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("there is no column '%s'"), equals + 1);
	}
	return 0;
}

static void warn_unused(struct tkt_command *command, const struct tkt_people_columns *columns)
{
	tkt_autotext names;
	size_t i, unused = 0;

	tkt_text_init(&names, TKT_TEXT_LIMIT);
	for (i = 0; i < columns->count; i++) {
		const struct column *column = &columns->columns[i];

		if (column->field || column->part || !*column->cell)
			continue;
		tkt_text_format(&names, "%s'%s'", unused ? ", " : "", column->cell);
		unused++;
	}
	if (unused)
		tkt_command_warn(command,
		    ngettext("a column is not used: %s; --map NAME=COLUMN takes it",
			"columns are not used: %s; --map NAME=COLUMN takes one", unused),
		    names.bytes);
}

/* Does a column say which object a row is of? */
static bool has_id(const struct tkt_people_columns *columns)
{
	size_t i;

	for (i = 0; i < columns->count; i++) {
		const struct tkt_field *field = columns->columns[i].field;

		if (field &&
		    (!strcmp(field->name, "id") ||
			(columns->table == &tkt_contact_fields &&
			    !strcmp(field->name, "addresses"))))
			return true;
	}
	return false;
}

int tkt_people_columns_read(struct tkt_command *command, const struct tkt_field_table *table,
    const char *const *header, size_t count, const struct tkt_strings *maps,
    struct tkt_people_columns **columns, struct tkt_error *error)
{
	__attribute__((cleanup(cleanup_columns))) struct tkt_people_columns *made =
	    calloc(1, sizeof(*made));
	size_t i;

	if (!made || !(made->columns = calloc(count + 1, sizeof(*made->columns))))
		return tkt_error_set_memory(error);
	made->table = table;
	made->parts = tkt_person_parts(table, &made->list);
	if (check_maps(made, maps, header, count, error))
		return -1;
	for (i = 0; i < count; i++)
		if (add_column(made, header[i], maps, error))
			return -1;
	if (!has_id(made))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("no column is the 'id'; --map id=COLUMN says which one"));
	warn_unused(command, made);
	*columns = tkt_take(made);
	return 0;
}

/* '31.12.2026' as '2026-12-31'; another text as it is. */
static json_t *read_day(const char *cell)
{
	int day, month, year, used = 0;

	if (sscanf(cell, "%2d.%2d.%4d%n", &day, &month, &year, &used) == 3 && !cell[used] &&
	    tkt_date_is_valid(year, month, day))
		return json_sprintf("%04d-%02d-%02d", year, month, day);
	return json_string(cell);
}

/* 'a; b' as a list. */
static json_t *read_list(const char *cell)
{
	json_t *list = json_array();

	for (;;) {
		size_t length = strcspn(cell, ";"), end = length, start = strspn(cell, " \t\n");

		while (end > start && strchr(" \t\n", cell[end - 1]))
			end--;
		if (end > start && start < length &&
		    json_array_append_new(list, json_stringn(cell + start, end - start))) {
			json_decref(list);
			return NULL;
		}
		if (!cell[length])
			return list;
		cell += length + 1;
	}
}

static json_t *read_boolean(const char *cell)
{
	static const char *const yes[] = { "true", "yes", "1", NULL };
	static const char *const no[] = { "false", "no", "0", NULL };
	size_t i;

	for (i = 0; yes[i]; i++)
		if (!strcasecmp(cell, yes[i]))
			return json_true();
	for (i = 0; no[i]; i++)
		if (!strcasecmp(cell, no[i]))
			return json_false();
	return json_string(cell); /* what it is not, the check of the object says */
}

static bool is_list(const struct column *column)
{
	return column->field
	    ? column->field->type == TKT_FIELD_LIST
	    : column->part->kind == TKT_PART_WORDS || column->part->kind == TKT_PART_DOMAINS;
}

static bool is_day(const struct column *column)
{
	return column->part
	    ? column->part->kind == TKT_PART_DAY
	    : !strcmp(column->field->name, "from") || !strcmp(column->field->name, "until");
}

static json_t *read_cell(const struct column *column, const char *cell)
{
	if (is_list(column))
		return read_list(cell);
	if (!*cell)
		return json_null();
	if (is_day(column))
		return read_day(cell);
	if (column->field && column->field->type == TKT_FIELD_BOOLEAN)
		return read_boolean(cell);
	return json_string(cell);
}

/* A list grows: two columns may be one. */
static int put_cell(json_t *object, const char *name, json_t *value)
{
	json_t *present = json_object_get(object, name);
	int failed;

	if (!json_is_array(present))
		return json_object_set_new(object, name, value);
	failed = json_array_extend(present, value);
	json_decref(value);
	return failed;
}

static int put(const struct column *column, const char *cell, json_t *object, json_t *nested)
{
	json_t *fields = json_object_get(object, "fields");

	if (column->part)
		return *cell ? put_cell(nested, column->part->name, read_cell(column, cell)) : 0;
	if (!column->key)
		return put_cell(object, column->field->name, read_cell(column, cell));
	if (!fields && json_object_set_new(object, column->field->name, fields = json_object()))
		return -1;
	return json_object_set_new(fields, column->key, read_cell(column, cell));
}

static bool has_parts(const struct tkt_people_columns *columns)
{
	size_t i;

	for (i = 0; i < columns->count; i++)
		if (columns->columns[i].part)
			return true;
	return false;
}

int tkt_people_row_read(const struct tkt_people_columns *columns, const char *const *cells,
    size_t count, json_t **object, struct tkt_error *error)
{
	json_auto_t *made = json_pack("{s:s}", "type", columns->table->type);
	json_auto_t *nested = json_object(), *list = NULL;
	size_t i, extra = count;

	if (!made || !nested)
		return tkt_error_set_memory(error);
	for (i = 0; i < columns->count; i++) {
		const struct column *column = &columns->columns[i];

		if ((column->field || column->part) &&
		    put(column, i < count ? cells[i] : "", made, nested))
			return tkt_error_set_memory(error);
	}
	if (has_parts(columns)) {
		list = json_object_size(nested) ? json_pack("[O]", nested) : json_array();
		if (!list || json_object_set(made, columns->list, list))
			return tkt_error_set_memory(error);
	}
	*object = json_incref(made);
	while (extra > columns->count && !*cells[extra - 1])
		extra--;
	if (extra > columns->count)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the row has %zu cells, and there are %zu columns"), extra, columns->count);
	return 0;
}

static int join(json_t *object, const json_t *row, struct tkt_error *error);

static int join_member(json_t *object, const char *name, json_t *value, struct tkt_error *error)
{
	json_t *present = json_object_get(object, name);

	if (tkt_json_is_empty(value))
		return 0;
	if (json_is_array(present) && json_is_array(value))
		return json_array_extend(present, value) ? tkt_error_set_memory(error) : 0;
	if (json_is_object(present) && json_is_object(value))
		return join(present, value, error);
	if (tkt_json_is_empty(present))
		return json_object_set(object, name, value) ? tkt_error_set_memory(error) : 0;
	if (json_equal(present, value))
		return 0;
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("'%s' is '%s' here and '%s' in an earlier row"), name,
	    json_is_string(value) ? json_string_value(value) : "?",
	    json_is_string(present) ? json_string_value(present) : "?");
}

static int join(json_t *object, const json_t *row, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)row, name, value) {
		if (join_member(object, name, value, error))
			return -1;
	}
	return 0;
}

int tkt_people_row_join(json_t *object, const json_t *row, struct tkt_error *error)
{
	json_auto_t *rest = json_copy((json_t *)row);

	if (!rest)
		return tkt_error_set_memory(error);
	json_object_del(rest, "id"); /* the same, however it is written */
	return join(object, rest, error);
}
