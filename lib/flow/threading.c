#include "flow/threading.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "mail/parse.h"
#include "store/message.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

void tkt_thread_clear(struct tkt_thread *thread)
{
	json_decref(thread->ticket);
	free(thread->claimed);
}

static bool is_participant(const json_t *ticket, const char *address)
{
	const json_t *element;
	size_t at;

	if (tkt_text_is_empty(address))
		return false;
	if (tkt_text_equal(tkt_object_text(ticket, "requester.email"), address))
		return true;
	json_array_foreach(json_object_get(ticket, "cc"), at, element) {
		if (tkt_text_equal(json_string_value(element), address))
			return true;
	}
	return false;
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

static int find_by_subject(struct tkt_session *session, const struct tkt_mail *mail,
    json_t **ticket, struct tkt_error *error)
{
	int64_t number = tkt_subject_ticket(mail->subject, session->desk->ticket_prefix);
	tkt_autofree char *id = NULL;

	if (!number)
		return 0;
	if (asprintf(&id, "%jd", (intmax_t)number) < 0)
		return tkt_error_set_memory(error);
	return tkt_ticket_find(session->db, id, ticket, error);
}

int tkt_thread_find(struct tkt_session *session, const struct tkt_mail *mail,
    struct tkt_thread *thread, struct tkt_error *error)
{
	bool is_person = mail->kind == TKT_MAIL_PERSON;
	json_auto_t *ticket = NULL;
	int found;

	found = find_by_ids(session, mail->references, &ticket, error);
	if (!found && !is_person)
		found = find_by_ids(session, mail->returned_ids, &ticket, error);
	if (!found && is_person)
		found = find_by_subject(session, mail, &ticket, error);
	if (found <= 0)
		return found;
	/* A bounce or receipt comes from a machine, but names a mail that only its recipients know.
	 */
	if (mail->kind == TKT_MAIL_BOUNCE || mail->kind == TKT_MAIL_RECEIPT ||
	    is_participant(ticket, mail->from)) {
		thread->ticket = tkt_take(ticket);
		return 0;
	}
	thread->claimed = strdup(tkt_object_text(ticket, "id"));
	return thread->claimed ? 0 : tkt_error_set_memory(error);
}
