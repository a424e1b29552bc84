#include "mail/parse.h"

#include <gmime/gmime.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/authentication.h"
#include "mail/bounce.h"
#include "mail/boundary.h"
#include "mail/charset.h"
#include "mail/content_type.h"
#include "mail/date.h"
#include "mail/header.h"
#include "mail/kind.h"
#include "mail/part.h"
#include "mail/quote.h"
#include "mail/received.h"
#include "mail/scan.h"
#include "mail/thread_index.h"

#include "base/banned.h"

#define CLOCK_TOLERANCE 86400 /* seconds that a sender's Date may be ahead of our server */

/* Makes message/SUBTYPE a leaf; not twice, since GMime forgets the memory of the first time. */
static void make_leaf(const char *subtype)
{
	GMimeObject *object = g_mime_object_new_type(NULL, "message", subtype);

	if (G_OBJECT_TYPE(object) != GMIME_TYPE_PART)
		g_mime_object_register_type("message", subtype, GMIME_TYPE_PART);
	g_object_unref(object);
}

/* The bytes as a message, whose parts are read from the array; NULL when GMime finds none. */
static GMimeMessage *construct(GByteArray *array)
{
	/* Mails within the mail: kept byte by byte, and no second parse to defend. */
	static const char *const leaves[] = { "rfc822", "rfc2822", "global", "news", "partial" };
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	g_mime_init();
	for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
		make_leaf(leaves[i]);
	stream = g_mime_stream_mem_new();
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), array);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

static const char *text_member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Sets a member unless it is empty; takes `value`. */
static void set_member(json_t *object, const char *name, json_t *value)
{
	bool empty = !value || (json_is_string(value) && !*json_string_value(value)) ||
	    (json_is_array(value) && json_array_size(value) == 0);

	if (empty)
		json_decref(value);
	else
		json_object_set_new(object, name, value);
}

/* The author, from From, else Sender: a mail without From has one often enough. */
static json_t *read_author(struct tkt_mail *mail, GMimeObject *object, const char *const *languages)
{
	json_auto_t *addresses = json_array();

	tkt_header_addresses(object, "From", languages, addresses);
	mail->has_author = json_array_size(addresses) > 0;
	if (!mail->has_author)
		tkt_header_addresses(object, "Sender", languages, addresses);
	mail->has_more_authors = json_array_size(addresses) > 1;
	return json_incref(json_array_get(addresses, 0));
}

/* The text of an address field of the envelope, without brackets; NULL when it is not there. */
static char *read_envelope(GMimeObject *object, const char *name)
{
	const char *raw = g_mime_object_get_header(object, name);
	char *line, *close;

	if (!raw)
		return NULL;
	raw += strspn(raw, " \t\r\n<");
	line = tkt_header_line(raw);
	if (line && (close = strchr(line, '>')))
		*close = 0;
	if (line)
		tkt_ascii_lower(line);
	return line;
}

int64_t tkt_mail_received_by(const struct tkt_mail *mail, const char *host)
{
	for (size_t i = 0; *host && i < mail->hop_count; i++)
		if (strcasecmp(mail->hops[i].by, host) == 0)
			return mail->hops[i].at;
	return TKT_TIME_NONE;
}

static int64_t read_sent_time(GMimeObject *object, int64_t transport_at)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);
	int64_t time = TKT_TIME_NONE;

	/* Of several fields the first one that is a date. */
	for (int i = 0; i < g_mime_header_list_get_count(headers) && time == TKT_TIME_NONE; i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);

		if (strcasecmp(g_mime_header_get_name(header), "Date") == 0)
			time = tkt_date_read(g_mime_header_get_value(header));
	}
	if (transport_at != TKT_TIME_NONE && time != TKT_TIME_NONE &&
	    time > transport_at + CLOCK_TOLERANCE)
		return TKT_TIME_NONE;
	return time;
}

