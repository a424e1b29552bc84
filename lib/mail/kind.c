#include "mail/kind.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/utf8.h"
#include "mail/report.h"
#include "mail/signs.h"
#include "mail/wording.h"

#include "base/banned.h"

#define TEXT_LIMIT ((size_t)16 << 10) /* bytes of the text that are looked at */

struct letter {
	struct tkt_signs signs;
	const struct tkt_mail *mail;
	const struct tkt_text *body;
	const struct tkt_reports *reports;
	char *text; /* folded; NULL until it is asked for */
};

static const char *text_of(struct letter *letter)
{
	size_t length = letter->body->length;

	if (!letter->text) {
		if (length > TEXT_LIMIT)
			length = tkt_utf8_cut(letter->body->bytes, TEXT_LIMIT);
		letter->text = tkt_wording_fold(letter->body->bytes, length);
	}
	return letter->text ? letter->text : "";
}

static bool speaks_of_absence(void *context)
{
	return tkt_wording_has(TKT_WORDS_ABSENCE_TEXT, text_of(context));
}

static bool has_part(const struct tkt_mail *mail, const char *a, const char *b)
{
	for (size_t i = 0; i < mail->part_count; i++)
		if (strcmp(mail->parts[i].content_type, a) == 0 ||
		    strcmp(mail->parts[i].content_type, b) == 0)
			return true;
	return false;
}

/* Is it a multipart/report, or a multipart that says of what type a report it is? */
static bool is_report(GMimeMessage *message, const char **type)
{
	GMimeObject *top = g_mime_message_get_mime_part(message);

	*type = NULL;
	if (!top ||
	    !g_mime_content_type_is_type(g_mime_object_get_content_type(top), "multipart", "*"))
		return false;
	*type = g_mime_object_get_content_type_parameter(top, "report-type");
	return *type ||
	    g_mime_content_type_is_type(g_mime_object_get_content_type(top), "multipart", "report");
}

static bool has_action(const struct tkt_reports *reports, const char *action)
{
	for (size_t i = 0; i < reports->count; i++)
		if (strcmp(reports->items[i].action, action) == 0)
			return true;
	return false;
}

/* Failures and delays are news that someone must act on; the rest is a receipt. */
static enum tkt_mail_kind kind_of_status(struct letter *letter)
{
	const struct tkt_reports *reports = letter->reports;

	if (reports->count > 0)
		return has_action(reports, "failed") || has_action(reports, "delayed")
		    ? TKT_MAIL_BOUNCE
		    : TKT_MAIL_RECEIPT;
	if (tkt_wording_has(TKT_WORDS_DELIVERED_TEXT, text_of(letter)) &&
	    !tkt_wording_has(TKT_WORDS_FAILURE_TEXT, text_of(letter)))
		return TKT_MAIL_RECEIPT;
	return TKT_MAIL_BOUNCE;
}

/* A mail filter that refuses says so with a receipt (RFC 5429, 2.1). */
static enum tkt_mail_kind kind_of_disposition(struct letter *letter)
{
	if (has_action(letter->reports, "deleted") &&
	    (strstr(text_of(letter), "rejected") || strstr(letter->signs.subject, "rejected")))
		return TKT_MAIL_BOUNCE;
	return TKT_MAIL_RECEIPT;
}

