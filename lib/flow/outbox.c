#include "flow/outbox.h"

#include <stdbool.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "flow/apply.h"
#include "flow/session.h"
#include "store/counter.h"
#include "store/event.h"
#include "store/outgoing.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

static int64_t number_of(const json_t *outgoing)
{
	return json_integer_value(json_object_get(outgoing, "number"));
}

int tkt_outbox_get(
    struct tkt_session *session, const char *number, json_t **outgoing, struct tkt_error *error)
{
	int64_t wanted;
	int found = tkt_number_parse(number, &wanted)
	    ? 0
	    : tkt_outgoing_get(session->db, wanted, outgoing, error);

	if (found == 0)
		return tkt_error_set(
		    error, TKT_ERROR_NOT_FOUND, _("there is no outgoing mail '%s'"), number);
	return found < 0 ? -1 : 0;
}

/* Reads the row again; `changed` is what the store said of it: 0, it was in no state for that. */
static int reread(struct tkt_session *session, int changed, json_t **row, struct tkt_error *error)
{
	json_auto_t *before = *row;

	*row = NULL;
	if (changed < 0 || tkt_outgoing_get(session->db, number_of(before), row, error) < 0)
		return -1;
	if (changed)
		return 0;
	return tkt_error_set(error, TKT_ERROR_DATA,
	    /* TRANSLATORS: the state is a word of the wire: sent, sending ... */
	    _("the state of mail %lld is '%s'"), (long long)number_of(before),
	    tkt_object_text(before, "state"));
}

int tkt_outbox_retry(
    struct tkt_session *session, const char *number, json_t **outgoing, struct tkt_error *error)
{
	json_auto_t *row = NULL;

	if (tkt_outbox_get(session, number, &row, error) ||
	    reread(session,
		tkt_outgoing_requeue(
		    session->db, number_of(row), tkt_command_now(session->command), error),
		&row, error))
		return -1;
	*outgoing = tkt_take(row);
	return 0;
}

int tkt_outbox_cancel(
    struct tkt_session *session, const char *number, json_t **outgoing, struct tkt_error *error)
{
	json_auto_t *row = NULL;
	tkt_autofree char *why = NULL;

	if (tkt_outbox_get(session, number, &row, error) ||
	    reread(session, tkt_outgoing_cancel(session->db, number_of(row), error), &row, error))
		return -1;
	if (asprintf(&why, "mail %lld was cancelled", (long long)number_of(row)) < 0)
		return tkt_error_set_memory(error);
	if (tkt_undelivered_follow(session, row, NULL, why, error))
		return -1;
	*outgoing = tkt_take(row);
	return 0;
}

int tkt_outbox_log(struct tkt_session *session, const json_t *outgoing, const char *actor,
    const char *why, struct tkt_error *error)
{
	const struct tkt_command *command = session->command;
	json_auto_t *event = NULL, *copy = json_copy((json_t *)outgoing);
	char now[TKT_TIME_SIZE];
	int64_t seq;

	json_object_del(copy, "body");
	tkt_time_format(tkt_command_now(command), now);
	if (tkt_counter_next(session->db, TKT_COUNTER_EVENT, &seq, error))
		return -1;
	event = json_pack("{s:s,s:I,s:s,s:s,s:I,s:s,s:b,s:s,s:[O]}", "type", "event", "seq",
	    (json_int_t)seq, "at", now, "actor", actor ? actor : session->actor, "uid",
	    (json_int_t)getuid(), "tool", command->program->name, "now", command->now_given, "why",
	    why, "outgoing", copy);
	if (!event)
		return tkt_error_set_memory(error);
	return tkt_event_write(session->db, event, error);
}

/* 'anna@example.com: no such user', of the last mail of the ticket that has failed; NULL: none has.
 * To be freed. */
static int find_failure(
    struct tkt_session *session, const char *ticket, char **reason, struct tkt_error *error)
{
	json_auto_t *failed = NULL;
	const json_t *recipients, *recipient;
	const char *why;
	tkt_autotext text;
	size_t at;
	int found = tkt_outgoing_failure(session->db, ticket, &failed, error);

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	*reason = NULL;
	if (found <= 0)
		return found;
	recipients = json_object_get(failed, "recipients");
	json_array_foreach(recipients, at, recipient)
		tkt_text_format(&text, "%s%s", at ? ", " : "", json_string_value(recipient));
	why = tkt_object_text(failed, "error");
	tkt_text_format(&text, ": %s", why ? why : "");
	if (tkt_text_check(&text, error))
		return -1;
	*reason = tkt_text_take(&text);
	return *reason ? 0 : tkt_error_set_memory(error);
}

int tkt_undelivered_follow(struct tkt_session *session, const json_t *outgoing, const char *actor,
    const char *why, struct tkt_error *error)
{
	const char *id = tkt_object_text(outgoing, "ticket");
	/* What a person did to a mail is told, whatever came of it. */
	const struct tkt_apply_manner manner = { .actor = actor, .tells_always = !actor };
	json_auto_t *change = NULL, *ticket = NULL;
	tkt_autoapplied applied = { 0 };
	tkt_autofree char *reason = NULL;
	int found = id ? tkt_ticket_find(session->db, id, &ticket, error) : 0;
	bool differs;

	if (!id && !actor)
		return tkt_outbox_log(session, outgoing, NULL, why, error);
	if (found <= 0)
		return found;
	if (find_failure(session, id, &reason, error))
		return -1;
	differs = !tkt_text_equal(tkt_object_text(ticket, "undelivered"), reason);
	if (!differs && actor)
		return 0;
	if (tkt_change_new(ticket, why, &change, error) ||
	    (differs &&
		tkt_change_put(change, "set", json_pack("{s:s?}", "undelivered", reason), error)))
		return -1;
	return tkt_apply_change(session, change, &manner, &applied, error);
}