/* A JSON array of strings as a list that ends with NULL, backwards, no doubles; `first` leads. */
static char **make_list(const json_t *first, const json_t *ids)
{
	size_t count = json_array_size(first) + json_array_size(ids), used = 0;
	char **list = calloc(count + 1, sizeof *list);

	for (size_t i = 0; list && i < count; i++) {
		size_t lead = json_array_size(first);
		const char *id = json_string_value(
		    i < lead ? json_array_get(first, i) : json_array_get(ids, count - 1 - i));
		bool known = false;

		for (size_t k = 0; k < used && !known; k++)
			known = strcmp(list[k], id) == 0;
		if (!known && !(list[used++] = strdup(id)))
			break;
	}
	return list;
}

/* Message-IDs of the mail that a bounce or a receipt speaks of; an empty list for other mails. */
static char **read_returned_ids(
    const struct tkt_mail *mail, GMimeObject *object, const struct tkt_text *body)
{
	json_auto_t *ids = json_array();

	if (mail->kind == TKT_MAIL_BOUNCE || mail->kind == TKT_MAIL_RECEIPT)
		tkt_bounce_returned_ids(mail, object, body, ids);
	return make_list(NULL, ids);
}

static json_t *attachments_of(const struct tkt_mail *mail)
{
	json_t *attachments = json_array();

	for (size_t i = 0; i < mail->part_count; i++)
		json_array_append_new(attachments,
		    json_pack("{ss ss sI ss}", "name", mail->parts[i].name, "content_type",
			mail->parts[i].content_type, "size", (json_int_t)mail->parts[i].size,
			"sha256", mail->parts[i].sha256));
	return attachments;
}

/* S0-14: every Received line, the top one first; what a server does not say is left out. */
static json_t *hops_of(const struct tkt_mail *mail)
{
	json_t *hops = json_array();
	char time[TKT_TIME_SIZE];

	for (size_t i = 0; i < mail->hop_count; i++) {
		const struct tkt_hop *hop = &mail->hops[i];
		json_t *made = json_object();

		set_member(made, "by", json_string(hop->by));
		set_member(made, "from", json_string(hop->from));
		if (hop->at != TKT_TIME_NONE)
			set_member(made, "at", json_string(tkt_time_format(hop->at, time)));
		json_array_append_new(hops, made);
	}
	return hops;
}

/* Judges the kind of the mail, and reads what a bounce or receipt says; then its object is whole.
 */
static int read_kind(struct tkt_mail *mail, GMimeObject *object, const struct tkt_parsing *reading,
    struct tkt_error *error)
{
	const char *protection = tkt_protection_word(reading->protection);
	const struct tkt_text *body = &reading->body;
	tkt_autoreports reports = { .items = NULL };

	if (!mail->message || !mail->from || !mail->subject)
		return tkt_error_set_memory(error);
	if (tkt_bounce_read_parts(mail, reading->languages, &reports, error))
		return -1;
	mail->kind = tkt_kind_of(GMIME_MESSAGE(object), mail, body, &reports);
	if (tkt_bounce_read(mail, object, body, &reports, error))
		return -1;
	mail->returned_ids = read_returned_ids(mail, object, body);
	mail->reports = reports.items;
	mail->report_count = reports.count;
	reports = (struct tkt_reports){ .items = NULL };
	json_object_set_new(mail->message, "auto", json_boolean(mail->kind != TKT_MAIL_PERSON));
	json_object_set_new(mail->message, "bounce", json_boolean(mail->kind == TKT_MAIL_BOUNCE));
	set_member(
	    mail->message, "reports", tkt_bounce_reports_json(mail->reports, mail->report_count));
	if (protection)
		json_object_set_new(mail->message, "protection", json_string(protection));
	set_member(mail->message, "attachments", attachments_of(mail));
	return 0;
}

