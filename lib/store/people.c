#include "store/people.h"

#include <string.h>

#include "base/error.h"
#include "expression/expression.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/people_side.h"
#include "store/where.h"

#include "base/banned.h"

#define BATCH 500
#define FOUND_MOST 1000

static int prepare(struct tkt_db *db, const struct tkt_field_table *table, const char *where,
    struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	tkt_columns_add(&sql, table, "", NULL);
	tkt_text_format(&sql, " FROM %s WHERE %s", table->table, where);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, statement, error);
}

int tkt_people_get(struct tkt_db *db, const struct tkt_field_table *table, const char *id,
    json_t **object, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare(db, table, "id = ?1", &statement, error) ||
	    tkt_statement_bind_text(statement, 1, id, error))
		return -1;
	return tkt_columns_load(statement, table, object, error);
}

static const struct {
	const struct tkt_field_table *table;
	const char *where;
} keys[] = {
	[TKT_CONTACTS_OF_ADDRESS] = { &tkt_contact_fields,
	    "id IN (SELECT contact FROM contact_address WHERE address = ?1)" },
	[TKT_CONTACTS_REPLACED_BY] = { &tkt_contact_fields, "replaced_by = ?1" },
	[TKT_CUSTOMERS_OF_ADDRESS] = { &tkt_customer_fields,
	    "id IN (SELECT customer FROM contract WHERE contact = ?1)" },
	[TKT_CUSTOMERS_OF_CONTRACT] = { &tkt_customer_fields,
	    "id IN (SELECT customer FROM contract WHERE number = ?1)" },
	[TKT_CUSTOMERS_OF_DOMAIN] = { &tkt_customer_fields,
	    "id IN (SELECT customer FROM customer_domain WHERE domain = ?1)" },
	[TKT_AGENTS_OF_ADDRESS] = { &tkt_agent_fields,
	    "id IN (SELECT agent FROM agent_address WHERE address = ?1)" },
};

int tkt_people_find(struct tkt_db *db, enum tkt_people_key key, const char *value, json_t *found,
    struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	tkt_autotext where;
	int row;

	tkt_text_init(&where, TKT_TEXT_LIMIT);
	tkt_text_format(&where, "%s ORDER BY id LIMIT %d", keys[key].where, FOUND_MOST);
	if (tkt_text_check(&where, error) ||
	    prepare(db, keys[key].table, where.bytes, &statement, error) ||
	    tkt_statement_bind_text(statement, 1, value, error))
		return -1;
	for (;;) {
		json_t *object = NULL;

		row = tkt_columns_load(statement, keys[key].table, &object, error);
		if (row <= 0)
			return row;
		if (json_array_append_new(found, object))
			return tkt_error_set_memory(error);
	}
}

static int insert(struct tkt_db *db, const struct tkt_field_table *table, const json_t *object,
    struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	tkt_autotext room;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (tkt_row_from_object(table, object, row, &room, error))
		return -1;
	return tkt_row_insert(db, table, row, NULL, NULL, 0, error);
}

static int update(struct tkt_db *db, const struct tkt_field_table *table, const json_t *before,
    const json_t *object, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	struct tkt_value row[TKT_ROW_SIZE];
	bool changed[TKT_ROW_SIZE];
	tkt_autotext room, sql;
	const char *comma = "";
	int place = 0;
	size_t i;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	if (tkt_row_from_difference(table, before, object, row, changed, &room, error))
		return -1;
	tkt_text_format(&sql, "UPDATE %s SET ", table->table);
	for (i = 0; i < table->count; i++) {
		if (!changed[i])
			continue;
		tkt_text_format(&sql, "%s%s = ?", comma, table->fields[i].column);
		comma = ", ";
	}
	if (!*comma)
		return 0;
	tkt_text_add(&sql, " WHERE id = ?");
	if (tkt_text_check(&sql, error) || tkt_db_prepare(db, sql.bytes, &statement, error))
		return -1;
	for (i = 0; i < table->count; i++)
		if (changed[i] && tkt_value_bind(statement, ++place, &row[i], error))
			return -1;
	if (tkt_statement_bind_text(statement, ++place, tkt_object_text(before, "id"), error))
		return -1;
	return tkt_statement_run(statement, error);
}

int tkt_people_write(struct tkt_db *db, const struct tkt_field_table *table, const json_t *before,
    const json_t *object, struct tkt_error *error)
{
	if (before ? update(db, table, before, object, error) : insert(db, table, object, error))
		return -1;
	return tkt_people_side_write(db, table, before, object, error);
}

