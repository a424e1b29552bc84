#include "flow/take_in.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/desk.h"
#include "flow/acknowledge.h"
#include "flow/bounced.h"
#include "flow/decide.h"
#include "flow/fingerprint.h"
#include "flow/session.h"
#include "flow/signed_address.h"
#include "flow/staff_mail.h"
#include "flow/staff_notice.h"
#include "flow/taking.h"
#include "mail/parse.h"
#include "store/letter.h"

#include "base/banned.h"

void tkt_taken_clear(struct tkt_taken *taken)
{
	json_decref(taken->letter);
	tkt_applied_clear(&taken->applied);
	tkt_applied_clear(&taken->answer);
	memset(taken, 0, sizeof(*taken));
}

static void taking_clear(struct tkt_taking *taking)
{
	tkt_thread_clear(&taking->thread);
	json_decref(taking->aside);
	tkt_taken_clear(&taking->made);
}

static int settle(struct tkt_taking *taking, const char *fate, const char *reason)
{
	taking->fate = fate;
	if (reason)
		taking->reason = reason;
	return 0;
}

/* Why the letter gets no automatic answer (RFC 3834: none to a machine, the null sender,
 * ourselves); NULL: it may get one. */
static const char *why_unanswered(const struct tkt_taking *taking)
{
	const struct tkt_mail *mail = taking->mail;
	const char *sender = taking->letter->sender ? taking->letter->sender : mail->envelope_from;

	if (mail->kind != TKT_MAIL_PERSON)
		return "a machine's mail";
	if (sender && !*sender)
		return "the null sender";
	if (!*mail->from)
		return "no address";
	return NULL;
}

/* May an automatic answer leave now? Why not is for the ledger. 1, 0, -1. */
static int may_answer(struct tkt_taking *taking, struct tkt_error *error)
{
	int braked;

	taking->unanswered = why_unanswered(taking);
	if (taking->unanswered)
		return 0;
	braked = tkt_brake_answer(taking, error);
	if (braked > 0)
		taking->unanswered = taking->brake;
	return braked < 0 ? -1 : !braked;
}

static int may_mail(void *context, struct tkt_error *error)
{
	return may_answer(context, error);
}

/* What was set aside is told in any case. */
static int tell_aside(struct tkt_taking *taking, struct tkt_error *error)
{
	int may = taking->aside ? may_answer(taking, error) : 0;

	if (may <= 0)
		return may;
	return tkt_acknowledge_aside(taking->session, taking->made.applied.ticket,
	    taking->mail->from, taking->aside, &taking->made.answer, error);
}

/*
 * What becomes of the request. S4-2: only a letter that has been taken in is confirmed, so this
 * comes last (S4-3). A letter whose deciders run later has in the ledger whether they may answer.
 */
static int decide(struct tkt_taking *taking, bool is_first, struct tkt_error *error)
{
	const struct tkt_applied *made =
	    taking->made.answer.ticket ? &taking->made.answer : &taking->made.applied;
	const struct tkt_intake_request request = {
		.ticket = made->ticket,
		.message = taking->made.applied.message,
		.opens = is_first,
		.may_mail = may_mail,
		.context = taking,
	};

	if (!is_first && taking->mail->kind != TKT_MAIL_PERSON)
		return 0;
	if (taking->letter->without_intake)
		return taking->aside || may_answer(taking, error) >= 0 ? 0 : -1;
	return tkt_decide_request(taking->session, &request, &taking->made.answer, error);
}

static int answer(struct tkt_taking *taking, bool is_first, struct tkt_error *error)
{
	return tell_aside(taking, error) || decide(taking, is_first, error) ? -1 : 0;
}

/* Machine mail opens nothing: it joins the ticket it is about, if any. */
static int take_machine_mail(
    struct tkt_taking *taking, const char *fate, const char *reason, struct tkt_error *error)
{
	settle(taking, fate, reason);
	if (taking->thread.ticket && tkt_taking_append(taking, "public", reason, error))
		return -1;
	if (taking->aside)
		taking->unanswered = why_unanswered(taking);
	return 0;
}

static int take_bounce(struct tkt_taking *taking, struct tkt_error *error)
{
	if (take_machine_mail(taking, "bounce", "a delivery report", error))
		return -1;
	return tkt_bounce_follow(taking->session, taking->mail, taking->letter->recipient, error);
}

static int append_letter(struct tkt_taking *taking, struct tkt_error *error)
{
	const char *why =
	    taking->thread.is_signed ? "a letter to a signed address" : "a letter of a participant";

	settle(taking, "appended", taking->mail->trouble);
	if (tkt_taking_append(taking, "public", why, error) || answer(taking, false, error))
		return -1;
	return tkt_staff_notice_letter(taking->session,
	    taking->made.answer.ticket ? taking->made.answer.ticket : taking->made.applied.ticket,
	    error);
}

/* A stranger's letter on the ticket that it names, where its participants never see it. */
static int note_stranger(struct tkt_taking *taking, struct tkt_error *error)
{
	struct tkt_thread *thread = &taking->thread;

	if (tkt_thread_claim(taking->session, thread, error))
		return -1;
	settle(taking, "appended", "a letter of a stranger, as a note");
	if (tkt_taking_append(taking, "internal", taking->reason, error))
		return -1;
	if (taking->aside)
		taking->unanswered = "a stranger";
	return 0;
}

