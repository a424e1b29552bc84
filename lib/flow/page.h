/* lib/flow/page.h: a ticket and its correspondence as a page for a person to read. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct tkt_error;
struct tkt_text;
struct tkt_zone;

struct tkt_page {
	struct tkt_text *out;        /* borrowed */
	const struct tkt_zone *zone; /* whose wall clock times show; NULL: UTC */
	size_t width;                /* columns */
	bool colours;                /* then quoted text and signatures are dim, too */
	bool only_new;               /* leaves them out of what came in */
	size_t attachments;          /* so far: the number that each has in the whole ticket */
};

/* Everything that came from outside is made safe for a terminal, and wrapped. */
int tkt_page_ticket(struct tkt_page *page, const json_t *ticket, struct tkt_error *error);
int tkt_page_message(struct tkt_page *page, const json_t *message, struct tkt_error *error);
/* Adds nothing when there are none. */
int tkt_page_questions(struct tkt_page *page, const json_t *questions, struct tkt_error *error);
