/* lib/policy/intake_parts.h: one request while it is judged; for the files of lib/policy/intake.h
 * alone. Each function returns 0, or -1 as tkt_intake_decide(). */
#pragma once
#include <jansson.h>
#include <stdbool.h>

#include "base/text.h"
#include "policy/intake.h"

struct tkt_judging {
	const struct tkt_intake_rules *rules;
	const struct tkt_intake_case *letter;
	json_t *change;
	json_t *description; /* of the letter; NULL: none */
	json_t *draft;    /* the ticket as the change leaves it, with `description`, `questions` */
	json_t *failed;   /* rules whose pattern passed its limit */
	json_t *used;     /* rules that took part */
	json_t *rules_of; /* for each field, the rule that set it; for a list, all that did */
	const char *rule; /* that is setting fields just now, borrowed; NULL: none does */
	/* as they are then, ordered: the stored ones with their answers, and new ones */
	json_t *questions;
	json_t *written; /* those of them that the change writes */
	json_t *lacks;   /* required facts that are not there */
	struct tkt_text why;
};

/* intake_judging.c */
int tkt_judging_begin(struct tkt_judging *judging, struct tkt_error *error);
void tkt_judging_clear(struct tkt_judging *judging);
/* Sets a field of the ticket, takes the value; one that it has already is not set again. */
int tkt_judging_set(
    struct tkt_judging *judging, const char *name, json_t *value, struct tkt_error *error);
/* Lists of 'priority=high' and 'tags=late'. */
int tkt_judging_apply(
    struct tkt_judging *judging, char *const *set, char *const *add, struct tkt_error *error);
/* Is the field without a value, as things stand? */
bool tkt_judging_is_empty(const struct tkt_judging *judging, const char *name);
/* What a section is called: "form", "trouble", "desk.conf:41". */
struct tkt_section_name {
	const char *kind, *title, *rule;
};
/* Does a section match, as things stand? 1, 0, -1; a pattern beyond its limit is 0 and noted. */
int tkt_judging_matches(struct tkt_judging *judging, const struct tkt_match *match,
    const struct tkt_section_name *section, struct tkt_error *error);
/* Notes for whoever asks why what a section said: 'yes', 'no' or 'failed', and of what (NULL). */
int tkt_judging_row(struct tkt_judging *judging, const struct tkt_section_name *section,
    const char *result, const char *note, struct tkt_error *error);
/* A pattern of a section passed its limit: the section is left out. 0, or -1: another error. */
int tkt_judging_failed(
    struct tkt_judging *judging, const struct tkt_section_name *section, struct tkt_error *error);
/* Adds to `why`, and a rule (NULL: none) to those that took part. */
int tkt_judging_tell(struct tkt_judging *judging, const char *rule, struct tkt_error *error,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* intake_facts.c: recognisers, and the answers of a later letter. */
int tkt_judging_facts(struct tkt_judging *judging, struct tkt_error *error);
/* Is anything said in the description beside what recognisers take out of it (S2-6)? 1, 0, -1. */
int tkt_judging_is_described(struct tkt_judging *judging, struct tkt_error *error);

/* intake_form.c: forms and questions: `lacks`, `questions`, `written`. */
int tkt_judging_forms(struct tkt_judging *judging, struct tkt_error *error);
/* Is what the question of that key asks for among the facts that are lacking? */
bool tkt_lacks_answer(const json_t *lacks, const char *key);
/* Notes the answer to a question (NULL: it is moot): closed. Takes the answer. */
int tkt_judging_close(
    struct tkt_judging *judging, json_t *question, json_t *answer, struct tkt_error *error);
