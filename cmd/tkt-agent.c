/* tkt-agent: who works on tickets: list them, take them in. */
#include "base/program.h"
#include "flow/people_tool.h"
#include "json/field.h"

static struct tkt_strings maps;
static struct tkt_people_wanted wanted = { .table = &tkt_agent_fields, .maps = &maps };

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('a', "all", &wanted.all, N_("list all, whatever standard input is")),
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every change")),
	TKT_OPTION_TEXT(
	    0, "csv", N_("FILE"), &wanted.csv, N_("take in a CSV file; '-' is standard input")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_LIST(0, "map", N_("NAME=COLUMN"), &maps,
	    N_("a column of the CSV file is that member; may be repeated")),
	TKT_OPTION_TEXT(
	    'o', "output", N_("FIELDS"), &wanted.fields, N_("the columns to print: id,name")),
	TKT_OPTION_TEXT('w', "why", N_("TEXT"), &wanted.why, N_("the reason, for the log")),
	TKT_OPTION_END,
};

static int run(struct tkt_command *command, struct tkt_error *error)
{
	return tkt_people_run(command, &wanted, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-agent",
	.synopsis =
	    "[-an] [--atomic] [--csv FILE] [--map NAME=COLUMN] [-o FIELDS] [-w TEXT] [EXPRESSION...]",
	.summary = N_("List agents, or take them in."),
	.operands = N_("EXPRESSION"),
	.exit_statuses = "0 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
