#include "store/event.h"

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "store/db.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

int tkt_event_write_text(struct tkt_db *db, const struct tkt_event_row *row, const char *json,
    size_t length, struct tkt_error *error)
{
	static const char sql[] = "INSERT INTO event(seq, at, actor, uid, tool, ticket, json)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, row->seq, error) ||
	    tkt_statement_bind_time(statement, 2, row->at, error) ||
	    tkt_statement_bind_text(statement, 3, row->actor, error) ||
	    tkt_statement_bind_text(statement, 5, row->tool, error) ||
	    tkt_statement_bind_text(statement, 6, row->ticket, error) ||
	    tkt_statement_bind_bytes(statement, 7, json, length, error) ||
	    (row->uid ? tkt_statement_bind_integer(statement, 4, *row->uid, error)
		      : tkt_statement_bind_null(statement, 4, error)))
		return -1;
	return tkt_statement_run(statement, error);
}

int tkt_event_write(struct tkt_db *db, const json_t *event, struct tkt_error *error)
{
	const json_t *uid = json_object_get(event, "uid"), *seq = json_object_get(event, "seq");
	const char *at = tkt_object_text(event, "at");
	const int64_t number = json_integer_value(uid);
	struct tkt_event_row row = {
		.seq = json_integer_value(seq),
		.at = TKT_TIME_NONE,
		.actor = tkt_object_text(event, "actor"),
		.tool = tkt_object_text(event, "tool"),
		.ticket = tkt_object_text(event, "ticket"),
		.uid = json_is_integer(uid) ? &number : NULL,
	};
	tkt_autotext json;

	tkt_text_init(&json, TKT_TEXT_LIMIT);
	if (!json_is_integer(seq))
		return tkt_error_set(error, TKT_ERROR_DATA, _("an event needs a 'seq'"));
	if (at && tkt_time_parse(at, &row.at, error))
		return -1;
	tkt_object_write(&json, event);
	if (tkt_text_check(&json, error))
		return -1;
	return tkt_event_write_text(
	    db, &row, json.bytes, json.length - 1, error); /* without the LF */
}

struct visitor {
	tkt_json_visit *visit;
	void *context;
};

static int load(struct tkt_statement *statement, json_t **event, struct tkt_error *error)
{
	return tkt_object_parse(
	    tkt_statement_text(statement, 1), tkt_statement_length(statement, 1), event, error);
}

static int hand(struct tkt_statement *statement, void *context, struct tkt_error *error)
{
	const struct visitor *visitor = context;
	const char *json = tkt_statement_text(statement, 1);

	return visitor->visit(json, tkt_statement_length(statement, 1), visitor->context, error);
}

int64_t tkt_event_each(struct tkt_db *db, const struct tkt_walk_query *query, tkt_json_visit *visit,
    int (*between)(void *context, struct tkt_error *error), void *context, int64_t *last,
    struct tkt_error *error)
{
	struct visitor visitor = { visit, context };
	const struct tkt_walk walk = {
		.db = db,
		.query = query,
		.table = &tkt_event_fields,
		.number = "event.seq",
		.columns = "event.json",
		.load = load,
		.hand = hand,
		.visitor = &visitor,
		.between = between,
		.context = context,
	};

	return tkt_walk_run(&walk, last, error);
}

int tkt_event_each_of(struct tkt_db *db, const char *ticket, tkt_json_visit *visit, void *context,
    struct tkt_error *error)
{
	static const char sql[] = "SELECT json FROM event WHERE ticket = ?1 ORDER BY seq";
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, ticket, error))
		return -1;
	while ((row = tkt_statement_step(statement, error)) > 0)
		if (visit(tkt_statement_text(statement, 0), tkt_statement_length(statement, 0),
			context, error) < 0)
			return -1;
	return row;
}

int tkt_event_last(struct tkt_db *db, int64_t *seq, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, "SELECT max(seq) FROM event", &statement, error) ||
	    tkt_statement_step(statement, error) < 0)
		return -1;
	*seq = tkt_statement_integer(statement, 0); /* of NULL 0 */
	return 0;
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
