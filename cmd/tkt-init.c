/* tkt-init: make a desk; bring its database up to this program; arm it for this place. */
#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/arm.h"
#include "flow/found.h"
#include "flow/session.h"
#include "flow/sums.h"
#include "store/outgoing.h"
#include "store/schema.h"

static struct {
	const char *profile;
	bool upgrade, arm;
} wanted = { .profile = "default" };

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG(
	    0, "arm", &wanted.arm, N_("let a copied or restored desk send mail from here")),
	TKT_OPTION_TEXT('p', "profile", N_("NAME"), &wanted.profile,
	    N_("the desk to start from, below share/tkt/desks; 'default' if not given")),
	TKT_OPTION_FLAG(
	    0, "upgrade", &wanted.upgrade, N_("bring the database of a desk up to this program")),
	TKT_OPTION_END,
};

static int upgrade(const char *folder, struct tkt_command *command, struct tkt_error *error)
{
	int from = tkt_schema_upgrade(folder, error);

	if (from < 0)
		return -1;
	if (!command->quiet && from != TKT_SCHEMA_VERSION)
		tkt_command_warn(command, _("'%s': schema %d is now schema %d"), folder, from,
		    TKT_SCHEMA_VERSION);
	return 0;
}

static int arm(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	tkt_autoptr(session) session = NULL;
	struct tkt_backlog backlog;
	int from_elsewhere;

	if (tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    tkt_transaction_begin(session->db, &transaction, error) ||
	    (from_elsewhere = tkt_arm(session, error)) < 0 ||
	    tkt_outgoing_backlog(session->db, &backlog, error) ||
	    tkt_transaction_commit(transaction, error) ||
	    tkt_sums_remove(session->desk->path, error))
		return -1;
	if (from_elsewhere && backlog.unsent > 0)
		tkt_command_warn(command,
		    ngettext(
			"%lld mail waits and will be sent from here; if the original may have sent it, see tkt-mailout --list and --cancel",
			"%lld mails wait and will be sent from here; if the original may have sent them, see tkt-mailout --list and --cancel",
			(unsigned long)backlog.unsent),
		    (long long)backlog.unsent);
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	const char *folder = command->operand_count ? command->operands[0]
	    : command->desk                         ? command->desk
						    : ".";

	if (command->operand_count > 1)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give one folder"));
	if (wanted.upgrade && wanted.arm)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give either --upgrade or --arm"));
	command->desk = folder;
	if (wanted.upgrade)
		return upgrade(folder, command, error);
	if (wanted.arm)
		return arm(command, error);
	return tkt_desk_found(command, folder, wanted.profile, error);
}

const struct tkt_program tkt_program = {
	.name = "tkt-init",
	.synopsis = "[-p NAME | --upgrade | --arm] [DIR]",
	.summary = N_("Make a desk."),
	.operands = N_("DIR"),
	.exit_statuses = "0 64 65 66 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
