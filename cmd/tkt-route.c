/* tkt-route: where tickets go and who gets them: propose it, explain it, or do it. */
#include "base/cleanup.h"
#include "base/program.h"
#include "flow/decider.h"
#include "flow/route.h"
#include "json/field.h"

static struct {
	const char *fields, *rules;
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
	TKT_OPTION_TEXT(0, "rules", N_("DIR"), &wanted.rules,
	    N_("decide by the desk.conf in this folder, a draft")),
	TKT_OPTION_END,
};

static int decide(struct tkt_session *session, const json_t *ticket, json_t *changes, json_t *rows,
    void *context, struct tkt_error *error)
{
	json_auto_t *change = NULL, *made = NULL;

	if (tkt_route_decide(session, context, ticket, &change, rows ? &made : NULL, error))
		return -1;
	return (change && json_array_append(changes, change)) ||
		(rows && json_array_extend(rows, made))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autorouter router = { .keeps = !wanted.apply };
	const struct tkt_decider decider = {
		.decide = decide,
		.context = &router,
		.fields = wanted.fields,
		.rules = wanted.rules,
		.changes_only = wanted.changes,
		.explain = wanted.explain ? &tkt_routing_fields : NULL,
		.apply = wanted.apply,
		.atomic = wanted.atomic,
		.dry_run = wanted.dry_run,
	};

	return tkt_decider_run(command, &decider, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-route",
	.synopsis = "[-c | -e | -a [-n] [--atomic]] [--rules DIR] [-o FIELDS] [TICKET...]",
	.summary = N_("Propose, explain or do where tickets go and who gets them."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
