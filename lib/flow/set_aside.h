/*
 * lib/flow/set_aside.h: attachments that the desk does not take (S0-6). They are kept, and marked
 * in the message; the sender is told which and why.
 */
#pragma once
#include <jansson.h>

#include "base/text.h"

struct tkt_error;
struct tkt_taking;

/*
 * Judges the attachments in `message`, the letter's: those that are set aside get `set_aside`, and
 * those whose contents are not what the letter says get `true_type`. taking->aside gets what the
 * sender is told of each, and nothing that he chose:
 *
 *   {"number":2,"why":"by_type","type":"image/bmp"}
 *
 * `number` counts the attachments of the letter without forms of its text; `type` stands where the
 * contents themselves say it. 0 or -1.
 */
int tkt_set_aside(struct tkt_taking *taking, json_t *message, struct tkt_error *error);

/* The reasons, as the variables of the template 'set_aside' and `why` name them. */
#define TKT_ASIDE_TOLD 4
extern const char *const tkt_aside_names[TKT_ASIDE_TOLD];

/* Makes the value of each variable: "2 (image/bmp), 5", or "-" when there is none. 0 or -1. */
int tkt_aside_tell(
    const json_t *aside, struct tkt_text told[TKT_ASIDE_TOLD], struct tkt_error *error);
