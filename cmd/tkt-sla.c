/* tkt-sla: the promises on tickets: as they are now, what is due of them, why they are so. */
#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/batch.h"
#include "flow/clock_explain.h"
#include "flow/clock_rows.h"
#include "flow/clocks_view.h"
#include "flow/lookup.h"
#include "flow/recompute.h"
#include "flow/session.h"
#include "flow/sweep.h"
#include "flow/verify.h"
#include "flow/waiting.h"
#include "store/db.h"
#include "store/ticket.h"
#include "json/field.h"
#include "json/order.h"
#include "json/output.h"

static struct {
	bool adopt;
	bool dry_run;
	bool explain;
	bool recompute;
	bool sweep;
	bool verify;
	bool yes;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('a', "adopt", &wanted.adopt,
	    N_("bring open tickets under the policy in force, and recompute")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_FLAG('e', "explain", &wanted.explain, N_("print what each deadline is made of")),
	TKT_OPTION_FLAG('r', "recompute", &wanted.recompute,
	    N_("reckon open tickets anew by the present calendars")),
	TKT_OPTION_FLAG('s', "sweep", &wanted.sweep, N_("do what is due")),
	TKT_OPTION_FLAG('V', "verify", &wanted.verify,
	    N_("compare open tickets with what the log says of them")),
	TKT_OPTION_FLAG('y', "yes", &wanted.yes,
	    N_("sweep though many would be mailed or the time has jumped")),
	TKT_OPTION_END,
};

struct viewing {
	struct tkt_command *command;
	struct tkt_output *output;
	bool in_rows; /* a line a clock instead of the ticket */
	int found;    /* tickets, or members, that differ */
};

/* The ticket of an operand, or of a line that says no more than its id, as it is stored. */
static int load(struct tkt_session *session, const struct tkt_item *item, json_t **ticket,
    struct tkt_error *error)
{
	json_auto_t *stored = NULL;

	if (tkt_ticket_require(session->db, tkt_item_ticket(item), &stored, error) ||
	    tkt_clocks_view(session, stored, error) ||
	    tkt_object_order(&tkt_ticket_fields, &stored, error))
		return -1;
	*ticket = tkt_item_result(item, stored);
	return *ticket ? 0 : tkt_error_set_memory(error);
}

/* A ticket that comes whole is taken as it stands: it may be one that is only proposed. */
static int refresh(struct tkt_session *session, const struct tkt_item *item, json_t **ticket,
    struct tkt_error *error)
{
	json_auto_t *given = NULL;

	if (!tkt_object_text(item->object, "status"))
		return load(session, item, ticket, error);
	given = json_deep_copy(item->object);
	if (!given)
		return tkt_error_set_memory(error);
	if (tkt_clocks_view(session, given, error))
		return -1;
	*ticket = tkt_take(given);
	return 0;
}

static int view(struct tkt_session *session, const struct tkt_item *item, void *context,
    struct tkt_error *error)
{
	const struct viewing *viewing = context;
	struct tkt_error ignored = { 0 };
	json_auto_t *ticket = NULL;
	int result;

