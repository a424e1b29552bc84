#include "store/ticket.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/words.h"
#include "store/columns.h"
#include "store/db.h"
#include "store/side_tables.h"

#include "base/banned.h"

/* Where the digits of an id start: behind its prefix. */
static const char *digits_of(const char *id)
{
	const char *dash = strrchr(id, '-');

	if (*id == '#')
		return id + 1;
	return dash && dash != id ? dash + 1 : id;
}

int tkt_ticket_number(const char *id, int64_t *number)
{
	const char *digits = digits_of(id);
	int64_t parsed;

	if (!*digits || strspn(digits, "0123456789") != strlen(digits) ||
	    tkt_number_parse(digits, &parsed) || parsed <= 0)
		return -1;
	*number = parsed;
	return 0;
}

bool tkt_ticket_id_means(const char *written, const char *stored)
{
	const char *digits = digits_of(written), *stored_digits = digits_of(stored);
	size_t length = (size_t)(digits - written);

	if (digits == written || *written == '#')
		return true;
	return length == (size_t)(stored_digits - stored) &&
	    strncasecmp(written, stored, length) == 0;
}

static int prepare_select(
    struct tkt_db *db, const char *where, struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "SELECT ");
	tkt_columns_add(&sql, &tkt_ticket_fields, "", NULL);
	tkt_text_add(&sql, where);
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, statement, error);
}

int tkt_ticket_find(struct tkt_db *db, const char *id, json_t **ticket, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	json_auto_t *found = NULL;
	int64_t number;
	int row;

	if (tkt_ticket_number(id, &number))
		return 0;
	if (prepare_select(db, " FROM ticket WHERE number = ?1", &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	row = tkt_columns_load(statement, &tkt_ticket_fields, &found, error);
	if (row <= 0)
		return row;
	if (!tkt_ticket_id_means(id, tkt_object_text(found, "id")))
		return 0;
	*ticket = tkt_take(found);
	return 1;
}

/* The row that the statement stands on, of these fields. */
static int load_some(struct tkt_statement *statement, const char *const *names, json_t **ticket,
    struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE] = { { .kind = TKT_VALUE_EMPTY } };
	const char *key;
	size_t key_length;
	int i;

	for (i = 0; names[i]; i++) {
		const struct tkt_field *field =
		    tkt_field_find(&tkt_ticket_fields, names[i], &key, &key_length);

		tkt_value_read(statement, i, tkt_field_is_integer(field),
		    &row[tkt_field_index(&tkt_ticket_fields, field)]);
	}
	return tkt_row_load(&tkt_ticket_fields, row, ticket, error);
}

int tkt_ticket_find_some(struct tkt_db *db, const char *id, const char *const *names,
    json_t **ticket, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;
	tkt_autotext sql;
	int64_t number;
	size_t i;
	int row;

	if (tkt_ticket_number(id, &number))
		return 0;
	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	for (i = 0; names[i]; i++)
		tkt_text_format(&sql, "%s%s", i ? ", " : "SELECT ", names[i]);
	tkt_text_add(&sql, " FROM ticket WHERE number = ?1");
	if (tkt_text_check(&sql, error) || tkt_db_prepare(db, sql.bytes, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	return load_some(statement, names, ticket, error) ? -1 : 1;
}

int tkt_ticket_require(struct tkt_db *db, const char *id, json_t **ticket, struct tkt_error *error)
{
	int found = tkt_ticket_find(db, id, ticket, error);

	if (found)
		return found < 0 ? -1 : 0;
	return tkt_error_set(error, TKT_ERROR_NOT_FOUND, _("there is no ticket '%s'"), id);
}

int tkt_ticket_find_key(
    struct tkt_db *db, const char *key, json_t **ticket, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (prepare_select(
		db, " FROM ticket WHERE key = ?1 AND status <> 'closed'", &statement, error) ||
	    tkt_statement_bind_text(statement, 1, key, error))
		return -1;
	return tkt_columns_load(statement, &tkt_ticket_fields, ticket, error);
}

static int insert(struct tkt_db *db, int64_t number, const json_t *ticket, struct tkt_text *room,
    struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE], due;
	struct tkt_value others[2];

	if (tkt_row_from_object(&tkt_ticket_fields, ticket, row, room, error) ||
	    tkt_clocks_due(ticket, &due, error))
		return -1;
	others[0] = tkt_value_integer(number);
	others[1] = due;
	return tkt_row_insert(db, &tkt_ticket_fields, row, ", number, due_at", others, 2, error);
}

/* Only what changed, so that the indexes of other columns stay as they are. */
static int prepare_update(struct tkt_db *db, const bool *changed, bool due_changed,
    struct tkt_statement **statement, struct tkt_error *error)
{
	tkt_autotext sql;
	const char *comma = "";
	size_t index;

	tkt_text_init(&sql, TKT_TEXT_LIMIT);
	tkt_text_add(&sql, "UPDATE ticket SET ");
	for (index = 0; index < tkt_ticket_fields.count; index++) {
		if (!changed[index])
			continue;
		tkt_text_add(&sql, comma);
		tkt_text_add(&sql, tkt_ticket_fields.fields[index].column);
		tkt_text_add(&sql, " = ?");
		comma = ", ";
	}
	if (due_changed)
		tkt_text_format(&sql, "%sdue_at = ?", comma);
	tkt_text_add(&sql, " WHERE number = ?");
	if (tkt_text_check(&sql, error))
		return -1;
	return tkt_db_prepare(db, sql.bytes, statement, error);
}

/* When the earliest running clock is due, before and after. */
static int compare_due(const json_t *before, const json_t *after, struct tkt_value *due,
    bool *changed, struct tkt_error *error)
{
	struct tkt_value old;

	if (tkt_clocks_due(before, &old, error) || tkt_clocks_due(after, due, error))
		return -1;
	*changed = !tkt_value_equal(&old, due);
	return 0;
}

static int update(struct tkt_db *db, int64_t number, const json_t *before, const json_t *after,
    struct tkt_text *room, struct tkt_error *error)
{
	struct tkt_value row[TKT_ROW_SIZE], due;
	tkt_autoptr(statement) statement = NULL;
	bool changed[TKT_ROW_SIZE], due_changed, any;
	size_t index;
	int place = 0;

	if (tkt_row_from_difference(&tkt_ticket_fields, before, after, row, changed, room, error) ||
	    compare_due(before, after, &due, &due_changed, error))
		return -1;
	any = due_changed;
	for (index = 0; index < tkt_ticket_fields.count; index++)
		any = any || changed[index];
	if (!any)
		return 0;
	if (prepare_update(db, changed, due_changed, &statement, error))
		return -1;
	for (index = 0; index < tkt_ticket_fields.count; index++)
		if (changed[index] && tkt_value_bind(statement, ++place, &row[index], error))
			return -1;
	if ((due_changed && tkt_value_bind(statement, ++place, &due, error)) ||
	    tkt_statement_bind_integer(statement, ++place, number, error))
		return -1;
	return tkt_statement_run(statement, error);
}

int tkt_ticket_write(
    struct tkt_db *db, const json_t *before, const json_t *ticket, struct tkt_error *error)
{
	const char *id = tkt_object_text(ticket, "id");
	tkt_autotext room;
	int64_t number;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (!id || tkt_ticket_number(id, &number))
		return tkt_error_set(error, TKT_ERROR_DATA, _("a ticket needs an 'id'"));
	if (before ? update(db, number, before, ticket, &room, error)
		   : insert(db, number, ticket, &room, error))
		return -1;
	return tkt_side_tables_write(db, number, before, ticket, error);
}
