/* lib/flow/staff_mail.h: letters that answer what an agent was told of a ticket (DESIGN.md 4, Staff
 * mail). */
#pragma once

struct tkt_error;
struct tkt_taking;

/*
 * Takes in a letter that bears a token of an agent (flow/staff_address.h), or is an agent's and
 * names a ticket without one. After tkt_thread_find(), in the write transaction.
 *
 * A public reply, composed anew from the text above the line, to whom tkt-reply would send it,
 * when the token is the author's and has not expired, he is an active agent, the letter is
 * authenticated and a person's; its first lines may be orders, of which he gets a receipt. Anything
 * less is an internal note, and he is told why. A participant's letter that bears the token of an
 * agent who copied him is a participant's: then thread->ticket is the token's.
 *
 * 1: `fate` says what became of it; 0: it is a letter like others; -1.
 */
int tkt_staff_mail(struct tkt_taking *taking, struct tkt_error *error);