/* Members of the object in the order of the field table. */
static void fill_message(
    struct tkt_mail *mail, GMimeObject *object, const struct tkt_parsing *reading)
{
	const char *const *languages = reading->languages;
	const struct tkt_text *body = &reading->body;
	json_t *message = mail->message = json_object(), *to = json_array(), *cc = json_array();
	json_auto_t *replied = json_array();
	json_t *references = json_array();
	json_auto_t *author = read_author(mail, object, languages);
	char time[TKT_TIME_SIZE];

	tkt_header_addresses(object, "To", languages, to);
	tkt_header_addresses(object, "Cc", languages, cc);
	tkt_header_ids(object, "In-Reply-To", replied);
	tkt_header_ids(object, "References", references);
	mail->references = make_list(replied, references);
	mail->from = strdup(text_member(author, "email"));
	mail->from_name = strdup(text_member(author, "name"));
	if (!mail->from)
		return;
	json_object_set_new(message, "type", json_string("message"));
	json_object_set_new(message, "kind", json_string("public"));
	json_object_set_new(message, "direction", json_string("in"));
	json_object_set_new(message, "channel", json_string("mail"));
	set_member(message, "author", json_incref(author));
	set_member(message, "to", to);
	set_member(message, "cc", cc);
	set_member(message, "subject", json_string(mail->subject));
	if (tkt_utf8_is_valid(body->bytes, body->length)) /* Jansson takes four times as long */
		set_member(message, "body", json_stringn_nocheck(body->bytes, body->length));
	json_object_set_new(message, "body_new", json_string("")); /* its place */
	set_member(message, "message_id", json_string(mail->message_id));
	set_member(message, "in_reply_to", json_incref(json_array_get(replied, 0)));
	set_member(message, "references", references);
	set_member(message, "thread_index", json_string(mail->thread_index));
	if (mail->sent_at != TKT_TIME_NONE)
		set_member(message, "sent_at", json_string(tkt_time_format(mail->sent_at, time)));
	set_member(message, "hops", hops_of(mail));
}

/* What of the body is new (lines of it, so UTF-8), which needs to know what the letter answers. */
static int fill_new_text(
    struct tkt_mail *mail, const struct tkt_text *body, struct tkt_error *error)
{
	tkt_autotext text;

	tkt_text_init(&text, body->length);
	if (tkt_quote_add_new(
		&text, body->bytes, body->length, tkt_quote_letter_of(mail->message), error))
		return -1;
	if (text.length == 0)
		json_object_del(mail->message, "body_new");
	else if (json_object_set_new(
		     mail->message, "body_new", json_stringn_nocheck(text.bytes, text.length)))
		return tkt_error_set_memory(error);
	return 0;
}

/* Is all there that a person must see? Only memory that ran out can have kept it away. */
static bool is_whole(const struct tkt_mail *mail, const struct tkt_text *body)
{
	const json_t *message = mail->message;

	return (body->length == 0 || json_object_get(message, "body")) &&
	    json_array_size(json_object_get(message, "attachments")) == mail->part_count;
}

/* Blank lines at the end are no text. */
static void trim_body(struct tkt_text *body)
{
	while (body->length > 0 && memchr(" \t\n", body->bytes[body->length - 1], 3))
		tkt_text_truncate(body, body->length - 1);
}

/* Is there only one line, a boundary's? */
static bool is_boundary_alone(const char *bytes, size_t length)
{
	while (length > 0 && memchr(" \t\r\n", bytes[length - 1], 4))
		length--;
	while (length > 0 && memchr(" \t\r\n", *bytes, 4)) {
		bytes++;
		length--;
	}
	return length > 2 && memcmp(bytes, "--", 2) == 0 && !memchr(bytes, '\n', length);
}

/* A multipart in which no part was found: its bytes are the text. */
static int read_raw_body(
    struct tkt_parsing *reading, const char *bytes, size_t length, struct tkt_error *error)
{
	tkt_autotext decoded;

