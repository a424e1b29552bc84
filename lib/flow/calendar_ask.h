/*
 * lib/flow/calendar_ask.h: a question about working time as an object, and its answer:
 *
 *	{"calendar":"office","op":"add","start":"2026-03-02 09:00","length":"4wh"}
 *	{"calendar":"office","op":"between","start":"...","end":"...","measure":"days"}
 *	{"calendar":"office","op":"next","start":"now"}
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "calendar/calendar.h"
#include "flow/explanation.h"

struct tkt_calendars;
struct tkt_error;

enum tkt_ask_op { TKT_ASK_ADD, TKT_ASK_BETWEEN, TKT_ASK_NEXT, TKT_ASK_COUNT };
extern const char *const tkt_ask_words[TKT_ASK_COUNT + 1]; /* ended by NULL */

struct tkt_ask {
	struct tkt_calendar *calendar; /* borrowed */
	enum tkt_ask_op op;
	int64_t start;
	int64_t end;              /* BETWEEN */
	enum tkt_measure measure; /* BETWEEN: what is counted; OPEN unless it was said */
	struct tkt_length length; /* ADD */
	int64_t result;           /* an instant; of BETWEEN seconds */
};

/* Reads a question. 0, or -1 with DATA, NOT_FOUND for an unknown calendar, or what
 * tkt_calendars_find() says. */
int tkt_ask_read(struct tkt_calendars *calendars, int64_t now, const json_t *question,
    struct tkt_ask *ask, struct tkt_error *error);
/* Fills in the result. 0, or -1 with DATA: the calendar is never open ... */
int tkt_ask_answer(struct tkt_ask *ask, struct tkt_error *error);
/*
 * Sets `result` or `result_seconds`, and `missing_years` where there are any, in the question's
 * object or a new one; what an answer given before left is taken out. 0, or -1 with TEMPORARY.
 */
int tkt_ask_add_result(const struct tkt_ask *ask, json_t *object, struct tkt_error *error);
/* An object of tkt_reckoning_fields. 0, or -1 with TEMPORARY. */
int tkt_ask_reckoning(
    const struct tkt_ask *ask, const json_t *question, json_t **reckoning, struct tkt_error *error);
/* Hands over the pieces, of ADD the deadline last. 0, or -1. */
int tkt_ask_explain(const struct tkt_ask *ask, tkt_explanation_visit *visit, void *context,
    struct tkt_error *error);
/* The first year from `year` on within the answer that a list of holidays lacks; 0: there is none,
 * or the answer does not depend on days. */
int tkt_ask_missing_year(const struct tkt_ask *ask, int year);