static int open_ticket(struct tkt_taking *taking, struct tkt_error *error)
{
	const struct tkt_thread *thread = &taking->thread;
	const char *why = "a new letter";

	if (taking->mail->trouble)
		why = taking->mail->trouble;
	else if (thread->is_forged)
		why = "a letter with a signature that is not ours";
	else if (thread->is_stranger)
		why = "a letter from a newcomer";
	else if (thread->claimed)
		why = "an answer to a ticket that is closed";
	settle(taking, "opened", strcmp(why, "a new letter") ? why : NULL);
	if (tkt_taking_open(taking, why, error))
		return -1;
	return answer(taking, true, error);
}

static int take_person_mail(struct tkt_taking *taking, struct tkt_error *error)
{
	int braked = taking->letter->released ? 0 : tkt_brake_letter(taking, error);

	if (braked)
		return braked < 0 ? -1 : settle(taking, "quarantined", taking->brake);
	if (taking->thread.ticket)
		return append_letter(taking, error);
	/* Nobody would see a note on a ticket that is closed. */
	if (taking->thread.is_stranger && !taking->thread.is_closed &&
	    taking->session->desk->notes_strangers)
		return note_stranger(taking, error);
	return open_ticket(taking, error);
}

/* Is it the same letter again? Then nothing is done; its row says so. Another one under the same
 * Message-ID is a letter of its own. */
static int find_duplicate(struct tkt_taking *taking, const char *key, struct tkt_error *error)
{
	json_auto_t *earlier = NULL;
	bool is_known = false;
	int found = tkt_letter_find(
	    taking->session->db, key, taking->fingerprint, &earlier, &is_known, error);

	if (found < 0)
		return -1;
	if (!found) {
		if (is_known)
			taking->reason = "its Message-ID was seen before with other contents";
		return 0;
	}
	taking->made.letter = json_pack("{s:O*,s:O*}", "ticket", json_object_get(earlier, "ticket"),
	    "message", json_object_get(earlier, "message"));
	settle(taking, "duplicate", "this letter was taken in before");
	return taking->made.letter ? 1 : tkt_error_set_memory(error);
}

/* By what kind of sender wrote it. */
static int take_by_kind(struct tkt_taking *taking, struct tkt_error *error)
{
	const struct tkt_desk *desk = taking->session->desk;
	const struct tkt_mail *mail = taking->mail;
	const char *mark;
	int own, staff;

	if (tkt_session_mark(taking->session, &mark, error))
		return -1;
	own = *mark && !strcmp(mail->desk_mark, mark)
	    ? 1
	    : tkt_signed_is_own(taking->session, mail->from, error);
	if (own < 0)
		return -1;
	if (own)
		return settle(taking, "automatic", "our own mail came back");
	if (taking->letter->verdict)
		return settle(taking, "quarantined", taking->letter->verdict);
	if (tkt_thread_find(
		taking->session, mail, taking->letter->recipient, &taking->thread, error))
		return -1;
	staff = tkt_staff_mail(taking, error);
	if (staff)
		return staff < 0 ? -1 : 0;
	switch (mail->kind) {
	case TKT_MAIL_BOUNCE:
		return take_bounce(taking, error);
	case TKT_MAIL_RECEIPT:
		return take_machine_mail(taking, "automatic", "a receipt", error);
	case TKT_MAIL_AUTOMATIC:
		return take_machine_mail(taking, "automatic", "an automatic reply", error);
	case TKT_MAIL_LIST:
		if (!desk->accept_lists)
			return settle(taking, "automatic", "list mail is not taken");
		break;
	case TKT_MAIL_GENERATED:
		if (!desk->accept_generated)
			return settle(taking, "automatic", "generated mail is not taken");
		break;
	case TKT_MAIL_PERSON:
		break;
	}
	return take_person_mail(taking, error);
}

/* A Message-ID, or what stands for it in a letter that has none. */
static char *letter_key(const struct tkt_taking *taking)
{
	char *key = NULL;

	if (taking->mail && *taking->mail->message_id)
		return strdup(taking->mail->message_id);
	return asprintf(&key, "sha256:%s", taking->fingerprint) < 0 ? NULL : key;
}

/* What becomes of it; it is stored whole, whatever that is. */
static int take(struct tkt_taking *taking, const char *key, struct tkt_error *error)
{
	int duplicate;

	duplicate = taking->letter->released ? 0 : find_duplicate(taking, key, error);
	if (duplicate < 0 ||
	    tkt_taking_store(
		taking, taking->letter->bytes, taking->letter->length, taking->raw_sha256, error))
		return -1;
	if (duplicate)
		return 0;
	if (!taking->mail)
		return settle(taking, "refused", "not one header field: no letter");
	return take_by_kind(taking, error);
}

int tkt_take_in(struct tkt_session *session, const struct tkt_letter *letter,
    const struct tkt_mail *mail, struct tkt_taken *taken, struct tkt_error *error)
{
	__attribute__((cleanup(taking_clear))) struct tkt_taking taking = {
		.session = session,
		.letter = letter,
		.mail = mail,
	};
	tkt_autofree char *key = NULL;

	tkt_letter_fingerprint(letter->bytes, letter->length, taking.fingerprint);
	key = letter_key(&taking);
	if (!key)
		return tkt_error_set_memory(error);
	if (take(&taking, key, error) || tkt_taking_record(&taking, key, error))
		return -1;
	tkt_taken_clear(taken);
	*taken = taking.made;
	memset(&taking.made, 0, sizeof(taking.made));
	return 0;
}
