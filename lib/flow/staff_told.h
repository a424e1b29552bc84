/* lib/flow/staff_told.h: what an agent is told of a letter that answered what he was told. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_taking;

/* Borrowed for the call. */
struct tkt_staff_told {
	const json_t *agent;  /* whom to tell; NULL: nobody */
	const char *template; /* 'staff_note', 'staff_receipt', 'staff_lost' */
	const char *ticket;   /* its id; NULL: none is known */
	const char *word;     /* why, or what was done: a name in the template 'staff_words' */
	const char *reason;   /* what the desk itself has said of it; NULL: nothing */
	bool is_done;       /* his orders were done: no machine gives any, so no brake counts it */
	const char *orders; /* as policy/staff_order.h tells them; NULL or "": there were none */
};

/*
 * Puts a mail to the agent's address on file into the outbox, never to the letter's sender, and
 * nothing of the letter's text in it. None leaves to one who is not active, in answer to the null
 * sender, or beyond the brake: then taking->unanswered says so. 0, or -1 with CONFIGURATION (a
 * template) or what the store says.
 */
int tkt_staff_tell(
    struct tkt_taking *taking, const struct tkt_staff_told *told, struct tkt_error *error);
