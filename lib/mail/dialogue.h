/*
 * lib/mail/dialogue.h: bytes and lines to and from a server that may be hostile: what one command
 * brings is bounded. What bounds it in time is the wire's.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct tkt_error;
struct tkt_text;

#define TKT_DIALOGUE_BUFFER 16384
#define TKT_DIALOGUE_TALK ((size_t)16 << 20) /* that answers a command which brings no letter */

struct tkt_wire {
	/* All bytes. 0 or -1. */
	int (*send)(void *context, const char *bytes, size_t length, struct tkt_error *error);
	/* Some bytes, waited for. How many; 0: the server has closed; or -1. */
	ssize_t (*receive)(void *context, char *bytes, size_t size, struct tkt_error *error);
	void *context;
};

struct tkt_dialogue {
	struct tkt_wire wire;
	const char *protocol; /* "IMAP", for what cannot be understood */
	size_t left;          /* bytes that the present command may still bring */
	size_t at, end;       /* of what was received and not yet read */
	char buffer[TKT_DIALOGUE_BUFFER];
};

void tkt_dialogue_init(
    struct tkt_dialogue *dialogue, const struct tkt_wire *wire, const char *protocol);

/* Sends a line, given without its end; the answer may have so many bytes. 0 or -1. */
int tkt_dialogue_say(
    struct tkt_dialogue *dialogue, const char *line, size_t allowed, struct tkt_error *error);

/* The next byte, which stays the next one, or is read. 0 to 255, or -1 with TEMPORARY. */
int tkt_dialogue_peek(struct tkt_dialogue *dialogue, struct tkt_error *error);
int tkt_dialogue_byte(struct tkt_dialogue *dialogue, struct tkt_error *error);
/* So many bytes, added to a text; NULL: dropped. 0 or -1. */
int tkt_dialogue_bytes(
    struct tkt_dialogue *dialogue, uint64_t length, struct tkt_text *text, struct tkt_error *error);
/* The rest of the line, without its CR LF; what a text has no room for is dropped. 0 or -1. */
int tkt_dialogue_line(
    struct tkt_dialogue *dialogue, struct tkt_text *line, struct tkt_error *error);

/* The server breaks its protocol: TEMPORARY. Returns -1. */
int tkt_dialogue_confused(const struct tkt_dialogue *dialogue, struct tkt_error *error);
