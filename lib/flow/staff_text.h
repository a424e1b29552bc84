/* lib/flow/staff_text.h: what of an agent's letter is his answer: the new text above the line of
 * the notice that he quotes. */
#pragma once
#include <jansson.h>

#include "base/text.h"

struct tkt_error;
struct tkt_session;

/* Why there is none that can be told from the rest. */
enum tkt_staff_text {
	TKT_STAFF_TEXT_GOOD,
	TKT_STAFF_TEXT_BARE,    /* good, but nothing at all is quoted */
	TKT_STAFF_TEXT_EMPTY,   /* nothing new stands above the line */
	TKT_STAFF_TEXT_INLINE,  /* new text stands between what is quoted below it */
	TKT_STAFF_TEXT_NO_LINE, /* there are quoted lines, and the line is none of them */
};

/*
 * Adds the answer: what is new (mail/quote.h) above the first line that is the template
 * 'staff_line''s, in a language of the desk; where nothing at all is quoted, the new text. What
 * stands below the last quoted line is what gateways add, and is left out.
 *
 *   message  of the letter, with `body`
 *
 * 0, or -1 with CONFIGURATION (the template) or TEMPORARY.
 */
int tkt_staff_text_read(struct tkt_session *session, const json_t *message, struct tkt_text *text,
    enum tkt_staff_text *found, struct tkt_error *error);
