#include "flow/send.h"

#include "base/program.h"
#include "base/time.h"
#include "desk/desk.h"
#include "flow/arm.h"
#include "flow/compose_outgoing.h"
#include "flow/outbox.h"
#include "flow/session.h"
#include "mail/transport.h"
#include "store/db.h"
#include "store/outgoing.h"
#include "json/field.h"

#include "base/banned.h"

#define LEASE_SECONDS 600  /* and twice what the transport may take for one mail */
#define UNKNOWN_MOST 3     /* the first and two more: then a person must look */
#define MENDING_SECONDS 60 /* until a transport that must be mended is tried again */
#define GIVE_UP_SECONDS (5 * 86400)

struct sending {
	struct tkt_session *session;
	struct tkt_sender *sender; /* NULL until a mail is due */
	tkt_sending_report *report;
	void *context;
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

/* What a try led to. */
struct outcome {
	struct tkt_error failure; /* NONE: it was sent */
	int64_t retry_at;         /* 0: never */
	bool unknown;             /* it may have arrived; not yet counted in the row */
};

/* When a mail that did not get through is tried again; 0: never, it has failed. */
static int64_t next_try(const json_t *outgoing, const struct outcome *outcome, int64_t now)
{
	int64_t attempts = json_integer_value(json_object_get(outgoing, "attempts"));
	int64_t unknowns = json_integer_value(json_object_get(outgoing, "unknowns"));
	const char *created = tkt_object_text(outgoing, "created_at");
	struct tkt_error ignored = { 0 };
	int64_t created_at = now;

	if (created)
		tkt_time_parse(created, &created_at, &ignored);
	if (unknowns + outcome->unknown >= UNKNOWN_MOST)
		return 0;
	switch (outcome->failure.kind) {
	case TKT_ERROR_UNAVAILABLE:
	case TKT_ERROR_DATA:
		return 0;
	case TKT_ERROR_CONFIGURATION: /* no fault of this mail */
		return now + MENDING_SECONDS;
	default:
		return now - created_at > GIVE_UP_SECONDS ? 0 : now + pause_after(attempts);
	}
}

/* In a savepoint: were this to undo the record of the sending, the mail would be sent again. */
static int tell_ticket(
    struct tkt_session *session, const json_t *outgoing, bool sent, struct tkt_error *error)
{
	struct tkt_error ignored = { 0 };

	if (tkt_savepoint_begin(session->db, error))
		return -1;
	if (!tkt_undelivered_follow(session, outgoing, "tool:tkt-mailout",
		sent ? "the mail was delivered" : "a mail could not be delivered", error))
		return tkt_savepoint_keep(session->db, error);
	tkt_savepoint_undo(session->db, &ignored);
	return -1;
}

/* Records in one transaction what became of it. */
static int record(struct tkt_session *session, const json_t *outgoing,
    const struct outcome *outcome, struct tkt_error *error)
{
	int64_t number = json_integer_value(json_object_get(outgoing, "number"));
	const char *reason = outcome->failure.text;
	bool sent = outcome->failure.kind == TKT_ERROR_NONE;
	tkt_autoptr(transaction) transaction = NULL;
	struct tkt_error commit_error = { 0 };
	int done;

	if (tkt_transaction_begin(session->db, &transaction, error))
		return -1;
	if (sent)
		done = tkt_outgoing_sent(
		    session->db, number, tkt_command_now(session->command), error);
	else if (outcome->retry_at)
		done = tkt_outgoing_retry_at(
		    session->db, number, outcome->retry_at, outcome->unknown, reason, error);
	else
		done = tkt_outgoing_failed(session->db, number, outcome->unknown, reason, error);
	if (done)
		return -1;
	if (sent || !outcome->retry_at)
		done = tell_ticket(session, outgoing, sent, error);
	if (!tkt_transaction_commit(transaction, &commit_error))
		return done;
	*error = commit_error;
	return -1;
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

/* One leased mail. 1 when it was sent; 0; -1 when the run must end. */
static int send_one(struct sending *sending, const json_t *outgoing, struct tkt_error *error)
{
	struct tkt_session *session = sending->session;
	int64_t number = json_integer_value(json_object_get(outgoing, "number"));
	struct tkt_delivery delivery = { .unknown = false };
	struct outcome outcome = { .retry_at = 0 };
	json_auto_t *row = NULL;

	/* Before it is tried: those who tried it last did not say how it went. */
	if (json_integer_value(json_object_get(outgoing, "unknowns")) >= UNKNOWN_MOST)
		tkt_error_set(&outcome.failure, TKT_ERROR_UNAVAILABLE,
		    _("it may have been sent: its senders were stopped on the way"));
	else if (hand_over(sending, outgoing, &delivery, &outcome.failure)) {
		outcome.unknown = delivery.unknown;
		outcome.retry_at = next_try(outgoing, &outcome, tkt_command_now(session->command));
	}
	if (record(session, outgoing, &outcome, error) ||
	    tkt_outgoing_get(session->db, number, &row, error) < 0)
		return -1;
	if (sending->report &&
	    sending->report(&(struct tkt_sending){ .outgoing = row ? row : outgoing,
				.kind = outcome.failure.kind,
				.reason = outcome.failure.text },
		sending->context, error))
		return -1;
	tkt_command_progress(session->command, 1);
	if (outcome.failure.kind == TKT_ERROR_CONFIGURATION) {
		*error = outcome.failure;
		return -1;
	}
	return outcome.failure.kind == TKT_ERROR_NONE;
}

int64_t tkt_send_due(struct tkt_session *session, const char *ticket, tkt_sending_report *report,
    void *context, struct tkt_error *error)
{
	__attribute__((cleanup(sending_clear))) struct sending sending = {
		.session = session,
		.report = report,
		.context = context,
	};
	int64_t lease = LEASE_SECONDS + 2 * session->desk->transport.timeout_seconds, sent = 0;

	if (tkt_arm_check(session, error))
		return -1;
	for (;;) {
		json_auto_t *outgoing = NULL;
		int done = tkt_outgoing_lease(session->db, tkt_command_now(session->command), lease,
		    &session->desk->transport.rate, ticket, &outgoing, error);

		if (done <= 0)
			return done < 0 ? -1 : sent;
		done = send_one(&sending, outgoing, error);
		if (done < 0)
			return -1;
		sent += done;
	}
}
