#include "flow/threading.h"

#include <string.h>

#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/desk.h"
#include "flow/bounced.h"
#include "flow/people.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "mail/parse.h"
#include "store/letter.h"
#include "store/message.h"
#include "store/outgoing.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

#define MERGES_MOST 10 /* one after another; a circle ends there */
#define LETTERS_MOST 3 /* of the newest references: those that an agent's own mail is among */

void tkt_thread_clear(struct tkt_thread *thread)
{
	json_decref(thread->ticket);
	free(thread->claimed);
}

/* By the requester or who is copied, by another address of one of them (S2-15), or by a contact of
 * the same customer? Of several authors one may be anybody, and the text anybody's. 1, 0, -1. */
static int is_by_participant(struct tkt_session *session, const json_t *ticket,
    const struct tkt_mail *mail, struct tkt_error *error)
{
	const char *requester = tkt_object_text(ticket, "requester.email");
	const json_t *copied = json_object_get(ticket, "cc");
	json_auto_t *addresses = copied ? json_deep_copy(copied) : json_array();

	if (tkt_text_is_empty(mail->from) || mail->has_more_authors)
		return 0;
	if (!addresses || (requester && json_array_append_new(addresses, json_string(requester))))
		return tkt_error_set_memory(error);
	if (tkt_array_has_text(addresses, mail->from))
		return 1;
	return tkt_person_is_same(session, mail->from, addresses,
	    tkt_object_text(ticket, "customer"), tkt_command_now(session->command), error);
}

/* The ticket of the first of these Message-IDs that is stored; 1, 0 or -1. */
static int find_by_ids(
    struct tkt_session *session, char *const *message_ids, json_t **ticket, struct tkt_error *error)
{
	for (; message_ids && *message_ids; message_ids++) {
		tkt_autofree char *id = NULL;
		int64_t number;
		int found = tkt_message_find(session->db, *message_ids, &id, &number, error);

		if (found > 0)
			return tkt_ticket_find(session->db, id, ticket, error);
		if (found < 0)
			return -1;
	}
	return 0;
}

/* The ticket of the first of these Message-IDs that is another's letter in the ledger: it was
 * composed anew, and who got a copy of the letter itself answers that. 1, 0 or -1. */
static int find_by_letters(
    struct tkt_session *session, char *const *message_ids, json_t **ticket, struct tkt_error *error)
{
	int left = LETTERS_MOST;

	for (; message_ids && *message_ids && left > 0; message_ids++, left--) {
		json_auto_t *letter = NULL;
		int found = tkt_letter_find_key(session->db, *message_ids, &letter, error);

		if (found > 0)
			return tkt_ticket_find(
			    session->db, tkt_object_text(letter, "ticket"), ticket, error);
		if (found < 0)
			return -1;
	}
	return 0;
}

static int find_by_number(
    struct tkt_session *session, int64_t number, json_t **ticket, struct tkt_error *error)
{
	char id[32];

	if (!number)
		return 0;
	snprintf(id, sizeof(id), "%jd", (intmax_t)number);
	return tkt_ticket_find(session->db, id, ticket, error);
}

static int find_by_thread_index(struct tkt_session *session, const struct tkt_mail *mail,
    json_t **ticket, struct tkt_error *error)
{
	const char *root = tkt_object_text(mail->message, "thread_index");
	tkt_autofree char *id = NULL;
	int found = root ? tkt_message_find_thread(session->db, root, &id, error) : 0;

	return found > 0 ? tkt_ticket_find(session->db, id, ticket, error) : found;
}

static int find_signed(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, struct tkt_thread *thread, json_t **ticket, struct tkt_error *error)
{
	enum tkt_token_finding finding;
	int64_t number = 0;
	int found;

	if (tkt_signed_find(session, mail, recipient, TKT_TOKEN_REPLY, &finding, &number, error))
		return -1;
	thread->is_forged = finding == TKT_TOKEN_FORGED;
	found = finding == TKT_TOKEN_GOOD ? find_by_number(session, number, ticket, error) : 0;
	thread->is_signed = found > 0;
	return found;
}

/* By what a person's letter names. */
static int find_for_person(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, struct tkt_thread *thread, json_t **ticket, struct tkt_error *error)
{
	int found = find_signed(session, mail, recipient, thread, ticket, error);

	if (!found)
		found = find_by_ids(session, mail->references, ticket, error);
	if (!found)
		found = find_by_letters(session, mail->references, ticket, error);
	if (!found)
		found = find_by_number(session,
		    tkt_subject_ticket(mail->subject, session->desk->ticket_prefix), ticket, error);
	if (!found)
		found = find_by_thread_index(session, mail, ticket, error);
	return found;
}

/* The ticket of the mail of the desk's own that one of these names. What reports of it comes from a
 * server that nobody knows, and shows by the Message-ID that it has seen the mail; what answers it
 * comes from one to whom it went. 1, 0 or -1. */
