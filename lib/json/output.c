#include "json/output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/program.h"
#include "base/terminal.h"
#include "base/utf8.h"
#include "base/words.h"
#include "json/cell.h"
#include "json/stream.h"

#include "base/banned.h"

#define GAP 2                   /* columns between two fields of a table */
#define REST_LEAST ((size_t)24) /* a table's own choice leaves at least this to the last fields */
#define ELLIPSIS "\xe2\x80\xa6"
#define SOON_SECONDS 3600 /* what is due within an hour stands out */
#define RED "\033[31m"
#define BOLD_RED "\033[1;31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

struct tkt_output {
	struct tkt_command *command; /* borrowed */
	const struct tkt_field_table *table;
	const struct tkt_zone *zone; /* borrowed; NULL: UTC */
	enum tkt_format format;
	bool chosen; /* by -o */
	bool colours;
	bool has_header; /* it is out already */
	char *names;     /* owned: what the columns' names are borrowed from */
	struct tkt_column *columns;
	size_t column_count;
	const struct tkt_field **needed; /* what a row must have for them, each once */
	size_t needed_count;
	struct tkt_value *row; /* of an object */
	struct tkt_text room;  /* its JSON texts */
	struct tkt_text cell, shown;
};

void tkt_output_free(struct tkt_output *output)
{
	if (!output)
		return;
	free(output->names);
	free(output->columns);
	free(output->needed);
	free(output->row);
	tkt_text_clear(&output->room);
	tkt_text_clear(&output->cell);
	tkt_text_clear(&output->shown);
	free(output);
}

void tkt_output_set_zone(struct tkt_output *output, const struct tkt_zone *zone)
{
	output->zone = zone;
}

static const char *title_of(const struct tkt_column *column)
{
	return column->key ? column->name : _(column->field->title);
}

/* A title, translated or the name of a part, may be wider than what its field needs. */
static size_t width_of(const struct tkt_column *column)
{
	size_t width = column->key ? 16 : column->field->width;
	size_t title = tkt_utf8_width(title_of(column), strlen(title_of(column)));

	return width && title > width ? title : width;
}

static int add_column(struct tkt_output *output, const char *name, struct tkt_error *error)
{
	struct tkt_column *column = &output->columns[output->column_count];

	column->name = name;
	column->field =
	    tkt_field_require(output->table, name, &column->key, &column->key_length, error);
	if (!column->field)
		return -1;
	column->width = width_of(column);
	output->column_count++;
	return 0;
}

/* Reads 'id,due,subject'; blanks around a name do no harm. */
static int parse_columns(struct tkt_output *output, const char *fields, struct tkt_error *error)
{
	char *rest, *name;
	size_t count = 1, index;

	for (index = 0; fields[index]; index++)
		count += fields[index] == ',';
	output->names = rest = strdup(fields);
	output->columns = calloc(count, sizeof(*output->columns));
	/* Each column itself and what it is worked out from. */
	output->needed = calloc(2 * count, sizeof(struct tkt_field *));
	if (!output->names || !output->columns || !output->needed)
		return tkt_error_set_memory(error);
	while ((name = strsep(&rest, ","))) {
		size_t length;

		name += strspn(name, " ");
		length = strlen(name);
		while (length > 0 && name[length - 1] == ' ')
			name[--length] = '\0';
		if (!length)
			return tkt_error_set(
			    error, TKT_ERROR_USAGE, _("'%s' lacks the name of a field"), fields);
		if (add_column(output, name, error))
			return -1;
	}
	return 0;
}

static void need(struct tkt_output *output, const struct tkt_field *field)
{
	size_t index;

	for (index = 0; index < output->needed_count; index++)
		if (output->needed[index] == field)
			return;
	output->needed[output->needed_count++] = field;
}

static void gather_needed(struct tkt_output *output)
{
	const char *key, *const *names;
	size_t index, key_length;

	for (index = 0; index < output->column_count; index++) {
		need(output, output->columns[index].field);
		for (names = tkt_cell_needs(output->columns[index].field); *names; names++)
			need(output, tkt_field_find(output->table, *names, &key, &key_length));
	}
}

