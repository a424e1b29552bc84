/* lib/flow/taking.h: one letter on its way into the desk; for the files that take it in. */
#pragma once
#include <jansson.h>

#include "flow/take_in.h"
#include "flow/threading.h"

struct tkt_error;

struct tkt_taking {
	struct tkt_session *session;
	const struct tkt_letter *letter;
	const struct tkt_mail *mail; /* NULL: it is no letter */
	struct tkt_thread thread;
	const char *fate;
	/* For the log and the ledger, not translated; NULL: there is nothing to say. */
	const char *reason;
	const char *unanswered; /* why an automatic answer that was due did not leave */
	json_t *aside;   /* what of it is set aside, as flow/set_aside.h has it; NULL: nothing */
	char brake[160]; /* what the two above say of a brake */
	char raw_sha256[65], fingerprint[65];
	struct tkt_taken made;
};

/* flow/letter_change.c: the letter joins the ticket of its thread as a message of that kind. */
int tkt_taking_append(
    struct tkt_taking *taking, const char *kind, const char *why, struct tkt_error *error);
/* The letter opens a ticket. 0 or -1. */
int tkt_taking_open(struct tkt_taking *taking, const char *why, struct tkt_error *error);
/* What the letter is as a message of that kind, with its attachments stored and judged. 0 and a new
 * object, or -1. */
int tkt_taking_message(
    struct tkt_taking *taking, const char *kind, json_t **message, struct tkt_error *error);
/* Contents under their name; only the name of what will be rolled back. 0 or -1. */
int tkt_taking_store(const struct tkt_taking *taking, const void *bytes, size_t length,
    char sha256[65], struct tkt_error *error);

/* flow/letter_row.c: the letter's row in the ledger. `key`: its Message-ID, or what stands for it.
 * 0 or -1. */
int tkt_taking_record(struct tkt_taking *taking, const char *key, struct tkt_error *error);

/*
 * flow/brake.c: counts the letter of its sender. 1 when there are more than desk.conf allows, and
 * then `brake` says so; 0; -1.
 */
int tkt_brake_letter(struct tkt_taking *taking, struct tkt_error *error);
/* The same for an automatic answer to it, from the desk's address to the sender's. */
int tkt_brake_answer(struct tkt_taking *taking, struct tkt_error *error);
/* And for what it makes the desk tell somebody else. */
int tkt_brake_tell(struct tkt_taking *taking, const char *address, struct tkt_error *error);
