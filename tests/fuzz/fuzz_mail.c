/*
 * Any bytes as a mail: whatever they are, the parser ends, and what it gives is a message object
 * with valid UTF-8 and safe names. The length chooses the expected languages.
 *
 * Seeds: tests/mail/NAME.eml.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "mail/parse.h"

#include "quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct tkt_mail *mail)
{
	char *json = json_dumps(mail->message, JSON_COMPACT);
	char *clean = tkt_subject_clean(mail->subject, "SUP");

	require(json && clean); /* Jansson refuses what is no UTF-8 */
	require(tkt_utf8_is_valid(mail->subject, strlen(mail->subject)));
	require(!strpbrk(mail->subject, "\r\n") && !strpbrk(mail->from, " \r\n<>"));
	require(tkt_subject_ticket(mail->subject, "SUP") >= 0);
	for (size_t i = 0; i < mail->part_count; i++) {
		require(mail->parts[i].name[0] && mail->parts[i].name[0] != '.');
		require(!strpbrk(mail->parts[i].name, "/\\\r\n\033"));
	}
	free(json);
	free(clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const char *const languages[][3] = { { NULL }, { "ru", "en", NULL }, { "zh", NULL },
		{ "de", NULL } };
	struct tkt_mail *mail = NULL;
	struct tkt_error error;
	char *copy;

	copy = malloc(length ? length : 1); /* no NUL behind it: reading past the end is seen */
	require(copy != NULL);
	memcpy(copy, bytes, length);
	if (tkt_mail_parse(copy, length, languages[length % 4], NULL, &mail, &error) == 0)
		check(mail);
	else
		require(error.kind == TKT_ERROR_DATA);
	tkt_mail_free(mail);
	free(copy);
	return 0;
}
