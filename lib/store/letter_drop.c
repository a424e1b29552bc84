/* Contents of letters, dropped by age. The index letter_age holds those that no ticket has: a
 * bounce may have joined one, and a duplicate names that of the letter before it. */
#include "store/letter.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "store/blob.h"
#include "store/db.h"

#include "base/banned.h"

#define OLD                                                            \
	" FROM letter INDEXED BY letter_age"                           \
	" WHERE fate = ?1 AND received_at < ?2 AND dropped_at IS NULL" \
	" AND fate NOT IN ('opened', 'appended') AND (ticket IS NULL OR fate = 'duplicate')"

static int prepare(struct tkt_db *db, const char *sql, const char *fate, int64_t before,
    struct tkt_statement **statement, struct tkt_error *error)
{
	return tkt_db_prepare(db, sql, statement, error) ||
		tkt_statement_bind_text(*statement, 1, fate, error) ||
		tkt_statement_bind_integer(*statement, 2, before, error)
	    ? -1
	    : 0;
}

int64_t tkt_letter_expired(
    struct tkt_db *db, const char *fate, int64_t before, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare(db, "SELECT count(*)" OLD, fate, before, &statement, error) ||
	    tkt_statement_step(statement, error) < 0)
		return -1;
	return tkt_statement_integer(statement, 0);
}

static int mark(struct tkt_db *db, int64_t number, int64_t now, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(
		db, "UPDATE letter SET dropped_at = ?2 WHERE number = ?1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_integer(statement, 2, now, error))
		return -1;
	return tkt_statement_run(statement, error);
}

/* The oldest one: its number and its contents' name. 1, 0, -1. */
static int find_oldest(struct tkt_db *db, const char *fate, int64_t before, int64_t *number,
    char **sha256, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int found;

	if (prepare(db, "SELECT number, raw_sha256" OLD " ORDER BY received_at, number LIMIT 1",
		fate, before, &statement, error))
		return -1;
	found = tkt_statement_step(statement, error);
	if (found <= 0)
		return found;
	*number = tkt_statement_integer(statement, 0);
	*sha256 = strdup(tkt_statement_text(statement, 1));
	return *sha256 ? 1 : tkt_error_set_memory(error);
}

int tkt_letter_drop(struct tkt_db *db, const char *fate, int64_t before, int64_t now, int limit,
    struct tkt_error *error)
{
	int dropped;

	for (dropped = 0; dropped < limit; dropped++) {
		tkt_autofree char *sha256 = NULL;
		int64_t number = 0;
		int found = find_oldest(db, fate, before, &number, &sha256, error);

		if (found <= 0)
			return found < 0 ? -1 : dropped;
		if (tkt_blob_drop(db, sha256, error) || mark(db, number, now, error))
			return -1;
	}
	return dropped;
}
