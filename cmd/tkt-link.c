/* tkt-link: link tickets that belong together; a verified request lifts the other one's identity.
 */
#include <unistd.h>

#include "base/program.h"
#include "base/terminal.h"
#include "flow/batch.h"
#include "flow/link.h"
#include "flow/session.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"

static struct {
	const char *why, *fields;
	bool atomic, dry_run, verify;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG(
	    0, "atomic", &wanted.atomic, N_("all or nothing: an error undoes every link")),
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run, N_("only print what would be")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,status,subject")),
	TKT_OPTION_FLAG(0, "verify", &wanted.verify,
	    N_("the one that the panel has verified proves who asks in the other")),
	TKT_OPTION_TEXT('w', "why", N_("TEXT"), &wanted.why, N_("the reason, for the log")),
	TKT_OPTION_END,
};

static int link_one(struct tkt_session *session, const struct tkt_item *item, json_t *results,
    void *context, struct tkt_error *error)
{
	const struct tkt_link link = { .one = context,
		.other = tkt_item_ticket(item),
		.verify = wanted.verify,
		.why = wanted.why };
	json_auto_t *one = NULL, *other = NULL;

	if (tkt_item_check(item, error))
		return -1;
	if (!link.other)
		return 1; /* not about a ticket: it passes */
	if (tkt_link_apply(session, &link, &one, &other, error))
		return -1;
	return json_array_append(results, one) ||
		json_array_append_new(results, tkt_item_result(item, other))
	    ? tkt_error_set_memory(error)
	    : 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	json_auto_t *first = NULL, *change = NULL;
	struct tkt_batch batch = { .handle = link_one,
		.table = &tkt_ticket_fields,
		.fields = wanted.fields,
		.atomic = wanted.atomic,
		.dry_run = wanted.dry_run };

	if (!command->operand_count ||
	    (command->operand_count < 2 && tkt_terminal_is(STDIN_FILENO)))
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give the tickets to link"));
	if (tkt_change_new(NULL, wanted.why, &change, error) || /* a bad reason is said once */
	    tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    tkt_ticket_require(session->db, command->operands[0], &first, error))
		return -1;
	batch.context = command->operands[0];
	return tkt_batch_run(session, &batch, 1, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-link",
	.synopsis = "[-n] [--atomic] [--verify] [-o FIELDS] [-w TEXT] TICKET [TICKET...]",
	.summary = N_("Link tickets that belong together."),
	.operands = N_("TICKET"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
