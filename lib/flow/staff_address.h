/* lib/flow/staff_address.h: signed addresses by which an agent answers what he is told of a ticket:
 * made for one agent and some time, and found in his answer. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "mail/staff_token.h"

struct tkt_error;
struct tkt_mail;
struct tkt_session;

/* The agent who has that address, of session's; borrowed; NULL in *agent: nobody. 0 or -1. */
int tkt_staff_agent(struct tkt_session *session, const char *address, const json_t **agent,
    struct tkt_error *error);

/* A token for the agent's answers to that ticket, which expires when desk.conf says. 0; -1 with
 * what tkt_session_token_key() says. */
int tkt_staff_token_new(struct tkt_session *session, const json_t *agent, const char *ticket,
    struct tkt_staff_token *token, struct tkt_error *error);

/* Where answers to a mail of that Message-ID go, by the token in it; *address is to be freed; NULL:
 * to the desk, since there is no token or no recipient_delimiter. 0 or -1. */
int tkt_staff_reply_to(const struct tkt_session *session, const char *message_id, char **address,
    struct tkt_error *error);

/* What a letter was addressed to. Both agents are borrowed from the session. */
struct tkt_staff_found {
	struct tkt_staff_token token;
	const json_t *agent; /* for whom this desk has made the token; NULL: there is none */
	bool is_several;     /* there are tokens of his for other tickets too */
};

/*
 * Looks for the token of a letter: in the envelope's recipient, the desk's own addresses among To
 * and Cc, and the Message-ID that it answers. Of several, one that was made for `author` comes
 * first, and of these the one that counts for longest, so that it does not matter by which of its
 * addresses a copy of the letter came in.
 *
 *   author  the agent whose address is in From; NULL: it is nobody's
 *
 * 0, or -1.
 */
int tkt_staff_token_find(struct tkt_session *session, const struct tkt_mail *mail,
    const char *recipient, const json_t *author, struct tkt_staff_found *found,
    struct tkt_error *error);
/* Is there anything that looks like one? Asks neither the store nor the key. */
bool tkt_staff_token_seems(
    const struct tkt_session *session, const struct tkt_mail *mail, const char *recipient);
