#include "flow/staff_mail.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/text.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/staff_address.h"
#include "flow/staff_answer.h"
#include "flow/staff_told.h"
#include "flow/taking.h"
#include "mail/authentication.h"
#include "mail/parse.h"
#include "store/outgoing.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

/* One letter to an agent's address. */
struct staff {
	struct tkt_taking *taking;
	struct tkt_staff_found found;
	const json_t *author; /* the agent whose address is in From; NULL: it is nobody's */
	json_t *ticket;       /* that the token speaks of, as it is stored */
};

static void staff_clear(struct staff *staff)
{
	json_decref(staff->ticket);
}

/* Why a letter is no reply: by its name in the template 'staff_words', and for the ledger. */
static const struct reason {
	const char *word, *text;
} reasons[] = {
	{ "stranger", "as a note: not from an address of the agent who was told" },
	{ "inactive", "as a note: its author is no active agent" },
	{ "other_agent", "as a note: its author is not the agent who was told" },
	{ "no_host", "as a note: its author is not proven, no trusted_host is named" },
	{ "unproven", "as a note: its author is not proven" },
	{ "several", "as a note: it is addressed to several tickets" },
	{ "expired", "as a note: the token has expired" },
	{ "merged", "as a note: the ticket went into another one" },
	{ "unreadable", "as a note: it could only be read in part" },
	{ "empty", "as a note: nothing stands above the line" },
	{ "inline", "as a note: it is written between quoted lines" },
	{ "no_line", "as a note: it quotes, but not the line to answer above" },
	{ "absent", "as a note: its author is away, and it quotes nothing" },
	{ "set_aside", "as a note: the desk does not pass on what is attached" },
	{ "nobody", "as a note: nobody can be written to" },
	{ "refused", "as a note: what it orders is refused" },
	{ "no_token", "as a note: an agent's letter without a token" },
	{ "machine", "as a note: a machine's mail" },
};

static int settle(struct tkt_taking *taking, const char *fate, const char *reason)
{
	taking->fate = fate;
	taking->reason = reason;
	return 1;
}

static const char *reason_text(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(reasons[i].word, word))
			return reasons[i].text;
	return word;
}

/* Too many letters of its sender. 1: it is set aside; 0; -1. */
static int brake(struct tkt_taking *taking, struct tkt_error *error)
{
	int braked = taking->letter->released ? 0 : tkt_brake_letter(taking, error);

	return braked > 0 ? settle(taking, "quarantined", taking->brake) : braked;
}

/* The letter as it came, where the customer never sees it; whoever is told of it learns why. */
static int keep_note(
    struct tkt_taking *taking, json_t *ticket, struct tkt_staff_told *told, struct tkt_error *error)
{
	json_auto_t *into = json_incref(ticket);

	if (tkt_thread_follow_merges(taking->session, &into, error))
		return -1;
	json_decref(taking->thread.ticket);
	taking->thread.ticket = tkt_take(into);
	settle(taking, "appended", reason_text(told->word));
	if (tkt_taking_append(taking, "internal", taking->reason, error))
		return -1;
	told->template = "staff_note";
	told->ticket = tkt_object_text(taking->thread.ticket, "id");
	return tkt_staff_tell(taking, told, error) ? -1 : 1;
}

/* What stands below the full rung: a word, and whom to tell of it. NULL: nothing does. */
static const char *judge(const struct staff *staff, const json_t **told)
{
	const struct tkt_taking *taking = staff->taking;
	const char *host = taking->session->desk->trusted_host;

	*told = staff->found.agent;
	if (!staff->author)
		return "stranger";
	*told = staff->author;
	if (!json_is_true(json_object_get(staff->author, "is_active")))
		return "inactive";
	if (!tkt_mail_is_authenticated(taking->mail, host))
		return *host ? "unproven" : "no_host";
	if (staff->author != staff->found.agent)
		return "other_agent";
	if (staff->found.is_several)
		return "several";
	if (staff->found.token.expires_at < taking->letter->received_at)
		return "expired";
	if (tkt_object_text(staff->ticket, "merged_into"))
		return "merged";
	return taking->mail->trouble ? "unreadable" : NULL;
}

static int answer(struct staff *staff, struct tkt_error *error)
{
	struct tkt_taking *taking = staff->taking;
	tkt_autoanswer made = { .agent = staff->author, .ticket = staff->ticket };
	struct tkt_staff_told told = { .agent = staff->author };
	int done;

	tkt_staff_answer_init(&made);
	done = tkt_staff_answer_apply(taking, &made, error);
	if (done < 0)
		return -1;
	told.word = made.word;
	told.reason = *made.refusal.text ? made.refusal.text : NULL;
	told.orders = made.orders.told.bytes;
	if (!done)
		return keep_note(taking, staff->ticket, &told, error);
	settle(taking, "appended", made.orders.count ? "orders of an agent" : "an agent's answer");
	if (!made.orders.count)
		return 1;
	told.template = "staff_receipt";
	told.is_done = true;
	told.ticket = tkt_object_text(staff->ticket, "id");
	return tkt_staff_tell(taking, &told, error) ? -1 : 1;
}

/* An agent is away: colleagues may see it, and nothing else comes of it. */
static int take_automatic(struct staff *staff, struct tkt_error *error)
{
	struct tkt_taking *taking = staff->taking;

	settle(taking, "automatic", "an automatic reply to an agent's address");
	json_decref(taking->thread.ticket);
	taking->thread.ticket = json_incref(staff->ticket);
	if (tkt_thread_follow_merges(taking->session, &taking->thread.ticket, error))
		return -1;
	return tkt_taking_append(taking, "internal", taking->reason, error) ? -1 : 1;
}

