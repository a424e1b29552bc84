#include "flow/bounced.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/outbox.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "mail/parse.h"
#include "store/outgoing.h"
#include "json/field.h"

#include "base/banned.h"

#define ACTOR "tool:tkt-mailin"

/* The row of the outbox of the signed address. 1 and a new reference, 0, -1. */
static int find_signed(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, json_t **outgoing, struct tkt_error *error)
{
	enum tkt_token_finding finding;
	int64_t number = 0;

	if (tkt_signed_find(session, mail, recipient, TKT_TOKEN_BOUNCE, &finding, &number, error))
		return -1;
	return finding == TKT_TOKEN_GOOD ? tkt_outgoing_get(session->db, number, outgoing, error)
					 : 0;
}

int tkt_bounce_ticket(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, char **ticket, struct tkt_error *error)
{
	json_auto_t *outgoing = NULL;
	const char *id;
	int found = find_signed(session, mail, recipient, &outgoing, error);

	if (found <= 0)
		return found;
	id = tkt_object_text(outgoing, "ticket");
	if (!id)
		return 0;
	*ticket = strdup(id);
	return *ticket ? 1 : tkt_error_set_memory(error);
}

static bool is_failure(const json_t *report)
{
	const char *action = tkt_object_text(report, "action");

	return !action || tkt_text_equal(action, "failed");
}

/* The report that speaks of this recipient; NULL. */
static const json_t *report_of(const json_t *reports, const char *recipient)
{
	return tkt_array_find(reports, "recipient", recipient);
}

static const char *recipient_of(const json_t *outgoing)
{
	return json_string_value(json_array_get(json_object_get(outgoing, "recipients"), 0));
}

static int mark(struct tkt_session *session, const json_t *outgoing, const json_t *report,
    const char *subject, struct tkt_error *error)
{
	int64_t number = json_integer_value(json_object_get(outgoing, "number"));
	const char *reason = tkt_object_text(report, "reason");
	int changed = tkt_outgoing_bounced(session->db, number, tkt_object_text(report, "status"),
	    reason ? reason : subject, error);

	if (changed <= 0)
		return changed;
	return tkt_undelivered_follow(session, outgoing, ACTOR, "a mail came back", error);
}

/* The signed address names the one mail: any failure is its own. */
static int follow_signed(struct tkt_session *session, const struct tkt_mail *mail,
    const json_t *outgoing, struct tkt_error *error)
{
	const json_t *reports = json_object_get(mail->message, "reports");
	const json_t *report = report_of(reports, recipient_of(outgoing)), *element;
	size_t at;

	json_array_foreach(reports, at, element) {
		if (!report && is_failure(element))
			report = element;
	}
	if (json_array_size(reports) && (!report || !is_failure(report)))
		return 0;
	return mark(session, outgoing, report, mail->subject, error);
}

/* Mails of one Message-ID, one a recipient. */
static int follow_message(struct tkt_session *session, const struct tkt_mail *mail,
    const char *message_id, struct tkt_error *error)
{
	const json_t *reports = json_object_get(mail->message, "reports"), *row;
	json_auto_t *rows = NULL;
	size_t at;

	if (tkt_outgoing_of_message(session->db, message_id, &rows, error))
		return -1;
	json_array_foreach(rows, at, row) {
		const json_t *report = report_of(reports, recipient_of(row));
		bool only = json_array_size(rows) == 1 && json_array_size(reports) < 2;

		if (!report && only)
			report = json_array_get(reports, 0);
		if ((report ? is_failure(report) : only) &&
		    mark(session, row, report, mail->subject, error))
			return -1;
	}
	return 0;
}

int tkt_bounce_follow(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, struct tkt_error *error)
{
	json_auto_t *outgoing = NULL;
	int found = find_signed(session, mail, recipient, &outgoing, error);
	char *const *id;

	if (found)
		return found < 0 ? -1 : follow_signed(session, mail, outgoing, error);
	for (id = mail->returned_ids; id && *id; id++)
		if (follow_message(session, mail, *id, error))
			return -1;
	return 0;
}
