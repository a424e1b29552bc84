/* tkt-apply: commit proposed changes; with --replay, write a log into an empty desk. */
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "expression/expression.h"
#include "flow/apply.h"
#include "flow/batch.h"
#include "flow/session.h"
#include "store/event.h"
#include "json/change.h"
#include "json/field.h"

static struct {
	const char *only_if;
	const char *fields;
	bool atomic;
	bool dry_run;
	bool replay;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every change")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_TEXT(0, "if", N_("EXPRESSION"), &wanted.only_if,
	    N_("change only tickets that match, judged at that moment")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,status,subject")),
	TKT_OPTION_FLAG(0, "replay", &wanted.replay,
	    N_("write the events of a log, as they are, into a desk without tickets")),
	TKT_OPTION_END,
};

static bool has_type(const json_t *object, const char *type)
{
	return tkt_text_equal(tkt_object_text(object, "type"), type);
}

static int apply_one(struct tkt_session *session, json_t *change,
    const struct tkt_expression *only_if, json_t **ticket, struct tkt_error *error)
{
	const struct tkt_apply_manner manner = { .only_if = only_if };
	tkt_autoapplied applied = { 0 };

	if (tkt_change_check(change, error) ||
	    tkt_apply_change(session, change, &manner, &applied, error))
		return -1;
	json_decref(*ticket);
	*ticket = json_incref(applied.ticket);
	return 0;
}

/* A change stands alone, or in the `changes` of a ticket that deciders passed on. */
static int apply_item(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	const struct tkt_expression *only_if = context;
	json_auto_t *ticket = NULL;
	json_t *changes, *change;
	size_t at;

	if (has_type(item->object, "event"))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("an event has been applied already; --replay writes it into an empty desk"));
	if (has_type(item->object, "change")) {
		if (apply_one(session, item->object, only_if, &ticket, error))
			return -1;
		return json_array_append(results, ticket) ? tkt_error_set_memory(error) : 0;
	}
	changes = json_object_get(item->object, "changes");
	if (!has_type(item->object, "ticket") || !json_array_size(changes))
		return 1;
	json_array_foreach(changes, at, change) {
		if (apply_one(session, change, only_if, &ticket, error))
			return -1;
	}
	json_object_del(item->object, "changes");
	return json_array_append_new(results, tkt_item_result(item, ticket))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int replay_item(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	json_t *ticket = NULL;

	(void)context;
	if (!has_type(item->object, "event"))
		return 1;
	if (tkt_apply_event(session, item->object, &ticket, error))
		return -1;
	return json_array_append_new(results, ticket) ? tkt_error_set_memory(error) : 0;
}

static int check_empty(struct tkt_session *session, struct tkt_error *error)
{
	int empty = tkt_event_is_empty(session->db, error);

	if (empty)
		return empty < 0 ? -1 : 0;
	return tkt_error_set(error, TKT_ERROR_DATA,
	    _("the desk has tickets or a log already: --replay needs an empty one, from tkt-init"));
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(expression) only_if = NULL;
	struct tkt_expression_scope scope;

	if (wanted.replay && wanted.only_if)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("--replay writes the whole log: --if does not go with it"));
	if (tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    (wanted.replay && check_empty(session, error)))
		return -1;
	scope = tkt_session_scope(session);
	if (wanted.only_if &&
	    tkt_expression_parse(wanted.only_if, &tkt_ticket_fields, &scope, &only_if, error))
		return -1;
	return tkt_batch_run(session,
	    &(struct tkt_batch){ .handle = wanted.replay ? replay_item : apply_item,
		.context = only_if,
		.table = &tkt_ticket_fields,
		.fields = wanted.fields,
		.atomic = wanted.atomic,
		.dry_run = wanted.dry_run },
	    0, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-apply",
	.synopsis = "[-n] [--atomic] [--if EXPRESSION] [-o FIELDS] [--replay]",
	.summary = N_("Commit the changes that come on standard input."),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
