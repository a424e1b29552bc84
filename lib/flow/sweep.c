#include "flow/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/known_calendars.h"
#include "flow/notice.h"
#include "flow/recompute.h"
#include "flow/session.h"
#include "flow/sweep_file.h"
#include "flow/sweep_fire.h"
#include "flow/told.h"
#include "store/db.h"
#include "store/sweep.h"
#include "json/output.h"

#include "base/banned.h"

#define BATCH_MOST 200 /* tickets in one transaction */

struct sweep {
	struct tkt_session *session;
	const struct tkt_sweep_manner *manner;
	struct tkt_output *output;
	int64_t now;
};

/* -- is there anything to do? -- */

/*
 * Looks at the desk without reading desk.conf, waiting for a writer or writing.
 *
 *   edited  set when desk.conf or a holiday list is not what the last sweep saw
 *
 * 1: there is something to do; 0: there was nothing, and the sweep is over; -1.
 */
static int look(struct tkt_command *command, const struct tkt_sweep_manner *manner, char **folder,
    bool *edited, struct tkt_error *error)
{
	bool trusting = manner->yes || manner->dry_run;
	tkt_autoptr(session) session = NULL;
	int same, due;

	if (tkt_session_open_bare(command, &session, error) ||
	    (!trusting && tkt_sweep_check_clock(command, tkt_db_folder(session->db), error)))
		return -1;
	same = tkt_known_files_are_same(session->db, error);
	if (same < 0)
		return -1;
	due = tkt_sweep_is_due(session->db, command->now, error);
	if (due < 0)
		return -1;
	if (same && !due)
		return manner->dry_run
		    ? 0
		    : tkt_sweep_done(command, tkt_db_folder(session->db), manner->yes, error);
	*edited = !same;
	*folder = strdup(tkt_db_folder(session->db));
	return *folder ? 1 : tkt_error_set_memory(error);
}

/* -- a calendar edit -- */

/* Where the calendars are others than those of the last sweep, open clocks are reckoned anew. */
static int follow_calendars(const struct sweep *sweep, const char *files, struct tkt_error *error)
{
	struct tkt_session *session = sweep->session;
	int same = tkt_known_calendars_are_same(session, error);

	if (same < 0)
		return -1;
	if (sweep->manner->dry_run) {
		if (!same)
			tkt_command_warn(session->command,
			    _("a calendar has changed: a sweep would first reckon open clocks anew"));
		return 0;
	}
	if (!same && tkt_recompute(session, error))
		return -1;
	return tkt_known_calendars_set(session, files, error);
}

/* -- the work -- */

/* Refuses when more customers would be mailed than the desk lets pass unasked. */
static int check_mails(const struct sweep *sweep, struct tkt_error *error)
{
	struct tkt_session *session = sweep->session;
	struct tkt_due_place place = { INT64_MIN, 0 };
	int64_t mails = 0, limit = session->desk->sweep_limit;
	size_t found;
	int may = tkt_sweep_may_mail(session, error);

	if (may <= 0)
		return may;
	do {
		json_auto_t *tickets = NULL;
		const json_t *ticket;
		size_t at;

		if (tkt_sweep_tickets(session->db, sweep->now, BATCH_MOST, &place, &tickets, error))
			return -1;
		json_array_foreach(tickets, at, ticket) {
			int count = tkt_sweep_count_mails(session, ticket, error);

			if (count < 0)
				return -1;
			mails += count;
			if (mails > limit)
				return tkt_error_set(error, TKT_ERROR_TEMPORARY,
				    _("more than %lld customers would be mailed; see who by --dry-run, then run it with --yes"),
				    (long long)limit);
		}
		found = json_array_size(tickets);
	} while (found == BATCH_MOST);
	return 0;
}

static int print(const struct sweep *sweep, const struct tkt_fired *fired, struct tkt_error *error)
{
	struct tkt_command *command = sweep->session->command;
	const json_t *change;
	size_t i;

	json_array_foreach(fired->changes, i, change) {
		if (tkt_output_object(sweep->output, change, error) ||
		    tkt_command_flush_full(command, error) < 0)
			return -1;
	}
	if (tkt_command_flush(command, error) < 0)
		return -1;
	tkt_complain(command, &fired->complaints);
	for (i = 0; i < fired->failure_count; i++)
		tkt_command_report(command, &fired->failures[i]);
	return 0;
}

