#include "store/derived.h"

#include <string.h>

#include "base/text.h"
#include "store/where.h"
#include "json/field.h"
#include "json/work_order.h"

#include "base/banned.h"

static const struct {
	const char *field, *sql;
} derived[] = {
	{ "questions",
	    "(SELECT count(*) FROM question WHERE question.ticket = ticket.number"
	    " AND question.answered_at IS NULL)" },
	{ "description",
	    "(SELECT nullif(ifnull(message.body_new, message.body), '\n') FROM message WHERE message.ticket = ticket.number"
	    " AND message.kind = 'public' ORDER BY message.number LIMIT 1)" },
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
