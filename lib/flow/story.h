/* lib/flow/story.h: what happened to a ticket, as its clocks see it: the log folded into moments.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/clock.h"

struct tkt_db;
struct tkt_error;

/* Is it a person's (no machine's, no bounce) of this kind and direction? What a message does not
 * say is what a writer makes it: public, out. NULL is none. */
bool tkt_message_is(const json_t *message, const char *kind, const char *direction);

/*
 * One change as a moment, which borrows the ticket.
 *
 *   ticket   as the change leaves it
 *   message  that it brought; NULL
 */
struct tkt_moment tkt_moment_of(
    const json_t *ticket, const json_t *message, bool opens, int64_t at);

/* All changes of a ticket, from its opening on; each ticket and step in it is held. `= { 0 }`
 * before. */
struct tkt_story {
	struct tkt_moment *moments;
	size_t count, room;
};
void tkt_story_clear(struct tkt_story *story);
#define tkt_autostory __attribute__((cleanup(tkt_story_clear))) struct tkt_story

/* Adds what the log says of ticket `id` (canonical), in the caller's transaction. 0, or -1. */
int tkt_story_read(
    struct tkt_db *db, const char *id, struct tkt_story *story, struct tkt_error *error);
/* Adds one event of the ticket. 0, or -1 with DATA or TEMPORARY. */
int tkt_story_add_event(struct tkt_story *story, const json_t *event, struct tkt_error *error);
/* Adds a change that is not in the log yet; holds its ticket and step. 0 or -1. */
int tkt_story_add(
    struct tkt_story *story, const struct tkt_moment *moment, struct tkt_error *error);
