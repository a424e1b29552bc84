#include "store/counter.h"

#include "base/error.h"
#include "base/words.h"
#include "store/db.h"

#include "base/banned.h"

static const char *const names[] = {
	[TKT_COUNTER_TICKET] = "ticket",
	[TKT_COUNTER_EVENT] = "event",
	[TKT_COUNTER_MESSAGE] = "message",
	[TKT_COUNTER_LETTER] = "letter",
	[TKT_COUNTER_OUTGOING] = "outgoing",
};

int tkt_counter_next(
    struct tkt_db *db, enum tkt_counter counter, int64_t *number, struct tkt_error *error)
{
	/* Two statements: RETURNING makes a table of its rows, at three times the price. */
	static const char step[] = "UPDATE counter SET value = value + 1 WHERE name = ?1";
	static const char read[] = "SELECT value FROM counter WHERE name = ?1";
	tkt_autoptr(statement) update = NULL;
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db, step, &update, error) ||
	    tkt_statement_bind_text(update, 1, names[counter], error) ||
	    tkt_statement_run(update, error) || tkt_db_prepare(db, read, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, names[counter], error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row == 0)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the database has no counter '%s'"), names[counter]);
	if (row < 0)
		return -1;
	*number = tkt_statement_integer(statement, 0);
	return 0;
}

int tkt_counter_raise(
    struct tkt_db *db, enum tkt_counter counter, int64_t number, struct tkt_error *error)
{
	static const char sql[] = "UPDATE counter SET value = ?2 WHERE name = ?1 AND value < ?2";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, names[counter], error) ||
	    tkt_statement_bind_integer(statement, 2, number, error))
		return -1;
	return tkt_statement_run(statement, error);
}