	tkt_text_init(&decoded, TKT_TEXT_LIMIT);
	if (is_boundary_alone(bytes, length))
		return 0;
	if (length > TKT_BODY_LIMIT / 4)
		length = TKT_BODY_LIMIT / 4;
	if (tkt_charset_decode(&decoded, bytes, length, NULL, reading->languages, error))
		return -1;
	tkt_part_lines(&reading->body, decoded.bytes, decoded.length);
	return tkt_text_check(&reading->body, error);
}

/* Fills `mail` from the message; the body's own bytes are a last resort. */
static int read_message(struct tkt_parsing *reading, GMimeMessage *message, const char *bytes,
    size_t length, struct tkt_error *error)
{
	struct tkt_mail *mail = reading->mail;
	GMimeObject *object = GMIME_OBJECT(message), *top = g_mime_message_get_mime_part(message);

	mail->subject = tkt_header_text(object, "Subject", reading->languages);
	mail->message_id = tkt_header_id(object, "Message-ID");
	mail->desk_mark = tkt_header_text(object, "X-Tkt-Desk", reading->languages);
	mail->thread_index =
	    tkt_thread_index_root(g_mime_object_get_header(object, "Thread-Index"));
	if (!mail->envelope_from)
		mail->envelope_from = read_envelope(object, "Return-Path");
	mail->envelope_to = read_envelope(object, "X-Original-To");
	if (!mail->envelope_to)
		mail->envelope_to = read_envelope(object, "Delivered-To");
	if (tkt_received_read(object, &mail->hops, &mail->hop_count, error) ||
	    tkt_authentication_read(
		object, &mail->authentications, &mail->authentication_count, error))
		return -1;
	mail->transport_at = mail->hop_count ? mail->hops[0].at : TKT_TIME_NONE;
	mail->sent_at = read_sent_time(object, mail->transport_at);
	if (top && tkt_part_read_all(reading, top, error))
		return -1;
	if (reading->leaf == 0 && length > 0 && !mail->trouble &&
	    read_raw_body(reading, bytes, length, error))
		return -1;
	trim_body(&reading->body);
	return 0;
}

/* The raw mail as a part: nothing of what could not be read is lost. */
static int attach_raw(
    struct tkt_mail *mail, const char *bytes, size_t length, struct tkt_error *error)
{
	char *copy = malloc(length + 1);

	if (!copy)
		return tkt_error_set_memory(error);
	memcpy(copy, bytes, length);
	return tkt_part_add(mail, strdup("mail.eml"), "message/rfc822", copy, length, error);
}

/* Reads the bytes, in which the header is in order, into the mail. */
static int read_mail(struct tkt_parsing *reading, const struct tkt_text *whole, const char *bytes,
    size_t length, const struct tkt_scan *scan, struct tkt_error *error)
{
	struct tkt_mail *mail = reading->mail;
	const char *start = whole->length > 0 ? whole->bytes : bytes + scan->start;
	size_t size = whole->length > 0 ? whole->length : length - scan->start;
	GByteArray array = { (guint8 *)start, (guint)size };
	GMimeMessage *message = construct(&array);
	int result = -1;

	if (!message) {
		tkt_error_set_memory(error);
	} else if (!read_message(
		       reading, message, bytes + scan->body, length - scan->body, error) &&
	    !(scan->trouble && attach_raw(mail, bytes, length, error))) {
		fill_message(mail, GMIME_OBJECT(message), reading);
		result = read_kind(mail, GMIME_OBJECT(message), reading, error);
		if (!result && !is_whole(mail, &reading->body))
			result = tkt_error_set_memory(error);
		if (!result)
			result = fill_new_text(mail, &reading->body, error);
	}
	if (message)
		g_object_unref(message);
	return result;
}

