/* tkt-fetch: letters from IMAP and POP3 servers into the desk. */
#include <syslog.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/fetch.h"
#include "flow/receive.h"
#include "flow/session.h"
#include "flow/tell_taken.h"
#include "json/field.h"
#include "json/output.h"

static struct {
	bool print, dry_run;
	struct tkt_output *listing; /* of what would be; NULL: nothing is listed */
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('n', "dry-run", &wanted.dry_run,
	    N_("keep nothing, leave the servers as they are; list what would be")),
	TKT_OPTION_FLAG('p', "print", &wanted.print, N_("print ticket and message")),
	TKT_OPTION_END,
};

static int report(struct tkt_session *session, const struct tkt_letter *letter,
    const struct tkt_taken *taken, struct tkt_error *error)
{
	(void)letter;
	if (!wanted.dry_run)
		tkt_taken_log(taken);
	if (wanted.print)
		return tkt_taken_print(session->command, taken, error);
	if (!wanted.listing)
		return 0;
	if (tkt_output_object(wanted.listing, taken->letter, error))
		return -1;
	return tkt_command_flush_full(session->command, error) < 0 ? -1 : 0;
}

static const struct tkt_mailbox *find_mailbox(const struct tkt_desk *desk, const char *name)
{
	size_t i;

	for (i = 0; i < desk->mailbox_count; i++)
		if (tkt_text_equal(desk->mailboxes[i].name, name))
			return &desk->mailboxes[i];
	return NULL;
}

/* A server that fails does not keep the others back. */
static int fetch_named(const struct tkt_receiving *receiving, struct tkt_error *error)
{
	struct tkt_command *command = receiving->session->command;
	size_t i;

	for (i = 0; i < command->operand_count; i++) {
		const char *name = command->operands[i];
		const struct tkt_mailbox *mailbox = find_mailbox(receiving->session->desk, name);
		struct tkt_error missing = { 0 };

		if (mailbox && tkt_receive_mailbox(receiving, mailbox, error))
			return -1;
		if (mailbox)
			continue;
		tkt_error_set(
		    &missing, TKT_ERROR_NOT_FOUND, _("desk.conf has no fetch '%s'"), name);
		tkt_command_report(command, &missing);
	}
	return 0;
}

static int fetch_all(const struct tkt_receiving *receiving, struct tkt_error *error)
{
	const struct tkt_desk *desk = receiving->session->desk;
	size_t i;

	if (!desk->mailbox_count)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("desk.conf names no mailbox: see fetch in desk.conf(5)"));
	for (i = 0; i < desk->mailbox_count; i++)
		if (tkt_receive_mailbox(receiving, &desk->mailboxes[i], error))
			return -1;
	return 0;
}

static int fetch(struct tkt_command *command, struct tkt_error *error)
{
	struct tkt_receiving receiving = { .report = report, .dry_run = wanted.dry_run };
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) listing = NULL;

	if (tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	if (wanted.dry_run && !wanted.print) {
		if (tkt_output_new(command, &tkt_letter_fields, NULL, &listing, error))
			return -1;
		tkt_output_set_zone(listing, session->desk->zone);
		wanted.listing = listing;
	}
	receiving.session = session;
	return (command->operand_count ? fetch_named : fetch_all)(&receiving, error);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	int done;

	openlog("tkt-fetch", LOG_PID, LOG_MAIL);
	done = fetch(command, error);
	closelog();
	return done;
}

const struct tkt_program tkt_program = {
	.name = "tkt-fetch",
	.synopsis = "[-np] [NAME...]",
	.summary = N_("Fetch letters from IMAP and POP3 servers and make tickets of them."),
	.operands = N_("NAME"),
	.exit_statuses = "0 1 64 65 66 69 70 74 75 77 78",
	.options = options,
	.writes = true,
	.run = run,
};
