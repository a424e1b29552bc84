#include "mail/transport.h"

#include <gmime/gmime.h>
#include <string.h>

#include "base/address.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"
#include "mail/sender.h"

#include "base/banned.h"

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

/*
 * An address of the envelope, its domain in ASCII as compose writes it: else the next server would
 * have to speak SMTPUTF8, and libcurl converts by the locale, which under cron is C. This is also
 * the last fence before a command line or an SMTP dialogue. NULL with the error when it is none.
 */
static char *envelope_address(const char *address, struct tkt_error *error)
{
	tkt_autotext shown;

	tkt_text_init(&shown, 4096);
	if (tkt_address_is_valid(address)) {
		InternetAddress *mailbox = internet_address_mailbox_new(NULL, address);
		g_autofree char *ascii = g_strdup(
		    internet_address_mailbox_get_idn_addr(INTERNET_ADDRESS_MAILBOX(mailbox)));

		g_object_unref(mailbox);
		if (g_str_is_ascii(ascii)) /* IDNA has a form of it */
			return g_steal_pointer(&ascii);
	}
	tkt_mail_add_quoted(&shown, address, strlen(address));
	tkt_error_set(error, TKT_ERROR_UNAVAILABLE, _("'%s' is not a mail address"), shown.bytes);
	return NULL;
}

/* Fills an array of as many places and one, for NULL, as there are recipients. */
static int convert_recipients(
    const char *const *recipients, char **converted, struct tkt_error *error)
{
	size_t i;

	for (i = 0; recipients[i]; i++) {
		converted[i] = envelope_address(recipients[i], error);
		if (!converted[i])
			return -1;
	}
	if (i == 0)
		return tkt_error_set(error, TKT_ERROR_UNAVAILABLE, _("the mail has no recipients"));
	return 0;
}

int tkt_sender_send(struct tkt_sender *sender, const char *from, const char *const *recipients,
    const char *bytes, size_t length, struct tkt_delivery *delivery, struct tkt_error *error)
{
	g_auto(GStrv) to = g_new0(char *, g_strv_length((char **)recipients) + 1);
	g_autofree char *sender_address = NULL;
	struct tkt_dispatch letter = { "", (const char *const *)to, bytes, length };

	*delivery = (struct tkt_delivery){ 0 };
	g_mime_init(); /* counts its callers */
	if (convert_recipients(recipients, to, error))
		return -1;
	if (from[0]) {
		letter.from = sender_address = envelope_address(from, error);
		if (!sender_address)
			return -1;
	}
	return sender->driver->send(sender, &letter, delivery, error);
}

void tkt_mail_add_unix(struct tkt_text *out, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *cr = memmem(bytes, (size_t)(end - bytes), "\r\n", 2);
		const char *stop = cr ? cr : end;

		tkt_text_add_bytes(out, bytes, (size_t)(stop - bytes));
		bytes = cr ? cr + 1 : end;
	}
}

void tkt_mail_add_quoted(struct tkt_text *out, const char *bytes, size_t length)
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