static int find_by_own_mail(struct tkt_session *session, const struct tkt_mail *mail,
    char *const *message_ids, json_t **ticket, struct tkt_error *error)
{
	for (; message_ids && *message_ids; message_ids++) {
		json_auto_t *rows = NULL;
		const json_t *row;
		size_t at;

		if (tkt_outgoing_of_message(session->db, *message_ids, &rows, error))
			return -1;
		json_array_foreach(rows, at, row) {
			const char *id = tkt_object_text(row, "ticket");
			const char *recipient = json_string_value(
			    json_array_get(json_object_get(row, "recipients"), 0));

			if (id && /* a notice to the staff has none */
			    (mail->kind != TKT_MAIL_AUTOMATIC ||
				tkt_text_equal(recipient, mail->from)))
				return tkt_ticket_find(session->db, id, ticket, error);
		}
	}
	return 0;
}

/* By what a machine's is an answer to, or a report about; is_signed where that proves that it may.
 */
static int find_for_machine(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, struct tkt_thread *thread, json_t **ticket, struct tkt_error *error)
{
	tkt_autofree char *id = NULL;
	int found = tkt_bounce_ticket(session, mail, recipient, &id, error);

	if (found > 0)
		found = tkt_ticket_find(session->db, id, ticket, error);
	if (!found)
		found = find_signed(session, mail, recipient, thread, ticket, error);
	if (!found)
		found = find_by_own_mail(session, mail, mail->references, ticket, error);
	if (!found)
		found = find_by_own_mail(session, mail, mail->returned_ids, ticket, error);
	thread->is_signed = found > 0;
	return found ? found : find_by_ids(session, mail->references, ticket, error);
}

int tkt_thread_follow_merges(struct tkt_session *session, json_t **ticket, struct tkt_error *error)
{
	const char *into;
	int left = MERGES_MOST;

	while ((into = tkt_object_text(*ticket, "merged_into")) && left-- > 0) {
		json_auto_t *parent = NULL;
		int found = tkt_ticket_find(session->db, into, &parent, error);

		if (found <= 0)
			return found;
		json_decref(*ticket);
		*ticket = tkt_take(parent);
	}
	return 0;
}

/* Was it closed so long ago that an answer opens another one? */
static bool is_over(const struct tkt_session *session, const json_t *ticket)
{
	int64_t closed_at = tkt_object_time(ticket, "closed_at");

	return tkt_text_equal(tkt_object_text(ticket, "status"), "closed") &&
	    session->desk->reopen_seconds != INT64_MAX && closed_at != TKT_TIME_NONE &&
	    tkt_command_now(session->command) - closed_at >= session->desk->reopen_seconds;
}

/* Gives the ticket to who may write to it, unless it is over. */
static int admit(
    struct tkt_thread *thread, json_t *ticket, bool is_known, bool over, struct tkt_error *error)
{
	if (is_known && !over) {
		thread->ticket = json_incref(ticket);
		return 0;
	}
	thread->is_stranger = !is_known;
	thread->is_closed = tkt_text_equal(tkt_object_text(ticket, "status"), "closed");
	thread->claimed = strdup(tkt_object_text(ticket, "id"));
	return thread->claimed ? 0 : tkt_error_set_memory(error);
}

int tkt_thread_find(struct tkt_session *session, const struct tkt_mail *mail, const char *recipient,
    struct tkt_thread *thread, struct tkt_error *error)
{
	bool is_machine = mail->kind == TKT_MAIL_BOUNCE || mail->kind == TKT_MAIL_RECEIPT ||
	    mail->kind == TKT_MAIL_AUTOMATIC;
	json_auto_t *ticket = NULL;
	int found, is_known;

	if (is_machine)
		found = find_for_machine(session, mail, recipient, thread, &ticket, error);
	else
		found = find_for_person(session, mail, recipient, thread, &ticket, error);
	if (found <= 0)
		return found;
	is_known = thread->is_signed ? 1 : is_by_participant(session, ticket, mail, error);
	if (is_known < 0 || tkt_thread_follow_merges(session, &ticket, error))
		return -1;
	if (!is_known && (is_known = is_by_participant(session, ticket, mail, error)) < 0)
		return -1;
	return admit(
	    thread, ticket, is_known, is_known && !is_machine && is_over(session, ticket), error);
}

int tkt_thread_join(struct tkt_session *session, const struct tkt_mail *mail, json_t *ticket,
    struct tkt_thread *thread, struct tkt_error *error)
{
	int is_known;

	if (thread->ticket || (thread->claimed && !thread->is_stranger))
		return 1;
	is_known = is_by_participant(session, ticket, mail, error);
	if (is_known <= 0)
		return is_known;
	tkt_thread_clear(thread);
	*thread = (struct tkt_thread){ 0 };
	return admit(thread, ticket, true, is_over(session, ticket), error) ? -1 : 1;
}

int tkt_thread_claim(
    struct tkt_session *session, struct tkt_thread *thread, struct tkt_error *error)
{
	return tkt_ticket_find(session->db, thread->claimed, &thread->ticket, error) < 0 ? -1 : 0;
}
