/*
 * lib/flow/draft.h: a text that a person types is in a file until it has left: written by the
 * editor, or saved when something fails. Nothing typed is lost.
 */
#pragma once
#include <jansson.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/text.h"

struct tkt_error;
struct tkt_session;
struct tkt_draft; /* opaque: a file */

/*
 * A new file of mode 0600 with these bytes: tkt-reply-NAME-XXXXXX in $XDG_STATE_HOME/tkt, else in
 * ~/.local/state/tkt (made if need be), else in $TMPDIR, else in /tmp. `name` is a ticket's id. 0,
 * or -1 with the system's reason.
 */
int tkt_draft_new(const char *name, const void *bytes, size_t length, struct tkt_draft **draft,
    struct tkt_error *error);
const char *tkt_draft_path(const struct tkt_draft *draft);
void tkt_draft_remove(struct tkt_draft *draft); /* the file: it is not needed any more */
void tkt_draft_free(struct tkt_draft *draft);   /* the file stays */
TKT_AUTOPTR(draft)

/*
 * Adds what an editor starts with: an empty line, a marker, and below it, to be removed again: what
 * the marker means, the ticket, `whom` the answer goes to, the last public message, quoted.
 */
int tkt_draft_frame(struct tkt_session *session, const json_t *ticket, const char *whom,
    struct tkt_text *out, struct tkt_error *error);

/* Runs $VISUAL, $EDITOR or vi on the file, through the shell, and waits. 0, or -1 with DATA when it
 * ends with another status than 0. */
int tkt_draft_edit(const struct tkt_draft *draft, struct tkt_error *error);

/* Adds the text above the marker; all of it when there is no marker. Nothing else stays in the
 * file, so that it can be given to --body as it is. 0, or -1 as tkt_file_read(), or with DATA when
 * the marker is gone and what stood below it is still there. */
int tkt_draft_read(const struct tkt_draft *draft, struct tkt_text *out, struct tkt_error *error);
