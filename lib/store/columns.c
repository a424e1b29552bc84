#include "store/columns.h"

#include <string.h>

#include "base/error.h"
#include "store/db.h"

#include "base/banned.h"

bool tkt_field_is_stored(const struct tkt_field *field)
{
	return field->column && !(field->flags & TKT_FIELD_DERIVED);
}

bool tkt_field_is_integer(const struct tkt_field *field)
{
	switch (field->type) {
	case TKT_FIELD_PRIORITY:
	case TKT_FIELD_INTEGER:
	case TKT_FIELD_TIME:
	case TKT_FIELD_LENGTH:
	case TKT_FIELD_BOOLEAN:
		return true;
	default:
		return false;
	}
}

void tkt_columns_add(struct tkt_text *sql, const struct tkt_field_table *table, const char *prefix,
    const char *const *instead)
{
	const char *comma = "";
	size_t index;

	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];
		const char *const *pair = instead;

		if (!tkt_field_is_stored(field))
			continue;
		while (pair && *pair && strcmp(pair[0], field->column) != 0)
			pair += 2;
		tkt_text_add(sql, comma);
		if (!pair || !*pair)
			tkt_text_add(sql, prefix);
		tkt_text_add(sql, pair && *pair ? pair[1] : field->column);
		comma = ", ";
	}
}

void tkt_value_read(
    struct tkt_statement *statement, int column, bool is_integer, struct tkt_value *value)
{
	*value = (struct tkt_value){ .kind = TKT_VALUE_EMPTY };
	if (is_integer) {
		if (tkt_statement_is_null(statement, column))
			return;
		value->kind = TKT_VALUE_INTEGER;
		value->integer = tkt_statement_integer(statement, column);
		return;
	}
	value->text = tkt_statement_text(statement, column);
	if (!value->text)
		return;
	value->kind = TKT_VALUE_TEXT;
	value->length = tkt_statement_length(statement, column);
}

void tkt_columns_read(struct tkt_statement *statement, int column,
    const struct tkt_field_table *table, struct tkt_value *row)
{
	size_t index;

	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];

		if (tkt_field_is_stored(field))
			tkt_value_read(
			    statement, column++, tkt_field_is_integer(field), &row[index]);
		else
			row[index] = (struct tkt_value){ .kind = TKT_VALUE_EMPTY };
	}
}

int tkt_value_bind(struct tkt_statement *statement, int index, const struct tkt_value *value,
    struct tkt_error *error)
{
	switch (value->kind) {
	case TKT_VALUE_INTEGER:
		return tkt_statement_bind_integer(statement, index, value->integer, error);
	case TKT_VALUE_TEXT:
		return tkt_statement_bind_bytes(
		    statement, index, value->text, value->length, error);
	case TKT_VALUE_EMPTY:
		break;
	}
	return tkt_statement_bind_null(statement, index, error);
}

static int prepare_insert(struct tkt_db *db, const struct tkt_field_table *table,
    const char *others, size_t count, struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;
	size_t index;

	for (index = 0; index < table->count; index++)
		count += tkt_field_is_stored(&table->fields[index]);
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_format(&sql, "INSERT INTO %s(", table->table);
	tkt_columns_add(&sql, table, "", NULL);
	tkt_text_format(&sql, "%s) VALUES (?", others ? others : "");
	for (index = 1; index < count; index++)
		tkt_text_add(&sql, ", ?");
	tkt_text_add(&sql, ")");
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, statement, error);
}

int tkt_row_insert(struct tkt_db *db, const struct tkt_field_table *table,
    const struct tkt_value *row, const char *others, const struct tkt_value *values, size_t count,
    struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	size_t index;
	int place = 0;

	if (prepare_insert(db, table, others, count, &statement, error))
		return -1;
	for (index = 0; index < table->count; index++)
		if (tkt_field_is_stored(&table->fields[index]) &&
		    tkt_value_bind(statement, ++place, &row[index], error))
			return -1;
	for (index = 0; index < count; index++)
		if (tkt_value_bind(statement, ++place, &values[index], error))
			return -1;
	return tkt_statement_run(statement, error);
}

int tkt_columns_load(struct tkt_statement *statement, const struct tkt_field_table *table,
    json_t **object, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	int found = tkt_statement_step(statement, error);

	if (found <= 0)
		return found;
	tkt_columns_read(statement, 0, table, row);
	return tkt_row_load(table, row, object, error) ? -1 : 1;
}

struct tkt_value tkt_value_text(const char *text)
{
	struct tkt_value value = { .kind = TKT_VALUE_EMPTY };

	if (!tkt_text_is_empty(text)) {
		value.kind = TKT_VALUE_TEXT;
		value.text = text;
		value.length = strlen(text);
	}
	return value;
}

struct tkt_value tkt_value_integer(int64_t integer)
{
	return (struct tkt_value){ .kind = TKT_VALUE_INTEGER, .integer = integer };
}

bool tkt_value_equal(const struct tkt_value *left, const struct tkt_value *right)
{
	if (left->kind != right->kind)
		return false;
	if (left->kind == TKT_VALUE_INTEGER)
		return left->integer == right->integer;
	return left->kind == TKT_VALUE_EMPTY ||
	    (left->length == right->length && memcmp(left->text, right->text, left->length) == 0);
}
