/* lib/flow/original.h: a message as the mail it came as, or left as; mbox. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct tkt_error;
struct tkt_session;
struct tkt_text;

/*
 * Adds the mail of a message: as received, byte for byte, or as it is composed for sending.
 * 1; 0 when it was none (a telephone call, an internal note); -1 with DATA when the mail as
 * received is not here (a replayed log), or what tkt_outgoing_compose() says.
 */
int tkt_original_add(struct tkt_session *session, const json_t *message, struct tkt_text *out,
    struct tkt_error *error);

/* Prints it, as it is or as a mail of an mbox. One that is not here is reported, and keeps no other
 * back. 0 or -1. */
int tkt_original_print(
    struct tkt_session *session, const json_t *message, bool as_mbox, struct tkt_error *error);

/*
 * Adds a mail to an mbox: a From_ line, line ends as LF, '>' before lines that begin with '>'s and
 * 'From ' (mboxrd), a blank line. A From_ line that the mail came with is left out.
 */
void tkt_mbox_add(struct tkt_text *out, const json_t *message, const char *bytes, size_t length);
