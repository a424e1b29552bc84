#include "store/walk.h"

#include "base/error.h"
#include "base/text.h"
#include "expression/expression.h"
#include "store/db.h"
#include "store/where.h"

#include "base/banned.h"

#define BATCH 500

/* A walk on its way. */
struct way {
	const struct tkt_walk *walk;
	struct tkt_statement *statement;
	struct tkt_bindings bindings; /* the first is the number to go on behind */
	bool declined;                /* rows are judged in memory */
	int64_t handed, last;
};

static int prepare(struct way *way, struct tkt_error *error)
{
	const struct tkt_walk *walk = way->walk;
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_format(&sql, "SELECT %s, %s FROM %s WHERE %s > ?1 AND ", walk->number,
	    walk->columns, walk->table->table, walk->number);
	if (tkt_bindings_add_integer(&way->bindings, way->last, error) ||
	    tkt_where_add(
		walk->query->expression, walk->table, &sql, &way->bindings, &way->declined, error))
		return -1;
	tkt_text_format(&sql, " ORDER BY %s LIMIT %d", walk->number, BATCH);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(walk->db, sql.bytes, &way->statement, error);
}

static bool has_enough(const struct way *way)
{
	return way->walk->query->limit > 0 && way->handed >= way->walk->query->limit;
}

/* Judges a row that SQL let through. 1, 0, -1. */
static int judge(const struct way *way, struct tkt_error *error)
{
	json_auto_t *object = NULL;

	if (!way->declined)
		return 1;
	if (way->walk->load(way->statement, &object, error))
		return -1;
	return tkt_expression_match(way->walk->query->expression, object, error);
}

/* 1 when more rows may follow, 0 at the end, -1. */
static int read_batch(struct way *way, struct tkt_error *error)
{
	const struct tkt_walk *walk = way->walk;
	int count = 0, row = 1, pause = 0;

	way->bindings.items[0].integer = way->last;
	if (tkt_bindings_apply(&way->bindings, way->statement, error))
		return -1;
	while (
	    !has_enough(way) && !pause && (row = tkt_statement_step(way->statement, error)) > 0) {
		int judged = judge(way, error);

		count++;
		way->last = tkt_statement_integer(way->statement, 0);
		if (judged > 0) {
			way->handed++;
			pause = walk->hand(way->statement, walk->visitor, error);
		}
		if (judged < 0 || pause < 0)
			return -1;
	}
	tkt_statement_reset(way->statement);
	return row < 0 ? -1 : (pause || count == BATCH) && !has_enough(way);
}

static int read_all(struct way *way, struct tkt_error *error)
{
	const struct tkt_walk *walk = way->walk;
	int more = prepare(way, error);

	if (more)
		return -1;
	while ((more = read_batch(way, error)) > 0)
		if (walk->between && walk->between(walk->context, error))
			return -1;
	return more;
}

int64_t tkt_walk_run(const struct tkt_walk *walk, int64_t *last, struct tkt_error *error)
{
	struct way way = { .walk = walk, .last = walk->query->after };
	int result = read_all(&way, error);

	tkt_statement_free(way.statement);
	tkt_bindings_clear(&way.bindings);
	if (result)
		return -1;
	*last = way.last;
	return way.handed;
}
