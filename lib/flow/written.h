/* lib/flow/written.h: the text of an answer: from a file, standard input or an editor, and kept
 * when it could not be sent. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"

struct tkt_command;
struct tkt_draft;
struct tkt_error;
struct tkt_reply;
struct tkt_session;

/* `= { 0 }`, then tkt_written_init(). */
struct tkt_written {
	struct tkt_text raw;     /* as it was typed */
	struct tkt_text body;    /* as tkt_reply_text() leaves it */
	bool typed;              /* on standard input or in an editor: it must not be lost */
	struct tkt_draft *draft; /* the file it is in; NULL: none yet */
};
void tkt_written_init(struct tkt_written *written);
void tkt_written_clear(struct tkt_written *written); /* the draft's file stays */
#define tkt_autowritten __attribute__((cleanup(tkt_written_clear))) struct tkt_written

/*
 * Reads the text: from `path` ('-' is standard input); with NULL from standard input or, where that
 * is a terminal, from an editor that shows `ticket`. reply->body becomes the text, borrowed. 0, or
 * -1 with DATA (empty; the editor failed) or what reading says.
 */
int tkt_written_read(struct tkt_written *written, struct tkt_session *session, const char *path,
    const json_t *ticket, struct tkt_reply *reply, struct tkt_error *error);

/*
 * Asks on standard error whether it is to be sent and reads the answer from standard input, where
 * that is a terminal that holds no text of ours. 0, or -1 with NO, which has been said.
 */
int tkt_written_confirm(
    const struct tkt_written *written, struct tkt_command *command, struct tkt_error *error);

/* Sees to it that a typed text is in a file, and names it on standard error; where no file can be
 * made, the text itself goes there. `name` is a ticket's id. */
void tkt_written_keep(struct tkt_written *written, struct tkt_command *command, const char *name);
/* It has left: the editor's file goes. */
void tkt_written_drop(struct tkt_written *written);
