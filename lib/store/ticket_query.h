/* lib/store/ticket_query.h: the SQL of a list of tickets, and the rows that it gives. */
#pragma once
#include "store/columns.h"
#include "store/ticket.h"
#include "store/where.h"

/* What reads rows: a statement, and the fields that its columns are. */
struct tkt_reader {
	struct tkt_statement *statement;
	struct tkt_bindings bindings;
	size_t fields[TKT_ROW_SIZE];
	bool integers[TKT_ROW_SIZE];
	int count;
	struct tkt_value row[TKT_ROW_SIZE]; /* what is not read stays EMPTY */
};

void tkt_reader_clear(struct tkt_reader *reader);
/* Adds the columns of the query to a SELECT; `judges`: what the evaluator reads too. */
int tkt_reader_columns(struct tkt_reader *reader, const struct tkt_ticket_query *query, bool judges,
    struct tkt_text *sql, struct tkt_error *error);
/* Makes the statement of a text that is whole, and binds its values. */
int tkt_reader_prepare(struct tkt_db *db, const struct tkt_text *sql, struct tkt_reader *reader,
    struct tkt_error *error);
/* Fills reader->row from the row that the statement stands on. */
void tkt_reader_row(struct tkt_reader *reader);

/* Is the list a walk through the index of open tickets? */
bool tkt_query_is_by_index(const struct tkt_ticket_query *query);
/* Each adds a part of the query: FROM and WHERE, ORDER BY, LIMIT (0: none). */
int tkt_query_where(const struct tkt_ticket_query *query, struct tkt_text *sql,
    struct tkt_bindings *bindings, bool *declined, struct tkt_error *error);
int tkt_query_order(const struct tkt_ticket_query *query, struct tkt_text *sql,
    struct tkt_bindings *bindings, struct tkt_error *error);
int tkt_query_limit(
    int64_t limit, struct tkt_text *sql, struct tkt_bindings *bindings, struct tkt_error *error);
