/* tkt-apply: commit proposed changes; with --replay, write a log into an empty desk. */
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "expression/expression.h"
#include "flow/batch.h"
#include "flow/session.h"
#include "flow/told.h"
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

struct applying {
	struct tkt_expression *only_if;
	struct tkt_text complaints; /* about whom of `notify` nothing reaches */
};

static bool has_type(const json_t *object, const char *type)
{
	return tkt_text_equal(tkt_object_text(object, "type"), type);
}

static int apply_one(struct tkt_session *session, json_t *change, struct applying *applying,
    json_t **ticket, struct tkt_error *error)
{
	const struct tkt_apply_manner manner = { .only_if = applying->only_if };
	tkt_autoapplied applied = { 0 };

	if (tkt_change_check(change, error) ||
	    tkt_apply_told(session, change, &manner, &applied, &applying->complaints, error))
		return -1;
	json_decref(*ticket);
	*ticket = json_incref(applied.ticket);
	return 0;
}

/* The `changes` of a ticket that deciders passed on: all for this one, or none is done. */
static int apply_changes(struct tkt_session *session, const struct tkt_item *item,
    struct applying *applying, json_t **ticket, struct tkt_error *error)
{
	const char *id = tkt_object_text(item->object, "id");
	json_t *changes = json_object_get(item->object, "changes"), *change;
	size_t at;

	if (!json_is_array(changes))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a list"), "changes");
	json_array_foreach(changes, at, change) {
		if (!id || !tkt_text_equal(tkt_object_text(change, "ticket"), id))
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("what stands in the 'changes' of ticket '%s' must be a change of it"),
			    id ? id : "");
		if (apply_one(session, change, applying, ticket, error))
			return -1;
	}
	return 0;
}

/* A change stands alone, or in the `changes` of a ticket. */
static int apply_item(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	struct applying *applying = context;
	json_auto_t *ticket = NULL;

	if (has_type(item->object, "event"))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("an event has been applied already; --replay writes it into an empty desk"));
	if (has_type(item->object, "change")) {
		if (apply_one(session, item->object, applying, &ticket, error))
			return -1;
		return json_array_append(results, ticket) ? tkt_error_set_memory(error) : 0;
	}
	if (!has_type(item->object, "ticket") ||
	    tkt_json_is_empty(json_object_get(item->object, "changes")))
		return 1;
	if (apply_changes(session, item, applying, &ticket, error))
		return -1;
	json_object_del(item->object, "changes");
	return json_array_append_new(results, tkt_item_result(item, ticket))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int replay_item(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	json_int_t seq = json_integer_value(json_object_get(item->object, "seq"));
	json_int_t *last = context;
	json_t *ticket = NULL;

	if (!has_type(item->object, "event"))
		return 1;
	if (seq > 0 && seq <= *last)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("event %jd stands behind event %jd: a log is read in its order"),
		    (intmax_t)seq, (intmax_t)*last);
	*last = seq > *last ? seq : *last;
	if (tkt_apply_event(session, item->object, &ticket, error))
		return -1;
	if (!ticket)
		return 0;
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
	struct applying applying = { 0 };
	json_int_t last_seq = 0;
	int result;

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
	applying.only_if = only_if;
	tkt_text_init(&applying.complaints, TKT_TEXT_LIMIT);
	result = tkt_batch_run(session,
	    &(struct tkt_batch){ .handle = wanted.replay ? replay_item : apply_item,
		.context = wanted.replay ? (void *)&last_seq : &applying,
		.table = &tkt_ticket_fields,
		.fields = wanted.fields,
		/* A log with a hole would give other tickets: all of it, or nothing. */
		.atomic = wanted.atomic || wanted.replay,
		.dry_run = wanted.dry_run },
	    0, error);
	tkt_complain(command, &applying.complaints);
	tkt_text_clear(&applying.complaints);
	return result;
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
