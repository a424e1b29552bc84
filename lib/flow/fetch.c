#include "flow/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/program.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/receive.h"
#include "flow/session.h"
#include "mail/fetch.h"

#include "base/banned.h"

struct mailbox_run {
	struct tkt_receiving receiving;
	const struct tkt_mailbox *mailbox;
	struct tkt_fetching fetching;
	bool desk_failed; /* not the server */
};

/* One letter, from the server to the commit. */
static int take(const struct tkt_fetched *fetched, void *context, struct tkt_error *error)
{
	struct mailbox_run *run = context;
	struct tkt_command *command = run->receiving.session->command;
	int64_t now = tkt_command_now(command);
	struct tkt_letter letter = {
		.bytes = fetched->bytes,
		.length = fetched->length,
		.recipient = run->mailbox->recipient,
		.received_at =
		    fetched->at == TKT_TIME_NONE || fetched->at > now ? now : fetched->at,
	};
	int known = tkt_receive_letter(&run->receiving, &letter, error);

	run->desk_failed = known < 0;
	if (known < 0)
		return -1;
	if (known)
		return 0;
	if (run->fetching.left > 0)
		run->fetching.left--;
	tkt_command_progress(command, 1);
	return !run->receiving.dry_run;
}

static void leave(const struct tkt_error *reason, void *context)
{
	const struct mailbox_run *run = context;
	struct tkt_error told = *reason;

	tkt_error_prefix(&told, "%s", run->mailbox->name);
	tkt_command_report(run->receiving.session->command, &told);
}

/* The file of the password is the lock, too. 1; 0: another run has it; -1: it cannot be opened,
 * which who needs the password says better. */
static int lock(const struct tkt_desk *desk, const struct tkt_mailbox *mailbox, int *file)
{
	tkt_autofree char *path = NULL;

	if (asprintf(&path, "%s/keys/fetch-%s", desk->path, mailbox->name) < 0) {
		path = NULL;
		return -1;
	}
	*file = open(path, O_RDONLY | O_CLOEXEC);
	if (*file < 0)
		return -1;
	return !(flock(*file, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK);
}

int tkt_receive_mailbox(const struct tkt_receiving *receiving, const struct tkt_mailbox *mailbox,
    struct tkt_error *error)
{
	struct mailbox_run run = {
		.receiving = *receiving,
		.mailbox = mailbox,
		.fetching = {
			.take = take,
			.leave = leave,
			.context = &run,
			.letter_limit = TKT_LETTER_LIMIT,
			.left = mailbox->limit > 0 ? mailbox->limit : -1,
			.read_only = receiving->dry_run,
		},
	};
	struct tkt_command *command = receiving->session->command;
	int file = -1, done = 0;

	run.receiving.is_stored = true;
	run.receiving.skip_known = mailbox->after == TKT_FETCH_KEEP;
	if (lock(receiving->session->desk, mailbox, &file))
		done = tkt_fetch(receiving->session->desk, mailbox, &run.fetching, error);
	else if (!command->quiet)
		tkt_command_warn(command, _("%s: another run is reading it"), mailbox->name);
	if (file >= 0)
		close(file);
	if (done && !run.desk_failed)
		leave(error, &run);
	return run.desk_failed ? -1 : 0;
}
