#include "flow/recompute.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/apply.h"
#include "flow/known_calendars.h"
#include "flow/session.h"
#include "flow/stale.h"
#include "store/counter.h"
#include "store/db.h"
#include "store/sweep.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"
#include "json/output.h"

#include "base/banned.h"

/* Tickets in one query, and in one transaction of less than a fifth of a second: the indexes of
 * deadlines are touched all over, and the more tickets share a page the fewer pages are written. */
#define LOOK_MOST 8000
#define ADOPT_MOST 500                           /* the same where the log of each is read */
#define RECOMPUTED "recomputed: calendar edited" /* in the log */

struct recomputing {
	struct tkt_session *session;
	const struct tkt_recompute_manner *manner;
	struct tkt_output *output; /* NULL: nothing is printed */
	const char *in_force;      /* the name of the policy, to adopt; NULL */
	struct tkt_moved *moved;   /* what is known of tickets that are to be written */
	size_t moved_count;
	json_t *ids;            /* of those that the writer is to see as a whole */
	json_t *changed;        /* tickets that were, to be printed after the commit */
	struct tkt_error *last; /* what was reported last */
};

/* The same is wrong with many tickets as a rule: a calendar that is gone. */
static void report(struct recomputing *recomputing, const char *id, const struct tkt_error *failure)
{
	struct tkt_error told = *failure;

	if (tkt_text_equal(recomputing->last->text, failure->text))
		return;
	*recomputing->last = *failure;
	tkt_error_prefix(&told, _("ticket '%s'"), id);
	tkt_command_report(recomputing->session->command, &told);
}

/* Does it concern one ticket, or all of them? */
static bool is_of_ticket(const struct tkt_error *failure)
{
	return failure->kind == TKT_ERROR_DATA || failure->kind == TKT_ERROR_CONFIGURATION ||
	    failure->kind == TKT_ERROR_NOT_FOUND;
}

static int look(const struct tkt_promised *ticket, void *context, struct tkt_error *error)
{
	struct recomputing *recomputing = context;
	struct tkt_moved *moved = &recomputing->moved[recomputing->moved_count];
	struct tkt_error failure = { 0 };
	int stale = tkt_promise_is_stale(
	    recomputing->session, ticket, recomputing->in_force, moved, &failure);

	if (stale < 0) {
		if (!is_of_ticket(&failure)) {
			*error = failure;
			return -1;
		}
		report(recomputing, ticket->id, &failure);
		return 0;
	}
	recomputing->moved_count += stale == TKT_STALE_MOVED;
	if (stale == TKT_STALE_MAYBE &&
	    json_array_append_new(recomputing->ids, json_string(ticket->id)))
		return tkt_error_set_memory(error);
	return 0;
}

static void forget_moved(struct recomputing *recomputing)
{
	while (recomputing->moved_count)
		tkt_moved_clear(&recomputing->moved[--recomputing->moved_count]);
}

/* The change that nobody made. */
static int make_change(
    const struct recomputing *recomputing, const char *id, json_t **change, struct tkt_error *error)
{
	const char *policy = recomputing->in_force;
	json_auto_t *ticket = json_pack("{s:s}", "id", id);
	tkt_autofree char *why = NULL;

	if (!ticket ||
	    (policy ? asprintf(&why, "adopted policy %s", policy) : asprintf(&why, RECOMPUTED)) <
		0) {
		why = NULL;
		return tkt_error_set_memory(error);
	}
	if (tkt_change_new(ticket, why, change, error))
		return -1;
	if (policy && json_object_set_new(*change, "set", json_pack("{s:s}", "policy", policy)))
		return tkt_error_set_memory(error);
	return 0;
}

static int write_ticket(struct recomputing *recomputing, const char *id, struct tkt_error *error)
{
	const struct tkt_apply_manner manner = {
		.keeps_updated_at = true,
		.way = recomputing->in_force ? TKT_CLOCKS_ADOPT : TKT_CLOCKS_RECKON,
	};
	struct tkt_error failure = { 0 };
	tkt_autoapplied applied = { 0 };
	json_auto_t *change = NULL;

	if (make_change(recomputing, id, &change, error))
		return -1;
	if (tkt_apply_change(recomputing->session, change, &manner, &applied, &failure)) {
		if (is_of_ticket(&failure)) {
			report(recomputing, id, &failure);
			return 0;
		}
		*error = failure;
		return -1;
	}
	if (applied.event && recomputing->output &&
	    json_array_append(recomputing->changed, applied.ticket))
		return tkt_error_set_memory(error);
	return 0;
}

static int print(struct recomputing *recomputing, struct tkt_error *error)
{
	struct tkt_command *command = recomputing->session->command;
	const json_t *ticket;
	size_t at;

	json_array_foreach(recomputing->changed, at, ticket) {
		if (tkt_output_object(recomputing->output, ticket, error) ||
		    tkt_command_flush_full(command, error) < 0)
			return -1;
	}
	json_array_clear(recomputing->changed);
	return tkt_command_flush(command, error) < 0 ? -1 : 0;
}

/* Prints what was printed of no other road. */
static int keep_for_output(struct recomputing *recomputing, const char *id, struct tkt_error *error)
{
	json_auto_t *ticket = NULL;

	if (!recomputing->output)
		return 0;
	if (tkt_ticket_require(recomputing->session->db, id, &ticket, error))
		return -1;
	return json_array_append(recomputing->changed, ticket) ? tkt_error_set_memory(error) : 0;
}

static int compare_deadlines(const void *a, const void *b)
{
	const struct tkt_moved *const *left = a, *const *right = b;

	return ((*left)->due_at > (*right)->due_at) - ((*left)->due_at < (*right)->due_at);
}

