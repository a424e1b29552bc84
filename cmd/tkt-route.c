/* tkt-route: where tickets go and who gets them: propose it, explain it, or do it. */
#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/batch.h"
#include "flow/lookup.h"
#include "flow/route.h"
#include "flow/session.h"
#include "flow/told.h"
#include "store/db.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"
#include "json/order.h"
#include "json/output.h"

static struct {
	const char *fields;
	bool apply, atomic, changes, dry_run, explain;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('a', "apply", &wanted.apply, N_("do it, and print the tickets")),
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every change")),
	TKT_OPTION_FLAG('c', "changes", &wanted.changes, N_("print the changes alone")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_FLAG('e', "explain", &wanted.explain,
	    N_("print which routes match, who comes into question, who loses and why")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,queue,assignee")),
	TKT_OPTION_END,
};

struct deciding {
	struct tkt_command *command;
	struct tkt_output *output;
	struct tkt_router router;
	struct tkt_text complaints; /* of --apply */
};

/* The ticket of an item: as it comes when it comes whole, for it may be one that is only proposed;
 * else as it is stored. 0 and a new reference, or -1. */
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

/* The ticket as it would be, with the change appended to its `changes`. */
static int propose(const json_t *ticket, json_t *change, json_t **after, struct tkt_error *error)
{
	json_auto_t *made = NULL, *changes = NULL;

	if (!change) {
		*after = json_incref((json_t *)ticket);
		return 0;
	}
	if (tkt_change_preview(change, ticket, &made, error))
		return -1;
	changes = json_copy(json_object_get(ticket, "changes"));
	if (!changes)
		changes = json_array();
	if (json_array_append(changes, change) || json_object_set(made, "changes", changes))
		return tkt_error_set_memory(error);
	*after = tkt_take(made);
	return 0;
}

static int print_rows(struct deciding *deciding, const json_t *rows, struct tkt_error *error)
{
	const json_t *row;
	size_t at;

	json_array_foreach(rows, at, row)
		if (tkt_output_object(deciding->output, row, error))
			return -1;
	return 0;
}

static int print(struct deciding *deciding, const json_t *ticket, json_t *change,
    const json_t *rows, struct tkt_error *error)
{
	json_auto_t *after = NULL;

	if (wanted.explain) {
		if (print_rows(deciding, rows, error))
			return -1;
	} else if (wanted.changes) {
		if (change && tkt_output_object(deciding->output, change, error))
			return -1;
	} else if (propose(ticket, change, &after, error) ||
	    tkt_output_object(deciding->output, after, error)) {
		return -1;
	}
	return tkt_command_flush_full(deciding->command, error) < 0 ? -1 : 0;
}

/* Names what is no ticket. 1: it passes; 0; -1. */
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

static int decide(struct tkt_session *session, const struct tkt_item *item, void *context,
    struct tkt_error *error)
{
	struct deciding *deciding = context;
	json_auto_t *ticket = NULL, *change = NULL, *rows = NULL;
	struct tkt_error ignored = { 0 };
	int result = check_item(item, error);

	if (result)
		return result;
	if (tkt_read_begin(session->db, error))
		return -1;
	result = find_ticket(session, item, &ticket, error) ||
	    tkt_route_decide(
		session, &deciding->router, ticket, &change, wanted.explain ? &rows : NULL, error);
	if (tkt_read_end(session->db, result ? &ignored : error) || result)
		return -1;
	return print(deciding, ticket, change, rows, error);
}

static int decide_all(struct tkt_command *command, struct tkt_error *error)
{
	struct deciding deciding = { .command = command, .router = { .keeps = true } };
	const struct tkt_lookup lookup = {
		.take = decide,
		.context = &deciding,
		.passes = command->format == TKT_FORMAT_JSON && !wanted.fields && !wanted.explain,
	};
	const struct tkt_field_table *table = wanted.explain ? &tkt_routing_fields
	    : wanted.changes                                 ? &tkt_change_fields
							     : &tkt_ticket_fields;
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) output = NULL;
	int result;

	if (tkt_session_open(command, TKT_DB_READ, &session, error) ||
	    tkt_output_new(command, table, wanted.fields, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	deciding.output = output;
	result = tkt_lookup_run(session, &lookup, error);
	tkt_router_clear(&deciding.router);
	return result;
}

/* Decides on a ticket as it is stored, and does it. */
static int apply(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	struct deciding *deciding = context;
	json_auto_t *ticket = NULL, *change = NULL;
	struct tkt_apply_manner manner = { 0 };
	size_t told = deciding->complaints.length;
	tkt_autoapplied applied = { 0 };
	int result = check_item(item, error);

	if (result)
		return result;
	if (!tkt_json_is_empty(json_object_get(item->object, "changes")))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("the 'changes' of ticket '%s' have not been applied: end the pipe with tkt-apply"),
		    tkt_item_ticket(item));
	if (tkt_ticket_require(session->db, tkt_item_ticket(item), &ticket, error) ||
	    tkt_route_decide(session, &deciding->router, ticket, &change, NULL, error))
		return -1;
	manner.before = ticket;
	if (change &&
	    tkt_apply_told(session, change, &manner, &applied, &deciding->complaints, error)) {
		tkt_text_truncate(&deciding->complaints, told);
		return -1;
	}
	return json_array_append_new(
		   results, tkt_item_result(item, change ? applied.ticket : ticket))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int apply_all(struct tkt_command *command, struct tkt_error *error)
{
	struct deciding deciding = { .command = command };
	tkt_autoptr(session) session = NULL;
	int result;

	if (tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	tkt_text_init(&deciding.complaints, TKT_TEXT_LIMIT);
	result = tkt_batch_run(session,
	    &(struct tkt_batch){ .handle = apply,
		.context = &deciding,
		.table = &tkt_ticket_fields,
		.fields = wanted.fields,
		.atomic = wanted.atomic,
		.dry_run = wanted.dry_run },
	    0, error);
	tkt_complain(command, &deciding.complaints);
	tkt_text_clear(&deciding.complaints);
	return result;
}

static int check_options(struct tkt_error *error)
{
	if (wanted.apply + wanted.changes + wanted.explain > 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("give only one of --apply, --changes, --explain"));
	if ((wanted.atomic || wanted.dry_run) && !wanted.apply)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'%s' goes with --apply"),
		    wanted.atomic ? "--atomic" : "--dry-run");
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	if (check_options(error))
		return -1;
	return wanted.apply ? apply_all(command, error) : decide_all(command, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-route",
	.synopsis = "[-c | -e | -a [-n] [--atomic]] [-o FIELDS] [TICKET...]",
	.summary = N_("Propose, explain or do where tickets go and who gets them."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
