#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/words.h"
#include "expression/expression.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/ticket.h"
#include "store/where.h"

#include "base/banned.h"

#define BATCH 500

/* The order of the index ticket_due, word by word: else it would not be used. */
#define DUE_FIRST " ORDER BY ifnull(ticket.due_at, 9223372036854775807), ticket.number"

/* What reads rows: which column of the statement has each value, and the statement. */
struct reader {
	struct tkt_statement *statement;
	struct tkt_bindings bindings;
	int columns[TKT_ROW_SIZE]; /* by field; -1: not read */
};

/* A list on its way. */
struct list {
	struct tkt_db *db;
	const struct tkt_ticket_query *query;
	struct reader reader;
	tkt_row_visit *visit; /* NULL: they are only counted */
	int (*between)(void *context, struct tkt_error *error);
	void *context;
	int64_t *numbers; /* of the tickets that are still to be read */
	size_t count, allocated;
	int64_t handed;
	bool declined;   /* rows are judged in memory */
	bool is_reading; /* a read transaction is open */
};

static void reader_clear(struct reader *reader)
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
static int add_columns(struct reader *reader, const struct tkt_ticket_query *query, bool judges,
    struct tkt_text *sql, struct tkt_error *error)
{
	size_t index, start = sql->length;
	int place = 0, added;

	for (index = 0; index < tkt_ticket_fields.count; index++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[index];

		reader->columns[index] = -1;
		if (!is_wanted(query, field, judges) || field->flags & TKT_FIELD_CLOCK)
			continue;
		if (sql->length > start)
			tkt_text_add(sql, ", ");
		if (tkt_field_is_stored(field)) {
			tkt_text_format(sql, "ticket.%s", field->column);
		} else {
			added = tkt_where_value(
			    field, NULL, field->type, query->now, sql, &reader->bindings, error);
			if (added < 0)
				return -1;
			if (added == 0)
				tkt_text_add(sql, "NULL");
		}
		reader->columns[index] = place++;
	}
	if (place == 0)
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
static bool is_by_index(const struct tkt_ticket_query *query)
{
	return query->open_only && is_due_first(query);
}

static int add_sort(const struct tkt_sort *sort, int64_t now, struct tkt_text *sql,
    struct tkt_bindings *bindings, struct tkt_error *error)
{
	int added;

	if (strcmp(sort->field->name, "id") == 0) { /* SUP-9 before SUP-10 */
		tkt_text_add(sql, "ticket.number");
		return 0;
	}
	added = tkt_where_value(sort->field, sort->key, sort->type, now, sql, bindings, error);
	if (added == 0)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("tickets cannot be sorted by '%s'"),
		    sort->field->name);
	return added < 0 ? -1 : 0;
}

static int add_order(const struct tkt_ticket_query *query, struct tkt_text *sql,
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

		if (add_sort(sort, query->now, sql, bindings, error))
			return -1;
		tkt_text_format(sql, "%s NULLS LAST, ", sort->descending ? " DESC" : "");
	}
	tkt_text_add(sql, "ticket.number");
	return 0;
}

/* Adds FROM and WHERE of the query. */
static int add_where(const struct tkt_ticket_query *query, struct tkt_text *sql,
    struct tkt_bindings *bindings, bool *declined, struct tkt_error *error)
{
	bool is_indexed = is_by_index(query) && !query->expression;

	tkt_text_format(sql, " FROM ticket%s WHERE %s", is_indexed ? " INDEXED BY ticket_due" : "",
	    query->open_only ? "ticket.status <> 'closed' AND " : "");
	return tkt_where_add(query->expression, &tkt_ticket_fields, sql, bindings, declined, error);
}

