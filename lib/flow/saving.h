/* lib/flow/saving.h: all attachments of messages into one folder of the user's. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct tkt_error;
struct tkt_session;

struct tkt_saving {
	const char *path; /* as the user wrote it; borrowed */
	int folder;       /* open; -1 */
	bool with_aside;  /* those too that the desk does not take */
};
#define tkt_autosaving __attribute__((cleanup(tkt_saving_clear))) struct tkt_saving
void tkt_saving_clear(struct tkt_saving *saving);

/* Opens the folder, which is made when it is not there. 0, or -1 with the system's reason. */
int tkt_saving_open(struct tkt_saving *saving, const char *path, struct tkt_error *error);

/*
 * Saves the attachments of one message; `count` is how many the messages before it have. One whose
 * contents are not here is reported and keeps no other back, and one that was set aside is passed
 * over with a warning. Their paths go to standard output, a line each, unless --quiet. 0 or -1.
 */
int tkt_saving_message(const struct tkt_saving *saving, struct tkt_session *session,
    const json_t *message, size_t count, struct tkt_error *error);
