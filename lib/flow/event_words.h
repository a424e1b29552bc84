/* lib/flow/event_words.h: what an event changed, as a sentence for a person. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_text;

/*
 * Adds 'opened 'Printer'; letter from anna@example.com', 'status: new → open; by phone': what
 * happened, field by field, clock by clock, then why (or which step fired). Columns that follow by
 * themselves (rev, times) are left out. The text is the event's as it stands, controls included. 0,
 * or -1 with TEMPORARY.
 */
int tkt_event_words(const json_t *event, struct tkt_text *out, struct tkt_error *error);
