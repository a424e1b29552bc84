#include "flow/decider.h"

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/batch.h"
#include "flow/lookup.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "flow/told.h"
#include "store/db.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"
#include "json/order.h"
#include "json/output.h"

#include "base/banned.h"

struct deciding {
	const struct tkt_decider *decider;
	struct tkt_command *command;
	struct tkt_output *output;
};

/* 1: it is about no ticket, and passes; 0; -1. */
static int check_item(const struct tkt_item *item, struct tkt_error *error)
{
	if (item->operand)
		return 0;
	if (!tkt_item_is_ticket(item))
		return 1;
	if (!tkt_item_ticket(item))
		return tkt_error_set(error, TKT_ERROR_DATA, _("a ticket needs an 'id'"));
	return 0;
}

static int find_ticket(struct tkt_session *session, const struct tkt_item *item, json_t **ticket,
    struct tkt_error *error)
{
	json_auto_t *stored = NULL;

	if (tkt_object_text(item->object, "status")) {
		*ticket = json_incref(item->object);
		return 0;
	}
	if (tkt_ticket_require(session->db, tkt_item_ticket(item), &stored, error) ||
	    tkt_object_order(&tkt_ticket_fields, &stored, error))
		return -1;
	*ticket = tkt_item_result(item, stored);
	return *ticket ? 0 : tkt_error_set_memory(error);
}

/* The ticket as it would be, with the changes behind those that it has. */
static int preview(
    const json_t *ticket, const json_t *changes, json_t **after, struct tkt_error *error)
{
	json_auto_t *made = json_incref((json_t *)ticket), *all = NULL;
	const json_t *change;
	size_t at;

	json_array_foreach(changes, at, change) {
		json_t *next = NULL;

		if (tkt_change_preview(change, made, &next, error))
			return -1;
		json_decref(made);
		made = next;
	}
	if (!json_array_size(changes)) {
		*after = tkt_take(made);
		return 0;
	}
	all = json_copy(json_object_get(ticket, "changes"));
	if (!all)
		all = json_array();
	if (json_array_extend(all, (json_t *)changes) || json_object_set(made, "changes", all))
		return tkt_error_set_memory(error);
	*after = tkt_take(made);
	return 0;
}

static int print_each(struct deciding *deciding, const json_t *objects, struct tkt_error *error)
{
	const json_t *object;
	size_t at;

	json_array_foreach(objects, at, object)
		if (tkt_output_object(deciding->output, object, error))
			return -1;
	return 0;
}

static int print(struct deciding *deciding, const json_t *ticket, const json_t *changes,
    const json_t *rows, struct tkt_error *error)
{
	json_auto_t *after = NULL;

	if (deciding->decider->explain || deciding->decider->changes_only) {
		if (print_each(deciding, deciding->decider->explain ? rows : changes, error))
			return -1;
	} else if (preview(ticket, changes, &after, error) ||
	    tkt_output_object(deciding->output, after, error)) {
		return -1;
	}
	return tkt_command_flush_full(deciding->command, error) < 0 ? -1 : 0;
}

static int decide(struct tkt_session *session, const struct tkt_item *item, void *context,
    struct tkt_error *error)
{
	struct deciding *deciding = context;
	const struct tkt_decider *decider = deciding->decider;
	json_auto_t *ticket = NULL, *changes = json_array(), *rows = json_array();
	struct tkt_error ignored = { 0 };
	int result = check_item(item, error);

	if (result)
		return result;
	if (!changes || !rows)
		return tkt_error_set_memory(error);
	if (tkt_read_begin(session->db, error))
		return -1;
	result = find_ticket(session, item, &ticket, error) ||
	    decider->decide(
		session, ticket, changes, decider->explain ? rows : NULL, decider->context, error);
	if (tkt_read_end(session->db, result ? &ignored : error) || result)
		return -1;
	return print(deciding, ticket, changes, rows, error);
}