/* Columns that those of a fixed width take, with the gaps; *open: how many have none. */
static size_t fixed_width(const struct tkt_output *output, size_t *open)
{
	size_t index, width = 0;

	*open = 0;
	for (index = 0; index < output->column_count; index++) {
		width += output->columns[index].width + (index ? GAP : 0);
		*open += output->columns[index].width == 0;
	}
	return width;
}

/*
 * Spreads a table over the terminal. What has no width of its own shares what is left; when that
 * is too little, or there is none, a table that the user has not chosen drops fields from behind,
 * but not the first.
 * In a file nothing is cut for want of room, unless COLUMNS says how much there is.
 */
static void lay_out(struct tkt_output *output)
{
	size_t wanted = (size_t)tkt_terminal_columns(STDOUT_FILENO);
	size_t open, fixed = fixed_width(output, &open), index;

	if (!tkt_terminal_is(STDOUT_FILENO) && !getenv("COLUMNS"))
		return;
	for (index = output->column_count; index-- > 2 && !output->chosen;) {
		if (fixed + open * REST_LEAST <= wanted)
			break;
		if (!output->columns[index].width)
			continue;
		memmove(&output->columns[index], &output->columns[index + 1],
		    (output->column_count - index - 1) * sizeof(*output->columns));
		output->column_count--;
		fixed = fixed_width(output, &open);
	}
	for (index = 0; index < output->column_count && open; index++)
		if (!output->columns[index].width)
			output->columns[index].width =
			    fixed + 8 * open < wanted ? (wanted - fixed) / open : 8;
}

int tkt_output_new(struct tkt_command *command, const struct tkt_field_table *table,
    const char *fields, struct tkt_output **output, struct tkt_error *error)
{
	tkt_autoptr(output) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	tkt_text_init(&made->room, TKT_TEXT_LIMIT);
	tkt_text_init(&made->cell, TKT_TEXT_LIMIT);
	tkt_text_init(&made->shown, TKT_TEXT_LIMIT);
	made->command = command;
	made->table = table;
	made->chosen = fields != NULL;
	made->format = command->format;
	if (fields && !command->format_given && made->format == TKT_FORMAT_JSON)
		made->format = TKT_FORMAT_TSV;
	made->row = calloc(table->count, sizeof(*made->row));
	if (!made->row)
		return tkt_error_set_memory(error);
	if (parse_columns(made, fields ? fields : table->shown, error))
		return -1;
	if (made->format == TKT_FORMAT_TABLE) {
		made->colours = tkt_terminal_has_colours(STDOUT_FILENO);
		lay_out(made);
	}
	gather_needed(made);
	*output = tkt_take(made);
	return 0;
}

static bool is_whole(const struct tkt_output *output)
{
	return output->format == TKT_FORMAT_JSON && !output->chosen;
}

const struct tkt_field *const *tkt_output_columns(const struct tkt_output *output, size_t *count)
{
	*count = is_whole(output) ? 0 : output->needed_count;
	return is_whole(output) ? NULL : output->needed;
}

/* Bytes of the first characters of a text that may be far longer than any terminal is wide. */
static size_t bounded(const struct tkt_text *text, size_t width)
{
	size_t most = 64 * (width + 1);

	if (!width || text->length <= most)
		return text->length;
	while (most > 0 && ((unsigned char)text->bytes[most] & 0xc0) == 0x80)
		most--;
	return most;
}

static const char *colour_of_priority(const struct tkt_value *value)
{
	static const char *const colours[] = { NULL, NULL, NULL, YELLOW, BOLD_RED };

	return tkt_priority_word(value->integer) ? colours[value->integer] : NULL;
}

