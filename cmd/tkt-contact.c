/* tkt-contact: the people who ask: list them, take them in, replace one, say who an address is. */
#include "base/cleanup.h"
#include "base/program.h"
#include "base/terminal.h"
#include "desk/desk.h"
#include "flow/batch.h"
#include "flow/people.h"
#include "flow/people_tool.h"
#include "flow/session.h"
#include "json/field.h"
#include "json/output.h"

static struct tkt_strings maps;
static struct tkt_people_wanted wanted = { .table = &tkt_contact_fields, .maps = &maps };
static struct {
	const char *explain, *contract, *site;
	const char *replace, *by, *from;
} asked;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('a', "all", &wanted.all, N_("list all, whatever standard input is")),
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every change")),
	TKT_OPTION_TEXT(
	    0, "by", N_("CONTACT"), &asked.by, N_("who takes the place of the one replaced")),
	TKT_OPTION_TEXT(0, "contract", N_("NUMBER"), &asked.contract,
	    N_("the contract that the letter names, for --explain")),
	TKT_OPTION_TEXT(
	    0, "csv", N_("FILE"), &wanted.csv, N_("take in a CSV file; '-' is standard input")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_TEXT(
	    'e', "explain", N_("ADDRESS"), &asked.explain, N_("say who an address is, and why")),
	TKT_OPTION_TEXT(0, "from", N_("DATE"), &asked.from,
	    N_("the first day of the one who takes the place; today by default")),
	TKT_OPTION_LIST(0, "map", N_("NAME=COLUMN"), &maps,
	    N_("a column of the CSV file is that member; may be repeated")),
	TKT_OPTION_TEXT(
	    'o', "output", N_("FIELDS"), &wanted.fields, N_("the columns to print: id,name")),
	TKT_OPTION_TEXT(0, "replace", N_("CONTACT"), &asked.replace,
	    N_("another one takes the place of this one")),
	TKT_OPTION_TEXT(0, "site", N_("DOMAIN"), &asked.site,
	    N_("the site that the letter names, for --explain")),
	TKT_OPTION_TEXT('w', "why", N_("TEXT"), &wanted.why, N_("the reason, for the log")),
	TKT_OPTION_END,
};

/* For a person: how it was found, a line each, and what it comes to. */
static int say(struct tkt_command *command, const json_t *identity, struct tkt_error *error)
{
	static const char *const members[] = { "contact", "customer", "contract", "plan", "tier",
		"entitlement", "agent" };
	const json_t *sentence;
	tkt_autotext lines;
	const char *comma = "";
	size_t i;

	tkt_text_init(&lines, TKT_TEXT_LIMIT);
	json_array_foreach(json_object_get(identity, "why"), i, sentence)
		tkt_text_format(&lines, "%s\n", json_string_value(sentence));
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *value = tkt_object_text(identity, members[i]);

		if (!value)
			continue;
		tkt_text_format(&lines, "%s%s: %s", comma, members[i], value);
		comma = ", ";
	}
	tkt_text_add(&lines, "\n");
	if (tkt_text_check(&lines, error))
		return -1;
	if (!command->quiet)
		tkt_terminal_add(&command->out, lines.bytes, lines.length);
	return 0;
}

static int explain(struct tkt_command *command, struct tkt_error *error)
{
	const struct tkt_person_question question = {
		.address = asked.explain,
		.at = tkt_command_now(command),
		.contract = asked.contract,
		.site = asked.site,
	};
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) output = NULL;
	json_auto_t *identity = NULL;

	if (tkt_session_open(command, TKT_DB_READ, &session, error) ||
	    tkt_person_find(session, &question, &identity, error))
		return -1;
	if (command->format == TKT_FORMAT_TABLE && !wanted.fields)
		return say(command, identity, error);
	if (tkt_output_new(command, &tkt_identity_fields, wanted.fields, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	return tkt_output_object(output, identity, error);
}

static int replace_one(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	(void)context;
	return tkt_people_replace(
	    session, item->operand, asked.by, asked.from, wanted.why, results, error);
}

static int replace(struct tkt_command *command, struct tkt_error *error)
{
	char *operand[] = { (char *)asked.replace };
	tkt_autoptr(session) session = NULL;

	if (tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	return tkt_batch_run_over(session,
	    &(struct tkt_batch){ .handle = replace_one,
		.table = &tkt_contact_fields,
		.fields = wanted.fields,
		.dry_run = wanted.dry_run },
	    operand, 1, error);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	bool others = command->operand_count || wanted.all || wanted.csv || maps.count;

	if (!asked.replace != !asked.by)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--replace' and '--by' go with each other"));
	if (asked.from && !asked.replace)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("'--from' goes with '--replace'"));
	if ((asked.contract || asked.site) && !asked.explain)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--contract' and '--site' go with '--explain'"));
	if ((asked.replace || asked.explain) && (others || (asked.replace && asked.explain)))
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' stands alone: it lists nothing and takes no objects in"),
		    asked.replace ? "--replace" : "--explain");
	if (asked.explain)
		return explain(command, error);
	return asked.replace ? replace(command, error) : tkt_people_run(command, &wanted, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-contact",
	.synopsis = "[-an] [--atomic] [--csv FILE] [--map NAME=COLUMN] [-o FIELDS] [-w TEXT]"
		    " [--replace CONTACT --by CONTACT [--from DATE]]"
		    " [-e ADDRESS [--contract NUMBER] [--site DOMAIN]] [EXPRESSION...]",
	.summary = N_("List contacts or take them in; say who an address is."),
	.operands = N_("EXPRESSION"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
