#include "store/sweep.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "store/columns.h"
#include "store/db.h"

#include "base/banned.h"

#define NUMBER_COLUMN 0
#define NEXT_AT_COLUMN 1
#define FIELD_COLUMNS 2

int tkt_sweep_is_due(struct tkt_db *db, int64_t now, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT EXISTS(SELECT 1 FROM ticket INDEXED BY ticket_next WHERE next_at <= ?1)"
	    " OR EXISTS(SELECT 1 FROM notice WHERE send_at <= ?1)";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, now, error) ||
	    tkt_statement_step(statement, error) < 0)
		return -1;
	return tkt_statement_integer(statement, 0) != 0;
}

/* Where a ticket stands goes before its own columns. */
static int prepare_select(
    struct tkt_db *db, const char *rest, struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT number, next_at, ");
	tkt_columns_add(&sql, &tkt_ticket_fields, "", NULL);
	tkt_text_add(&sql, rest);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, statement, error);
}

/* Adds the row that the statement stands on. */
static int add_ticket(struct tkt_statement *statement, json_t *tickets, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	json_t *ticket = NULL;

	tkt_columns_read(statement, FIELD_COLUMNS, &tkt_ticket_fields, row);
	if (tkt_row_load(&tkt_ticket_fields, row, &ticket, error))
		return -1;
	return json_array_append_new(tickets, ticket) ? tkt_error_set_memory(error) : 0;
}

/* Every row that the statement gives, as a new array; *place becomes that of the last. */
static int load_tickets(struct tkt_statement *statement, struct tkt_due_place *place,
    json_t **tickets, struct tkt_error *error)
{
	json_auto_t *made = json_array();
	struct tkt_due_place last = *place;
	int row;

	if (!made)
		return tkt_error_set_memory(error);
	while ((row = tkt_statement_step(statement, error)) > 0) {
		last.number = tkt_statement_integer(statement, NUMBER_COLUMN);
		last.next_at = tkt_statement_integer(statement, NEXT_AT_COLUMN);
		if (add_ticket(statement, made, error))
			return -1;
	}
	if (row < 0)
		return -1;
	*place = last;
	*tickets = tkt_take(made);
	return 0;
}

int tkt_sweep_tickets(struct tkt_db *db, int64_t now, int limit, struct tkt_due_place *place,
    json_t **tickets, struct tkt_error *error)
{
	static const char rest[] =
	    " FROM ticket INDEXED BY ticket_next"
	    " WHERE next_at <= ?1 AND (next_at, number) > (?2, ?3) ORDER BY next_at, number LIMIT ?4";
	tkt_autoptr(statement) statement = NULL;

	if (prepare_select(db, rest, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, now, error) ||
	    tkt_statement_bind_integer(statement, 2, place->next_at, error) ||
	    tkt_statement_bind_integer(statement, 3, place->number, error) ||
	    tkt_statement_bind_integer(statement, 4, limit, error))
		return -1;
	return load_tickets(statement, place, tickets, error);
}

int tkt_sweep_policies(struct tkt_db *db, int64_t now, json_t **names, struct tkt_error *error)
{
	static const char sql[] = "SELECT DISTINCT policy FROM ticket INDEXED BY ticket_next"
				  " WHERE next_at <= ?1 AND policy IS NOT NULL";
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *made = json_array();
	int row;

	if (!made)
		return tkt_error_set_memory(error);
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, now, error))
		return -1;
	while ((row = tkt_statement_step(statement, error)) > 0)
		if (json_array_append_new(made, json_string(tkt_statement_text(statement, 0))))
			return tkt_error_set_memory(error);
	if (row < 0)
		return -1;
	*names = tkt_take(made);
	return 0;
}

static int64_t time_of(struct tkt_statement *statement, int column)
{
	return tkt_statement_is_null(statement, column) ? TKT_TIME_NONE
							: tkt_statement_integer(statement, column);
}

int64_t tkt_sweep_promised(struct tkt_db *db, int limit, int64_t *after, tkt_promised_visit *visit,
    void *context, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT number, id, channel, policy, clocks, timers, next_at,"
	    " iif(status = 'pending', wake_at, NULL), rev FROM ticket"
	    " WHERE number > ?1 AND status <> 'closed' ORDER BY number LIMIT ?2";
	tkt_autoptr(statement) statement = NULL;
	int64_t seen = 0;
	int row;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, *after, error) ||
	    tkt_statement_bind_integer(statement, 2, limit, error))
		return -1;
	for (; (row = tkt_statement_step(statement, error)) > 0; seen++) {
		const struct tkt_promised ticket = {
			.number = tkt_statement_integer(statement, 0),
			.id = tkt_statement_text(statement, 1),
			.channel = tkt_statement_text(statement, 2),
			.policy = tkt_statement_text(statement, 3),
			.clocks = tkt_statement_text(statement, 4),
			.timers = tkt_statement_text(statement, 5),
			.clocks_length = tkt_statement_length(statement, 4),
			.timers_length = tkt_statement_length(statement, 5),
			.next_at = time_of(statement, 6),
			.wake_at = time_of(statement, 7),
			.rev = tkt_statement_integer(statement, 8),
		};

		*after = ticket.number;
		if (visit(&ticket, context, error))
			return -1;
	}
	return row < 0 ? -1 : seen;
}

int tkt_notice_write(struct tkt_db *db, const struct tkt_notice *notice, struct tkt_error *error)
{
	static const char sql[] =
	    "INSERT INTO notice(address, ticket, text, send_at) VALUES (?1, ?2, ?3, ?4)";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, notice->address, error) ||
	    tkt_statement_bind_text(statement, 2, notice->ticket, error) ||
	    tkt_statement_bind_text(statement, 3, notice->text, error) ||
	    tkt_statement_bind_integer(statement, 4, notice->send_at, error))
		return -1;
	return tkt_statement_run(statement, error);
}

int64_t tkt_notice_each(
    struct tkt_db *db, int64_t now, tkt_notice_visit *visit, void *context, struct tkt_error *error)
{
	static const char sql[] = "SELECT number, address, ticket, text, send_at FROM notice"
				  " WHERE send_at <= ?1 ORDER BY address, number";
	tkt_autoptr(statement) statement = NULL;
	int64_t handed;
	int row;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, now, error))
		return -1;
	for (handed = 0; (row = tkt_statement_step(statement, error)) > 0; handed++) {
		const struct tkt_notice notice = {
			.number = tkt_statement_integer(statement, 0),
			.address = tkt_statement_text(statement, 1),
			.ticket = tkt_statement_text(statement, 2),
			.text = tkt_statement_text(statement, 3),
			.send_at = tkt_statement_integer(statement, 4),
		};

		if (visit(&notice, context, error))
			return -1;
	}
	return row < 0 ? -1 : handed;
}

int tkt_notice_forget(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error)
{
	static const char sql[] = "DELETE FROM notice WHERE send_at <= ?2 AND number <= ?1";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_integer(statement, 2, now, error))
		return -1;
	return tkt_statement_run(statement, error);
}