/* Of what is late or soon will be, and of what is urgent; NULL: none. */
static const char *colour_of(
    const struct tkt_column *column, const struct tkt_cell *cell, int64_t now)
{
	const char *name = column->field->name;
	int64_t left = cell->value.integer;

	if (cell->value.kind != TKT_VALUE_INTEGER)
		return NULL;
	if (cell->type == TKT_FIELD_PRIORITY)
		return colour_of_priority(&cell->value);
	if (!strcmp(name, "overdue"))
		return left ? RED : NULL;
	if (!strcmp(name, "due"))
		left -= now;
	else if (cell->type != TKT_FIELD_LENGTH ||
	    (strcmp(name, "left") != 0 && !(column->field->flags & TKT_FIELD_CLOCK)))
		return NULL;
	return left < 0 ? RED : left < SOON_SECONDS ? YELLOW : NULL;
}

/* Adds a cell to the line: made visible, cut to its width, filled up unless it is the last. */
static void add_shown(
    struct tkt_output *output, const struct tkt_column *column, const char *colour)
{
	struct tkt_text *out = &output->command->out, *shown = &output->shown;
	size_t width = column->width, length = bounded(&output->cell, width), fit, used;
	bool is_first = column == output->columns;
	bool is_last = column == output->columns + output->column_count - 1;

	tkt_text_reset(shown);
	tkt_utf8_terminal(shown, output->cell.bytes, length, TKT_UTF8_ONE_LINE);
	fit = shown->length;
	used = tkt_utf8_width(shown->bytes, shown->length);
	if (width && !is_first && (used > width || length < output->cell.length)) {
		fit = tkt_utf8_fit(shown->bytes, shown->length, width - 1);
		tkt_text_truncate(shown, fit);
		tkt_text_add(shown, ELLIPSIS);
		used = tkt_utf8_width(shown->bytes, fit) + 1;
	}
	if (!output->colours || !shown->length)
		colour = NULL;
	tkt_text_add(out, colour ? colour : "");
	tkt_text_add_bytes(out, shown->bytes, shown->length);
	tkt_text_add(out, colour ? PLAIN : "");
	for (width += GAP; !is_last && used < width; used++)
		tkt_text_add_byte(out, ' ');
	if (!is_last && used > width) /* an id that is wider than its column */
		tkt_text_add(out, "  ");
}

/* Ends a line of a table: without the blanks that empty cells left. */
static void end_line(struct tkt_text *out, size_t start)
{
	while (out->length > start && out->bytes[out->length - 1] == ' ')
		tkt_text_truncate(out, out->length - 1);
	tkt_text_add_byte(out, '\n');
}

/* A spreadsheet takes a text that begins so for a formula, and runs it. */
static bool is_formula(const struct tkt_cell *cell, const struct tkt_text *text)
{
	return cell->value.kind == TKT_VALUE_TEXT && text->length &&
	    strchr("=+-@\t\r", *text->bytes);
}

/* Adds a cell of what is separated by tabs or commas. */
static void add_plain(struct tkt_output *output, const struct tkt_cell *cell, bool is_first)
{
	struct tkt_text *out = &output->command->out, *text = &output->cell;

	if (output->format == TKT_FORMAT_TSV) {
		tkt_text_add(out, is_first ? "" : "\t");
		tkt_text_add_tsv(out, text->bytes, text->length);
		return;
	}
	tkt_text_add(out, is_first ? "" : ",");
	tkt_text_reset(&output->shown);
	if (is_formula(cell, text))
		tkt_text_add_byte(&output->shown, '\'');
	tkt_text_add_bytes(&output->shown, text->bytes, text->length);
	tkt_text_add_csv(out, output->shown.bytes, output->shown.length);
}

/* The first row of CSV, which names the columns as -o does. */
static void add_names(struct tkt_output *output)
{
	size_t index;

	for (index = 0; index < output->column_count; index++) {
		const char *name = output->columns[index].name;

		tkt_text_add(&output->command->out, index ? "," : "");
		tkt_text_add_csv(&output->command->out, name, strlen(name));
	}
	tkt_text_add_byte(&output->command->out, '\n');
	output->has_header = true;
}

static void add_header(struct tkt_output *output)
{
	size_t start = output->command->out.length, index;

	for (index = 0; index < output->column_count; index++) {
		const struct tkt_column *column = &output->columns[index];

		tkt_text_reset(&output->cell);
		tkt_text_add(&output->cell, title_of(column));
		add_shown(output, column, NULL);
	}
	end_line(&output->command->out, start);
	output->has_header = true;
}