/* Somebody who has a part in the ticket answers an agent who copied him, and with him the desk. 1,
 * and the thread is his; 0; -1. */
static int is_participant(const struct staff *staff, struct tkt_error *error)
{
	if (staff->author == staff->found.agent)
		return 0;
	return tkt_thread_join(staff->taking->session, staff->taking->mail, staff->ticket,
	    &staff->taking->thread, error);
}

/* 1: it is an answer that was taken in before; 0; -1. */
static int is_repeated(const struct staff *staff, struct tkt_error *error)
{
	tkt_autoanswer answer = {
		.agent = staff->author ? staff->author : staff->found.agent,
		.ticket = staff->ticket,
	};

	tkt_staff_answer_init(&answer);
	return tkt_staff_answer_is_repeated(staff->taking, &answer, error);
}

static int take_addressed(struct staff *staff, struct tkt_error *error)
{
	struct tkt_taking *taking = staff->taking;
	struct tkt_staff_told told = { 0 };
	int done;

	if (taking->mail->kind == TKT_MAIL_AUTOMATIC)
		return take_automatic(staff, error);
	done = is_participant(staff, error);
	if (done)
		return done < 0 ? -1 : 0;
	done = is_repeated(staff, error);
	if (done)
		return done < 0 ? -1
				: settle(taking, "duplicate", "this answer was taken in before");
	done = brake(taking, error);
	if (done)
		return done;
	told.word = taking->mail->kind == TKT_MAIL_PERSON ? judge(staff, &told.agent) : "machine";
	return told.word ? keep_note(taking, staff->ticket, &told, error) : answer(staff, error);
}

/* Does it answer a mail of the desk to its staff, by the look of its Message-ID? */
static bool answers_notice(const struct tkt_taking *taking)
{
	const char *answered = tkt_object_text(taking->mail->message, "in_reply_to");

	return !taking->thread.ticket && !taking->thread.claimed && !taking->letter->released &&
	    answered && !strncmp(answered, "notice.", 7);
}

/* Did the mail that it answers go to this agent? 1, 0, -1. */
static int was_told(const struct tkt_taking *taking, const json_t *agent, struct tkt_error *error)
{
	json_auto_t *rows = NULL;
	const json_t *row;
	size_t at;

	if (tkt_outgoing_of_message(taking->session->db,
		tkt_object_text(taking->mail->message, "in_reply_to"), &rows, error))
		return -1;
	json_array_foreach(rows, at, row) {
		const json_t *recipient = json_array_get(json_object_get(row, "recipients"), 0);

		if (!tkt_object_text(row, "ticket") &&
		    tkt_text_equal(tkt_object_text(agent, "email"), json_string_value(recipient)))
			return 1;
	}
	return 0;
}

/* The agent who names a ticket that he has no token of. */
static int note_claim(struct tkt_taking *taking, const json_t *agent, struct tkt_error *error)
{
	struct tkt_staff_told told = { .agent = agent, .word = "no_token" };
	json_auto_t *ticket = NULL;

	if (tkt_ticket_require(taking->session->db, taking->thread.claimed, &ticket, error))
		return -1;
	return keep_note(taking, ticket, &told, error);
}

/* The agent who answers what told of several tickets, or of none. */
static int set_lost_aside(struct tkt_taking *taking, const json_t *agent, struct tkt_error *error)
{
	struct tkt_staff_told told = { .agent = agent, .template = "staff_lost", .word = "lost" };

	settle(taking, "quarantined", "an agent's answer that names no ticket");
	return tkt_staff_tell(taking, &told, error) ? -1 : 1;
}

/* An agent's letter without a token: it names a ticket, or answers a notice. */
static int take_unaddressed(struct tkt_taking *taking, struct tkt_error *error)
{
	bool claims = taking->thread.is_stranger && taking->thread.claimed;
	const json_t *agent;
	int done;

	if (taking->mail->kind != TKT_MAIL_PERSON || (!claims && !answers_notice(taking)))
		return 0;
	if (tkt_staff_agent(taking->session, taking->mail->from, &agent, error))
		return -1;
	if (!agent || !json_is_true(json_object_get(agent, "is_active")))
		return 0;
	done = claims ? 1 : was_told(taking, agent, error);
	if (done <= 0)
		return done;
	done = brake(taking, error);
	if (done)
		return done;
	return claims ? note_claim(taking, agent, error) : set_lost_aside(taking, agent, error);
}

int tkt_staff_mail(struct tkt_taking *taking, struct tkt_error *error)
{
	__attribute__((cleanup(staff_clear))) struct staff staff = { .taking = taking };
	struct tkt_session *session = taking->session;
	const struct tkt_mail *mail = taking->mail;
	const char *recipient = taking->letter->recipient;
	char id[32];
	int found;

	if (mail->kind == TKT_MAIL_BOUNCE || mail->kind == TKT_MAIL_RECEIPT)
		return 0;
	if (!tkt_staff_token_seems(session, mail, recipient))
		return take_unaddressed(taking, error);
	if (tkt_staff_agent(session, mail->from, &staff.author, error) ||
	    tkt_staff_token_find(session, mail, recipient, staff.author, &staff.found, error))
		return -1;
	if (!staff.found.agent)
		return take_unaddressed(taking, error);
	snprintf(id, sizeof(id), "%jd", (intmax_t)staff.found.token.number);
	found = tkt_ticket_find(session->db, id, &staff.ticket, error);
	return found > 0 ? take_addressed(&staff, error) : found;
}
