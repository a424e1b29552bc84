/* lib/mail/fetch_driver.h: what fetch.c hands to the two protocols, once the login is done. */
#pragma once
#include "base/error.h"
#include "base/text.h"
#include "mail/dialogue.h"
#include "mail/fetch.h"

#define TKT_FETCH_SAID 600 /* bytes of what a server says, for an error's text */

/* As tkt_fetch() says, with the connection in `dialogue`. */
int tkt_fetch_by_imap(struct tkt_dialogue *dialogue, const struct tkt_mailbox *mailbox,
    struct tkt_fetching *fetching, struct tkt_error *error);
int tkt_fetch_by_pop3(struct tkt_dialogue *dialogue, const struct tkt_mailbox *mailbox,
    struct tkt_fetching *fetching, struct tkt_error *error);

/* A letter stays where it is since it is larger than may be. */
void tkt_fetch_leave_large(const struct tkt_fetching *fetching, uint64_t size);
/* The same since the server does not give it, with what it said. */
void tkt_fetch_leave_refused(const struct tkt_fetching *fetching, const struct tkt_text *said);
/* The server does not do a command, with what it said: an error of that kind. Returns -1. */
int tkt_fetch_refused(enum tkt_error_kind kind, const char *command, const struct tkt_text *said,
    struct tkt_error *error);
