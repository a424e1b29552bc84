/*
 * Any bytes as a notice of a mail server: as a whole mail, as its text, and as its machine-readable
 * part. Recipients are addresses or none, the rest is one line of valid UTF-8 within its bounds.
 *
 * Seeds: tests/mail/NAME.eml.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "mail/bounce_text.h"
#include "mail/delivery_status.h"
#include "mail/parse.h"
#include "mail/reply_code.h"
#include "mail/report.h"

#include "quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool is_line(const char *text, size_t limit)
{
	size_t length = strlen(text);

	return length <= limit && tkt_utf8_is_valid(text, length) && !strpbrk(text, "\r\n");
}

static void check_reports(const struct tkt_report *items, size_t count)
{
	char status[TKT_STATUS_SIZE];

	require(count <= TKT_REPORTS_LIMIT);
	for (size_t i = 0; i < count; i++) {
		require(is_line(items[i].recipient, 320));
		require(!*items[i].recipient || strchr(items[i].recipient, '@'));
		require(is_line(items[i].diagnostic, TKT_DIAGNOSTIC_LIMIT));
		require(is_line(items[i].action, TKT_DIAGNOSTIC_LIMIT));
		require(!*items[i].status || tkt_reply_code_read(items[i].status, status));
	}
}

static void check_mail(const char *bytes, size_t length)
{
	struct tkt_mail *mail = NULL;
	struct tkt_error error;

	if (tkt_mail_parse(bytes, length, NULL, NULL, &mail, &error) == 0) {
		check_reports(mail->reports, mail->report_count);
		require((mail->report_count == 0) ==
		    (mail->kind != TKT_MAIL_BOUNCE && mail->kind != TKT_MAIL_RECEIPT));
		require(mail->returned_ids != NULL);
	}
	tkt_mail_free(mail);
}

static void check_parts(const char *text, size_t length)
{
	tkt_autoreports told = { .items = NULL };
	tkt_autoreports stated = { .items = NULL };
	struct tkt_error error;
	char *reason = tkt_bounce_text_reason(text, length);

	require(reason && is_line(reason, length));
	require(tkt_bounce_text_head(text, length) <= length);
	require(tkt_bounce_text_action("", text, length) != NULL);
	require(tkt_bounce_text_read(text, length, "a@example.org", "failed", &told, &error) == 0);
	require(tkt_delivery_status_read(text, length, &stated, &error) == 0);
	require(tkt_disposition_read(text, length, &stated, &error) == 0);
	check_reports(told.items, told.count);
	check_reports(stated.items, stated.count);
	free(reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_utf8_repair_lines(&text, (const char *)bytes, length);
	require(!text.failed);
	check_mail((const char *)bytes, length);
	check_parts(text.bytes, text.length);
	return 0;
}
