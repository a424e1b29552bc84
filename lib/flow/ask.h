/* lib/flow/ask.h: what an agent asks with an answer: questions of desk.conf by their names, or in
 * his own words (S0-5). */
#pragma once
#include <jansson.h>

#include "base/option.h"

struct tkt_error;
struct tkt_session;

/* What is wrong for every ticket: an empty text, or one of several lines. 0, or -1 with USAGE. */
int tkt_ask_check(const struct tkt_strings *asked, struct tkt_error *error);

/*
 * Asks on one ticket. A word is the name of a question in the policy of the ticket, asked in its
 * language; what has more than one word stands for itself, under the key 'ask-1', 'ask-2' ... One
 * that was answered is asked anew; one that is open keeps its number.
 *
 *   message    its body gets the questions, by their numbers
 *   questions  a new array, for the change; empty when all are open already
 *
 * 0, or -1 with DATA: there is no such question; CONFIGURATION (the policy), TEMPORARY, or what the
 * store says.
 */
int tkt_ask_add(struct tkt_session *session, const json_t *ticket, const struct tkt_strings *asked,
    json_t *message, json_t **questions, struct tkt_error *error);
