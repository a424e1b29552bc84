/* What tkt_mail_parse() gives beside the message object: kind, ids, envelope, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/time.h"
#include "mail/parse.h"
#include "mail/part.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct tkt_mail *parse(const char *text)
{
	struct tkt_mail *mail = NULL;
	struct tkt_error error;

	assert_int_equal(tkt_mail_parse(text, strlen(text), NULL, NULL, &mail, &error), 0);
	return mail;
}

static void assert_list(char **list, const char *expected)
{
	tkt_autotext joined;

	tkt_text_init(&joined, 1000);
	for (; *list; list++)
		tkt_text_format(&joined, "%s ", *list);
	assert_string_equal(joined.bytes, expected);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *header;
		enum tkt_mail_kind kind;
	} cases[] = {
		{ "", TKT_MAIL_PERSON },
		{ "Auto-Submitted: no\n", TKT_MAIL_PERSON },
		{ "auto-submitted: NO (really)\nPrecedence: bulk\nReturn-Path: <>\n",
		    TKT_MAIL_PERSON },
		{ "Auto-Submitted: auto-replied\n", TKT_MAIL_AUTOMATIC },
		{ "Auto-Submitted: AUTO-Replied; owner=x\n", TKT_MAIL_AUTOMATIC },
		{ "Auto-Submitted: auto-replied (vacation)\nList-Id: <a.example.org>\n",
		    TKT_MAIL_AUTOMATIC },
		{ "Auto-Submitted: x-unknown\n", TKT_MAIL_AUTOMATIC },
		{ "Auto-Submitted: auto-generated\n", TKT_MAIL_GENERATED },
		{ "Auto-Submitted: auto-notified\nIn-Reply-To: <a@b>\n", TKT_MAIL_GENERATED },
		{ "Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>\n", TKT_MAIL_GENERATED },
		{ "Auto-Submitted: auto-generated\nIn-Reply-To: <a@b>\n"
		  "X-Auto-Response-Suppress: All\n",
		    TKT_MAIL_AUTOMATIC },
		{ "Precedence: Bulk\n", TKT_MAIL_GENERATED },
		{ "Precedence: junk\nReferences: <a@b>\n", TKT_MAIL_AUTOMATIC },
		{ "Precedence: auto_reply\n", TKT_MAIL_AUTOMATIC },
		{ "Precedence: list\n", TKT_MAIL_LIST },
		{ "Precedence: bulky\n", TKT_MAIL_PERSON },
		{ "List-ID: <a.example.org>\n", TKT_MAIL_LIST },
		{ "X-Autoreply: yes\n", TKT_MAIL_AUTOMATIC },
		{ "X-Autorespond: x\n", TKT_MAIL_AUTOMATIC },
		{ "Return-Path: <>\nIn-Reply-To: <a@b>\n", TKT_MAIL_AUTOMATIC },
		{ "Return-Path: <>\n", TKT_MAIL_GENERATED },
		{ "Return-Path: <>\nFrom: Mailer-Daemon@example.org\n", TKT_MAIL_BOUNCE },
		{ "X-Failed-Recipients: a@example.org\n", TKT_MAIL_BOUNCE },
		{ "Content-Type: multipart/report; report-type=Delivery-Status; boundary=b\n",
		    TKT_MAIL_BOUNCE },
		{ "Content-Type: multipart/report; boundary=b; "
		  "report-type=disposition-notification\n",
		    TKT_MAIL_RECEIPT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		tkt_autoptr(mail) mail = NULL;
		tkt_autotext text;

		tkt_text_init(&text, 10000);
		tkt_text_format(&text, "%sSubject: x\n\n--b\n\nhi\n--b--\n", cases[i].header);
		mail = parse(text.bytes);
		if (mail->kind != cases[i].kind)
			fail_msg("kind %d of: %s", mail->kind, cases[i].header);
	}
}

static void test_returned_ids(void **state)
{
	tkt_autoptr(mail) report = NULL;
	tkt_autoptr(mail) old = NULL;
	tkt_autoptr(mail) receipt = NULL;

	(void)state;
	report = parse("From: mailer-daemon@example.net\n"
		       "Content-Type: multipart/report; boundary=b\n\n--b\n\n"
		       "Message-ID: <not@this>\n--b\nContent-Type: message/delivery-status\n\n"
		       "Status: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\n"
		       "Subject: x\nMessage-ID:\n <t9.7@example.org>\n--b--\n");
	assert_int_equal(report->kind, TKT_MAIL_BOUNCE);
	assert_list(report->returned_ids, "t9.7@example.org ");
	old = parse("Return-Path: <>\nFrom: MAILER-DAEMON@example.net\n\nSorry.\n"
		    "> Message-ID: <t8.7@example.org>\n");
	assert_list(old->returned_ids, "t8.7@example.org ");
	receipt = parse("Content-Type: multipart/report; report-type=disposition-notification;"
			" boundary=b\n\n--b\nContent-Type: message/disposition-notification\n\n"
			"Original-Message-ID: <t7.7@example.org>\n--b--\n");
	assert_int_equal(receipt->kind, TKT_MAIL_RECEIPT);
	assert_list(receipt->returned_ids, "t7.7@example.org ");
}

static void test_header(void **state)
{
	tkt_autoptr(mail) mail = NULL;

	(void)state;
	mail = parse("Return-Path: <Anna@example.org>\nX-Original-To: support+t.abc@example.org\n"
		     "Delivered-To: x@example.org\n"
		     "Received: from a by b; Mon, 02 Mar 2026 12:00:05 +0300\n"
		     "Received: from c by a; Mon, 02 Mar 2026 11:00:05 +0300\n"
		     "From: ANNA@Example.ORG (Anna)\nX-Tkt-Desk: desk-1\n"
		     "Message-ID: <new@example.org>\n"
		     "In-Reply-To: <c@x>\nReferences: <a@x> <b@x> <c@x> <b@x>\n"
		     "Date: Mon, 02 Mar 2026 12:00:00 +0300\n\nhi\n");
	assert_string_equal(mail->envelope_from, "anna@example.org");
	assert_string_equal(mail->envelope_to, "support+t.abc@example.org");
	assert_string_equal(mail->from, "anna@example.org");
	assert_string_equal(mail->from_name, "Anna");
	assert_string_equal(mail->desk_mark, "desk-1");
	assert_string_equal(mail->message_id, "new@example.org");
	assert_list(mail->references, "c@x b@x a@x ");
	assert_int_equal(mail->transport_at, 1772442005);
	assert_int_equal(mail->sent_at, 1772442000);
	assert_null(mail->trouble);
}

/* What the topmost Received line of a host says; the time since 12:00:00Z, or "none". */
static void test_received_by(void **state)
{
	static const struct {
		const char *header, *host;
		int second; /* -1: none */
	} cases[] = {
		{ "Received: from a by mx.example.org; Mon, 02 Mar 2026 12:00:05 +0000\n",
		    "mx.example.org", 5 },
		{ "Received: from a by mx.example.org; Mon, 02 Mar 2026 12:00:05 +0000\n", "", -1 },
		{ "X: y\n", "mx.example.org", -1 },
		/* a hop behind it, folded lines, comments, a dot, case; what is below may be forged
		 */
		{ "Received: from mx by store.example.org (LMTP); Mon, 02 Mar 2026 12:00:09 +0000\n"
		  "Received: from b (by mx.example.org (b) [192.0.2.1])\n"
		  "\tby MX.Example.org. (Postfix) with ESMTPS id 7\n"
		  "\tfor <s@example.org>; Mon,  2 Mar 2026 15:00:07 +0300 (MSK)\n"
		  "Received: from c by mx.example.org; Mon, 02 Mar 2026 12:00:01 +0000\n",
		    "mx.example.org", 7 },
		{ "Received: by mx.example.org with SMTP id 7; Mon, 02 Mar 2026 12:00:03 +0000\n",
		    "mx.example.org", 3 },
		/* a greeting that looks like the keyword; names that only begin or end like it */
		{ "Received: from by (mx.example.org) by c.example.net; Mon, 02 Mar 2026 12:00:01 "
		  "+0000\n",
		    "mx.example.org", -1 },
		{ "Received: from by by mx.example.org; Mon, 02 Mar 2026 12:00:04 +0000\n",
		    "mx.example.org", 4 },
		{ "Received: from a by mx.example.org.example.net; Mon, 02 Mar 2026 12:00:01 +0000\n"
		  "Received: from a by bmx.example.org; Mon, 02 Mar 2026 12:00:01 +0000\n"
		  "Received: (qmail 7 invoked by uid 89); Mon, 02 Mar 2026 12:00:01 +0000\n",
		    "mx.example.org", -1 },
		/* lines that are none, the last without an end; a line of its own without a date */
		{ "Received: (((\nReceived: by\nReceived:\nReceived: from a by mx.example.org\n"
		  "Received: from a by mx.example.org; Mon, 02 Mar 2026 12:00:01 +0000\n",
		    "mx.example.org", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		tkt_autofree char *text = NULL;
		tkt_autoptr(mail) mail = NULL;

		assert_true(asprintf(&text, "%sSubject: x\n\nhi\n", cases[i].header) > 0);
		mail = parse(text);
		assert_int_equal(tkt_mail_received_by(mail, cases[i].host),
		    cases[i].second < 0 ? TKT_TIME_NONE : 1772452800 + cases[i].second);
	}
}

static void test_empty_header(void **state)
{
	tkt_autoptr(mail) mail = NULL;

	(void)state;
	mail = parse("X: y\n");
	assert_string_equal(mail->from, "");
	assert_string_equal(mail->message_id, "");
	assert_string_equal(mail->desk_mark, "");
	assert_null(mail->envelope_from);
	assert_null(mail->envelope_to);
	assert_null(mail->references[0]);
	assert_true(mail->transport_at == TKT_TIME_NONE && mail->sent_at == TKT_TIME_NONE);
}

static void test_part_name(void **state)
{
	static const char *const cases[][2] = {
		{ "a.png", "a.png" },
		{ "../../etc/passwd", "passwd" },
		{ "C:\\x\\y.doc", "y.doc" },
		{ "..", "part-3.png" },
		{ "a\xE2\x80\xAEgnp.exe", "agnp.exe" },
		{ "\x1b[2J.txt", "[2J.txt" },
		{ " -rf ", "rf" },
		{ "\xff.png", "\xEF\xBF\xBD.png" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		tkt_autofree char *name = tkt_part_name(cases[i][0], "image/png", 3);

		assert_string_equal(name, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_returned_ids),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_received_by),
		cmocka_unit_test(test_empty_header),
		cmocka_unit_test(test_part_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
