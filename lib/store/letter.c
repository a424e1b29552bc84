#include "store/letter.h"

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "store/columns.h"
#include "store/db.h"

#include "base/banned.h"

int tkt_letter_write(struct tkt_db *db, const json_t *letter, const char *key,
    const char *fingerprint, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	struct tkt_value keys[] = { tkt_value_text(key), tkt_value_text(fingerprint) };
	tkt_autotext room;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (tkt_row_from_object(&tkt_letter_fields, letter, row, &room, error))
		return -1;
	return tkt_row_insert(db, &tkt_letter_fields, row, ", key, fingerprint", keys, 2, error);
}

int tkt_letter_find(struct tkt_db *db, const char *key, const char *fingerprint, json_t **letter,
    bool *is_known, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	struct tkt_value row[TKT_ROW_SIZE];
	tkt_autotext sql;
	int found;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT fingerprint IS ?2, ");
	tkt_columns_add(&sql, &tkt_letter_fields, "", NULL);
	tkt_text_add(&sql,
	    " FROM letter WHERE key = ?1 AND fate <> 'duplicate'"
	    " ORDER BY fingerprint IS NOT ?2, number LIMIT 1");
	if (tkt_text_check(&sql, error) || tkt_db_prepare(db, sql.bytes, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, key, error) ||
	    tkt_statement_bind_text(statement, 2, fingerprint, error))
		return -1;
	found = tkt_statement_step(statement, error);
	*is_known = found > 0;
	if (found <= 0 || !tkt_statement_integer(statement, 0))
		return found < 0 ? -1 : 0;
	tkt_columns_read(statement, 1, &tkt_letter_fields, row);
	return tkt_row_load(&tkt_letter_fields, row, letter, error) ? -1 : 1;
}

/* 'SELECT COLUMNS FROM letter WHERE ' and `where`. */
static int prepare_select(
    struct tkt_db *db, const char *where, struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	tkt_columns_add(&sql, &tkt_letter_fields, "", NULL);
	tkt_text_format(&sql, " FROM letter WHERE %s", where);
	return tkt_text_check(&sql, error) ? -1 : tkt_db_prepare(db, sql.bytes, statement, error);
}

int tkt_letter_find_key(
    struct tkt_db *db, const char *key, json_t **letter, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare_select(db,
		"key = ?1 AND fate <> 'duplicate' AND ticket IS NOT NULL"
		" ORDER BY number DESC LIMIT 1",
		&statement, error) ||
	    tkt_statement_bind_text(statement, 1, key, error))
		return -1;
	return tkt_columns_load(statement, &tkt_letter_fields, letter, error);
}

int tkt_letter_get(struct tkt_db *db, int64_t number, json_t **letter, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare_select(db, "number = ?1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	return tkt_columns_load(statement, &tkt_letter_fields, letter, error);
}

int tkt_letter_settle(struct tkt_db *db, const json_t *letter, struct tkt_error *error)
{
	static const char *const names[] = { "fate", "reason", "ticket", "message", "unanswered" };
	json_int_t number = json_integer_value(json_object_get(letter, "number"));
	tkt_autoptr(statement) statement = NULL;
	int done;
	size_t i;

	if (tkt_db_prepare(db,
		"UPDATE letter SET fate = ?1, reason = ?2, ticket = ?3, message = ?4,"
		" unanswered = ?5 WHERE number = ?6 AND fate = 'quarantined' RETURNING 1",
		&statement, error) ||
	    tkt_statement_bind_integer(statement, 6, number, error))
		return -1;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (tkt_statement_bind_text(
			statement, (int)i + 1, tkt_object_text(letter, names[i]), error))
			return -1;
	done = tkt_statement_step(statement, error);
	if (!done)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("letter %lld is not quarantined any more"), (long long)number);
	return done < 0 ? -1 : 0;
}

int tkt_letter_last_number(struct tkt_db *db, int64_t *number, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, "SELECT max(number) FROM letter", &statement, error) ||
	    tkt_statement_step(statement, error) < 0)
		return -1;
	*number = tkt_statement_integer(statement, 0); /* of NULL 0 */
	return 0;
}

int tkt_letter_last(struct tkt_db *db, int64_t *received_at, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db,
		"SELECT received_at FROM letter WHERE number > 0 ORDER BY number DESC LIMIT 1",
		&statement, error))
		return -1;
	row = tkt_statement_step(statement, error);
	*received_at = row > 0 && !tkt_statement_is_null(statement, 0)
	    ? tkt_statement_integer(statement, 0)
	    : TKT_TIME_NONE;
	return row < 0 ? -1 : 0;
}

struct visitor {
	tkt_row_visit *visit;
	void *context;
};

static int load(struct tkt_statement *statement, json_t **letter, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];

	tkt_columns_read(statement, 1, &tkt_letter_fields, row);
	return tkt_row_load(&tkt_letter_fields, row, letter, error);
}

static int hand(struct tkt_statement *statement, void *context, struct tkt_error *error)
{
	const struct visitor *visitor = context;
	struct tkt_value row[TKT_ROW_SIZE];

	tkt_columns_read(statement, 1, &tkt_letter_fields, row);
	return visitor->visit(row, visitor->context, error);
}

int64_t tkt_letter_each(struct tkt_db *db, const struct tkt_walk_query *query, tkt_row_visit *visit,
    int (*between)(void *context, struct tkt_error *error), void *context, int64_t *last,
    struct tkt_error *error)
{
	struct visitor visitor = { visit, context };
	struct tkt_walk walk = {
		.db = db,
		.query = query,
		.table = &tkt_letter_fields,
		.number = "letter.number",
		.load = load,
		.hand = hand,
		.visitor = &visitor,
		.between = between,
		.context = context,
	};
	tkt_autotext columns;

	tkt_text_init(&columns, TKT_TEXT_LIMIT);
	tkt_columns_add(&columns, &tkt_letter_fields, "letter.", NULL);
	if (tkt_text_check(&columns, error))
		return -1;
	walk.columns = columns.bytes;
	return tkt_walk_run(&walk, last, error);
}

int tkt_letter_is_unanswered(struct tkt_db *db, const char *message, struct tkt_error *error)
{
	static const char sql[] = "SELECT 1 FROM letter WHERE message = ?1"
				  " AND message IS NOT NULL AND unanswered IS NOT NULL LIMIT 1";
	tkt_autoptr(statement) statement = NULL;

	if (!message)
		return 0;
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, message, error))
		return -1;
	return tkt_statement_step(statement, error);
}