static int propose(
    struct tkt_command *command, const struct tkt_decider *decider, struct tkt_error *error)
{
	struct deciding deciding = { .decider = decider, .command = command };
	const struct tkt_lookup lookup = {
		.take = decide,
		.context = &deciding,
		.passes =
		    command->format == TKT_FORMAT_JSON && !decider->fields && !decider->explain,
	};
	const struct tkt_field_table *table = decider->explain ? decider->explain
	    : decider->changes_only                            ? &tkt_change_fields
							       : &tkt_ticket_fields;
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) output = NULL;

	if (tkt_session_open(command, TKT_DB_READ, &session, error) ||
	    (decider->rules && tkt_session_rehearse(session, decider->rules, error)) ||
	    tkt_output_new(command, table, decider->fields, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	deciding.output = output;
	return tkt_lookup_run(session, &lookup, error);
}

struct applying {
	const struct tkt_decider *decider;
	struct tkt_text complaints; /* about whom of `notify` nothing reaches */
};

/* The changes, one after the other; *ticket is then as they leave it. */
static int apply_each(struct tkt_session *session, const json_t *changes, json_t **ticket,
    struct tkt_text *complaints, struct tkt_error *error)
{
	const json_t *change;
	size_t at;

	json_array_foreach(changes, at, change) {
		tkt_autoapplied applied = { 0 };

		if (tkt_apply_told(session, change, NULL, &applied, complaints, error))
			return -1;
		json_decref(*ticket);
		*ticket = json_incref(applied.ticket);
	}
	return 0;
}

static int apply(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	struct applying *applying = context;
	const struct tkt_decider *decider = applying->decider;
	json_auto_t *ticket = NULL, *changes = json_array();
	size_t told = applying->complaints.length;
	int result = check_item(item, error);

	if (result)
		return result;
	if (!changes)
		return tkt_error_set_memory(error);
	if (!tkt_json_is_empty(json_object_get(item->object, "changes")))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the 'changes' of ticket '%s' have not been applied: end the pipe with tkt-apply"),
		    tkt_item_ticket(item));
	if (tkt_ticket_require(session->db, tkt_item_ticket(item), &ticket, error) ||
	    decider->decide(session, ticket, changes, NULL, decider->context, error) ||
	    apply_each(session, changes, &ticket, &applying->complaints, error) ||
	    tkt_object_order(&tkt_ticket_fields, &ticket, error)) {
		tkt_text_truncate(&applying->complaints, told);
		return -1;
	}
	return json_array_append_new(results, tkt_item_result(item, ticket))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int apply_all(
    struct tkt_command *command, const struct tkt_decider *decider, struct tkt_error *error)
{
	struct applying applying = { .decider = decider };
	tkt_autoptr(session) session = NULL;
	int result;

	if (tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	tkt_text_init(&applying.complaints, TKT_TEXT_LIMIT);
	result = tkt_batch_run(session,
	    &(struct tkt_batch){ .handle = apply,
		.context = &applying,
		.table = &tkt_ticket_fields,
		.fields = decider->fields,
		.atomic = decider->atomic,
		.dry_run = decider->dry_run },
	    0, error);
	tkt_complain(command, &applying.complaints);
	tkt_text_clear(&applying.complaints);
	return result;
}

static int check(const struct tkt_decider *decider, struct tkt_error *error)
{
	if (decider->apply + decider->changes_only + (decider->explain != NULL) > 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("give only one of --apply, --changes, --explain"));
	if ((decider->atomic || decider->dry_run) && !decider->apply)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'%s' goes with --apply"),
		    decider->atomic ? "--atomic" : "--dry-run");
	if (decider->rules && decider->apply)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' goes without --apply"), "--rules");
	return 0;
}

int tkt_decider_run(
    struct tkt_command *command, const struct tkt_decider *decider, struct tkt_error *error)
{
	if (check(decider, error))
		return -1;
	return decider->apply ? apply_all(command, decider, error)
			      : propose(command, decider, error);
}
