#include "store/letter.h"

#include "base/error.h"
#include "base/text.h"
#include "expression/expression.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/where.h"

#include "base/banned.h"

#define BATCH 500

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
    struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	tkt_columns_add(&sql, &tkt_letter_fields, "", NULL);
	tkt_text_add(&sql,
	    " FROM letter WHERE key = ?1 AND fingerprint = ?2 AND fate <> 'duplicate'"
	    " ORDER BY number LIMIT 1");
	if (tkt_text_check(&sql, error) || tkt_db_prepare(db, sql.bytes, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, key, error) ||
	    tkt_statement_bind_text(statement, 2, fingerprint, error))
		return -1;
	return tkt_columns_load(statement, &tkt_letter_fields, letter, error);
}

/* A walk through the ledger. */
struct walk {
	const struct tkt_letter_query *query;
	tkt_row_visit *visit;
	void *context;
	struct tkt_statement *statement;
	struct tkt_bindings bindings;
	bool declined; /* rows are judged in memory */
	int64_t handed, last;
};

static int prepare_walk(struct tkt_db *db, struct walk *walk, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT letter.number, ");
	tkt_columns_add(&sql, &tkt_letter_fields, "letter.", NULL);
	tkt_text_add(&sql, " FROM letter WHERE letter.number > ?1 AND ");
	if (tkt_bindings_add_integer(&walk->bindings, walk->last, error) ||
	    tkt_where_add(walk->query->expression, &tkt_letter_fields, &sql, &walk->bindings,
		&walk->declined, error))
		return -1;
	tkt_text_format(&sql, " ORDER BY letter.number LIMIT %d", BATCH);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, &walk->statement, error);
}

static int hand_over(struct walk *walk, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	json_auto_t *letter = NULL;
	int judged = 1;

	tkt_columns_read(walk->statement, 1, &tkt_letter_fields, row);
	if (walk->declined) {
		if (tkt_row_load(&tkt_letter_fields, row, &letter, error))
			return -1;
		judged = tkt_expression_match(walk->query->expression, letter, error);
	}
	if (judged <= 0)
		return judged;
	walk->handed++;
	return walk->visit(row, walk->context, error);
}

static bool has_enough(const struct walk *walk)
{
	return walk->query->limit > 0 && walk->handed >= walk->query->limit;
}

/* Returns how many rows were read: fewer than BATCH at the end. */
static int read_batch(struct walk *walk, struct tkt_error *error)
{
	int count = 0, row = 1;

	walk->bindings.items[0].integer = walk->last;
	if (tkt_bindings_apply(&walk->bindings, walk->statement, error))
		return -1;
	while (!has_enough(walk) && (row = tkt_statement_step(walk->statement, error)) > 0) {
		count++;
		walk->last = tkt_statement_integer(walk->statement, 0);
		if (hand_over(walk, error))
			return -1;
	}
	tkt_statement_reset(walk->statement);
	return row < 0 ? -1 : count;
}

static int walk_all(struct walk *walk, int (*between)(void *context, struct tkt_error *error),
    struct tkt_error *error)
{
	int count;

	while ((count = read_batch(walk, error)) == BATCH && !has_enough(walk))
		if (between && between(walk->context, error))
			return -1;
	return count < 0 ? -1 : 0;
}

int64_t tkt_letter_each(struct tkt_db *db, const struct tkt_letter_query *query,
    tkt_row_visit *visit, int (*between)(void *context, struct tkt_error *error), void *context,
    int64_t *last, struct tkt_error *error)
{
	struct walk walk = {
		.query = query, .visit = visit, .context = context, .last = query->after
	};
	int result = prepare_walk(db, &walk, error);

	if (result == 0)
		result = walk_all(&walk, between, error);
	tkt_statement_free(walk.statement);
	tkt_bindings_clear(&walk.bindings);
	if (result)
		return -1;
	*last = walk.last;
	return walk.handed;
}
