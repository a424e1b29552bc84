/* What bounces and receipts say: codes, addresses, fields of RFC 3464 and RFC 8098, words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "mail/bounce_text.h"
#include "mail/delivery_status.h"
#include "mail/parse.h"
#include "mail/reply_code.h"
#include "mail/report.h"
#include "mail/wording.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each report as 'recipient action status: diagnostic', a line each. */
static void assert_items(const struct tkt_report *items, size_t count, const char *expected)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	for (size_t i = 0; i < count; i++)
		tkt_text_format(&text, "%s %s %s: %s\n", items[i].recipient, items[i].action,
		    items[i].status, items[i].diagnostic);
	assert_string_equal(text.bytes, expected);
}

static void test_reply_codes(void **state)
{
	static const struct {
		const char *text, *status;
	} cases[] = {
		{ "550 5.1.1 <a@b>: User unknown", "5.1.1" },
		{ "550-5.1.1 The account", "5.1.1" },
		{ "no mailbox here by that name. (#5.1.1)", "5.1.1" },
		{ "host mx said: 550 No such user", "5.0.0" },
		{ "said:450 try later", "4.0.0" },
		{ "(0), [SMTP Error Code 552]", "5.0.0" },
		{ "5.7.1.", "5.7.1" },
		{ "delivered 250 2.0.0 ok", "" },
		{ "host 5.9.1.2 hung up", "" },
		{ "5.1.1a", "" },
		{ "1.5.1.1", "" },
		{ "5.1000.1", "" },
		{ "550", "5.0.0" },
		{ "5500 users", "" },
		{ "id-550 x", "" },
		{ "I waited 420 seconds", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char status[TKT_STATUS_SIZE] = "x";

		assert_int_equal(tkt_reply_code_find(cases[i].text, status), *cases[i].status != 0);
		if (strcmp(status, cases[i].status) != 0)
			fail_msg("'%s' of: %s", status, cases[i].text);
	}
}

static void test_addresses(void **state)
{
	static const struct {
		const char *value, *address;
	} cases[] = {
		{ "rfc822; Anna@Example.org", "anna@example.org" },
		{ "RFC822;<anna@example.org>", "anna@example.org" },
		{ "anna@example.org", "anna@example.org" },
		{ "rfc822; anna@example.org (Anna)", "anna@example.org" },
		{ "rfc822; \"anna@example.org\"", "anna@example.org" },
		{ "smtp:anna@example.org", "anna@example.org" },
		{ "rfc822; anna+2Bshop@example.org", "anna+shop@example.org" },
		{ "rfc822; anna+3Db@example.org", "anna=b@example.org" },
		{ "rfc822; anna+42@example.org", "anna+42@example.org" },
		{ "utf-8; \xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0@example.org",
		    "\xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0@example.org" },
		{ "utf-8; \\x{430}\\x{43D}\\x{43D}\\x{430}@example.org",
		    "\xD0\xB0\xD0\xBD\xD0\xBD\xD0\xB0@example.org" },
		{ "utf-8; \\x{20}a@example.org", NULL },
		{ "utf-8; \\x{D800}a@example.org", NULL },
		{ "utf-8; \\x{1F600}a@example.org",
		    "\xF0\x9F\x98\x80"
		    "a@example.org" },
		{ "utf-8; \\x{20AC}@example.org", "\xE2\x82\xAC@example.org" },
		{ "rfc822; anna@[192.0.2.1]", "anna@[192.0.2.1]" },
		{ "LOCAL; anna", NULL },
		{ "X400; /S=Anna/O=Example", NULL },
		{ "rfc822;", NULL },
		{ "rfc822; anna@localhost", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *address = tkt_recipient_address(cases[i].value);

		if (!tkt_text_equal(address, cases[i].address))
			fail_msg("'%s' of: %s", address ? address : "NULL", cases[i].value);
		free(address);
	}
}

static void assert_status(const char *text, const char *expected)
{
	tkt_autoreports reports = { .items = NULL };
	struct tkt_error error;

	assert_int_equal(tkt_delivery_status_read(text, strlen(text), &reports, &error), 0);
	assert_items(reports.items, reports.count, expected);
}

static void test_delivery_status(void **state)
{
	(void)state;
	assert_status("Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@example.org\r\n"
		      "Action: failed\r\nStatus: 5.1.1 (no mailbox)\r\n"
		      "Diagnostic-Code: smtp; 550 5.1.1 User\r\n\tunknown\r\n",
	    "a@example.org failed 5.1.1: 550 5.1.1 User unknown\n");
	/* the original recipient comes first, unless it is none */
	assert_status(
	    "Original-Recipient: rfc822;a@example.org\nFinal-Recipient: rfc822;b@example.net\n"
	    "Action: delayed\n\n"
	    "Original-Recipient: rfc822;\nFinal-Recipient: rfc822;c@example.net\n"
	    "Action: relayed\nStatus: 2.1.9\n",
	    "a@example.org delayed : \nc@example.net relayed 2.1.9: \n");
	/* no blank lines between them, or one within a group */
	assert_status("Final-Recipient: rfc822;a@example.org\nAction: failed\n"
		      "Final-Recipient: rfc822;b@example.org\n\nAction: expanded\n",
	    "a@example.org failed : \nb@example.org expanded : \n");
	/* neither Action nor Status: by the diagnostic */
	assert_status("Final-Recipient: rfc822;a@example.org\nDiagnostic-Code: smtp;550 no\n\n"
		      "Final-Recipient: rfc822;b@example.org\nStatus: 2.0.0\n",
	    "a@example.org failed 5.0.0: 550 no\nb@example.org delivered 2.0.0: \n");
	/* twice the same */
	assert_status("Final-Recipient: rfc822;a@example.org\nAction: failed\n\n"
		      "Final-Recipient: rfc822;A@example.org\nAction: failure\n",
	    "a@example.org failed : \n");
	assert_status(
	    "Final-Recipient : LOCAL; anna\nAction: failed (no such user)\n", " failed : \n");
	assert_status("Reporting-MTA: dns; mx\n\nStatus: 5.0.0\n", "");
	assert_status("", "");
}

static void test_disposition(void **state)
{
	static const char text[] =
	    "Reporting-UA: x\nFinal-Recipient: rfc822; a@example.org\n"
	    "Disposition: manual-action/MDN-sent-manually; Displayed/error\n";
	tkt_autoreports reports = { .items = NULL };
	struct tkt_error error;

	(void)state;
	assert_int_equal(tkt_disposition_read(text, strlen(text), &reports, &error), 0);
	assert_int_equal(tkt_disposition_read("x: y\n", 5, &reports, &error), 0);
	assert_int_equal(tkt_disposition_read("Disposition: x; burnt\n", 22, &reports, &error), 0);
	assert_items(reports.items, reports.count, "a@example.org displayed : \n processed : \n");
}

static void test_text(void **state)
{
	static const struct {
		const char *text, *reports;
	} cases[] = {
		{ "<a@example.org>:\nno mailbox\nhere\n\n<b@example.org>: host mx said: 550 5.1.1\n"
		  "    <b@example.org>: unknown\n",
		    "a@example.org failed : no mailbox here\n"
		    "b@example.org failed : host mx said: 550 5.1.1 <b@example.org>: unknown\n" },
		{ "  a@example.org\n    (generated from b@example.net)\n    user unknown\n",
		    "b@example.net failed : user unknown\n" },
		{ "a@example.org wrote:\n<b@example.org> said so\n",
		    "b@example.org failed : <b@example.org> said so\n" },
		{ "failed:\n\nAnna Petrova (a@example.org)\n", "a@example.org failed : \n" },
		{ "Unknown user: a@example.org\n\n553 5.3.0 <a@example.org>... unknown\n",
		    "a@example.org failed : 553 5.3.0 <a@example.org>... unknown\n" },
		{ ">>> RCPT To:<a@example.org>\n<<< 550 no\n", "a@example.org failed : 550 no\n" },
		{ "From <me@example.com> to <a@example.org>: not delivered\n", "" },
		{ "mail of me@example.com to a@example.org failed\n",
		    "a@example.org failed : mail of me@example.com to a@example.org failed\n" },
		{ "> <a@example.org>: quoted\n", "" },
		{ "postmaster@example.org\n", "" },
		{ "<support@example.org>:\nno\n", "support@example.org failed : no\n" },
		{ "Turn to helpdesk@example.org, not to me@example.com\n", "" },
		{ "Sorry.\n--- Below is a copy of the mail ---\n<a@example.org>: x\n", "" },
		{ "Sorry.\nReceived: from x\n<a@example.org>: x\n", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		tkt_autoreports reports = { .items = NULL };
		struct tkt_error error;

		assert_int_equal(tkt_bounce_text_read(cases[i].text, strlen(cases[i].text),
				     "me@example.com", "failed", &reports, &error),
		    0);
		assert_items(reports.items, reports.count, cases[i].reports);
	}
}

static void test_actions(void **state)
{
	static const struct {
		const char *subject, *text, *action;
	} cases[] = {
		{ "Warning: message delayed", "x", "delayed" },
		{ "x", "It has NOT\nyet been  delivered.", "delayed" },
		{ "x", "delayed, and a permanent error", "failed" },
		{ "x", "was successfully delivered", "delivered" },
		{ "x", "was successfully delivered; user unknown", "failed" },
		{ "x", "x\n--- a copy of the mail\ndelayed", "failed" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(
		    tkt_bounce_text_action(cases[i].subject, cases[i].text, strlen(cases[i].text)),
		    cases[i].action);
}

/* A phrase that is not in the form of folded text would never be found. */
static void test_wordings(void **state)
{
	(void)state;
	for (int which = 0; which < TKT_WORDINGS; which++)
		for (const char *const *phrase = tkt_wording_phrases((enum tkt_wording)which);
		     *phrase; phrase++) {
			char *folded = tkt_wording_fold(*phrase, strlen(*phrase));

			if (!tkt_text_equal(folded, *phrase))
				fail_msg("%d: '%s', folded '%s'", which, *phrase, folded);
			free(folded);
		}
}

static void test_many(void **state)
{
	tkt_autoreports reports = { .items = NULL };
	struct tkt_error error;
	tkt_autotext text;

	(void)state;
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	for (int i = 0; i < TKT_REPORTS_LIMIT + 5; i++)
		tkt_text_format(&text, "Final-Recipient: rfc822; a%d@example.org\n\n", i);
	assert_int_equal(tkt_delivery_status_read(text.bytes, text.length, &reports, &error), 0);
	assert_int_equal(reports.count, TKT_REPORTS_LIMIT);
}

static void test_mail(void **state)
{
	static const char text[] =
	    "From: MAILER-DAEMON@example.net\nTo: me@example.com\nX-Failed-Recipients: a@example.org,\n"
	    " b@example.org\nReferences: <old@example.com>\n\n"
	    "  b@example.org\n    550 5.1.1 unknown\n";
	struct tkt_mail *mail = NULL;
	struct tkt_error error;

	(void)state;
	assert_int_equal(tkt_mail_parse(text, strlen(text), NULL, NULL, &mail, &error), 0);
	assert_int_equal(mail->kind, TKT_MAIL_BOUNCE);
	assert_items(mail->reports, mail->report_count,
	    "a@example.org failed : \n"
	    "b@example.org failed 5.1.1: 550 5.1.1 unknown\n");
	assert_string_equal(mail->returned_ids[0], "old@example.com");
	tkt_mail_free(mail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply_codes),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_delivery_status),
		cmocka_unit_test(test_disposition),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_wordings),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
