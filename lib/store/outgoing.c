#include "store/outgoing.h"

#include <string.h>

#include "base/error.h"
#include "base/words.h"
#include "desk/rate.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/tally.h"

#include "base/banned.h"

static struct tkt_value *value_of(struct tkt_value *row, const char *name)
{
	const struct tkt_field *field;
	const char *key;
	size_t key_length;

	field = tkt_field_find(&tkt_outgoing_fields, name, &key, &key_length);
	return &row[tkt_field_index(&tkt_outgoing_fields, field)];
}

int tkt_outgoing_write(struct tkt_db *db, const json_t *outgoing, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE], *due;
	tkt_autotext room;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (tkt_row_from_object(&tkt_outgoing_fields, outgoing, row, &room, error))
		return -1;
	*value_of(row, "state") = tkt_value_text("queued");
	if (value_of(row, "attempts")->kind == TKT_VALUE_EMPTY)
		*value_of(row, "attempts") = tkt_value_integer(0);
	if (value_of(row, "unknowns")->kind == TKT_VALUE_EMPTY)
		*value_of(row, "unknowns") = tkt_value_integer(0);
	due = value_of(row, "due_at");
	if (due->kind == TKT_VALUE_EMPTY)
		*due = *value_of(row, "created_at");
	if (due->kind == TKT_VALUE_EMPTY)
		*due = tkt_value_integer(0); /* at once */
	return tkt_row_insert(db, &tkt_outgoing_fields, row, NULL, NULL, 0, error);
}

/* The columns of the table, between what stands before and after them. */
static int prepare(struct tkt_db *db, const char *before, const char *after,
    struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, before);
	tkt_columns_add(&sql, &tkt_outgoing_fields, "", NULL);
	tkt_text_add(&sql, after);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, statement, error);
}

#define DUE                                      \
	" FROM outgoing INDEXED BY outgoing_due" \
	" WHERE state <> 'sent' AND due_at <= ?1 AND (?2 IS NULL OR ticket = ?2)"

/* Found without the lock of the writers, so that an idle sender disturbs nobody. */
static int is_due(struct tkt_db *db, int64_t now, const char *ticket, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, "SELECT 1" DUE " LIMIT 1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, now, error) ||
	    tkt_statement_bind_text(statement, 2, ticket, error))
		return -1;
	return tkt_statement_step(statement, error);
}

static int find_due(
    struct tkt_db *db, int64_t now, const char *ticket, int64_t *number, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(
		db, "SELECT number" DUE " ORDER BY due_at, number LIMIT 1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, now, error) ||
	    tkt_statement_bind_text(statement, 2, ticket, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	*number = tkt_statement_integer(statement, 0);
	return 1;
}

static int take_lease(
    struct tkt_db *db, int64_t number, int64_t until, json_t **outgoing, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare(db,
		"UPDATE outgoing SET state = 'sending', attempts = attempts + 1, due_at = ?2,"
		" unknowns = unknowns + (state = 'sending') WHERE number = ?1 RETURNING ",
		"", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_integer(statement, 2, until, error))
		return -1;
	return tkt_columns_load(statement, &tkt_outgoing_fields, outgoing, error);
}

/* Counts one that is to leave. 1; 0 when it is one too many in this window; -1. */
static int count_one(
    struct tkt_db *db, const struct tkt_rate *rate, int64_t now, struct tkt_error *error)
{
	int64_t count;

	if (!rate->count)
		return 1;
	if (tkt_tally_add(db, "outgoing", now, rate->window_seconds, &count, error))
		return -1;
	return count <= rate->count;
}

int tkt_outgoing_lease(struct tkt_db *db, int64_t now, int64_t lease_seconds,
    const struct tkt_rate *rate, const char *ticket, json_t **outgoing, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	json_auto_t *leased = NULL;
	int64_t number;
	int found = is_due(db, now, ticket, error);

	if (found <= 0)
		return found;
	if (tkt_transaction_begin(db, &transaction, error))
		return -1;
	found = find_due(db, now, ticket, &number, error);
	if (found > 0)
		found = take_lease(db, number, now + lease_seconds, &leased, error);
	if (found > 0)
		found = count_one(db, rate, now, error);
	if (found <= 0) /* another sender was faster, or enough have left: nothing is changed */
		return found;
	if (tkt_transaction_commit(transaction, error))
		return -1;
	*outgoing = tkt_take(leased);
	return 1;
}

/* What an UPDATE binds: ?1 to ?4. */
struct turn {
	int64_t number;
	int64_t time; /* TKT_TIME_NONE: NULL */
	const char *reason;
	bool unknown;
};

/* Runs an UPDATE that answers with the rows it changed. 1, 0, -1. */
static int update(
    struct tkt_db *db, const char *sql, const struct turn *turn, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, turn->number, error) ||
	    tkt_statement_bind_time(statement, 2, turn->time, error) ||
	    tkt_statement_bind_text(statement, 3, turn->reason, error) ||
	    tkt_statement_bind_integer(statement, 4, turn->unknown, error))
		return -1;
	return tkt_statement_step(statement, error);
}

