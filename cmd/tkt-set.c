/* tkt-set: change fields of tickets. */
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "expression/expression.h"
#include "flow/apply.h"
#include "flow/batch.h"
#include "flow/session.h"
#include "json/change.h"
#include "json/field.h"

#define NO_LIMIT INT64_MIN

static struct {
	const char *action;
	const char *why;
	const char *only_if;
	const char *fields;
	int64_t limit;
	bool atomic;
	bool dry_run;
} wanted = { .limit = NO_LIMIT };

static const struct tkt_option options[] = {
	TKT_OPTION_TEXT(0, "action", N_("NAME"), &wanted.action, N_("do this action of desk.conf")),
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every change")),
	TKT_OPTION_NUMBER('l', "limit", N_("NUMBER"), &wanted.limit,
	    N_("change so many and end; status 1 if there are fewer")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_TEXT(0, "if", N_("EXPRESSION"), &wanted.only_if,
	    N_("change only tickets that match, judged at that moment")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,status,subject")),
	TKT_OPTION_TEXT('w', "why", N_("TEXT"), &wanted.why, N_("the reason, for the log")),
	TKT_OPTION_END,
};

struct setting {
	char *const *assignments;
	size_t count;
	struct tkt_expression *only_if;
	struct tkt_present present; /* of any desk until one is opened */
};

static int set_one(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	const struct setting *setting = context;
	const struct tkt_apply_manner manner = { .only_if = setting->only_if };
	const char *id = tkt_item_ticket(item);
	const json_t *seen = tkt_item_is_ticket(item) ? item->object : NULL;
	json_auto_t *bare = NULL, *change = NULL;
	tkt_autoapplied applied = { 0 };
	size_t i;

	if (tkt_item_check(item, error))
		return -1;
	if (!id)
		return 1; /* not about a ticket: it passes */
	bare = json_pack("{s:s}", "id", id);
	if (!bare)
		return tkt_error_set_memory(error);
	if (tkt_change_new(seen ? seen : bare, wanted.why, &change, error))
		return -1;
	for (i = 0; i < setting->count; i++) {
		if (tkt_change_assign_at(
			change, seen, setting->assignments[i], &setting->present, error))
			return -1;
	}
	if (wanted.action && tkt_change_put(change, "action", json_string(wanted.action), error))
		return -1;
	if (tkt_apply_change(session, change, &manner, &applied, error))
		return -1;
	return json_array_append_new(results, tkt_item_result(item, applied.ticket))
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* An operand with '=' is an assignment, the others are tickets; both in any order. */
static void sort_operands(struct tkt_command *command, size_t *tickets)
{
	char **operands = command->operands;
	size_t i, at = 0;

	for (i = 0; i < command->operand_count; i++) {
		if (!strchr(operands[i], '=')) {
			char *ticket = operands[i];

			memmove(&operands[at + 1], &operands[at], (i - at) * sizeof(*operands));
			operands[at++] = ticket;
		}
	}
	*tickets = at;
}

/* What is wrong with an assignment is wrong for all tickets: it is said once, before any is
 * touched. */
static int check_assignments(const struct setting *setting, struct tkt_error *error)
{
	json_auto_t *change = NULL;
	size_t i;

	if (wanted.limit != NO_LIMIT && wanted.limit < 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--limit' needs a number of 1 or more"));
	if (!setting->count && !wanted.action)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("nothing to set: give FIELD=VALUE or --action"));
	if (wanted.action && !tkt_change_is_action(wanted.action))
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'%s' is no name of an action"), wanted.action);
	if (tkt_change_new(NULL, wanted.why, &change, error))
		return -1;
	for (i = 0; i < setting->count; i++) {
		if (tkt_change_assign_at(
			change, NULL, setting->assignments[i], &setting->present, error))
			return -1;
	}
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(expression) only_if = NULL;
	struct tkt_expression_scope scope;
	struct setting setting = { 0 };
	size_t tickets;

	sort_operands(command, &tickets);
	setting.assignments = command->operands + tickets;
	setting.count = command->operand_count - tickets;
	if (check_assignments(&setting, error) ||
	    tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	scope = tkt_session_scope(session);
	if (wanted.only_if &&
	    tkt_expression_parse(wanted.only_if, &tkt_ticket_fields, &scope, &only_if, error))
		return -1;
	setting.only_if = only_if;
	setting.present = tkt_session_present(session);
	return tkt_batch_run_over(session,
	    &(struct tkt_batch){ .handle = set_one,
		.context = &setting,
		.table = &tkt_ticket_fields,
		.fields = wanted.fields,
		.limit = wanted.limit == NO_LIMIT ? 0 : (size_t)wanted.limit,
		.atomic = wanted.atomic,
		.dry_run = wanted.dry_run },
	    command->operands, tickets, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-set",
	.synopsis =
	    "[-n] [--action NAME] [--atomic] [--if EXPRESSION] [-l NUMBER] [-o FIELDS] [-w TEXT] [TICKET...] [FIELD=VALUE...]",
	.summary = N_("Change fields of tickets."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
