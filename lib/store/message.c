#include "store/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "store/columns.h"
#include "store/db.h"

#include "base/banned.h"

#define LAST_IDS 20      /* of a thread, besides the first */
#define NOTHING_NEW "\n" /* in body_new, where NULL is: as the body */

/* The row has the number of its ticket; the wire has its id. */
static const char *const of_message[] = { "ticket",
	"(SELECT id FROM ticket WHERE ticket.number = message.ticket)", "body_new",
	("CASE WHEN direction = 'in' THEN nullif(ifnull(body_new, body), '" NOTHING_NEW "') END"),
	NULL };
static const char *const of_question[] = { "ticket",
	"(SELECT id FROM ticket WHERE ticket.number = question.ticket)", NULL };

/* The number in a member that holds an id. */
static int need_number(
    const json_t *object, const char *member, int64_t *number, struct tkt_error *error)
{
	const char *id = tkt_object_text(object, member);

	if (!id || tkt_ticket_number(id, number))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' of a %s cannot be '%s'"),
		    member, json_string_value(json_object_get(object, "type")), id ? id : "");
	return 0;
}

/* Most letters are new as a whole: their text is kept once. */
static struct tkt_value new_text(const json_t *message)
{
	const char *body = tkt_object_text(message, "body"),
		   *new_text = tkt_object_text(message, "body_new");

	if (!body || !tkt_text_equal(tkt_object_text(message, "direction"), "in") ||
	    tkt_text_equal(body, new_text))
		return tkt_value_text(NULL);
	return tkt_value_text(tkt_text_is_empty(new_text) ? NOTHING_NEW : new_text);
}

int tkt_message_write(struct tkt_db *db, const json_t *message, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	tkt_autotext room;
	int64_t number, ticket;
	size_t index;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (need_number(message, "id", &number, error) ||
	    need_number(message, "ticket", &ticket, error) ||
	    tkt_row_from_object(&tkt_message_fields, message, row, &room, error))
		return -1;
	for (index = 0; index < tkt_message_fields.count; index++) {
		const char *name = tkt_message_fields.fields[index].name;

		if (strcmp(name, "id") == 0)
			row[index] = tkt_value_integer(number);
		else if (strcmp(name, "ticket") == 0)
			row[index] = tkt_value_integer(ticket);
		else if (strcmp(name, "body_new") == 0)
			row[index] = new_text(message);
	}
	return tkt_row_insert(db, &tkt_message_fields, row, NULL, NULL, 0, error);
}

int tkt_message_find(struct tkt_db *db, const char *message_id, char **ticket, int64_t *number,
    struct tkt_error *error)
{
	static const char sql[] = "SELECT message.number, ticket.id FROM message"
				  " JOIN ticket ON ticket.number = message.ticket"
				  " WHERE message.message_id = ?1 ORDER BY message.number LIMIT 1";
	tkt_autoptr(statement) statement = NULL;
	char *copy;
	int row;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, message_id, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	copy = strdup(tkt_statement_text(statement, 1));
	if (!copy)
		return tkt_error_set_memory(error);
	*ticket = copy;
	*number = tkt_statement_integer(statement, 0);
	return 1;
}

int tkt_message_find_thread(
    struct tkt_db *db, const char *root, char **ticket, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT ticket.id FROM message"
	    " JOIN ticket ON ticket.number = message.ticket"
	    " WHERE message.thread_index = ?1 ORDER BY message.number LIMIT 1";
	tkt_autoptr(statement) statement = NULL;
	int row;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, root, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	*ticket = strdup(tkt_statement_text(statement, 0));
	return *ticket ? 1 : tkt_error_set_memory(error);
}

/* 'SELECT COLUMNS FROM TABLE WHERE ' and `where`, whose ?1 is the number. */
static int prepare_select(struct tkt_db *db, const struct tkt_field_table *table,
    const char *const *instead, const char *where, int64_t number, struct tkt_statement **statement,
    struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	tkt_columns_add(&sql, table, "", instead);
	tkt_text_format(&sql, " FROM %s WHERE %s", table->table, where);
	if (tkt_text_check(&sql, error) || tkt_db_prepare(db, sql.bytes, statement, error))
		return -1;
	return tkt_statement_bind_integer(*statement, 1, number, error);
}

int tkt_message_get(struct tkt_db *db, int64_t number, json_t **message, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare_select(
		db, &tkt_message_fields, of_message, "number = ?1", number, &statement, error))
		return -1;
	return tkt_columns_load(statement, &tkt_message_fields, message, error);
}

/* Hands over all rows of a statement. Returns how many, or -1. */
static int64_t each(struct tkt_statement *statement, const struct tkt_field_table *table,
    tkt_row_visit *visit, void *context, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	int64_t handed;
	int found;

	for (handed = 0; (found = tkt_statement_step(statement, error)) > 0; handed++) {
		tkt_columns_read(statement, 0, table, row);
		if (visit(row, context, error))
			return -1;
	}
	return found < 0 ? -1 : handed;
}