static int update_one(
    struct tkt_db *db, const char *sql, const struct turn *turn, struct tkt_error *error)
{
	int found = update(db, sql, turn, error);

	if (found == 0)
		return tkt_error_set(error, TKT_ERROR_DATA, _("there is no outgoing mail %lld"),
		    (long long)turn->number);
	return found < 0 ? -1 : 0;
}

int tkt_outgoing_sent(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error)
{
	return update_one(db,
	    /* its bounce may have been faster than this */
	    "UPDATE outgoing SET sent_at = ?2, due_at = NULL,"
	    " error = CASE state WHEN 'bounced' THEN error ELSE ?3 END,"
	    " state = CASE state WHEN 'bounced' THEN state ELSE 'sent' END,"
	    " unknowns = unknowns + ?4 WHERE number = ?1 RETURNING 1",
	    &(struct turn){ .number = number, .time = now }, error);
}

int tkt_outgoing_retry_at(struct tkt_db *db, int64_t number, int64_t due_at, bool unknown,
    const char *reason, struct tkt_error *error)
{
	return update_one(db,
	    /* it left all the same when its bounce is here already */
	    "UPDATE outgoing SET due_at = CASE state WHEN 'bounced' THEN NULL ELSE ?2 END,"
	    " error = CASE state WHEN 'bounced' THEN error ELSE ?3 END,"
	    " state = CASE state WHEN 'bounced' THEN state ELSE 'queued' END,"
	    " unknowns = unknowns + ?4 WHERE number = ?1 RETURNING 1",
	    &(struct turn){ number, due_at, reason, unknown }, error);
}

/* Without due_at it is in no sender's way. */
int tkt_outgoing_failed(
    struct tkt_db *db, int64_t number, bool unknown, const char *reason, struct tkt_error *error)
{
	return update_one(db,
	    "UPDATE outgoing SET state = 'failed', due_at = ?2, error = ?3,"
	    " unknowns = unknowns + ?4 WHERE number = ?1 RETURNING 1",
	    &(struct turn){ number, TKT_TIME_NONE, reason, unknown }, error);
}

int tkt_outgoing_requeue(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error)
{
	return update(db,
	    "UPDATE outgoing SET state = 'queued', due_at = ?2, error = ?3, status = NULL,"
	    " attempts = 0,"
	    " unknowns = ?4 WHERE number = ?1 AND state IN ('failed', 'bounced', 'cancelled',"
	    " 'queued')"
	    " RETURNING 1",
	    &(struct turn){ .number = number, .time = now }, error);
}

int tkt_outgoing_cancel(struct tkt_db *db, int64_t number, struct tkt_error *error)
{
	return update(db,
	    "UPDATE outgoing SET state = 'cancelled', due_at = ?2, error = coalesce(?3, error),"
	    " unknowns = unknowns + ?4 WHERE number = ?1 AND state IN ('failed', 'bounced', 'queued')"
	    " RETURNING 1",
	    &(struct turn){ .number = number, .time = TKT_TIME_NONE }, error);
}

int tkt_outgoing_failure(
    struct tkt_db *db, const char *ticket, json_t **outgoing, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare(db, "SELECT ",
		" FROM outgoing INDEXED BY outgoing_due WHERE state <> 'sent' AND due_at IS NULL"
		" AND state IN ('failed', 'bounced') AND ticket = ?1 ORDER BY number DESC LIMIT 1",
		&statement, error) ||
	    tkt_statement_bind_text(statement, 1, ticket, error))
		return -1;
	return tkt_columns_load(statement, &tkt_outgoing_fields, outgoing, error);
}

int tkt_outgoing_bounced(struct tkt_db *db, int64_t number, const char *status, const char *reason,
    struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db,
		"UPDATE outgoing SET state = 'bounced', due_at = NULL, status = ?2, error = ?3"
		" WHERE number = ?1 AND state <> 'cancelled' RETURNING 1",
		&statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_text(statement, 2, status, error) ||
	    tkt_statement_bind_text(statement, 3, reason, error))
		return -1;
	return tkt_statement_step(statement, error);
}

