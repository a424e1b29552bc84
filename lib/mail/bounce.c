#include "mail/bounce.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "mail/bounce_text.h"
#include "mail/charset.h"
#include "mail/delivery_status.h"
#include "mail/header.h"
#include "mail/reply_code.h"
#include "mail/scan.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PART_LIMIT ((size_t)1 << 20) /* bytes of a machine-readable part that are read */
#define FIELD_LIMIT 4000             /* bytes of a recipient field of the returned mail */

static bool is_one_of(const char *type, const char *const *types, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

static bool is_status(const struct tkt_part *part)
{
	static const char *const types[] = { "message/delivery-status",
		"message/global-delivery-status" };

	return is_one_of(part->content_type, types, COUNT(types));
}

static bool is_disposition(const struct tkt_part *part)
{
	static const char *const types[] = { "message/disposition-notification",
		"message/global-disposition-notification" };

	return is_one_of(part->content_type, types, COUNT(types));
}

static bool is_returned_mail(const struct tkt_part *part)
{
	static const char *const types[] = { "message/rfc822", "message/rfc2822", "message/global",
		"message/global-headers", "message/rfc822-headers", "text/rfc822-headers",
		"text/rfc822", "text/global-headers", "message/partial" };

	return is_one_of(part->content_type, types, COUNT(types));
}

int tkt_bounce_read_parts(const struct tkt_mail *mail, const char *const *languages,
    struct tkt_reports *reports, struct tkt_error *error)
{
	for (size_t i = 0; i < mail->part_count; i++) {
		const struct tkt_part *part = &mail->parts[i];
		size_t size = part->size > PART_LIMIT ? PART_LIMIT : part->size;
		tkt_autotext text;

		tkt_text_init(&text, TKT_TEXT_LIMIT);
		if (!is_status(part) && !is_disposition(part))
			continue;
		if (tkt_charset_decode(&text, part->bytes, size, NULL, languages, error))
			return -1;
		if (is_status(part)
			? tkt_delivery_status_read(text.bytes, text.length, reports, error)
			: tkt_disposition_read(text.bytes, text.length, reports, error))
			return -1;
	}
	return 0;
}

/* The address that the notice itself was sent to; NULL: several, or none. */
static const char *own_recipient(const struct tkt_mail *mail)
{
	const json_t *to = json_object_get(mail->message, "to");

	if (json_array_size(to) != 1)
		return NULL;
	return json_string_value(json_object_get(json_array_get(to, 0), "email"));
}

static int read_failed_recipients(
    GMimeObject *object, const char *action, struct tkt_reports *reports, struct tkt_error *error)
{
	json_auto_t *addresses = json_array();
	size_t index;
	json_t *address;

	tkt_header_addresses(object, "X-Failed-Recipients", NULL, addresses);
	json_array_foreach(addresses, index, address) {
		const char *email = json_string_value(json_object_get(address, "email"));

		if (email && strchr(email, '@') && /* a word alone is nobody's address */
		    tkt_reports_add(reports, email, action, "", "", error))
			return -1;
	}
	return 0;
}

/* Adds the address if the To of a returned mail's header is one alone. */
static int read_returned_to(const char *bytes, size_t length, const char *not_him,
    const char *action, struct tkt_reports *reports, struct tkt_error *error)
{
	const char *end = bytes + length, *next;

	for (const char *at = bytes; at < end; at = next) {
		g_autofree char *value = NULL;
		tkt_autofree char *address = NULL;

		next = tkt_next_line(at, end);
		if (end - at < 4 || strncasecmp(at, "To:", 3) != 0)
			continue;
		while (next < end && (*next == ' ' || *next == '\t'))
			next = tkt_next_line(next, end);
		if (next - at > FIELD_LIMIT)
			return 0;
		value = g_strndup(at + 3, (gsize)(next - at - 3));
		at = strrchr(value, '<') ? strrchr(value, '<') + 1 : value;
		at += strspn(at, " \t\r\n");
		if (strchr(value, '@') != strrchr(value, '@') || strchr(value, ','))
			return 0;
		value[(size_t)(at - value) + strcspn(at, " \t\r\n>")] = 0;
		address = tkt_recipient_address(at);
		if (not_him && address && strcmp(address, not_him) == 0)
			return 0;
		return address ? tkt_reports_add(reports, address, action, "", "", error) : 0;
	}
	return 0;
}

/* When nothing names the recipient: whom the returned mail went to. */
static int read_returned_mail(const struct tkt_mail *mail, const struct tkt_text *body,
    const char *action, struct tkt_reports *reports, struct tkt_error *error)
{
	size_t head = tkt_bounce_text_head(body->bytes, body->length), rest = body->length - head;

	for (size_t i = 0; i < mail->part_count && reports->count == 0; i++) {
		struct tkt_scan scan;

		if (!is_returned_mail(&mail->parts[i]))
			continue;
		tkt_scan_mail(mail->parts[i].bytes, mail->parts[i].size, &scan);
		if (read_returned_to((const char *)mail->parts[i].bytes + scan.start,
			scan.end - scan.start, own_recipient(mail), action, reports, error))
			return -1;
	}
	if (reports->count > 0)
		return 0;
	return read_returned_to(body->bytes + head, rest > 32768 ? 32768 : rest,
	    own_recipient(mail), action, reports, error);
}

/* Puts into a report without a diagnostic, or without an address, what the text told. */
static int complete(struct tkt_reports *reports, const struct tkt_reports *told, const char *reason,
    struct tkt_error *error)
{
	for (size_t i = 0; i < reports->count; i++) {
		struct tkt_report *report = &reports->items[i];
		const struct tkt_report *same = NULL;
		char status[TKT_STATUS_SIZE];

		if (*report->recipient)
			same = tkt_reports_find(told, report->recipient);
		if (!same && told->count == 1 && reports->count == 1)
			same = &told->items[0];
		if (!*report->recipient && same &&
		    tkt_report_set(&report->recipient, same->recipient, error))
			return -1;
		if (!*report->diagnostic && same &&
		    tkt_report_set(&report->diagnostic, same->diagnostic, error))
			return -1;
		/* A sentence that names the address tells less than one with a code. */
		if (reports->count == 1 && *reason &&
		    !tkt_reply_code_find(report->diagnostic, status) &&
		    (!*report->diagnostic ||
			(*report->recipient &&
			    strcasestr(report->diagnostic, report->recipient))) &&
		    tkt_report_set(&report->diagnostic, reason, error))
			return -1;
		if (!*report->status && tkt_reply_code_find(report->diagnostic, status) &&
		    tkt_report_set(&report->status, status, error))
			return -1;
	}
	return 0;
}

/* A filter's refusal has the words of a receipt (RFC 5429, 2.1). */
static int make_failures(struct tkt_reports *reports, struct tkt_error *error)
{
	static const char *const actions[] = { "failed", "delayed", "delivered", "relayed",
		"expanded" };

	for (size_t i = 0; i < reports->count; i++)
		if (!is_one_of(reports->items[i].action, actions, COUNT(actions)) &&
		    tkt_report_set(&reports->items[i].action, "failed", error))
			return -1;
	return 0;
}

/* Reports of a bounce whose parts say nothing, from the best place there is. */
static int read_without_parts(const struct tkt_mail *mail, GMimeObject *object,
    const struct tkt_text *body, const char *action, const struct tkt_reports *told,
    struct tkt_reports *reports, struct tkt_error *error)
{
	/* Some servers send the machine-readable part as text. */
	if (strcasestr(body->bytes, "\nFinal-Recipient:") &&
	    tkt_delivery_status_read(
		body->bytes, tkt_bounce_text_head(body->bytes, body->length), reports, error))
		return -1;
	if (reports->count == 0 && read_failed_recipients(object, action, reports, error))
		return -1;
	for (size_t i = 0; reports->count < told->count && i < told->count; i++)
		if (!tkt_reports_find(reports, told->items[i].recipient) &&
		    tkt_reports_add(reports, told->items[i].recipient, action, "",
			told->items[i].diagnostic, error))
			return -1;
	if (reports->count == 0 && read_returned_mail(mail, body, action, reports, error))
		return -1;
	return reports->count == 0 ? tkt_reports_add(reports, "", action, "", "", error) : 0;
}

/* A receipt in words alone tells of its author. */
static int read_worded_receipt(const struct tkt_mail *mail, const struct tkt_text *body,
    struct tkt_reports *reports, struct tkt_error *error)
{
	tkt_autofree char *author = tkt_recipient_address(mail->from);
	bool unread = strcasestr(body->bytes, "deleted without being read") ||
	    strstr(body->bytes, "без прочтения");

	return tkt_reports_add(reports, author, unread ? "deleted" : "displayed", "", "", error);
}

int tkt_bounce_read(const struct tkt_mail *mail, GMimeObject *object, const struct tkt_text *body,
    struct tkt_reports *reports, struct tkt_error *error)
{
	tkt_autoreports told = { .items = NULL };
	tkt_autofree char *reason = NULL;
	const char *action;

	if (mail->kind != TKT_MAIL_BOUNCE && mail->kind != TKT_MAIL_RECEIPT) {
		tkt_reports_clear(reports);
		return 0;
	}
	action = tkt_bounce_text_action(mail->subject, body->bytes, body->length);
	reason = tkt_bounce_text_reason(body->bytes, body->length);
	if (!action || !reason)
		return tkt_error_set_memory(error);
	if (mail->kind == TKT_MAIL_RECEIPT) {
		if (reports->count == 0 && strcmp(action, "delivered") != 0)
			return read_worded_receipt(mail, body, reports, error);
		if (reports->count > 0)
			return 0;
	}
	if (make_failures(reports, error) ||
	    tkt_bounce_text_read(
		body->bytes, body->length, own_recipient(mail), action, &told, error))
		return -1;
	if (reports->count == 0 &&
	    read_without_parts(mail, object, body, action, &told, reports, error))
		return -1;
	return complete(reports, &told, reason, error);
}

void tkt_bounce_returned_ids(
    const struct tkt_mail *mail, GMimeObject *object, const struct tkt_text *body, json_t *ids)
{
	for (size_t i = 0; i < mail->part_count; i++) {
		const struct tkt_part *part = &mail->parts[i];
		struct tkt_scan scan;

		if (is_returned_mail(part)) {
			tkt_scan_mail(part->bytes, part->size, &scan);
			tkt_header_ids_in((const char *)part->bytes + scan.start,
			    scan.end - scan.start, "Message-ID", ids);
		} else if (is_disposition(part) || is_status(part)) {
			tkt_header_ids_in(part->bytes, part->size, "Original-Message-ID", ids);
			tkt_header_ids_in(part->bytes, part->size, "X-Original-Message-ID", ids);
		}
	}
	if (json_array_size(ids) == 0) /* older servers quote the mail in their text */
		tkt_header_ids_in(body->bytes, body->length, "Message-ID", ids);
	if (json_array_size(ids) == 0)
		tkt_header_ids(object, "X-Original-Message-ID", ids);
	if (json_array_size(ids) == 0)
		tkt_header_ids(object, "In-Reply-To", ids);
	if (json_array_size(ids) == 0)
		tkt_header_ids(object, "References", ids);
}

json_t *tkt_bounce_reports_json(const struct tkt_report *reports, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < count; i++) {
		const struct {
			const char *name, *value;
		} members[] = { { "recipient", reports[i].recipient },
			{ "action", reports[i].action }, { "status", reports[i].status },
			{ "reason", reports[i].diagnostic } };
		json_t *object = json_object();

		for (size_t k = 0; k < COUNT(members); k++)
			if (*members[k].value)
				json_object_set_new(
				    object, members[k].name, json_string(members[k].value));
		json_array_append_new(list, object);
	}
	return list;
}
