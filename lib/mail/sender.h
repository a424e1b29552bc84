/* lib/mail/sender.h: what a transport is made of; transport.h is for those who send. */
#pragma once
#include "mail/transport.h"

struct tkt_text;

struct tkt_dispatch {
	const char *from; /* "" is the null sender */
	const char *const *recipients;
	const char *bytes; /* CRLF line ends */
	size_t length;
};

/* `open` leaves what it needs in sender->state, which `close` releases. As transport.h says. */
struct tkt_transport_driver {
	int (*open)(struct tkt_sender *sender, struct tkt_error *error);
	int (*send)(struct tkt_sender *sender, const struct tkt_dispatch *letter,
	    struct tkt_delivery *delivery, struct tkt_error *error);
	void (*close)(struct tkt_sender *sender);
};
extern const struct tkt_transport_driver tkt_transport_maildir, tkt_transport_sendmail,
    tkt_transport_smtp;

struct tkt_sender {
	const struct tkt_desk *desk;
	const struct tkt_transport_driver *driver;
	int timeout_seconds; /* 1 or more */
	void *state;
};

/* Adds bytes with each CR LF as LF. */
void tkt_mail_add_unix(struct tkt_text *out, const char *bytes, size_t length);
/* What a stranger said, on one line: runs of blanks and controls become one blank. */
void tkt_mail_add_quoted(struct tkt_text *out, const char *bytes, size_t length);
