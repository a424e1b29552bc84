#include "store/assignment.h"

#include "base/error.h"
#include "base/text.h"
#include "store/db.h"
#include "store/ticket.h"

#include "base/banned.h"

int tkt_turn_write(
    struct tkt_db *db, const char *team, const char *agent, int64_t seq, struct tkt_error *error)
{
	static const char sql[] = "INSERT INTO turn(team, agent, seq) VALUES (?1, ?2, ?3)"
				  " ON CONFLICT(team, agent) DO UPDATE SET seq = excluded.seq";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, team, error) ||
	    tkt_statement_bind_text(statement, 2, agent, error) ||
	    tkt_statement_bind_integer(statement, 3, seq, error))
		return -1;
	return tkt_statement_run(statement, error);
}

/* Rows of a login and a number as {"ivanova":77}: a new object. 0 or -1. */
static int read_numbers(struct tkt_statement *statement, json_t **numbers, struct tkt_error *error)
{
	json_auto_t *made = json_object();
	int row;

	if (!made)
		return tkt_error_set_memory(error);
	while ((row = tkt_statement_step(statement, error)) > 0)
		if (json_object_set_new(made, tkt_statement_text(statement, 0),
			json_integer(tkt_statement_integer(statement, 1))))
			return tkt_error_set_memory(error);
	if (row < 0)
		return -1;
	*numbers = tkt_take(made);
	return 0;
}

int tkt_turn_all(struct tkt_db *db, const char *team, json_t **turns, struct tkt_error *error)
{
	static const char sql[] = "SELECT agent, seq FROM turn WHERE team = ?1";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, team, error))
		return -1;
	return read_numbers(statement, turns, error);
}

int tkt_assignee_loads(struct tkt_db *db, json_t **loads, struct tkt_error *error)
{
	/* the words of the index ticket_assignee: else it would not be used */
	static const char sql[] = "SELECT assignee, count(*) FROM ticket INDEXED BY ticket_assignee"
				  " WHERE assignee IS NOT NULL"
				  " AND status NOT IN ('resolved', 'closed') GROUP BY assignee";
	tkt_autoptr(statement) statement = NULL;

	return tkt_db_prepare(db, sql, &statement, error) || read_numbers(statement, loads, error)
	    ? -1
	    : 0;
}

int tkt_assignee_previous(
    struct tkt_db *db, const char *requester, const char *id, char **agent, struct tkt_error *error)
{
	static const char sql[] = "SELECT assignee FROM ticket INDEXED BY ticket_requester"
				  " WHERE requester_email = ?1 AND number <> ?2"
				  " AND assignee IS NOT NULL ORDER BY number DESC LIMIT 1";
	tkt_autoptr(statement) statement = NULL;
	int64_t number = 0;
	int row;

	if (id && tkt_ticket_number(id, &number))
		number = 0; /* of a ticket that is not stored */
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, requester, error) ||
	    tkt_statement_bind_integer(statement, 2, number, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	return tkt_text_keep(agent, tkt_statement_text(statement, 0), error) ? -1 : 1;
}
