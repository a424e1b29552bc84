#include <stdlib.h>

#include "base/error.h"
#include "expression/expression.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/ticket_query.h"

#include "base/banned.h"

#define BATCH 500
#define CHUNK \
	50 /* rows that one run of the statement looks up: starting it costs as much as a row */

/* A list on its way. */
struct list {
	struct tkt_db *db;
	const struct tkt_ticket_query *query;
	struct tkt_reader reader;
	tkt_row_visit *visit; /* NULL: they are only counted */
	int (*between)(void *context, struct tkt_error *error);
	void *context;
	int64_t *numbers; /* of the tickets that are still to be read */
	size_t count, allocated;
	int64_t handed;
	bool declined;   /* rows are judged in memory */
	bool must_pause; /* who visits has gathered enough */
	bool is_reading; /* a read transaction is open */
};

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
	const struct tkt_value *row = list->reader.row;
	int judged = 1, visited;

	tkt_reader_row(&list->reader);
	if (list->declined)
		judged = judge(list->query->expression, row, error);
	if (judged <= 0)
		return judged;
	list->handed++;
	visited = list->visit ? list->visit(row, list->context, error) : 0;
	list->must_pause = visited > 0;
	return visited < 0 ? -1 : 0;
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
	struct tkt_reader finder = { 0 };
	tkt_autotext sql;
	int result, row = 0;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ticket.number");
	result = tkt_query_where(query, &sql, &finder.bindings, &list->declined, error) ||
	    tkt_query_order(query, &sql, &finder.bindings, error) ||
	    tkt_query_limit(list->declined || !query->limit ? INT64_MAX : query->limit - skip, &sql,
		&finder.bindings, error);
	tkt_text_format(&sql, " OFFSET %lld", (long long)skip);
	if (result == 0)
		result = tkt_reader_prepare(list->db, &sql, &finder, error);
	while (result == 0 && (row = tkt_statement_step(finder.statement, error)) > 0)
		result = keep_number(list, tkt_statement_integer(finder.statement, 0), error);
	tkt_reader_clear(&finder);
	return result || row < 0 ? -1 : 0;
}

/* The statement looks up tickets in the order of the numbers that are bound to it. */
static int prepare_reader(struct list *list, size_t *first_place, struct tkt_error *error)
{
	struct tkt_reader *reader = &list->reader;
	tkt_autotext sql;
	int place;

	tkt_reader_clear(reader);
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	if (tkt_reader_columns(reader, list->query, list->declined, &sql, error))
		return -1;
	tkt_text_add(&sql, ", ticket.number"); /* behind the columns of the reader */
	*first_place = reader->bindings.count + 1;
	tkt_text_format(&sql, " FROM (VALUES (?%zu)", *first_place);
	for (place = 1; place < CHUNK; place++)
		tkt_text_add(&sql, ",(?)");
	tkt_text_add(&sql, ") AS wanted CROSS JOIN ticket ON ticket.number = wanted.column1");
	return tkt_reader_prepare(list->db, &sql, reader, error);
}

/*
 * Reads some of the tickets, up to CHUNK from *at on, each as it is now; one that is gone is left
 * out. *at moves behind those that were read: all of them, unless who visits wants a pause.
 */
static int read_chunk(
    struct list *list, size_t *at, size_t to, int first_place, struct tkt_error *error)
{
	struct tkt_statement *statement = list->reader.statement;
	int number = list->reader.count > 0 ? list->reader.count : 1; /* its column */
	size_t end = to - *at < CHUNK ? to : *at + CHUNK;
	int place, row = 1;

	for (place = 0; place < CHUNK; place++)
		if (*at + (size_t)place < end
			? tkt_statement_bind_integer(
			      statement, first_place + place, list->numbers[*at + place], error)
			: tkt_statement_bind_null(statement, first_place + place, error))
			return -1;
	while (!has_enough(list) && !list->must_pause &&
	    (row = tkt_statement_step(statement, error)) > 0) {
		while (
		    *at < end && list->numbers[(*at)++] != tkt_statement_integer(statement, number))
			;
		if (hand_over(list, error))
			return -1;
	}
	tkt_statement_rewind(statement);
	if (row == 0)
		*at = end;
	return row < 0 ? -1 : 0;
}

