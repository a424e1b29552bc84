#include "flow/people_csv.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "base/option.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "flow/people_columns.h"
#include "policy/person_check.h"
#include "json/csv.h"
#include "json/field.h"

#include "base/banned.h"

/* An object of one or more rows, or a row that is none. */
struct entry {
	uint64_t line; /* of its first row */
	json_t *object;
	struct tkt_error *error; /* owned; what is wrong with the row; NULL */
	bool is_dropped;         /* another row of it is bad */
};

struct tkt_people_csv {
	const char *name; /* of the file, for messages */
	const struct tkt_field_table *table;
	struct tkt_people_columns *columns;
	struct entry *entries;
	size_t count, allocated, next;
	json_t *places; /* id to the index of its entry; -1: none of its rows counts */
};

void tkt_people_csv_free(struct tkt_people_csv *csv)
{
	size_t i;

	if (!csv)
		return;
	for (i = 0; i < csv->count; i++) {
		json_decref(csv->entries[i].object);
		free(csv->entries[i].error);
	}
	free(csv->entries);
	json_decref(csv->places);
	tkt_people_columns_free(csv->columns);
	free(csv);
}

/* Takes the object over. */
static struct entry *add_entry(struct tkt_people_csv *csv, uint64_t line, json_t *object)
{
	struct entry *entries;

	if (csv->count == csv->allocated) {
		size_t wanted = csv->allocated ? 2 * csv->allocated : 64;

		entries = reallocarray(csv->entries, wanted, sizeof(*entries));
		if (!entries) {
			json_decref(object);
			return NULL;
		}
		csv->entries = entries;
		csv->allocated = wanted;
	}
	entries = &csv->entries[csv->count++];
	*entries = (struct entry){ .line = line, .object = object };
	return entries;
}

static int keep_error(struct tkt_people_csv *csv, uint64_t line, const struct tkt_error *row_error,
    struct tkt_error *error)
{
	struct entry *entry = add_entry(csv, line, NULL);

	if (!entry || !(entry->error = malloc(sizeof(*entry->error))))
		return tkt_error_set_memory(error);
	*entry->error = *row_error;
	return 0;
}

/* Nothing of this id counts any more. */
static int drop(struct tkt_people_csv *csv, const char *id, struct tkt_error *error)
{
	const json_t *place = json_object_get(csv->places, id);

	if (place && json_integer_value(place) >= 0)
		csv->entries[json_integer_value(place)].is_dropped = true;
	return json_object_set_new(csv->places, id, json_integer(-1)) ? tkt_error_set_memory(error)
								      : 0;
}

/* Puts a row to what others of its id gave. The error is the row's. */
static int place_row(struct tkt_people_csv *csv, const struct tkt_csv_row *row, json_t *object,
    const char *id, struct tkt_error *error)
{
	const json_t *place = json_object_get(csv->places, id);

	if (!place) {
		if (!add_entry(csv, row->line, json_incref(object)) ||
		    json_object_set_new(csv->places, id, json_integer((json_int_t)csv->count - 1)))
			return tkt_error_set_memory(error);
		return 0;
	}
	if (json_integer_value(place) < 0)
		return 0;
	return tkt_people_row_join(csv->entries[json_integer_value(place)].object, object, error);
}

static int take_row(
    struct tkt_people_csv *csv, const struct tkt_csv_row *row, struct tkt_error *error)
{
	struct tkt_error row_error = { 0 };
	json_auto_t *object = NULL;
	tkt_autofree char *id = NULL;
	int result = tkt_people_row_read(
	    csv->columns, (const char *const *)row->cells, row->count, &object, &row_error);

	if (object && tkt_person_id(csv->table, object, &id, error))
		return -1;
	if (!result && !id)
		result = tkt_error_set(
		    &row_error, TKT_ERROR_DATA, _("a %s needs an 'id'"), csv->table->type);
	if (!result)
		result = place_row(csv, row, object, id, &row_error);
	if (!result)
		return 0;
	if (row_error.kind != TKT_ERROR_DATA) {
		*error = row_error;
		return -1;
	}
	tkt_error_prefix(&row_error, "%s:%ju", csv->name, (uintmax_t)row->line);
	if (id && drop(csv, id, error))
		return -1;
	return keep_error(csv, row->line, &row_error, error);
}

static int read_rows(struct tkt_people_csv *csv, struct tkt_csv *reader, struct tkt_error *error)
{
	for (;;) {
		struct tkt_error row_error = { 0 };
		struct tkt_csv_row row = { 0 };
		int got = tkt_csv_next(reader, &row, &row_error);

		if (got == 0)
			return 0;
		if (got == -1) {
			*error = row_error;
			return -1;
		}
		if (got < 0 ? keep_error(csv, row.line, &row_error, error)
			    : take_row(csv, &row, error))
			return -1;
	}
}

static int open_reader(
    const char *path, const char *name, struct tkt_csv **reader, struct tkt_error *error)
{
	tkt_autotext text;
	size_t length;
	char *bytes;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (tkt_file_read(path, &text, error) || tkt_text_check(&text, error))
		return -1;
	length = text.length;
	bytes = length ? tkt_text_take(&text) : strdup("");
	return bytes ? tkt_csv_new(name, bytes, length, reader, error)
		     : tkt_error_set_memory(error);
}

static int read_header(struct tkt_command *command, struct tkt_people_csv *csv,
    const struct tkt_strings *maps, struct tkt_csv *reader, struct tkt_error *error)
{
	struct tkt_csv_row header = { 0 };
	int got = tkt_csv_next(reader, &header, error);

	if (got < 0)
		return -1;
	if (!got)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("%s: no row with the names of columns"), csv->name);
	if (tkt_people_columns_read(command, csv->table, (const char *const *)header.cells,
		header.count, maps, &csv->columns, error))
		return error->kind == TKT_ERROR_DATA
		    ? tkt_error_prefix(error, "%s:%ju", csv->name, (uintmax_t)header.line)
		    : -1;
	return 0;
}

int tkt_people_csv_read(struct tkt_command *command, const char *path,
    const struct tkt_field_table *table, const struct tkt_strings *maps,
    struct tkt_people_csv **csv, struct tkt_error *error)
{
	tkt_autoptr(people_csv) made = calloc(1, sizeof(*made));
	tkt_autoptr(csv) reader = NULL;

	if (!made || !(made->places = json_object()))
		return tkt_error_set_memory(error);
	made->name = strcmp(path, "-") ? path : "stdin";
	made->table = table;
	if (open_reader(path, made->name, &reader, error) ||
	    read_header(command, made, maps, reader, error) || read_rows(made, reader, error))
		return -1;
	*csv = tkt_take(made);
	return 0;
}

static int next(void *state, struct tkt_line *line, struct tkt_error *error)
{
	struct tkt_people_csv *csv = state;

	while (csv->next < csv->count) {
		struct entry *entry = &csv->entries[csv->next++];

		*line = (struct tkt_line){ .number = entry->line };
		if (entry->error) {
			*error = *entry->error;
			return -2;
		}
		if (entry->is_dropped)
			continue;
		line->object = tkt_take(entry->object);
		return 1;
	}
	return 0;
}

struct tkt_source tkt_people_csv_source(struct tkt_people_csv *csv)
{
	return (struct tkt_source){ .name = csv->name, .next = next, .state = csv };
}
