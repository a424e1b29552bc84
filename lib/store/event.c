#include "store/event.h"

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "expression/expression.h"
#include "store/db.h"
#include "store/where.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

#define BATCH 500

static int bind_event(struct tkt_statement *statement, const json_t *event, const char *json,
    size_t length, struct tkt_error *error)
{
	const json_t *uid = json_object_get(event, "uid");
	const char *at = tkt_object_text(event, "at");
	int64_t seconds = TKT_TIME_NONE;

	if (at && tkt_time_parse(at, &seconds, error))
		return -1;
	if (tkt_statement_bind_integer(
		statement, 1, json_integer_value(json_object_get(event, "seq")), error) ||
	    tkt_statement_bind_time(statement, 2, seconds, error) ||
	    tkt_statement_bind_text(statement, 3, tkt_object_text(event, "actor"), error) ||
	    tkt_statement_bind_text(statement, 5, tkt_object_text(event, "tool"), error) ||
	    tkt_statement_bind_text(statement, 6, tkt_object_text(event, "ticket"), error) ||
	    tkt_statement_bind_bytes(statement, 7, json, length, error))
		return -1;
	if (!json_is_integer(uid))
		return tkt_statement_bind_null(statement, 4, error);
	return tkt_statement_bind_integer(statement, 4, json_integer_value(uid), error);
}

int tkt_event_write(struct tkt_db *db, const json_t *event, struct tkt_error *error)
{
	static const char sql[] = "INSERT INTO event(seq, at, actor, uid, tool, ticket, json)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
	tkt_autoptr(statement) statement = NULL;
	tkt_autotext json;

	tkt_text_init(&json, TKT_TEXT_LIMIT);
	if (!json_is_integer(json_object_get(event, "seq")))
		return tkt_error_set(error, TKT_ERROR_DATA, _("an event needs a 'seq'"));
	tkt_object_write(&json, event);
	if (tkt_text_check(&json, error) || tkt_db_prepare(db, sql, &statement, error) ||
	    bind_event(statement, event, json.bytes, json.length - 1, error)) /* without the LF */
		return -1;
	return tkt_statement_run(statement, error);
}

/* A walk through the log. */
struct walk {
	const struct tkt_event_query *query;
	tkt_json_visit *visit;
	void *context;
	struct tkt_statement *statement;
	struct tkt_bindings bindings;
	size_t after; /* the number of its binding */
	bool declined;
	int64_t handed, last;
};

static int prepare_walk(struct tkt_db *db, struct walk *walk, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT event.seq, event.json FROM event WHERE event.seq > ?1 AND ");
	if (tkt_bindings_add_integer(&walk->bindings, walk->last, error) ||
	    tkt_where_add(walk->query->expression, &tkt_event_fields, &sql, &walk->bindings,
		&walk->declined, error))
		return -1;
	tkt_text_format(&sql, " ORDER BY event.seq LIMIT %d", BATCH);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, &walk->statement, error);
}

static int hand_over(struct walk *walk, const char *json, size_t length, struct tkt_error *error)
{
	json_auto_t *event = NULL;
	int judged = 1;

	if (walk->declined) {
		if (tkt_object_parse(json, length, &event, error))
			return -1;
		judged = tkt_expression_match(walk->query->expression, event, error);
	}
	if (judged <= 0)
		return judged;
	walk->handed++;
	return walk->visit(json, length, walk->context, error);
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
		const char *json = tkt_statement_text(walk->statement, 1);

		count++;
		walk->last = tkt_statement_integer(walk->statement, 0);
		if (hand_over(walk, json, tkt_statement_length(walk->statement, 1), error))
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

int64_t tkt_event_each(struct tkt_db *db, const struct tkt_event_query *query,
    tkt_json_visit *visit, int (*between)(void *context, struct tkt_error *error), void *context,
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

int tkt_event_is_empty(struct tkt_db *db, struct tkt_error *error)
{
	static const char sql[] = "SELECT (SELECT max(seq) FROM event) IS NULL"
				  " AND (SELECT max(number) FROM ticket) IS NULL";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) || tkt_statement_step(statement, error) < 0)
		return -1;
	return tkt_statement_integer(statement, 0) != 0;
}
