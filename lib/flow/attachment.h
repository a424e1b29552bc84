/* lib/flow/attachment.h: attachments of a ticket's messages, out of the desk. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct tkt_error;
struct tkt_session;
struct tkt_text;

/* Why the desk does not take it; NULL: it does. */
const char *tkt_attachment_aside(const json_t *attachment);

/*
 * Writes them to standard output: on a terminal with controls made visible, and DATA when they are
 * no text. PERMISSION when it was set aside, unless `with_aside`.
 */
int tkt_attachment_print(struct tkt_session *session, const json_t *attachment, size_t number,
    bool with_aside, struct tkt_error *error);

/*
 * Writes the contents into a new file below the open folder, under a safe form of the attachment's
 * name: no path, no controls, no leading dot or '-', at most 200 bytes, 'attachment-N' when nothing
 * is left. Where that is taken the file is 'name-2.png' and so on: nothing is ever overwritten or
 * followed. `chosen` gets the name. 0, or -1 with DATA (the contents are not here), PERMISSION,
 * TEMPORARY or IO: then no part of it is left.
 */
int tkt_attachment_save(struct tkt_session *session, const json_t *attachment, size_t number,
    int folder, struct tkt_text *chosen, struct tkt_error *error);
