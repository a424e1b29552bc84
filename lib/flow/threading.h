/* lib/flow/threading.h: the ticket a letter belongs to (DESIGN.md 4, Threading). */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_mail;
struct tkt_session;

struct tkt_thread {
	json_t *ticket;   /* the one it may write to; NULL: none */
	char *claimed;    /* the id of one that it named and does not join: its sender is no
			     participant, or it is closed for good; NULL */
	bool is_signed;   /* by an address or a Message-ID that this desk has signed, or a machine's
			     by that of a mail that the desk sent */
	bool is_forged;   /* it bears a signature that is not this desk's */
	bool is_stranger; /* the claimed ticket is none of the sender's */
	bool is_closed;   /* the claimed ticket is closed */
};
void tkt_thread_clear(struct tkt_thread *thread);
#define tkt_autothread __attribute__((cleanup(tkt_thread_clear))) struct tkt_thread

/*
 * Strongest first: a signed address or Message-ID; References and In-Reply-To against stored
 * Message-IDs, and those of letters that became a message under another one (an agent's answer that
 * was composed anew); the id in the subject; the root of Exchange's Thread-Index. All but the first
 * count only from a participant (the requester, who is copied, another address of one of them, a
 * contact of the same customer): whoever can read a number could write it. A merged
 * ticket stands for the one that took it over, for the participants of both, and a ticket that was
 * closed longer ago than `reply_to_closed` says is claimed alone.
 *
 *   recipient  of the envelope; NULL: not known, and To and Cc say
 *
 * A report (bounce, receipt) comes from a server that is nobody's customer: it counts by a signed
 * address and by the Message-ID of a mail that the desk sent, which only those know who got it. An
 * automatic answer to such a mail counts from its recipients, else as a person's does. 0 and
 * *thread filled, or -1.
 */
int tkt_thread_find(struct tkt_session *session, const struct tkt_mail *mail, const char *recipient,
    struct tkt_thread *thread, struct tkt_error *error);

/* The same for a ticket that is known otherwise, unless the thread was found. 1: the letter is a
 * participant's; 0: it is none, and `thread` is as it was; -1. */
int tkt_thread_join(struct tkt_session *session, const struct tkt_mail *mail, json_t *ticket,
    struct tkt_thread *thread, struct tkt_error *error);
/* Puts the ticket that a merged one went into in its place. 0 or -1. */
int tkt_thread_follow_merges(struct tkt_session *session, json_t **ticket, struct tkt_error *error);

/* Makes the claimed ticket the one that is written to, where the desk wants strangers noted there.
 * 0 or -1. */
int tkt_thread_claim(
    struct tkt_session *session, struct tkt_thread *thread, struct tkt_error *error);