/* In the order of their deadlines: the two indexes of these are walked once from end to end. */
static int write_tickets(struct recomputing *recomputing, struct tkt_error *error)
{
	tkt_autofree const struct tkt_moved **order = NULL;
	size_t i;

	order = calloc(recomputing->moved_count + 1, sizeof(*order));
	if (!order)
		return tkt_error_set_memory(error);
	for (i = 0; i < recomputing->moved_count; i++)
		order[i] = &recomputing->moved[i];
	qsort(order, recomputing->moved_count, sizeof(*order), compare_deadlines);
	for (i = 0; i < recomputing->moved_count; i++)
		if (tkt_moved_write_ticket(recomputing->session, order[i], error))
			return -1;
	return 0;
}

/* Numbers of events are drawn one by one by whoever writes; here a whole run of them is. */
static int write_moved(struct recomputing *recomputing, struct tkt_error *error)
{
	struct tkt_session *session = recomputing->session;
	int64_t seq = 0;
	size_t i;

	if (!recomputing->moved_count)
		return 0;
	if (write_tickets(recomputing, error) ||
	    tkt_counter_next(session->db, TKT_COUNTER_EVENT, &seq, error))
		return -1;
	for (i = 0; i < recomputing->moved_count; i++, seq++) {
		const struct tkt_moved *moved = &recomputing->moved[i];

		if (tkt_moved_write_rest(session, moved, seq, RECOMPUTED, error) ||
		    keep_for_output(recomputing, moved->id, error))
			return -1;
	}
	return tkt_counter_raise(session->db, TKT_COUNTER_EVENT, seq - 1, error);
}

/* Somebody has written since they were read: the writer is to see them anew. */
static int distrust(struct recomputing *recomputing, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < recomputing->moved_count; i++)
		if (json_array_append_new(recomputing->ids, json_string(recomputing->moved[i].id)))
			return tkt_error_set_memory(error);
	forget_moved(recomputing);
	return 0;
}

/* All that a look has found, in one transaction. */
static int write_all(struct recomputing *recomputing, int64_t version, struct tkt_error *error)
{
	struct tkt_db *db = recomputing->session->db;
	tkt_autoptr(transaction) transaction = NULL;
	const json_t *id;
	int64_t present;
	size_t at;

	if (!recomputing->moved_count && !json_array_size(recomputing->ids))
		return 0;
	if (tkt_transaction_begin(db, &transaction, error) || tkt_db_version(db, &present, error) ||
	    (present != version && distrust(recomputing, error)) || write_moved(recomputing, error))
		return -1;
	json_array_foreach(recomputing->ids, at, id)
		if (write_ticket(recomputing, json_string_value(id), error))
			return -1;
	forget_moved(recomputing);
	json_array_clear(recomputing->ids);
	return recomputing->manner->dry_run ? 0 : tkt_transaction_commit(transaction, error);
}

static int walk(struct recomputing *recomputing, struct tkt_error *error)
{
	struct tkt_session *session = recomputing->session;
	int limit = recomputing->in_force ? ADOPT_MOST : LOOK_MOST;
	int64_t after = 0, version, seen;

	do {
		if (tkt_db_version(session->db, &version, error))
			return -1;
		seen = tkt_sweep_promised(session->db, limit, &after, look, recomputing, error);
		if (seen < 0 || write_all(recomputing, version, error) || print(recomputing, error))
			return -1;
		tkt_command_progress(session->command, seen);
	} while (seen == limit);
	return 0;
}

/* The name of the policy that is in force, stored when it is new. */
static int name_policy(struct recomputing *recomputing, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;

	if (tkt_transaction_begin(recomputing->session->db, &transaction, error) ||
	    tkt_session_policy(recomputing->session, &recomputing->in_force, error))
		return -1;
	return recomputing->manner->dry_run ? 0 : tkt_transaction_commit(transaction, error);
}

static int recompute(struct tkt_session *session, const struct tkt_recompute_manner *manner,
    struct tkt_output *output, struct tkt_error *error)
{
	json_auto_t *ids = json_array(), *changed = json_array();
	tkt_autofree struct tkt_moved *moved = calloc(LOOK_MOST, sizeof(*moved));
	struct tkt_error last = { 0 };
	struct recomputing recomputing = { .session = session,
		.manner = manner,
		.output = output,
		.moved = moved,
		.ids = ids,
		.changed = changed,
		.last = &last };
	int result;

	if (!ids || !changed || !moved)
		return tkt_error_set_memory(error);
	if (tkt_db_expect_many(session->db, 64, error) ||
	    (manner->adopt && name_policy(&recomputing, error)))
		return -1;
	result = walk(&recomputing, error);
	forget_moved(&recomputing);
	return result;
}

int tkt_recompute(struct tkt_session *session, struct tkt_error *error)
{
	static const struct tkt_recompute_manner plain;

	return recompute(session, &plain, NULL, error);
}

int tkt_recompute_run(
    struct tkt_command *command, const struct tkt_recompute_manner *manner, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	tkt_autoptr(output) output = NULL;
	tkt_autotext files;

	tkt_text_init(&files, TKT_KNOWN_LIMIT);
	if (tkt_known_files_look(command, &files, error) ||
	    tkt_session_open(command, TKT_DB_WRITE, &session, error) ||
	    tkt_output_new(command, &tkt_ticket_fields, NULL, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	if (recompute(session, manner, command->quiet ? NULL : output, error))
		return -1;
	return manner->dry_run ? 0 : tkt_known_calendars_set(session, files.bytes, error);
}
