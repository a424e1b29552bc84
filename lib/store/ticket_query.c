#include "store/ticket_query.h"

#include <string.h>

#include "base/error.h"
#include "base/words.h"
#include "store/columns.h"
#include "store/db.h"

#include "base/banned.h"

/* The order of the index ticket_due, word by word: else it would not be used. */
#define DUE_FIRST " ORDER BY ifnull(ticket.due_at, 9223372036854775807), ticket.number"

void tkt_reader_clear(struct tkt_reader *reader)
{
	tkt_statement_free(reader->statement);
	reader->statement = NULL;
	tkt_bindings_clear(&reader->bindings);
	reader->bindings = (struct tkt_bindings){ 0 };
}

static bool is_wanted(
    const struct tkt_ticket_query *query, const struct tkt_field *field, bool judges)
{
	size_t index;

	/* The evaluator reads what is stored, and what SQL alone knows. */
	if (judges &&
	    (tkt_field_is_stored(field) || strcmp(field->name, "questions") == 0 ||
		strcmp(field->name, "description") == 0))
		return true;
	if (!query->columns)
		return tkt_field_is_stored(field);
	for (index = 0; index < query->column_count; index++)
		if (query->columns[index] == field)
			return true;
	return false;
}

/* Adds the wanted columns of the query to the SELECT. */
int tkt_reader_columns(struct tkt_reader *reader, const struct tkt_ticket_query *query, bool judges,
    struct tkt_text *sql, struct tkt_error *error)
{
	size_t index;

	reader->count = 0;
	for (index = 0; index < tkt_ticket_fields.count; index++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[index];
		int added = 1;

		if (!is_wanted(query, field, judges) || field->flags & TKT_FIELD_CLOCK)
			continue;
		tkt_text_add(sql, reader->count > 0 ? ", " : "");
		if (tkt_field_is_stored(field))
			tkt_text_format(sql, "ticket.%s", field->column);
		else
			added = tkt_where_value(field, NULL, NULL, query->now, query->work, sql,
			    &reader->bindings, error);
		if (added < 0)
			return -1;
		if (added == 0)
			tkt_text_add(sql, "NULL");
		reader->integers[reader->count] = tkt_field_is_integer(field);
		reader->fields[reader->count++] = index;
	}
	if (reader->count == 0)
		tkt_text_add(sql, "1");
	return 0;
}

/* '--sort due' is the order that a list has by itself. */
static bool is_due_first(const struct tkt_ticket_query *query)
{
	if (query->sort_count == 0)
		return true;
	return query->sort_count == 1 && !query->sorts->descending &&
	    strcmp(query->sorts->field->name, "due") == 0;
}

/* Is the list a walk through the index of open tickets? */
bool tkt_query_is_by_index(const struct tkt_ticket_query *query)
{
	return query->open_only && is_due_first(query);
}

static int add_sort(const struct tkt_sort *sort, const struct tkt_ticket_query *query,
    struct tkt_text *sql, struct tkt_bindings *bindings, struct tkt_error *error)
{
	int added;

	if (strcmp(sort->field->name, "id") == 0) { /* SUP-9 before SUP-10 */
		tkt_text_add(sql, "ticket.number");
		return 0;
	}
	added = tkt_where_value(
	    sort->field, sort->key, sort->part, query->now, query->work, sql, bindings, error);
	if (added == 0)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("tickets cannot be sorted by '%s'"),
		    sort->field->name);
	return added < 0 ? -1 : 0;
}

int tkt_query_order(const struct tkt_ticket_query *query, struct tkt_text *sql,
    struct tkt_bindings *bindings, struct tkt_error *error)
{
	size_t index;

	if (is_due_first(query)) {
		tkt_text_add(sql, DUE_FIRST);
		return 0;
	}
	tkt_text_add(sql, " ORDER BY ");
	for (index = 0; index < query->sort_count; index++) {
		const struct tkt_sort *sort = &query->sorts[index];

		if (add_sort(sort, query, sql, bindings, error))
			return -1;
		tkt_text_format(sql, "%s NULLS LAST, ", sort->descending ? " DESC" : "");
	}
	tkt_text_add(sql, "ticket.number");
	return 0;
}

/* Adds FROM and WHERE of the query. */
int tkt_query_where(const struct tkt_ticket_query *query, struct tkt_text *sql,
    struct tkt_bindings *bindings, bool *declined, struct tkt_error *error)
{
	bool is_indexed = tkt_query_is_by_index(query) && !query->expression;

	tkt_text_format(sql, " FROM ticket%s WHERE %s", is_indexed ? " INDEXED BY ticket_due" : "",
	    query->open_only ? "ticket.status <> 'closed' AND " : "");
	return tkt_where_add(query->expression, &tkt_ticket_fields, sql, bindings, declined, error);
}

int tkt_query_limit(
    int64_t limit, struct tkt_text *sql, struct tkt_bindings *bindings, struct tkt_error *error)
{
	if (limit <= 0)
		return 0;
	if (tkt_bindings_add_integer(bindings, limit, error))
		return -1;
	tkt_text_format(sql, " LIMIT ?%zu", bindings->count);
	return 0;
}

/* Finishes a statement that has its text and values. */
int tkt_reader_prepare(struct tkt_db *db, const struct tkt_text *sql, struct tkt_reader *reader,
    struct tkt_error *error)
{
	if (tkt_text_check(sql, error) || tkt_db_prepare(db, sql->bytes, &reader->statement, error))
		return -1;
	return tkt_bindings_apply(&reader->bindings, reader->statement, error);
}

void tkt_reader_row(struct tkt_reader *reader)
{
	int column;

	for (column = 0; column < reader->count; column++)
		tkt_value_read(reader->statement, column, reader->integers[column],
		    &reader->row[reader->fields[column]]);
}
