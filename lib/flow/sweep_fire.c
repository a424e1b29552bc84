#include "flow/sweep_fire.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "desk/level.h"
#include "flow/apply.h"
#include "flow/outgoing_mail.h"
#include "flow/policies.h"
#include "flow/render.h"
#include "flow/session.h"
#include "flow/told.h"
#include "policy/due.h"
#include "store/db.h"
#include "store/sweep.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define ACTOR "tool:tkt-sla"
#define REPLY "reply"        /* the member of a proposal that names a template */
#define TELLING "escalation" /* the template that tells the requester */

void tkt_fired_init(struct tkt_fired *fired)
{
	*fired = (struct tkt_fired){ .changes = json_array() };
	tkt_text_init(&fired->complaints, TKT_TEXT_LIMIT);
}

void tkt_fired_clear(struct tkt_fired *fired)
{
	json_decref(fired->changes);
	free(fired->failures);
	tkt_text_clear(&fired->complaints);
	*fired = (struct tkt_fired){ 0 };
}

static bool ends_sweep(const struct tkt_error *error)
{
	return error->kind == TKT_ERROR_TEMPORARY || error->kind == TKT_ERROR_IO;
}

/* Keeps what went wrong with a ticket; that others were faster is no failure. -1 when the sweep
 * must end with it. */
static int fail(struct tkt_fired *fired, const json_t *ticket, struct tkt_error *failure,
    struct tkt_error *error)
{
	struct tkt_error *failures;

	if (ends_sweep(failure)) {
		*error = *failure;
		return -1;
	}
	if (failure->kind == TKT_ERROR_NOT_FOUND) /* a calendar that the policy names */
		failure->kind = TKT_ERROR_CONFIGURATION;
	if (failure->kind == TKT_ERROR_NO || failure->kind == TKT_ERROR_NONE)
		return 0;
	tkt_error_prefix(failure, "%s", tkt_object_text(ticket, "id"));
	failures = reallocarray(fired->failures, fired->failure_count + 1, sizeof(*failures));
	if (!failures)
		return tkt_error_set_memory(error);
	failures[fired->failure_count++] = *failure;
	fired->failures = failures;
	return 0;
}

static int propose(
    struct tkt_session *session, const json_t *ticket, json_t **changes, struct tkt_error *error)
{
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars;

	if (tkt_session_policy_of(session, tkt_object_text(ticket, "policy"), &policy, error) ||
	    tkt_session_calendars(session, &calendars, error))
		return -1;
	return tkt_due_propose(
	    policy, calendars, ticket, tkt_command_now(session->command), changes, error);
}

static bool tells_requester(const json_t *change)
{
	const json_t *person;
	size_t at;

	json_array_foreach(json_object_get(change, "notify"), at, person) {
		if (tkt_text_equal(json_string_value(person), "requester"))
			return true;
	}
	return false;
}

/* The requester, where the desk may write to him; NULL: nobody. */
static const char *requester_of(const struct tkt_session *session, const json_t *ticket)
{
	const char *address = tkt_object_text(ticket, "requester.email");

	return tkt_text_is_empty(address) || tkt_desk_has_address(session->desk, address) ? NULL
											  : address;
}

/*
 * Which template a proposal sends to the customer; NULL: none, or nobody can be written to.
 *
 *   requester  set when it goes to him alone
 */
static int choose_template(struct tkt_session *session, const json_t *change, const json_t *ticket,
    const char **name, const char **requester, struct tkt_error *error)
{
	json_auto_t *recipients = NULL;

	*requester = NULL;
	*name = tkt_object_text(change, REPLY);
	if (*name) {
		if (tkt_reply_recipients(session, ticket, &recipients, error))
			return -1;
		if (!json_array_size(recipients))
			*name = NULL;
		return 0;
	}
	if (tells_requester(change) && (*requester = requester_of(session, ticket)))
		*name = TELLING;
	return 0;
}

/* Puts the mail to the customer, if there is one, into the change. */
static int put_message(
    struct tkt_session *session, json_t *change, const json_t *ticket, struct tkt_error *error)
{
	json_auto_t *after = NULL, *message = NULL;
	const char *name, *requester;
	tkt_autotext subject;
	tkt_autotext body;

	tkt_text_init(&subject, TKT_TEXT_LIMIT);
	tkt_text_init(&body, TKT_TEXT_LIMIT);
	if (!json_object_get(change, REPLY) && !tells_requester(change))
		return 0;
	if (tkt_change_preview(change, ticket, &after, error) ||
	    choose_template(session, change, after, &name, &requester, error))
		return -1;
	if (!name)
		return 0;
	if (tkt_render_template(session, name, after, &subject, &body, error))
		return -1;
	message = json_pack("{s:s,s:s,s:s,s:b,s:s,s:s}", "kind", "public", "direction", "out",
	    "channel", "mail", "auto", true, "subject", subject.bytes, "body", body.bytes);
	if (!message ||
	    (requester &&
		json_object_set_new(message, "to", json_pack("[{s:s}]", "email", requester))))
		return tkt_error_set_memory(error);
	return tkt_change_put(change, "message", json_incref(message), error);
}

/* Does the ticket itself become another one, or is only somebody told? */
static bool alters(const json_t *change)
{
	return json_object_get(change, "set") || json_object_get(change, "add") ||
	    json_object_get(change, "message");
}

