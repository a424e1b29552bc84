/*
 * lib/policy/answer.h: the questions on a ticket: the numbers that they have in a letter, and what
 * of a reply answers which (S0-5, S1-14). Pure.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "desk/intake_rule.h"

struct tkt_error;

/*
 * Orders all questions of a ticket, those that are answered too, by when they were asked, then by
 * the policy's order, then by key. A question's number is its place in it, from 1: it keeps it,
 * since what is asked later comes behind. 0, or -1 with TEMPORARY.
 */
int tkt_questions_order(
    const struct tkt_intake_rules *rules, json_t *questions, struct tkt_error *error);
bool tkt_question_is_open(const json_t *question);
/* The one with that key, borrowed; NULL: it was never asked. */
json_t *tkt_questions_get(const json_t *questions, const char *key);

/*
 * What of a letter answers which open question that was asked before it came. The strongest first:
 *
 *   - the text right below a quoted line that ends with the question's text
 *   - the text behind the question's number: '2. Firefox', where all numbers of the letter that
 *     begin a line are numbers of questions, each once
 *   - what the question's pattern matches in the new text
 *   - of a single open question the whole new text
 *
 * Of the first two the pattern takes its part where it matches.
 *
 *   questions  as ordered above
 *   failed     gets the rule of each pattern that passed its limit (an array of texts)
 *   answers    a new object: key to text, cut at TKT_ANSWER_LIMIT
 *
 * 0, or -1 with TEMPORARY.
 */
#define TKT_ANSWER_LIMIT 2000 /* bytes */
int tkt_answers_find(const struct tkt_intake_rules *rules, const json_t *questions,
    const json_t *message, json_t *failed, json_t **answers, struct tkt_error *error);

/* The part of a text that a question's pattern takes, without blanks around. 1 and a new string in
 * *answer, 0, or -1. A pattern that passes its limit is no match: its rule goes to `failed`. */
int tkt_question_capture(const struct tkt_question *question, const char *text, json_t *failed,
    json_t **answer, struct tkt_error *error);
/* The same without a pattern: a new string; NULL when there is none. */
json_t *tkt_answer_text(const char *text, size_t length);
/* Adds a rule to a list of them, once. 0 or -1. */
int tkt_rules_note(json_t *rules, const char *rule, struct tkt_error *error);
