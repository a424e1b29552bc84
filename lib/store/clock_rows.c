#include "store/clock_rows.h"

#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "store/db.h"
#include "store/ticket.h"

#include "base/banned.h"

/* A column of the side table, as the wire has it. */
static const struct {
	const char *member;
	enum { TEXT, NUMBER, TIME } kind;
} row_members[] = {
	{ "name", TEXT },
	{ "cycle", NUMBER },
	{ "target", TEXT },
	{ "state", TEXT },
	{ "started_at", TIME },
	{ "due_at", TIME },
	{ "remaining_seconds", NUMBER },
	{ "stopped_at", TIME },
	{ "breached_at", TIME },
};

static json_t *value_of(struct tkt_statement *statement, int column, int kind)
{
	char text[TKT_TIME_SIZE];

	if (kind == TEXT)
		return json_string(tkt_statement_text(statement, column));
	if (kind == NUMBER)
		return json_integer(tkt_statement_integer(statement, column));
	return json_string(tkt_time_format(tkt_statement_integer(statement, column), text));
}

static int add_row(struct tkt_statement *statement, json_t *rows, struct tkt_error *error)
{
	json_t *row = json_object();
	size_t i;

	if (json_array_append_new(rows, row))
		return tkt_error_set_memory(error);
	for (i = 0; i < sizeof(row_members) / sizeof(*row_members); i++)
		if (!tkt_statement_is_null(statement, (int)i) &&
		    json_object_set_new(row, row_members[i].member,
			value_of(statement, (int)i, row_members[i].kind)))
			return tkt_error_set_memory(error);
	return 0;
}

static int read_rows(struct tkt_db *db, int64_t number, json_t *rows, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT name, cycle, target, state, started_at, due_at, remaining_seconds, stopped_at,"
	    " breached_at FROM clock WHERE ticket = ?1 ORDER BY cycle, name";
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	while ((row = tkt_statement_step(statement, error)) > 0)
		if (add_row(statement, rows, error))
			return -1;
	return row;
}

int tkt_clock_rows_read(struct tkt_db *db, const char *id, json_t **cached, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *made = json_pack("{s:[]}", "rows");
	int64_t number;
	int row;

	if (!made)
		return tkt_error_set_memory(error);
	if (tkt_ticket_number(id, &number))
		return 0;
	if (tkt_db_prepare(db, "SELECT due_at FROM ticket WHERE number = ?1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	if (!tkt_statement_is_null(statement, 0) &&
	    json_object_set_new(made, "due_at", value_of(statement, 0, TIME)))
		return tkt_error_set_memory(error);
	if (read_rows(db, number, json_object_get(made, "rows"), error))
		return -1;
	*cached = tkt_take(made);
	return 1;
}

int tkt_clock_columns_write(
    struct tkt_db *db, const struct tkt_clock_columns *columns, struct tkt_error *error)
{
	static const char sql[] =
	    "UPDATE ticket SET clocks = ?2, due_at = ?3, next_at = ?4, rev = ?5"
	    " WHERE number = ?1";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, columns->number, error) ||
	    tkt_statement_bind_bytes(statement, 2, columns->clocks, columns->length, error) ||
	    tkt_statement_bind_time(statement, 3, columns->due_at, error) ||
	    tkt_statement_bind_time(statement, 4, columns->next_at, error) ||
	    tkt_statement_bind_integer(statement, 5, columns->rev, error))
		return -1;
	return tkt_statement_run(statement, error);
}

int tkt_clock_row_move(struct tkt_db *db, const struct tkt_clock_row *row, struct tkt_error *error)
{
	static const char sql[] =
	    "UPDATE clock SET due_at = ?4, breached_at = ?5, remaining_seconds = ?6"
	    " WHERE ticket = ?1 AND name = ?2 AND cycle = ?3";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, row->ticket, error) ||
	    tkt_statement_bind_text(statement, 2, row->name, error) ||
	    tkt_statement_bind_integer(statement, 3, row->cycle, error) ||
	    tkt_statement_bind_time(statement, 4, row->due_at, error) ||
	    tkt_statement_bind_time(statement, 5, row->breached_at, error) ||
	    (row->remaining_seconds
		    ? tkt_statement_bind_integer(statement, 6, *row->remaining_seconds, error)
		    : tkt_statement_bind_null(statement, 6, error)))
		return -1;
	return tkt_statement_run(statement, error);
}
