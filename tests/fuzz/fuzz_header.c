/*
 * Any bytes as the value of header fields, behind the scan that bounds them: text, addresses, ids,
 * dates, the line of a server, a type with its parameters. Each result is one line of valid UTF-8.
 *
 * Seeds: values of fields.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mail/header.h"
#include "mail/parse.h"
#include "mail/received.h"
#include "mail/scan.h"

#include "quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool is_one_line(const char *text)
{
	return text && tkt_utf8_is_valid(text, strlen(text)) && !strpbrk(text, "\r\n");
}

/* The input as the value of one field; its line ends fold it. */
static void add_field(struct tkt_text *mail, const char *name, const uint8_t *bytes, size_t length)
{
	tkt_text_format(mail, "%s: ", name);
	for (size_t i = 0; i < length; i++) {
		tkt_text_add_byte(mail, (char)bytes[i]);
		if (bytes[i] == '\n')
			tkt_text_add_byte(mail, ' ');
	}
	tkt_text_add_byte(mail, '\n');
}

static void check_values(GMimeObject *object, const char *const *languages)
{
	char *text = tkt_header_text(object, "Subject", languages);
	char *id = tkt_header_id(object, "Message-ID");
	char *clean = tkt_subject_clean(text, "SUP");
	json_t *found = json_array();
	char *json;

	require(is_one_line(text) && is_one_line(id) && is_one_line(clean));
	require(tkt_subject_ticket(text, "SUP") >= 0);
	tkt_header_addresses(object, "To", languages, found);
	tkt_header_ids(object, "References", found);
	json = json_dumps(found, JSON_COMPACT);
	require(is_one_line(json));
	json_decref(found);
	free(json);
	free(text);
	free(id);
	free(clean);
}

static void check_hops(GMimeObject *object)
{
	struct tkt_hop *hops = NULL;
	struct tkt_error error;
	size_t count = 0;

	require(tkt_received_read(object, &hops, &count, &error) == 0 && count <= 1);
	for (size_t i = 0; i < count; i++)
		require(!strpbrk(hops[i].by, " \t\r\n"));
	tkt_received_free(hops, count);
}

/* The whole way of a mail, too: what is no function of its own is read there. */
static void check_mail(const struct tkt_text *mail, const char *const *languages)
{
	struct tkt_mail *parsed = NULL;
	struct tkt_error error;

	require(tkt_mail_parse(mail->bytes, mail->length, languages, NULL, &parsed, &error) == 0);
	require(is_one_line(parsed->from) && is_one_line(parsed->from_name));
	require(!parsed->envelope_from || is_one_line(parsed->envelope_from));
	require(parsed->sent_at == TKT_TIME_NONE || parsed->sent_at > 0);
	tkt_mail_free(parsed);
}

static GMimeMessage *parse(const struct tkt_text *header)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(header->bytes, header->length);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const names[] = { "Subject", "From", "To", "Date", "Message-ID",
		"References", "Received", "Return-Path", "Content-Type", "Content-Disposition",
		"Auto-Submitted" };
	static const char *const languages[] = { "ru", "en", NULL };
	struct tkt_scan scan;
	struct tkt_error error;
	GMimeMessage *message;
	tkt_autotext mail, header;

	g_mime_init();
	tkt_text_init(&mail, TKT_TEXT_LIMIT);
	tkt_text_init(&header, TKT_TEXT_LIMIT);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		add_field(&mail, names[i], bytes, length);
	tkt_text_add(&mail, "\nbody\n");
	check_mail(&mail, languages);
	tkt_scan_mail(mail.bytes, mail.length, &scan);
	require(tkt_scan_header(&header, mail.bytes, &scan, languages, &error) == 0);
	message = parse(&header);
	require(message != NULL);
	check_values(GMIME_OBJECT(message), languages);
	check_hops(GMIME_OBJECT(message));
	g_object_unref(message);
	return 0;
}
