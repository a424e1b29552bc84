#include "store/derived.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "store/db.h"
#include "store/ticket.h"
#include "store/where.h"
#include "json/field.h"
#include "json/work_order.h"

#include "base/banned.h"

#define QUESTIONS                                                              \
	"(SELECT count(*) FROM question WHERE question.ticket = ticket.number" \
	" AND question.answered_at IS NULL)"
#define DESCRIPTION                                                                 \
	"(SELECT nullif(ifnull(message.body_new, message.body), '\n') FROM message" \
	" WHERE message.ticket = ticket.number AND message.kind = 'public'"         \
	" ORDER BY message.number LIMIT 1)"

static const struct {
	const char *field, *sql;
} derived[] = {
	{ "questions", QUESTIONS },
	{ "description", DESCRIPTION },
	{ "waiting_for",
	    "CASE WHEN ticket.status IN ('resolved', 'closed') THEN 'nobody'"
	    " WHEN ticket.status = 'pending' THEN CASE WHEN ticket.pending_reason IN"
	    " ('customer', 'third_party', 'development') THEN ticket.pending_reason ELSE 'us' END"
	    " WHEN ticket.last_out_at IS NULL THEN 'us'"
	    " WHEN ticket.last_in_at IS NULL OR ticket.last_out_at >= ticket.last_in_at"
	    " THEN 'customer' ELSE 'us' END" },
};

const char *tkt_derived_sql(const struct tkt_field *field)
{
	size_t i;

	for (i = 0; i < sizeof(derived) / sizeof(derived[0]); i++)
		if (strcmp(derived[i].field, field->name) == 0)
			return derived[i].sql;
	return NULL;
}

int tkt_derived_load(struct tkt_db *db, json_t *ticket, struct tkt_error *error)
{
	static const char sql[] =
	    "SELECT " DESCRIPTION ", " QUESTIONS " FROM ticket WHERE number = ?1";
	const char *id = tkt_object_text(ticket, "id"), *description;
	tkt_autoptr(statement) statement = NULL;
	int64_t number;
	int row;

	if (!id || tkt_ticket_number(id, &number))
		return 0;
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error))
		return -1;
	row = tkt_statement_step(statement, error);
	if (row <= 0)
		return row;
	description = tkt_statement_text(statement, 0);
	if ((description && !json_object_get(ticket, "description") &&
		json_object_set_new(ticket, "description", json_string(description))) ||
	    (!json_object_get(ticket, "questions") &&
		json_object_set_new(
		    ticket, "questions", json_integer(tkt_statement_integer(statement, 1)))))
		return tkt_error_set_memory(error);
	return 1;
}

bool tkt_field_is_rank(const struct tkt_field *field)
{
	return strcmp(field->name, "rank") == 0;
}

#define ARRIVAL "ifnull(ticket.received_at, ticket.created_at)"

int tkt_rank_add(struct tkt_text *sql, struct tkt_bindings *bindings,
    const struct tkt_work_order *work, struct tkt_error *error)
{
	size_t i;

	if (!work || !work->tiers || !work->tiers[0]) {
		tkt_text_add(sql, ARRIVAL);
		return 0;
	}
	tkt_text_add(sql, "(" ARRIVAL " + CASE ticket.tier");
	for (i = 0; work->tiers[i]; i++) {
		if (tkt_bindings_add_text(bindings, work->tiers[i], error) ||
		    tkt_bindings_add_integer(bindings, tkt_work_delay(work, work->tiers[i]), error))
			return -1;
		tkt_text_format(sql, " WHEN ?%zu THEN ?%zu", bindings->count - 1, bindings->count);
	}
	if (tkt_bindings_add_integer(bindings, tkt_work_delay(work, NULL), error))
		return -1;
	tkt_text_format(sql, " ELSE ?%zu END)", bindings->count);
	return 0;
}