/* A list on its way. */
struct way {
	struct tkt_db *db;
	const struct tkt_field_table *table;
	const struct tkt_expression *expression;
	struct tkt_statement *statement;
	struct tkt_bindings bindings; /* the first is the id to go on behind */
	bool declined;                /* rows are judged in memory */
	char *last;
	int64_t handed;
	tkt_row_visit *visit;
	void *context;
};

static void way_clear(struct way *way)
{
	tkt_statement_free(way->statement);
	tkt_bindings_clear(&way->bindings);
	free(way->last);
}

static int prepare_list(struct way *way, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	tkt_columns_add(&sql, way->table, "", NULL);
	tkt_text_format(&sql, " FROM %s WHERE id > ifnull(?1, '') AND ", way->table->table);
	if (tkt_bindings_add_text(&way->bindings, "", error) ||
	    tkt_where_add(way->expression, way->table, &sql, &way->bindings, &way->declined, error))
		return -1;
	tkt_text_format(&sql, " ORDER BY id LIMIT %d", BATCH);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(way->db, sql.bytes, &way->statement, error);
}

/* Hands the row over if it matches. As tkt_row_visit(). */
static int hand(struct way *way, const struct tkt_value *row, struct tkt_error *error)
{
	if (way->declined) {
		json_auto_t *object = NULL;
		int matches;

		if (tkt_row_load(way->table, row, &object, error))
			return -1;
		matches = tkt_expression_match(way->expression, object, error);
		if (matches <= 0)
			return matches;
	}
	way->handed++;
	return way->visit(row, way->context, error);
}

/* 1 when more rows may follow, 0 at the end, -1. */
static int read_batch(struct way *way, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE];
	tkt_autofree char *last = way->last;
	int count = 0, found = 1, pause = 0;

	way->last = NULL;
	way->bindings.items[0].text = last ? last : "";
	if (tkt_bindings_apply(&way->bindings, way->statement, error))
		return -1;
	while (!pause && (found = tkt_statement_step(way->statement, error)) > 0) {
		count++;
		tkt_columns_read(way->statement, 0, way->table, row);
		free(tkt_take(way->last));
		way->last = strdup(row[0].text); /* the id is the first of each table */
		if (!way->last)
			return tkt_error_set_memory(error);
		pause = hand(way, row, error);
		if (pause < 0)
			return -1;
	}
	tkt_statement_reset(way->statement);
	return found < 0 ? -1 : pause || count == BATCH;
}

int64_t tkt_people_each(struct tkt_db *db, const struct tkt_field_table *table,
    const struct tkt_expression *expression, tkt_row_visit *visit,
    int (*between)(void *context, struct tkt_error *error), void *context, struct tkt_error *error)
{
	__attribute__((cleanup(way_clear))) struct way way = {
		.db = db,
		.table = table,
		.expression = expression,
		.visit = visit,
		.context = context,
	};
	int more;

	if (prepare_list(&way, error))
		return -1;
	while ((more = read_batch(&way, error)) > 0)
		if (between && between(context, error))
			return -1;
	return more < 0 ? -1 : way.handed;
}

/* The answer to a question that has one row of one number. 1, 0, -1. */
static int ask(struct tkt_db *db, const char *sql, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) || tkt_statement_step(statement, error) < 0)
		return -1;
	return tkt_statement_integer(statement, 0) != 0;
}

int tkt_people_has_agents(struct tkt_db *db, struct tkt_error *error)
{
	return ask(db, "SELECT (SELECT min(id) FROM agent) IS NOT NULL", error);
}

int tkt_people_tiers(struct tkt_db *db, json_t **tiers, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT DISTINCT tier FROM customer WHERE tier IS NOT NULL ORDER BY tier";
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *made = json_array();
	int found;

	if (!made)
		return tkt_error_set_memory(error);
	if (tkt_db_prepare(db, sql, &statement, error))
		return -1;
	while ((found = tkt_statement_step(statement, error)) > 0)
		if (json_array_append_new(made, json_string(tkt_statement_text(statement, 0))))
			return tkt_error_set_memory(error);
	if (found < 0)
		return -1;
	*tiers = tkt_take(made);
	return 0;
}

int tkt_people_has_customers(struct tkt_db *db, struct tkt_error *error)
{
	return ask(db,
	    "SELECT (SELECT min(id) FROM customer) IS NOT NULL"
	    " OR (SELECT min(id) FROM contact) IS NOT NULL",
	    error);
}
