#include "store/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/db.h"

#include "base/banned.h"

/* Is there a row? Its first column is copied to *copy, unless that is NULL. 1, 0, -1. */
static int first_text(struct tkt_statement *statement, char **copy, struct tkt_error *error)
{
	int row = tkt_statement_step(statement, error);
	const char *found;

	if (row <= 0 || !copy)
		return row;
	found = tkt_statement_text(statement, 0);
	*copy = strdup(found ? found : ""); /* an empty text is NULL in the database */
	return *copy ? 1 : tkt_error_set_memory(error);
}

/* The same of a query over one text. */
static int find(
    struct tkt_db *db, const char *sql, const char *text, char **copy, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, text, error))
		return -1;
	return first_text(statement, copy, error);
}

static int store(struct tkt_db *db, const char *name, const char *text, const char *sha256,
    int64_t now, struct tkt_error *error)
{
	static const char sql[] =
	    "INSERT INTO policy(name, sha256, stored_at, text) VALUES (?1, ?2, ?3, ?4)";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, name, error) ||
	    tkt_statement_bind_text(statement, 2, sha256, error) ||
	    tkt_statement_bind_time(statement, 3, now, error) ||
	    tkt_statement_bind_text(statement, 4, text, error))
		return -1;
	return tkt_statement_run(statement, error);
}

int tkt_policy_name_of(struct tkt_db *db, const char *version, const char *sha256, char **name,
    struct tkt_error *error)
{
	bool is_empty = tkt_text_is_empty(version);
	int found = find(db, "SELECT name FROM policy WHERE sha256 = ?1", sha256, name, error);

	if (found != 0)
		return found;
	if (!is_empty)
		found = find(db, "SELECT 1 FROM policy WHERE name = ?1", version, NULL, error);
	if (found < 0)
		return -1;
	if (is_empty || found)
		found = asprintf(name, "%s+%.12s", is_empty ? "" : version, sha256);
	else
		found = asprintf(name, "%s", version);
	return found < 0 ? tkt_error_set_memory(error) : 0;
}

int tkt_policy_name(struct tkt_db *db, const char *version, const char *text, const char *sha256,
    int64_t now, char **name, struct tkt_error *error)
{
	tkt_autofree char *made = NULL;
	int stored = tkt_policy_name_of(db, version, sha256, &made, error);

	if (stored < 0 || (!stored && store(db, made, text, sha256, now, error)))
		return -1;
	*name = tkt_take(made);
	return 0;
}

int tkt_policy_find(struct tkt_db *db, const char *name, char **text, struct tkt_error *error)
{
	return find(db, "SELECT text FROM policy WHERE name = ?1", name, text, error);
}

int tkt_policy_latest(struct tkt_db *db, char **name, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT policy FROM ticket WHERE number = (SELECT max(number) FROM ticket)"
	    " AND policy IS NOT NULL";
	tkt_autoptr(statement) statement = NULL;

	return tkt_db_prepare(db, sql, &statement, error) ? -1 : first_text(statement, name, error);
}

int tkt_desk_value_get(
    struct tkt_db *db, const char *name, struct tkt_text *value, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db, "SELECT value FROM desk_value WHERE name = ?1", &statement, error) ||
	    tkt_statement_bind_text(statement, 1, name, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	tkt_text_add_bytes(
	    value, tkt_statement_text(statement, 0), tkt_statement_length(statement, 0));
	return tkt_text_check(value, error) ? -1 : 1;
}

int tkt_desk_value_set(
    struct tkt_db *db, const char *name, const char *value, struct tkt_error *error)
{
	static const char set[] = "INSERT INTO desk_value(name, value) VALUES (?1, ?2)"
				  " ON CONFLICT(name) DO UPDATE SET value = excluded.value";
	static const char clear[] = "DELETE FROM desk_value WHERE name = ?1";
	bool is_empty = tkt_text_is_empty(value);
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, is_empty ? clear : set, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, name, error) ||
	    (!is_empty && tkt_statement_bind_text(statement, 2, value, error)))
		return -1;
	return tkt_statement_run(statement, error);
}