/* One change and what it tells the staff. */
static int apply(struct tkt_session *session, const json_t *change, const json_t *ticket,
    struct tkt_applied *applied, struct tkt_text *complaints, struct tkt_error *error)
{
	const struct tkt_apply_manner manner = {
		.actor = ACTOR,
		.before = ticket,
		.keeps_updated_at = !alters(change),
	};

	return tkt_apply_told(session, change, &manner, applied, complaints, error);
}

/* The same in a savepoint; *ticket becomes what the change makes it. 1; 0 when it failed alone;
 * -1. */
static int fire_one(struct tkt_session *session, json_t *change, json_t **ticket,
    struct tkt_fired *fired, struct tkt_error *error)
{
	size_t told = fired->complaints.length;
	struct tkt_error failure = { 0 };
	tkt_autoapplied applied = { 0 };
	int failed = put_message(session, change, *ticket, &failure);

	json_object_del(change, REPLY);
	if (!failed) {
		if (tkt_savepoint_begin(session->db, error))
			return -1;
		failed = apply(session, change, *ticket, &applied, &fired->complaints, &failure);
		if (failed ? tkt_savepoint_undo(session->db, error)
			   : tkt_savepoint_keep(session->db, error))
			return -1;
	}
	if (failed) {
		tkt_text_truncate(&fired->complaints, told);
		return fail(fired, *ticket, &failure, error);
	}
	json_decref(*ticket);
	*ticket = json_incref(applied.ticket);
	return json_array_append(fired->changes, change) ? tkt_error_set_memory(error) : 1;
}

/* What was done may make the next step moot, so each is proposed by the ticket as it then is. */
static int fire_all(
    struct tkt_session *session, json_t **ticket, struct tkt_fired *fired, struct tkt_error *error)
{
	struct tkt_error failure = { 0 };
	json_auto_t *changes = NULL;
	size_t rounds, failed = 0;

	if (propose(session, *ticket, &changes, &failure))
		return fail(fired, *ticket, &failure, error);
	/* So many and no more: a step that brings itself about again waits for the next sweep. */
	for (rounds = json_array_size(changes); rounds && failed < json_array_size(changes);
	     rounds--) {
		int done = fire_one(session, json_array_get(changes, failed), ticket, fired, error);

		if (done < 0)
			return -1;
		failed += !done;
		if (!done || rounds == 1)
			continue;
		json_decref(tkt_take(changes));
		if (propose(session, *ticket, &changes, &failure))
			return fail(fired, *ticket, &failure, error);
	}
	return 0;
}

int tkt_sweep_fire(struct tkt_session *session, const json_t *ticket, struct tkt_fired *fired,
    struct tkt_error *error)
{
	json_t *present = json_incref((json_t *)ticket);
	int done;

	done = fired->changes ? fire_all(session, &present, fired, error)
			      : tkt_error_set_memory(error);
	json_decref(present);
	return done;
}

/* Could any step of the policy write to a customer? Most cannot, and are not looked at twice. */
static bool mails_customers(const struct tkt_step *steps, size_t count)
{
	size_t i, at;

	for (i = 0; i < count; i++) {
		if (steps[i].reply)
			return true;
		for (at = 0; steps[i].notify[at]; at++)
			if (tkt_text_equal(steps[i].notify[at], "requester"))
				return true;
	}
	return false;
}

static bool policy_mails(const struct tkt_policy *policy)
{
	size_t i;

	for (i = 0; i < policy->sla_count; i++)
		if (mails_customers(policy->slas[i].escalations, policy->slas[i].escalation_count))
			return true;
	for (i = 0; i < policy->timer_count; i++)
		if (mails_customers(policy->timers[i].steps, policy->timers[i].step_count))
			return true;
	return false;
}

/* A policy that cannot be read mails nobody: its tickets fail when their turn comes. 1, 0, -1. */
static int named_policy_mails(
    struct tkt_session *session, const char *name, struct tkt_error *error)
{
	const struct tkt_policy *policy;
	struct tkt_error failure = { 0 };

	if (!tkt_session_policy_of(session, name, &policy, &failure))
		return policy_mails(policy);
	if (!ends_sweep(&failure))
		return 0;
	*error = failure;
	return -1;
}

int tkt_sweep_may_mail(struct tkt_session *session, struct tkt_error *error)
{
	json_auto_t *names = NULL;
	const json_t *name;
	int mails = 0;
	size_t at;

	if (tkt_sweep_policies(session->db, tkt_command_now(session->command), &names, error))
		return -1;
	json_array_foreach(names, at, name) {
		if (!mails)
			mails = named_policy_mails(session, json_string_value(name), error);
	}
	return mails;
}

int tkt_sweep_count_mails(
    struct tkt_session *session, const json_t *ticket, struct tkt_error *error)
{
	const struct tkt_policy *policy;
	struct tkt_error failure = { 0 };
	json_auto_t *changes = NULL;
	const json_t *change;
	int count = 0;
	size_t at;

	if (tkt_session_policy_of(session, tkt_object_text(ticket, "policy"), &policy, &failure) ||
	    (policy_mails(policy) && propose(session, ticket, &changes, &failure))) {
		if (!ends_sweep(&failure))
			return 0;
		*error = failure;
		return -1;
	}
	json_array_foreach(changes, at, change) {
		const char *name, *requester;

		if (choose_template(session, change, ticket, &name, &requester, error))
			return -1;
		count += name != NULL;
	}
	return count;
}