static int add_limit(
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
static int prepare(
    struct tkt_db *db, const struct tkt_text *sql, struct reader *reader, struct tkt_error *error)
{
	if (tkt_text_check(sql, error) || tkt_db_prepare(db, sql->bytes, &reader->statement, error))
		return -1;
	return tkt_bindings_apply(&reader->bindings, reader->statement, error);
}

static void read_row(const struct reader *reader, struct tkt_value row[TKT_ROW_SIZE])
{
	size_t index;

	for (index = 0; index < tkt_ticket_fields.count; index++) {
		row[index] = (struct tkt_value){ .kind = TKT_VALUE_EMPTY };
		if (reader->columns[index] >= 0)
			tkt_value_read(reader->statement, reader->columns[index],
			    tkt_field_is_integer(&tkt_ticket_fields.fields[index]), &row[index]);
	}
}

static int set_derived(json_t *object, const struct tkt_field *field, const struct tkt_value *value,
    struct tkt_error *error)
{
	json_t *made = value->kind == TKT_VALUE_INTEGER ? json_integer(value->integer)
							: json_stringn(value->text, value->length);

	if (!made || json_object_set_new(object, field->name, made))
		return tkt_error_set_memory(error);
	return 0;
}

/* Judges a row that SQL let through. 1, 0, -1. */
static int judge(
    const struct tkt_expression *expression, const struct tkt_value *row, struct tkt_error *error)
{
	json_auto_t *object = NULL;
	size_t index;

	if (tkt_row_load(&tkt_ticket_fields, row, &object, error))
		return -1;
	for (index = 0; index < tkt_ticket_fields.count; index++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[index];

		if (!(field->flags & TKT_FIELD_DERIVED) || row[index].kind == TKT_VALUE_EMPTY)
			continue;
		if (set_derived(object, field, &row[index], error))
			return -1;
	}
	return tkt_expression_match(expression, object, error);
}

static bool has_enough(const struct list *list)
{
	return list->query->limit > 0 && list->handed >= list->query->limit;
}

/* Hands over the row that the reader's statement stands on. */
static int hand_over(struct list *list, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	int judged = 1;

	read_row(&list->reader, row);
	if (list->declined)
		judged = judge(list->query->expression, row, error);
	if (judged <= 0)
		return judged;
	list->handed++;
	return list->visit ? list->visit(row, list->context, error) : 0;
}

static int keep_number(struct list *list, int64_t number, struct tkt_error *error)
{
	if (list->count == list->allocated) {
		size_t more = list->allocated ? list->allocated * 2 : 2 * BATCH;
		int64_t *grown = reallocarray(list->numbers, more, sizeof(*grown));

		if (!grown)
			return tkt_error_set_memory(error);
		list->numbers = grown;
		list->allocated = more;
	}
	list->numbers[list->count++] = number;
	return 0;
}

/* The numbers of all tickets of the list, in its order, behind the first `skip`. */
static int find_numbers(struct list *list, int64_t skip, struct tkt_error *error)
{
	const struct tkt_ticket_query *query = list->query;
	struct reader finder = { 0 };
	tkt_autotext sql;
	int result, row = 0;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ticket.number");
	result = add_where(query, &sql, &finder.bindings, &list->declined, error) ||
	    add_order(query, &sql, &finder.bindings, error) ||
	    add_limit(list->declined || !query->limit ? INT64_MAX : query->limit - skip, &sql,
		&finder.bindings, error);
	tkt_text_format(&sql, " OFFSET %lld", (long long)skip);
	if (result == 0)
		result = prepare(list->db, &sql, &finder, error);
	while (result == 0 && (row = tkt_statement_step(finder.statement, error)) > 0)
		result = keep_number(list, tkt_statement_integer(finder.statement, 0), error);
	reader_clear(&finder);
	return result || row < 0 ? -1 : 0;
}

static int prepare_reader(struct list *list, size_t *number_place, struct tkt_error *error)
{
	struct reader *reader = &list->reader;
	tkt_autotext sql;

	reader_clear(reader);
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	if (add_columns(reader, list->query, list->declined, &sql, error) ||
	    tkt_bindings_add_integer(&reader->bindings, 0, error))
		return -1;
	*number_place = reader->bindings.count;
	tkt_text_format(&sql, " FROM ticket WHERE ticket.number = ?%zu", *number_place);
	return prepare(list->db, &sql, reader, error);
}

/* Reads the tickets of one batch, each as it is now; one that is gone is left out. */
static int read_batch(
    struct list *list, size_t from, size_t to, int number_place, struct tkt_error *error)
{
	struct tkt_statement *statement = list->reader.statement;
	int row;

	for (; from < to && !has_enough(list); from++) {
		if (tkt_statement_bind_integer(statement, number_place, list->numbers[from], error))
			return -1;
		row = tkt_statement_step(statement, error);
		if (row < 0 || (row > 0 && hand_over(list, error)))
			return -1;
		tkt_statement_rewind(statement);
	}
	return 0;
}

static int begin_reading(struct list *list, struct tkt_error *error)
{
	if (tkt_read_begin(list->db, error))
		return -1;
	list->is_reading = true;
	return 0;
}

static int end_reading(struct list *list, struct tkt_error *error)
{
	list->is_reading = false;
	return tkt_read_end(list->db, error);
}

static int pause_list(struct list *list, struct tkt_error *error)
{
	if (end_reading(list, error) || (list->between && list->between(list->context, error)))
		return -1;
	return begin_reading(list, error);
}

/* The rest of the list, by its numbers. */
static int read_numbers(struct list *list, struct tkt_error *error)
{
	size_t number_place, from, to;

	if (list->count == 0)
		return 0;
	if (prepare_reader(list, &number_place, error))
		return -1;
	for (from = 0; from < list->count && !has_enough(list); from = to) {
		if (list->handed > 0 && pause_list(list, error))
			return -1;
		to = list->count - from > BATCH ? from + BATCH : list->count;
		if (read_batch(list, from, to, (int)number_place, error))
			return -1;
	}
	return 0;
}

static int prepare_walk(struct list *list, struct tkt_error *error)
{
	const struct tkt_ticket_query *query = list->query;
	struct reader *reader = &list->reader;
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	if (add_columns(reader, query, false, &sql, error) ||
	    add_where(query, &sql, &reader->bindings, &list->declined, error) ||
	    add_order(query, &sql, &reader->bindings, error) ||
	    add_limit(query->limit, &sql, &reader->bindings, error))
		return -1;
	return list->declined ? 0 : prepare(list->db, &sql, reader, error);
}

/*
 * The first batch of a list that an index has in order: one statement, and nothing is sorted or
 * kept. Returns 1 when more may follow, 0, or -1.
 */
static int walk_index(struct list *list, struct tkt_error *error)
{
	int count = 0, row = 1;

	if (prepare_walk(list, error))
		return -1;
	if (list->declined)
		return 1;
	for (; count < BATCH && (row = tkt_statement_step(list->reader.statement, error)) > 0;
	     count++)
		if (hand_over(list, error))
			return -1;
	reader_clear(&list->reader);
	return row < 0 ? -1 : row > 0 && !has_enough(list);
}

static int run_list(struct list *list, struct tkt_error *error)
{
	int more = 1;

	if (begin_reading(list, error))
		return -1;
	if (is_by_index(list->query))
		more = walk_index(list, error);
	if (more <= 0)
		return more;
	if (find_numbers(list, list->handed, error))
		return -1;
	return read_numbers(list, error);
}

int64_t tkt_ticket_each(struct tkt_db *db, const struct tkt_ticket_query *query,
    tkt_row_visit *visit, int (*between)(void *context, struct tkt_error *error), void *context,
    struct tkt_error *error)
{
	struct list list = {
		.db = db, .query = query, .visit = visit, .between = between, .context = context
	};
	struct tkt_error ignored;
	int result = run_list(&list, error);

	reader_clear(&list.reader); /* an open statement would keep the read transaction */
	if (list.is_reading)
		result = end_reading(&list, result ? &ignored : error) || result ? -1 : 0;
	free(list.numbers);
	return result ? -1 : list.handed;
}

static int64_t count_rows(struct tkt_db *db, const struct tkt_ticket_query *query,
    struct reader *reader, bool *declined, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT count(*)");
	if (add_where(query, &sql, &reader->bindings, declined, error))
		return -1;
	if (*declined)
		return 0;
	if (prepare(db, &sql, reader, error) || tkt_statement_step(reader->statement, error) < 0)
		return -1;
	return tkt_statement_integer(reader->statement, 0);
}

int64_t tkt_ticket_count(
    struct tkt_db *db, const struct tkt_ticket_query *query, struct tkt_error *error)
{
	struct reader reader = { 0 };
	bool declined = false;
	int64_t count = count_rows(db, query, &reader, &declined, error);

	reader_clear(&reader);
	if (count >= 0 && declined)
		return tkt_ticket_each(db, query, NULL, NULL, NULL, error);
	return query->limit > 0 && count > query->limit ? query->limit : count;
}

/* One row, found by its number, that SQL lets through. 1, 0, -1. */
static int match_row(struct list *list, int64_t number, const char *id, struct tkt_error *error)
{
	struct reader *reader = &list->reader;
	struct tkt_value row[TKT_ROW_SIZE];
	tkt_autotext where;
	tkt_autotext sql;
	int found;

	tkt_text_init(&where, TKT_TEXT_LIMIT);
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	if (add_where(list->query, &where, &reader->bindings, &list->declined, error) ||
	    tkt_bindings_add_integer(&reader->bindings, number, error))
		return -1;
	tkt_text_format(&where, " AND ticket.number = ?%zu", reader->bindings.count);
	tkt_text_add(&sql, "SELECT ");
	if (add_columns(reader, list->query, list->declined, &sql, error))
		return -1;
	tkt_text_add_bytes(&sql, where.bytes, where.length);
	if (tkt_text_check(&where, error) || prepare(list->db, &sql, reader, error))
		return -1;
	found = tkt_statement_step(reader->statement, error);
	if (found <= 0)
		return found;
	read_row(reader, row);
	if (!tkt_ticket_id_means(id, row[0].text))
		return 0;
	return list->declined ? judge(list->query->expression, row, error) : 1;
}

int tkt_ticket_matches(struct tkt_db *db, const char *id, const struct tkt_expression *expression,
    struct tkt_error *error)
{
	const struct tkt_field *id_field = &tkt_ticket_fields.fields[0]; /* to compare its prefix */
	struct tkt_ticket_query query = {
		.expression = expression, .columns = &id_field, .column_count = 1
	};
	struct list list = { .db = db, .query = &query };
	int64_t number;
	int matched;

	if (tkt_ticket_number(id, &number))
		return 0;
	matched = match_row(&list, number, id, error);
	reader_clear(&list.reader);
	return matched;
}
