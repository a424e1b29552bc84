#include "mail/transport.h"

#include <string.h>

#include "base/banned.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/address.h"
#include "mail/sender.h"

enum { TIMEOUT_SECONDS = 60 };

static const struct tkt_transport_driver *const drivers[] = {
	[TKT_TRANSPORT_MAILDIR] = &tkt_transport_maildir,
	[TKT_TRANSPORT_SENDMAIL] = &tkt_transport_sendmail,
	[TKT_TRANSPORT_SMTP] = &tkt_transport_smtp,
};

int tkt_sender_new(const struct tkt_desk *desk, struct tkt_sender **sender, struct tkt_error *error)
{
	tkt_autoptr(sender) made = calloc(1, sizeof(*made));
	int seconds = desk->transport.timeout_seconds;

	if (!made)
		return tkt_error_set_memory(error);
	made->desk = desk;
	made->driver = drivers[desk->transport.kind];
	made->timeout_seconds = seconds > 0 ? seconds : TIMEOUT_SECONDS;
	if (made->driver->open(made, error))
		return -1;
	*sender = tkt_take(made);
	return 0;
}

void tkt_sender_free(struct tkt_sender *sender)
{
	if (!sender)
		return;
	sender->driver->close(sender);
	free(sender);
}

/* The last fence before a command line or an SMTP dialogue: no address may end a command. */
static int check_envelope(const struct tkt_letter *letter, struct tkt_error *error)
{
	const char *bad = NULL;
	size_t i;

	if (letter->from[0] && !tkt_address_is_valid(letter->from))
		bad = letter->from;
	for (i = 0; !bad && letter->recipients[i]; i++)
		if (!tkt_address_is_valid(letter->recipients[i]))
			bad = letter->recipients[i];
	if (bad) {
		tkt_autotext shown;

		tkt_text_init(&shown, 4096);
		tkt_letter_add_quoted(&shown, bad, strlen(bad));
		return tkt_error_set(
		    error, TKT_ERROR_UNAVAILABLE, _("'%s' is not a mail address"), shown.bytes);
	}
	if (i == 0)
		return tkt_error_set(error, TKT_ERROR_UNAVAILABLE, _("the mail has no recipients"));
	return 0;
}

int tkt_sender_send(struct tkt_sender *sender, const char *from, const char *const *recipients,
    const char *bytes, size_t length, struct tkt_delivery *delivery, struct tkt_error *error)
{
	const struct tkt_letter letter = { from, recipients, bytes, length };

	*delivery = (struct tkt_delivery){ 0 };
	if (check_envelope(&letter, error))
		return -1;
	return sender->driver->send(sender, &letter, delivery, error);
}

void tkt_letter_add_unix(struct tkt_text *out, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *cr = memmem(bytes, (size_t)(end - bytes), "\r\n", 2);
		const char *stop = cr ? cr : end;

		tkt_text_add_bytes(out, bytes, (size_t)(stop - bytes));
		bytes = cr ? cr + 1 : end;
	}
}

void tkt_letter_add_quoted(struct tkt_text *out, const char *bytes, size_t length)
{
	tkt_autotext valid;
	bool blank = false;
	size_t i;

	tkt_text_init(&valid, out->limit);
	tkt_utf8_repair(&valid, bytes, length);
	for (i = 0; i < valid.length; i++) {
		unsigned char byte = (unsigned char)valid.bytes[i];

		if (byte <= ' ' || byte == 0x7f) {
			blank = out->length > 0;
			continue;
		}
		if (blank)
			tkt_text_add_byte(out, ' ');
		blank = false;
		tkt_text_add_byte(out, valid.bytes[i]);
	}
}