int64_t tkt_message_each(struct tkt_db *db, const char *ticket, bool public_only,
    tkt_row_visit *visit, void *context, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int64_t number;

	if (tkt_ticket_number(ticket, &number))
		return 0;
	if (prepare_select(db, &tkt_message_fields, of_message,
		public_only ? "ticket = ?1 AND kind = 'public' ORDER BY number"
			    : "ticket = ?1 ORDER BY number",
		number, &statement, error))
		return -1;
	return each(statement, &tkt_message_fields, visit, context, error);
}

int tkt_message_last(struct tkt_db *db, const char *ticket, bool by_person, json_t **message,
    struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int64_t number;

	if (tkt_ticket_number(ticket, &number))
		return 0;
	if (prepare_select(db, &tkt_message_fields, of_message,
		by_person ? "ticket = ?1 AND kind = 'public' AND auto IS NOT 1"
			    " ORDER BY number DESC LIMIT 1"
			  : "ticket = ?1 AND kind = 'public' ORDER BY number DESC LIMIT 1",
		number, &statement, error))
		return -1;
	return tkt_columns_load(statement, &tkt_message_fields, message, error);
}

int tkt_message_description(
    struct tkt_db *db, const char *ticket, struct tkt_text *out, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT nullif(ifnull(body_new, body), '" NOTHING_NEW "') FROM message"
	    " WHERE ticket = ?1 AND kind = 'public' ORDER BY number LIMIT 1";
	tkt_autoptr(statement) statement = NULL;
	int64_t number = 0; /* of no ticket */
	const char *text;
	int row;

	tkt_ticket_number(ticket, &number);
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	text = tkt_statement_text(statement, 0);
	tkt_text_add(out, text ? text : "");
	return tkt_text_check(out, error) ? -1 : text != NULL;
}

int tkt_message_thread(
    struct tkt_db *db, const char *ticket, json_t **message_ids, struct tkt_error *error)
{
	static const char sql[] = "SELECT message_id FROM message WHERE ticket = ?1"
				  " AND kind = 'public' AND channel = 'mail'"
				  " AND message_id IS NOT NULL"
				  " AND (auto IS NOT 1 OR direction = 'in') ORDER BY number";
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *made = json_array();
	int64_t number = 0; /* of no ticket */
	int row;

	if (!made)
		return tkt_error_set_memory(error);
	tkt_ticket_number(ticket, &number);
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	while ((row = tkt_statement_step(statement, error)) > 0) {
		if (json_array_append_new(made, json_string(tkt_statement_text(statement, 0))))
			return tkt_error_set_memory(error);
		if (json_array_size(made) > 1 + LAST_IDS)
			json_array_remove(made, 1);
	}
	if (row < 0)
		return -1;
	*message_ids = tkt_take(made);
	return 0;
}

int64_t tkt_question_each(struct tkt_db *db, const char *ticket, tkt_row_visit *visit,
    void *context, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	int64_t number;

	if (tkt_ticket_number(ticket, &number))
		return 0;
	if (prepare_select(db, &tkt_question_fields, of_question,
		"ticket = ?1 AND answered_at IS NULL ORDER BY asked_at, key", number, &statement,
		error))
		return -1;
	return each(statement, &tkt_question_fields, visit, context, error);
}

static int keep_question(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	json_t *question = NULL;

	if (tkt_row_load(&tkt_question_fields, row, &question, error))
		return -1;
	return json_array_append_new(context, question) ? tkt_error_set_memory(error) : 0;
}

int tkt_question_list(
    struct tkt_db *db, const char *ticket, json_t **questions, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *made = json_array();
	int64_t number = 0; /* of no ticket */

	if (!made)
		return tkt_error_set_memory(error);
	tkt_ticket_number(ticket, &number);
	if (prepare_select(db, &tkt_question_fields, of_question, "ticket = ?1 ORDER BY key",
		number, &statement, error) ||
	    each(statement, &tkt_question_fields, keep_question, made, error) < 0)
		return -1;
	*questions = tkt_take(made);
	return 0;
}

int tkt_question_write(struct tkt_db *db, const json_t *question, struct tkt_error *error)
{
	/* An answer need not repeat what was asked. */
	static const char sql[] =
	    "INSERT INTO question(key, text, asked_at, answered_at, answer, kind, ticket)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(ticket, key) DO UPDATE SET"
	    " text = ifnull(excluded.text, text), asked_at = ifnull(excluded.asked_at, asked_at),"
	    " answered_at = excluded.answered_at, answer = excluded.answer,"
	    " kind = ifnull(excluded.kind, kind)";
	struct tkt_value row[TKT_ROW_SIZE];
	tkt_autoptr(statement) statement = NULL;
	tkt_autotext room;
	int64_t ticket;
	size_t index;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (need_number(question, "ticket", &ticket, error) ||
	    tkt_row_from_object(&tkt_question_fields, question, row, &room, error) ||
	    tkt_db_prepare(db, sql, &statement, error))
		return -1;
	for (index = 1; index < tkt_question_fields.count; index++) /* ticket is the first */
		if (tkt_value_bind(statement, (int)index, &row[index], error))
			return -1;
	if (tkt_statement_bind_integer(statement, (int)tkt_question_fields.count, ticket, error))
		return -1;
	return tkt_statement_run(statement, error);
}
