#include "store/tally.h"

#include "base/error.h"
#include "store/db.h"

#include "base/banned.h"

int tkt_tally_add(struct tkt_db *db, const char *key, int64_t now, int64_t window_seconds,
    int64_t *count, struct tkt_error *error)
{
	static const char sql[] =
	    "INSERT INTO tally(key, since, count) VALUES (?1, ?2, 1) ON CONFLICT(key) DO UPDATE SET"
	    " count = CASE WHEN since BETWEEN ?2 - ?3 + 1 AND ?2 THEN count + 1 ELSE 1 END,"
	    " since = CASE WHEN since BETWEEN ?2 - ?3 + 1 AND ?2 THEN since ELSE ?2 END"
	    " RETURNING count";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, key, error) ||
	    tkt_statement_bind_integer(statement, 2, now, error) ||
	    tkt_statement_bind_integer(statement, 3, window_seconds, error) ||
	    tkt_statement_step(statement, error) < 0)
		return -1;
	*count = tkt_statement_integer(statement, 0);
	return 0;
}

int tkt_tally_forget(struct tkt_db *db, int64_t since, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, "DELETE FROM tally WHERE since < ?1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, since, error))
		return -1;
	return tkt_statement_run(statement, error);
}