static int add_lines(struct tkt_output *output, const struct tkt_value *row, const json_t *object,
    struct tkt_error *error)
{
	bool is_table = output->format == TKT_FORMAT_TABLE;
	struct tkt_text *out = &output->command->out;
	int64_t now = tkt_command_now(output->command);
	size_t start, index;

	if (is_table && !output->has_header)
		add_header(output);
	if (output->format == TKT_FORMAT_CSV && !output->has_header)
		add_names(output);
	start = out->length;
	for (index = 0; index < output->column_count; index++) {
		const struct tkt_column *column = &output->columns[index];
		tkt_autocell cell;

		tkt_text_reset(&output->cell);
		if (tkt_cell_init(&cell, column, output->table, row, object, now, error) ||
		    (is_table ? tkt_cell_human(&output->cell, &cell, output->zone, error)
			      : tkt_cell_plain(&output->cell, &cell, error)) ||
		    tkt_text_check(&output->cell, error)) {
			tkt_text_truncate(out, start);
			return -1;
		}
		if (is_table) {
			add_shown(output, column, colour_of(column, &cell, now));
			continue;
		}
		add_plain(output, &cell, index == 0);
	}
	if (is_table)
		end_line(out, start);
	else
		tkt_text_add_byte(out, '\n');
	return tkt_text_check(out, error);
}

/* Sets a member by its dotted name; 'clock.NAME.due' is two levels deep. */
static int set_member(
    json_t *object, const struct tkt_column *column, json_t *value, struct tkt_error *error)
{
	json_t *clock;

	if (!(column->field->flags & TKT_FIELD_CLOCK) || tkt_json_is_empty(value))
		return tkt_object_set(object, column->name, value, error);
	clock = json_object_get(object, "clock");
	if (!clock) {
		clock = json_object();
		if (json_object_set_new(object, "clock", clock)) {
			json_decref(value);
			return tkt_error_set_memory(error);
		}
	}
	return tkt_object_set(clock, column->key, value, error);
}

static int add_members(struct tkt_output *output, const struct tkt_value *row, const json_t *object,
    struct tkt_error *error)
{
	json_auto_t *made = json_object();
	size_t index;

	if (!made || json_object_set_new(made, "type", json_string(output->table->type)))
		return tkt_error_set_memory(error);
	for (index = 0; index < output->column_count; index++) {
		const struct tkt_column *column = &output->columns[index];
		json_t *value = NULL;
		tkt_autocell cell;

		if (tkt_cell_init(&cell, column, output->table, row, object,
			tkt_command_now(output->command), error) ||
		    tkt_cell_json(&cell, &value, error) || set_member(made, column, value, error))
			return -1;
	}
	tkt_object_write(&output->command->out, made);
	return tkt_text_check(&output->command->out, error);
}

int tkt_output_row(struct tkt_output *output, const struct tkt_value *row, struct tkt_error *error)
{
	struct tkt_text *out = &output->command->out;

	if (output->command->quiet)
		return 0;
	if (output->format != TKT_FORMAT_JSON)
		return add_lines(output, row, NULL, error);
	if (output->chosen)
		return add_members(output, row, NULL, error);
	tkt_row_write(out, output->table, row);
	tkt_text_add_byte(out, '\n');
	return tkt_text_check(out, error);
}

int tkt_output_object(struct tkt_output *output, const json_t *object, struct tkt_error *error)
{
	if (output->command->quiet)
		return 0;
	if (is_whole(output)) {
		tkt_object_write(&output->command->out, object);
		return tkt_text_check(&output->command->out, error);
	}
	tkt_text_reset(&output->room);
	if (tkt_row_from_object(output->table, object, output->row, &output->room, error))
		return -1;
	if (output->format == TKT_FORMAT_JSON)
		return add_members(output, output->row, object, error);
	return add_lines(output, output->row, object, error);
}
