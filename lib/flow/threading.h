/* lib/flow/threading.h: the ticket a letter belongs to (DESIGN.md 4, Threading). */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_mail;
struct tkt_session;

struct tkt_thread {
	json_t *ticket; /* the one it may write to; NULL: none */
	char *claimed;  /* the id of one it named without being a participant; NULL */
};
void tkt_thread_clear(struct tkt_thread *thread);
#define tkt_autothread __attribute__((cleanup(tkt_thread_clear))) struct tkt_thread

/*
 * Strongest first: References and In-Reply-To against stored Message-IDs, then the id in the
 * subject. Both count only from a participant (requester or copied). Machine mail is tied by the
 * mail it answers alone. 0 and *thread filled, or -1.
 */
int tkt_thread_find(struct tkt_session *session, const struct tkt_mail *mail,
    struct tkt_thread *thread, struct tkt_error *error);