/* Some hundred tickets behind *place. Returns how many, or -1. */
static int do_batch(const struct sweep *sweep, struct tkt_due_place *place, struct tkt_error *error)
{
	struct tkt_session *session = sweep->session;
	tkt_autoptr(transaction) transaction = NULL;
	json_auto_t *tickets = NULL;
	tkt_autofired fired;
	const json_t *ticket;
	size_t at;

	tkt_fired_init(&fired);
	if (tkt_transaction_begin(session->db, &transaction, error) ||
	    tkt_sweep_tickets(session->db, sweep->now, BATCH_MOST, place, &tickets, error))
		return -1;
	json_array_foreach(tickets, at, ticket) {
		if (tkt_sweep_fire(session, ticket, &fired, error))
			return -1;
	}
	if (!sweep->manner->dry_run && tkt_transaction_commit(transaction, error))
		return -1;
	tkt_transaction_free(tkt_take(transaction));
	tkt_command_progress(session->command, (int64_t)json_array_size(tickets));
	return print(sweep, &fired, error) ? -1 : (int)json_array_size(tickets);
}

/* A template that cannot be rendered leaves what is to be told where it is. */
static int tell_staff(const struct sweep *sweep, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	struct tkt_error failure = { 0 };

	if (tkt_transaction_begin(sweep->session->db, &transaction, error))
		return -1;
	if (tkt_notices_mail(sweep->session, &failure) < 0) {
		tkt_command_report(sweep->session->command, &failure);
		return 0;
	}
	return tkt_transaction_commit(transaction, error);
}

static int work(const struct sweep *sweep, const char *files, struct tkt_error *error)
{
	const struct tkt_sweep_manner *manner = sweep->manner;
	struct tkt_due_place place = { INT64_MIN, 0 };
	int found;

	if (*files && follow_calendars(sweep, files, error))
		return -1;
	if (!manner->yes && !manner->dry_run && check_mails(sweep, error))
		return -1;
	do {
		found = do_batch(sweep, &place, error);
		if (found < 0)
			return -1;
	} while (found == BATCH_MOST);
	return manner->dry_run ? 0 : tell_staff(sweep, error);
}

/* Whoever runs it, what a sweep does is the tool's deed: the reckoning anew too. */
static int act_as_tool(struct tkt_session *session, struct tkt_error *error)
{
	char *actor = NULL;

	if (asprintf(&actor, "tool:%s", session->command->program->name) < 0)
		return tkt_error_set_memory(error);
	free(session->actor);
	session->actor = actor;
	return 0;
}

static void close_file(int *file)
{
	if (*file >= 0)
		close(*file);
}

/* Its turn comes before desk.conf is read: by what stood there when it began to wait, another sweep
 * may not reckon any more. */
static int hold(struct tkt_command *command, const char *folder, int *file, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;

	if (tkt_session_open(command, TKT_DB_READ, &session, error))
		return -1;
	return tkt_sweep_hold(folder, session->desk->busy_timeout_seconds, file, error);
}

int tkt_sweep_run(
    struct tkt_command *command, const struct tkt_sweep_manner *manner, struct tkt_error *error)
{
	__attribute__((cleanup(close_file))) int file = -1;
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) output = NULL;
	tkt_autofree char *folder = NULL;
	struct sweep sweep = { .manner = manner };
	tkt_autotext files;
	bool edited = false;
	int found;

	tkt_text_init(&files, TKT_KNOWN_LIMIT);
	found = look(command, manner, &folder, &edited, error);
	if (found <= 0)
		return found;
	if ((!manner->dry_run && hold(command, folder, &file, error)) ||
	    (edited && tkt_known_files_look(command, &files, error)) ||
	    tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    tkt_db_expect_many(session->db, 64, error) || act_as_tool(session, error) ||
	    tkt_output_new(command, &tkt_change_fields, NULL, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	sweep.session = session;
	sweep.output = output;
	sweep.now = command->now;
	if (work(&sweep, files.bytes, error))
		return -1;
	return manner->dry_run ? 0 : tkt_sweep_done(command, folder, manner->yes, error);
}