/* The next BATCH tickets from *at on, or fewer. */
static int read_batch(struct list *list, size_t *at, int first_place, struct tkt_error *error)
{
	size_t to = list->count - *at > BATCH ? *at + BATCH : list->count;

	list->must_pause = false;
	while (*at < to && !has_enough(list) && !list->must_pause)
		if (read_chunk(list, at, to, first_place, error))
			return -1;
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
	size_t first_place, at = 0;

	if (list->count == 0)
		return 0;
	if (prepare_reader(list, &first_place, error))
		return -1;
	while (at < list->count && !has_enough(list)) {
		if (list->handed > 0 && pause_list(list, error))
			return -1;
		if (read_batch(list, &at, (int)first_place, error))
			return -1;
	}
	return 0;
}

static int prepare_walk(struct list *list, struct tkt_error *error)
{
	const struct tkt_ticket_query *query = list->query;
	struct tkt_reader *reader = &list->reader;
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	if (tkt_reader_columns(reader, query, false, &sql, error) ||
	    tkt_query_where(query, &sql, &reader->bindings, &list->declined, error) ||
	    tkt_query_order(query, &sql, &reader->bindings, error) ||
	    tkt_query_limit(query->limit, &sql, &reader->bindings, error))
		return -1;
	return list->declined ? 0 : tkt_reader_prepare(list->db, &sql, reader, error);
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
	for (; count < BATCH && !list->must_pause &&
	     (row = tkt_statement_step(list->reader.statement, error)) > 0;
	     count++)
		if (hand_over(list, error))
			return -1;
	tkt_reader_clear(&list->reader);
	return row < 0 ? -1 : row > 0 && !has_enough(list);
}

static int run_list(struct list *list, struct tkt_error *error)
{
	int more = 1;

	if (begin_reading(list, error))
		return -1;
	if (tkt_query_is_by_index(list->query))
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

	tkt_reader_clear(&list.reader); /* an open statement would keep the read transaction */
	if (list.is_reading)
		result = end_reading(&list, result ? &ignored : error) || result ? -1 : 0;
	free(list.numbers);
	return result ? -1 : list.handed;
}

static int64_t count_rows(struct tkt_db *db, const struct tkt_ticket_query *query,
    struct tkt_reader *reader, bool *declined, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT count(*)");
	if (tkt_query_where(query, &sql, &reader->bindings, declined, error))
		return -1;
	if (*declined)
		return 0;
	if (tkt_reader_prepare(db, &sql, reader, error) ||
	    tkt_statement_step(reader->statement, error) < 0)
		return -1;
	return tkt_statement_integer(reader->statement, 0);
}

int64_t tkt_ticket_count(
    struct tkt_db *db, const struct tkt_ticket_query *query, struct tkt_error *error)
{
	struct tkt_reader reader = { 0 };
	bool declined = false;
	int64_t count = count_rows(db, query, &reader, &declined, error);

	tkt_reader_clear(&reader);
	if (count >= 0 && declined)
		return tkt_ticket_each(db, query, NULL, NULL, NULL, error);
	return query->limit > 0 && count > query->limit ? query->limit : count;
}

/* One row, found by its number, that SQL lets through. 1, 0, -1. */
static int match_row(struct list *list, int64_t number, const char *id, struct tkt_error *error)
{
	struct tkt_reader *reader = &list->reader;
	tkt_autotext where;
	tkt_autotext sql;
	int found;

	tkt_text_init(&where, TKT_TEXT_LIMIT);
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	if (tkt_query_where(list->query, &where, &reader->bindings, &list->declined, error) ||
	    tkt_bindings_add_integer(&reader->bindings, number, error))
		return -1;
	tkt_text_format(&where, " AND ticket.number = ?%zu", reader->bindings.count);
	tkt_text_add(&sql, "SELECT ");
	if (tkt_reader_columns(reader, list->query, list->declined, &sql, error))
		return -1;
	tkt_text_add_bytes(&sql, where.bytes, where.length);
	if (tkt_text_check(&where, error) || tkt_reader_prepare(list->db, &sql, reader, error))
		return -1;
	found = tkt_statement_step(reader->statement, error);
	if (found <= 0)
		return found;
	tkt_reader_row(reader);
	if (!tkt_ticket_id_means(id, reader->row[0].text))
		return 0;
	return list->declined ? judge(list->query->expression, reader->row, error) : 1;
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
	tkt_reader_clear(&list.reader);
	return matched;
}