int tkt_outgoing_of_message(
    struct tkt_db *db, const char *message_id, json_t **rows, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *made = json_array();
	json_t *row = NULL;
	int found;

	if (prepare(db, "SELECT ", " FROM outgoing WHERE message_id = ?1 ORDER BY number",
		&statement, error) ||
	    tkt_statement_bind_text(statement, 1, message_id, error))
		return -1;
	while ((found = tkt_columns_load(statement, &tkt_outgoing_fields, &row, error)) > 0)
		if (json_array_append_new(made, row))
			return tkt_error_set_memory(error);
	if (found < 0)
		return -1;
	*rows = tkt_take(made);
	return 0;
}

int tkt_outgoing_get(struct tkt_db *db, int64_t number, json_t **outgoing, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare(db, "SELECT ", " FROM outgoing WHERE number = ?1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	return tkt_columns_load(statement, &tkt_outgoing_fields, outgoing, error);
}

/* A ticket's mails are found by its messages, so that they need no index of their own. */
#define OF_TICKET                                                            \
	" FROM outgoing WHERE message_id IN (SELECT message_id FROM message" \
	" WHERE message.ticket = ?1 AND message.message_id IS NOT NULL) AND ticket = ?2"
#define UNSENT " AND state <> 'sent' AND state <> 'cancelled'"

static int prepare_each(struct tkt_db *db, bool all, const char *ticket,
    struct tkt_statement **statement, struct tkt_error *error)
{
	int64_t number;

	if (!ticket)
		return prepare(db, "SELECT ",
		    all ? " FROM outgoing WHERE number > 0 ORDER BY number"
			: " FROM outgoing INDEXED BY outgoing_due WHERE state <> 'sent'"
			  " AND state <> 'cancelled' ORDER BY number",
		    statement, error);
	if (tkt_ticket_number(ticket, &number))
		number = 0; /* no ticket's */
	return prepare(db, "SELECT ",
		   all ? OF_TICKET " ORDER BY number" : OF_TICKET UNSENT " ORDER BY number",
		   statement, error) ||
		tkt_statement_bind_integer(*statement, 1, number, error) ||
		tkt_statement_bind_text(*statement, 2, ticket, error)
	    ? -1
	    : 0;
}

int64_t tkt_outgoing_each(struct tkt_db *db, bool all, const char *ticket, tkt_row_visit *visit,
    void *context, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	struct tkt_value row[TKT_ROW_SIZE];
	int64_t handed;
	int found;

	if (prepare_each(db, all, ticket, &statement, error))
		return -1;
	for (handed = 0; (found = tkt_statement_step(statement, error)) > 0; handed++) {
		tkt_columns_read(statement, 0, &tkt_outgoing_fields, row);
		if (visit(row, context, error))
			return -1;
	}
	return found < 0 ? -1 : handed;
}

static int64_t read_time(struct tkt_statement *statement, int column)
{
	return tkt_statement_is_null(statement, column) ? TKT_TIME_NONE
							: tkt_statement_integer(statement, column);
}

/* A mail without due_at has failed, come back or was cancelled. */
int tkt_outgoing_backlog(struct tkt_db *db, struct tkt_backlog *backlog, struct tkt_error *error)
{
	tkt_autoptr(statement) unsent = NULL;
	tkt_autoptr(statement) failed = NULL;
	tkt_autoptr(statement) sent = NULL;

	if (tkt_db_prepare(db,
		"SELECT count(*), min(created_at) FROM outgoing INDEXED BY outgoing_due"
		" WHERE state <> 'sent' AND due_at IS NOT NULL",
		&unsent, error) ||
	    tkt_db_prepare(db,
		"SELECT count(*) FROM outgoing INDEXED BY outgoing_due"
		" WHERE state <> 'sent' AND due_at IS NULL AND state IN ('failed', 'bounced')",
		&failed, error) ||
	    tkt_db_prepare(db,
		"SELECT max(sent_at) FROM (SELECT sent_at FROM outgoing WHERE number > 0"
		" ORDER BY number DESC LIMIT 1000)",
		&sent, error) ||
	    tkt_statement_step(unsent, error) < 0 || tkt_statement_step(failed, error) < 0 ||
	    tkt_statement_step(sent, error) < 0)
		return -1;
	backlog->unsent = tkt_statement_integer(unsent, 0);
	backlog->oldest_at = read_time(unsent, 1);
	backlog->failed = tkt_statement_integer(failed, 0);
	backlog->sent_at = read_time(sent, 0);
	return 0;
}