	if (!item->operand && !tkt_item_is_ticket(item))
		return 1;
	if (!tkt_item_ticket(item) && !tkt_object_text(item->object, "status"))
		return tkt_error_set(error, TKT_ERROR_DATA, _("a ticket needs an 'id'"));
	if (tkt_read_begin(session->db, error))
		return -1;
	result = refresh(session, item, &ticket, error);
	if (tkt_read_end(session->db, result ? &ignored : error) || result)
		return -1;
	if (viewing->in_rows
		? tkt_clock_rows(viewing->output, ticket, tkt_command_now(viewing->command), error)
		: tkt_output_object(viewing->output, ticket, error))
		return -1;
	return tkt_command_flush_full(viewing->command, error) < 0 ? -1 : 0;
}

static int view_all(struct tkt_session *session, struct tkt_error *error)
{
	struct tkt_command *command = session->command;
	struct viewing viewing = { command, NULL, command->format != TKT_FORMAT_JSON, 0 };
	tkt_autoptr(output) output = NULL;
	const struct tkt_lookup lookup = {
		.take = view,
		.context = &viewing,
		.passes = !viewing.in_rows,
	};

	if (tkt_output_new(command, viewing.in_rows ? &tkt_clock_row_fields : &tkt_ticket_fields,
		NULL, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	viewing.output = output;
	return tkt_lookup_run(session, &lookup, error);
}

static int print_piece(json_t *piece, void *context, struct tkt_error *error)
{
	const struct viewing *viewing = context;

	if (tkt_output_object(viewing->output, piece, error))
		return -1;
	return tkt_command_flush_full(viewing->command, error) < 0 ? -1 : 0;
}

static int explain(
    struct tkt_session *session, const char *id, void *context, struct tkt_error *error)
{
	if (tkt_clock_explain(session, id, print_piece, context, error))
		return -1;
	return tkt_waiting_explain(session, id, print_piece, context, error);
}

static int print_difference(const json_t *difference, void *context, struct tkt_error *error)
{
	return print_piece((json_t *)difference, context, error);
}

static int verify(
    struct tkt_session *session, const char *id, void *context, struct tkt_error *error)
{
	struct viewing *viewing = context;
	int found = tkt_verify_ticket(session, id, print_difference, context, error);

	viewing->found += found > 0;
	return found < 0 ? -1 : 0;
}

/* A table of several clocks says which. */
static const char *columns(const struct tkt_command *command)
{
	if (wanted.verify || command->format == TKT_FORMAT_JSON)
		return NULL;
	return "ticket,clock,kind,date,start_at,end_at,seconds,reason,note";
}

/* Each ticket that is named, or, with --verify and no operand, all that are open. */
static int look_at_all(struct tkt_session *session, struct tkt_error *error)
{
	struct tkt_command *command = session->command;
	struct viewing viewing = { .command = command };
	const struct tkt_lookup lookup = {
		.show = wanted.verify ? verify : explain,
		.context = &viewing,
	};
	tkt_autoptr(output) output = NULL;
	int result;

	if (tkt_output_new(command,
		wanted.verify ? &tkt_difference_fields : &tkt_explanation_fields, columns(command),
		&output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	viewing.output = output;
	if (wanted.verify && !command->operand_count)
		result = viewing.found =
		    tkt_verify_open(session, print_difference, &viewing, error);
	else
		result = tkt_lookup_run(session, &lookup, error);
	if (result < 0)
		return -1;
	if (!viewing.found)
		return 0;
	if (tkt_command_flush(command, error) < 0)
		return -1;
	return tkt_error_set(error, TKT_ERROR_NO, _("the desk is not as its log says"));
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	bool recompute = wanted.recompute || wanted.adopt;

	if (wanted.explain + recompute + wanted.sweep + wanted.verify > 1)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("give only one of --explain, --recompute (or --adopt), --sweep, --verify"));
	if (wanted.dry_run && !recompute && !wanted.sweep)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' goes with --recompute, --adopt or --sweep"), "--dry-run");
	if (wanted.sweep && command->operand_count)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("--sweep takes no tickets: it does what is due on all of them"));
	if (recompute && command->operand_count)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' takes no tickets: it is about all that are open"), "--recompute");
	if (wanted.yes && !wanted.sweep)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'%s' goes with --sweep"), "--yes");
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;

	if (check_options(command, error))
		return -1;
	if (wanted.sweep)
		return tkt_sweep_run(command,
		    &(struct tkt_sweep_manner){ .yes = wanted.yes, .dry_run = wanted.dry_run },
		    error);
	if (wanted.recompute || wanted.adopt)
		return tkt_recompute_run(command,
		    &(struct tkt_recompute_manner){
			.adopt = wanted.adopt, .dry_run = wanted.dry_run },
		    error);
	if (tkt_session_open(command, TKT_DB_READ, &session, error))
		return -1;
	return wanted.explain || wanted.verify ? look_at_all(session, error)
					       : view_all(session, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-sla",
	.synopsis = "[-e | -V | -s [-ny] | -r [-an]] [TICKET...]",
	.summary = N_("Show, explain and keep the promises on tickets."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