/* As tkt_mail_parse(), of bytes that have lines and the scan of them. */
static int parse_lines(const char *bytes, size_t length, const struct tkt_scan *scan,
    const char *const *languages, const char *sender, struct tkt_mail **mail,
    struct tkt_error *error)
{
	tkt_autoptr(mail) made = calloc(1, sizeof *made);
	tkt_autoptr(judge) judge = tkt_judge_new(true);
	struct tkt_parsing reading = { .mail = made, .languages = languages, .judge = judge };
	tkt_autotext whole;
	int result;

	tkt_text_init(&whole, 2 * TKT_TEXT_LIMIT);
	if (!made || !judge)
		return tkt_error_set_memory(error);
	if (sender && !(made->envelope_from = strdup(sender)))
		return tkt_error_set_memory(error);
	if (scan->field_count == 0)
		return tkt_error_set(error, TKT_ERROR_DATA, _("no header field: this is no mail"));
	if (scan->rewrite || scan->trouble) {
		if (tkt_scan_header(&whole, bytes, scan, languages, error))
			return -1;
		if (!scan->trouble)
			tkt_text_add_bytes(&whole, bytes + scan->body, length - scan->body);
		if (tkt_text_check(&whole, error))
			return -1;
	}
	if (scan->trouble && !(made->trouble = strdup(scan->trouble)))
		return tkt_error_set_memory(error);
	tkt_text_init(&reading.body, TKT_BODY_LIMIT + 4096);
	result = read_mail(&reading, &whole, bytes, length, scan, error);
	tkt_text_clear(&reading.body);
	if (result)
		return -1;
	if (!made->from || !made->from_name || !made->subject || !made->message_id ||
	    !made->desk_mark || !made->thread_index || !made->references || !made->returned_ids ||
	    !made->message)
		return tkt_error_set_memory(error);
	*mail = tkt_take(made);
	return 0;
}

int tkt_mail_parse(const char *bytes, size_t length, const char *const *languages,
    const char *sender, struct tkt_mail **mail, struct tkt_error *error)
{
	tkt_autotext lines, mended;
	struct tkt_scan scan;

	tkt_text_init(&lines, 2 * TKT_TEXT_LIMIT);
	tkt_text_init(&mended, 2 * TKT_TEXT_LIMIT);
	if (length > 0 && !memchr(bytes, '\n', length) && memchr(bytes, '\r', length)) {
		tkt_part_lines(&lines, bytes, length); /* CR alone ends the lines of old mailers */
		if (tkt_text_check(&lines, error))
			return -1;
		bytes = lines.bytes;
		length = lines.length;
	}
	tkt_scan_mail(bytes, length, &scan);
	if (scan.trouble || !tkt_boundary_mend(&mended, bytes, length, &scan))
		return parse_lines(bytes, length, &scan, languages, sender, mail, error);
	tkt_text_add_bytes(&mended, bytes + scan.start, length - scan.start);
	if (tkt_text_check(&mended, error))
		return -1;
	tkt_scan_mail(mended.bytes, mended.length, &scan); /* the parts are bounded as well */
	return parse_lines(mended.bytes, mended.length, &scan, languages, sender, mail, error);
}

void tkt_mail_free(struct tkt_mail *mail)
{
	if (!mail)
		return;
	for (size_t i = 0; i < mail->part_count; i++) {
		free(mail->parts[i].name);
		free(mail->parts[i].content_type);
		free(mail->parts[i].bytes);
	}
	free(mail->parts);
	json_decref(mail->message);
	free(mail->from);
	free(mail->from_name);
	free(mail->subject);
	free(mail->message_id);
	tkt_texts_free(mail->references);
	free(mail->thread_index);
	tkt_texts_free(mail->returned_ids);
	free(mail->desk_mark);
	free(mail->envelope_from);
	free(mail->envelope_to);
	free(mail->trouble);
	tkt_received_free(mail->hops, mail->hop_count);
	tkt_authentication_free(mail->authentications, mail->authentication_count);
	tkt_reports_clear(
	    &(struct tkt_reports){ .items = mail->reports, .count = mail->report_count });
	free(mail);
}