/* A notice without machine-readable part. The less its sender tells, the more its words must. */
static bool is_bounce(struct letter *letter)
{
	const struct tkt_signs *signs = &letter->signs;
	enum tkt_daemon daemon = tkt_signs_daemon(signs);
	bool stranger, subject, phrase, failure, returned;

	if (tkt_signs_bounce(signs) || daemon == TKT_DAEMON_SURE)
		return true;
	stranger = daemon == TKT_DAEMON_NONE && !signs->null_sender && !signs->automatic;
	if (signs->person || signs->reply_subject || (stranger && !tkt_signs_generated(signs)))
		return false;
	if (tkt_wording_has(TKT_WORDS_ANSWER_SUBJECT, signs->subject) ||
	    tkt_wording_has(TKT_WORDS_ABSENCE_SUBJECT, signs->subject))
		return false;
	if (tkt_wording_has(TKT_WORDS_GREETING, text_of(letter)) &&
	    !strstr(text_of(letter), "this is the "))
		return false;
	subject = tkt_wording_has(TKT_WORDS_BOUNCE_SUBJECT, signs->subject);
	phrase = tkt_wording_has(TKT_WORDS_BOUNCE_TEXT, text_of(letter));
	failure = tkt_wording_has(TKT_WORDS_FAILURE_TEXT, text_of(letter)) ||
	    tkt_wording_has(TKT_WORDS_DELAY_TEXT, text_of(letter));
	returned = has_part(letter->mail, "message/rfc822", "text/rfc822-headers");
	if (signs->null_sender)
		return subject ? phrase || failure || returned : phrase && (failure || returned);
	if (daemon == TKT_DAEMON_POSTMASTER)
		return subject && (phrase || failure);
	return subject && phrase && failure && (returned || !stranger);
}

/* A receipt in words alone, as Outlook wrote them without multipart/report. */
static bool is_worded_receipt(struct letter *letter)
{
	return !letter->signs.person &&
	    tkt_wording_has(TKT_WORDS_RECEIPT_SUBJECT, letter->signs.subject) &&
	    tkt_wording_has(TKT_WORDS_RECEIPT_TEXT, text_of(letter));
}

static enum tkt_mail_kind judge(struct letter *letter)
{
	const struct tkt_signs *signs = &letter->signs;
	const struct tkt_mail *mail = letter->mail;
	const char *type;
	bool report = is_report(signs->message, &type);
	/* Who passes a notice on has its parts too. */
	bool own = report || (!signs->reply_subject && !signs->person);

	if (own && has_part(mail, "message/delivery-status", "message/global-delivery-status") &&
	    (report || tkt_signs_daemon(signs) != TKT_DAEMON_NONE || signs->null_sender ||
		is_bounce(letter)))
		return kind_of_status(letter);
	if (own &&
	    has_part(mail, "message/disposition-notification",
		"message/global-disposition-notification"))
		return kind_of_disposition(letter);
	if (report && type && strcasecmp(type, "delivery-status") == 0)
		return kind_of_status(letter);
	if (report && type && strcasecmp(type, "disposition-notification") == 0)
		return kind_of_disposition(letter);
	if (report && has_part(mail, "message/feedback-report", "application/tlsrpt+gzip"))
		return TKT_MAIL_GENERATED;
	if (is_bounce(letter))
		return kind_of_status(letter);
	if (is_worded_receipt(letter))
		return TKT_MAIL_RECEIPT;
	if (tkt_signs_answer(signs, speaks_of_absence, letter))
		return TKT_MAIL_AUTOMATIC;
	if (tkt_signs_list(signs))
		return TKT_MAIL_LIST;
	if (signs->person)
		return TKT_MAIL_PERSON;
	return report || tkt_signs_generated(signs) ? TKT_MAIL_GENERATED : TKT_MAIL_PERSON;
}

enum tkt_mail_kind tkt_kind_of(GMimeMessage *message, const struct tkt_mail *mail,
    const struct tkt_text *body, const struct tkt_reports *reports)
{
	tkt_autofree char *subject = tkt_wording_fold(mail->subject, strlen(mail->subject));
	struct letter letter = { .mail = mail, .body = body, .reports = reports };
	enum tkt_mail_kind kind;

	if (!subject)
		return TKT_MAIL_PERSON;
	tkt_signs_read(&letter.signs, message, mail, subject);
	kind = judge(&letter);
	free(letter.text);
	return kind;
}

const char *tkt_mail_kind_word(enum tkt_mail_kind kind)
{
	static const char *const words[] = {
		[TKT_MAIL_PERSON] = "person",
		[TKT_MAIL_AUTOMATIC] = "automatic",
		[TKT_MAIL_GENERATED] = "generated",
		[TKT_MAIL_LIST] = "list",
		[TKT_MAIL_BOUNCE] = "bounce",
		[TKT_MAIL_RECEIPT] = "receipt",
	};

	return words[kind];
}
