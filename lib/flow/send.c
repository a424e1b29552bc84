#include "flow/send.h"

#include <string.h>

#include "base/program.h"
#include "base/time.h"
#include "flow/apply.h"
#include "flow/arm.h"
#include "flow/compose_outgoing.h"
#include "flow/session.h"
#include "mail/transport.h"
#include "store/outgoing.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

#define LEASE_SECONDS 600  /* longer than any transport takes for one mail */
#define ATTEMPTS_UNKNOWN 3 /* the first and two more: then a person must look */
#define GIVE_UP_SECONDS (5 * 86400)

struct sending {
	struct tkt_session *session;
	struct tkt_sender *sender; /* NULL until a mail is due */
	tkt_sending_report *report;
	void *context;
	int64_t sent;
};

static void sending_clear(struct sending *sending)
{
	tkt_sender_free(sending->sender);
}

/* How long it waits after so many attempts. */
static int64_t pause_after(int64_t attempts)
{
	static const int minutes[] = { 1, 5, 15, 30, 60, 120, 240, 480 };
	int64_t last = sizeof(minutes) / sizeof(minutes[0]) - 1;
	int64_t at = attempts - 1;

	return 60 * minutes[at < 0 ? 0 : at > last ? last : at];
}

/* The ticket says that a mail of it did not arrive; once it has, it says so no more. */
static int mark_ticket(struct tkt_session *session, const json_t *outgoing, const char *reason,
    struct tkt_error *error)
{
	const char *id = tkt_object_text(outgoing, "ticket");
	json_auto_t *change = NULL, *ticket = NULL;
	tkt_autoapplied applied = { 0 };
	int found = tkt_ticket_find(session->db, id, &ticket, error);

	if (found <= 0 || tkt_text_equal(tkt_object_text(ticket, "undelivered"), reason))
		return found < 0 ? -1 : 0;
	change = json_pack("{s:s,s:s,s:{s:s?},s:s}", "type", "change", "ticket", id, "set",
	    "undelivered", reason, "why",
	    reason ? "a mail could not be delivered" : "the mail was delivered");
	if (!change)
		return tkt_error_set_memory(error);
	return tkt_apply_change(session, change,
	    &(struct tkt_apply_manner){ .actor = "tool:tkt-mailout" }, &applied, error);
}

/* When a mail that did not get through is tried again; 0: never, it has failed. */
static int64_t next_try(
    const json_t *outgoing, const struct tkt_error *reason, bool unknown, int64_t now)
{
	int64_t attempts = json_integer_value(json_object_get(outgoing, "attempts"));
	const char *created = tkt_object_text(outgoing, "created_at");
	struct tkt_error ignored = { 0 };
	int64_t created_at = now;

	if (created)
		tkt_time_parse(created, &created_at, &ignored);
	if (unknown && attempts >= ATTEMPTS_UNKNOWN)
		return 0;
	if (reason->kind == TKT_ERROR_UNAVAILABLE || reason->kind == TKT_ERROR_DATA)
		return 0;
	return now - created_at > GIVE_UP_SECONDS ? 0 : now + pause_after(attempts);
}

/* Records in one transaction what became of it. reason NULL: it was sent. */
static int record(struct tkt_session *session, const json_t *outgoing, const char *reason,
    int64_t retry_at, struct tkt_error *error)
{
	int64_t number = json_integer_value(json_object_get(outgoing, "number"));
	int64_t now = tkt_command_now(session->command);
	tkt_autoptr(transaction) transaction = NULL;
	int done;

	if (tkt_transaction_begin(session->db, &transaction, error))
		return -1;
	if (!reason)
		done = tkt_outgoing_sent(session->db, number, now, error);
	else if (retry_at)
		done = tkt_outgoing_retry_at(session->db, number, retry_at, reason, error);
	else
		done = tkt_outgoing_failed(session->db, number, reason, error);
	if (!done && !retry_at)
		done = mark_ticket(session, outgoing, reason, error);
	return done ? -1 : tkt_transaction_commit(transaction, error);
}

/* The recipients as the transport wants them; borrowed from the row. */
static const char **recipient_list(const json_t *outgoing)
{
	const json_t *recipients = json_object_get(outgoing, "recipients");
	const char **list = calloc(json_array_size(recipients) + 1, sizeof(*list));
	const json_t *element;
	size_t at;

	if (list) {
		json_array_foreach(recipients, at, element)
			list[at] = json_string_value(element);
	}
	return list;
}

/* Composes and hands over one leased mail. 0 or -1, the reason in *error. */
static int hand_over(struct sending *sending, const json_t *outgoing, struct tkt_delivery *delivery,
    struct tkt_error *error)
{
	tkt_autofree const char **recipients = recipient_list(outgoing);
	const char *from = tkt_object_text(outgoing, "sender");
	tkt_autotext bytes;

	tkt_text_init(&bytes, TKT_TEXT_LIMIT);
	if (!recipients)
		return tkt_error_set_memory(error);
	if (tkt_outgoing_compose(sending->session, outgoing, &bytes, error))
		return -1;
	if (!sending->sender && tkt_sender_new(sending->session->desk, &sending->sender, error))
		return -1;
	return tkt_sender_send(sending->sender, from ? from : "", recipients, bytes.bytes,
	    bytes.length, delivery, error);
}

static int send_one(
    struct sending *sending, const json_t *outgoing, bool was_unknown, struct tkt_error *error)
{
	int64_t number = json_integer_value(json_object_get(outgoing, "number"));
	struct tkt_delivery delivery = { .unknown = false };
	struct tkt_error failure = { 0 };
	json_auto_t *row = NULL;
	int64_t retry_at = 0;
	bool failed;

	if (was_unknown &&
	    !next_try(outgoing, &failure, true, tkt_command_now(sending->session->command)))
		failed = tkt_error_set(&failure, TKT_ERROR_UNAVAILABLE,
		    _("it may have been sent: the sender was stopped on the way, several times"));
	else
		failed = hand_over(sending, outgoing, &delivery, &failure);
	if (failed)
		retry_at = next_try(outgoing, &failure, delivery.unknown,
		    tkt_command_now(sending->session->command));
	else
		sending->sent++;
	if (record(sending->session, outgoing, failed ? failure.text : NULL, retry_at, error) ||
	    tkt_outgoing_get(sending->session->db, number, &row, error) < 0)
		return -1;
	if (!sending->report)
		return 0;
	return sending->report(&(struct tkt_sending){ .outgoing = row ? row : outgoing,
				   .reason = failed ? failure.text : NULL },
	    sending->context, error);
}

int64_t tkt_send_due(struct tkt_session *session, const char *ticket, tkt_sending_report *report,
    void *context, struct tkt_error *error)
{
	__attribute__((cleanup(sending_clear))) struct sending sending = {
		.session = session,
		.report = report,
		.context = context,
	};

	if (tkt_arm_check(session, error))
		return -1;
	for (;;) {
		json_auto_t *outgoing = NULL;
		bool unknown = false;
		int leased = tkt_outgoing_lease(session->db, tkt_command_now(session->command),
		    LEASE_SECONDS, ticket, &outgoing, &unknown, error);

		if (leased < 0)
			return -1;
		if (!leased)
			return sending.sent;
		if (send_one(&sending, outgoing, unknown, error))
			return -1;
	}
}
