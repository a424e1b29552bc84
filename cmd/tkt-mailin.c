/* tkt-mailin: take mail in: one letter on standard input, a maildir or an mbox. */
#include <string.h>
#include <sys/types.h>
#include <syslog.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/program.h"
#include "flow/expire.h"
#include "flow/receive.h"
#include "flow/release.h"
#include "flow/session.h"
#include "flow/tell_taken.h"

static struct {
	const char *sender, *recipient, *maildir, *mbox;
	bool print, dry_run, no_intake, release, expire;
} wanted;

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG(
	    'n', "dry-run", &wanted.dry_run, N_("keep nothing; with --print, print what would be")),
	TKT_OPTION_TEXT(
	    0, "maildir", N_("DIR"), &wanted.maildir, N_("take in what is new in a maildir")),
	TKT_OPTION_FLAG(0, "expire", &wanted.expire,
	    N_("drop the contents of letters that desk.conf keeps no longer")),
	TKT_OPTION_TEXT(0, "mbox", N_("FILE"), &wanted.mbox, N_("take in all letters of an mbox")),
	TKT_OPTION_FLAG(0, "no-intake", &wanted.no_intake,
	    N_("leave what becomes of it to tkt-intake and tkt-route")),
	TKT_OPTION_FLAG('p', "print", &wanted.print, N_("print ticket and message")),
	TKT_OPTION_FLAG(0, "release", &wanted.release,
	    N_("put quarantined letters through, with their original times")),
	TKT_OPTION_TEXT('r', "recipient", N_("ADDRESS"), &wanted.recipient,
	    N_("the recipient of the envelope")),
	TKT_OPTION_TEXT('s', "sender", N_("ADDRESS"), &wanted.sender,
	    N_("the sender of the envelope; <> is the null sender")),
	TKT_OPTION_END,
};

static int report(struct tkt_session *session, const struct tkt_letter *letter,
    const struct tkt_taken *taken, struct tkt_error *error)
{
	(void)letter;
	if (!wanted.dry_run)
		tkt_taken_log(taken);
	return wanted.print ? tkt_taken_print(session->command, taken, error) : 0;
}

/* The envelope (WIRE.md 3): options, else what a mail server puts into the environment, else the
 * header. */
static const char *first_of(const char *option, const char *variable, const char *second_variable)
{
	if (option)
		return option;
	if (getenv(variable))
		return getenv(variable);
	return second_variable ? getenv(second_variable) : NULL;
}

static int receive_input(const struct tkt_receiving *receiving, struct tkt_error *error)
{
	struct tkt_letter letter = {
		.sender = first_of(wanted.sender, "SENDER", NULL),
		.recipient = first_of(wanted.recipient, "ORIGINAL_RECIPIENT", "RECIPIENT"),
		.received_at = tkt_command_now(receiving->session->command),
	};
	tkt_autotext bytes;

	tkt_text_init(&bytes, TKT_LETTER_LIMIT);
	if (tkt_file_read("-", &bytes, error))
		return -1;
	if (letter.sender && !strcmp(letter.sender, "<>"))
		letter.sender = "";
	letter.bytes = bytes.bytes;
	letter.length = bytes.length;
	return tkt_receive_letter(receiving, &letter, error);
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	if (!!wanted.maildir + !!wanted.mbox + wanted.release + wanted.expire > 1)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("give one of --maildir, --mbox, --release and --expire"));
	if (wanted.release && !command->operand_count)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("give the number of a letter; 'tkt-log --mail fate=quarantined' shows them"));
	if (!wanted.release && command->operand_count)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' is too much: a letter comes on standard input"), command->operands[0]);
	return 0;
}

/* One that cannot be released keeps the others back no more than it must. */
static int release(const struct tkt_receiving *receiving, struct tkt_error *error)
{
	struct tkt_command *command = receiving->session->command;
	size_t i;

	for (i = 0; i < command->operand_count; i++) {
		struct tkt_error failure = { 0 };

		if (!tkt_release_letter(receiving, command->operands[i], &failure))
			continue;
		if (failure.kind != TKT_ERROR_NOT_FOUND && failure.kind != TKT_ERROR_DATA) {
			*error = failure;
			return -1;
		}
		tkt_command_report(command, &failure);
	}
	return 0;
}

static int expire(struct tkt_session *session, struct tkt_error *error)
{
	int64_t count = tkt_expire_letters(session, wanted.dry_run, error);
	const char *said;

	if (count < 0)
		return -1;
	said = wanted.dry_run
	    ? ngettext("the contents of %lld letter would be dropped",
		  "the contents of %lld letters would be dropped", (unsigned long)count)
	    : ngettext("the contents of %lld letter are dropped",
		  "the contents of %lld letters are dropped", (unsigned long)count);
	if (count && !session->command->quiet)
		tkt_command_warn(session->command, said, (long long)count);
	return 0;
}

static int receive(struct tkt_command *command, struct tkt_error *error)
{
	struct tkt_receiving receiving = {
		.report = report, .dry_run = wanted.dry_run, .without_intake = wanted.no_intake
	};
	tkt_autoptr(session) session = NULL;

	if (check_options(command, error) ||
	    tkt_session_open(command, TKT_DB_WRITE, &session, error))
		return -1;
	receiving.session = session;
	if (wanted.release)
		return release(&receiving, error);
	if (wanted.expire)
		return expire(session, error);
	if (wanted.maildir)
		return tkt_receive_maildir(&receiving, wanted.maildir, error) < 0 ? -1 : 0;
	if (wanted.mbox)
		return tkt_receive_mbox(&receiving, wanted.mbox, error) < 0 ? -1 : 0;
	return receive_input(&receiving, error);
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	int done;

	openlog("tkt-mailin", LOG_PID, LOG_MAIL);
	done = receive(command, error);
	if (done)
		syslog(LOG_ERR, "-: status=deferred (%s)", error->text);
	closelog();
	return done;
}

const struct tkt_program tkt_program = {
	.name = "tkt-mailin",
	.synopsis =
	    "[-np] [--no-intake] [-s ADDRESS] [-r ADDRESS] [--maildir DIR | --mbox FILE | --release NUMBER... | --expire]",
	.operands = N_("NUMBER"),
	.summary = N_("Take mail in and make tickets of it."),
	.exit_statuses = "0 75",
	.options = options,
	.writes = true,
	.mail_server = true,
	.run = run,
};
