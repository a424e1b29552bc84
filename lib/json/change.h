/*
 * lib/json/change.h: the change: what a decider proposes and a writer applies.
 *
 *   {"type":"change","ticket":"SUP-1042","was":{...},"set":{...},"add":{...},"remove":{...},
 *    "message":{...},"questions":[...],"step":...,"notify":[...],"team":"...","action":"...","why":"...",
 *    "rule":"...","actor":"tool:tkt-intake"}
 *
 * `actor` is the tool that decided, and the event's; without it, who applies the change is.
 * Keys of was, set, add and remove are wire names, dotted ('requester.email', 'fields.domain').
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_present;

/*
 * A new change of `ticket` (an object of type ticket with its id, or a bare one; NULL: the change
 * opens a ticket). why may be NULL. 0, or -1 with TKT_ERROR_DATA ("a ticket needs an 'id'"; why is
 * not UTF-8) or TEMPORARY.
 */
int tkt_change_new(const json_t *ticket, const char *why, json_t **change, struct tkt_error *error);

/*
 * Sets a field; the value is taken over, null clears. When `ticket` has a `rev`, its present value
 * is stated in `was` (null: was empty). 0, or -1 with TKT_ERROR_USAGE (no such field), DATA (a
 * value out of its set, a field that cannot be set) or TEMPORARY.
 */
int tkt_change_set(
    json_t *change, const json_t *ticket, const char *name, json_t *value, struct tkt_error *error);
/* The same for text; NULL clears. */
int tkt_change_set_text(json_t *change, const json_t *ticket, const char *name, const char *value,
    struct tkt_error *error);
/*
 * Sets a member of the change itself ('message', 'questions', 'step', 'notify', 'team', 'action',
 * 'why', 'rule', 'actor') at its place in the order above; the value is taken over. 0, or -1 with
 * TEMPORARY.
 */
int tkt_change_put(json_t *change, const char *member, json_t *value, struct tkt_error *error);
bool tkt_change_is_action(const char *name); /* a name that an action may have: UTF-8, not empty */
/* May the element be added to that list field? 0 or -1 as tkt_change_add(), which asks the same. */
int tkt_change_add_check(const char *name, const char *element, struct tkt_error *error);
/* Adds an element to, or takes one from, a list field. */
int tkt_change_add(json_t *change, const char *name, const char *element, struct tkt_error *error);
int tkt_change_remove(
    json_t *change, const char *name, const char *element, struct tkt_error *error);

/*
 * What `field=value`, `field+=element`, `field-=element` of tkt-set mean: adds it to the change.
 * A time is one that needs no clock, and a bare date its midnight in UTC. 0, or -1 with
 * TKT_ERROR_USAGE (no '=', no such field) or DATA.
 */
int tkt_change_assign(
    json_t *change, const json_t *ticket, const char *assignment, struct tkt_error *error);

/*
 * The same assignment for the function above, with a time as base/when.h reads it put in full:
 * 'wake_at=monday' is 'wake_at=2026-03-09T00:00:00Z'. What is no assignment of a time stays as it
 * is. 0 and a new text, or -1 with DATA.
 */
int tkt_assignment_resolve(const char *assignment, const struct tkt_present *present,
    char **resolved, struct tkt_error *error);
/* Both at once. */
int tkt_change_assign_at(json_t *change, const json_t *ticket, const char *assignment,
    const struct tkt_present *present, struct tkt_error *error);

/*
 * Checks the shape of a change that came from outside: known members of the right type (of its
 * message and questions too), fields that exist and may be set, values in their sets; addresses are
 * put in lower case. 0, or -1 with DATA or TEMPORARY.
 */
int tkt_change_check(json_t *change, struct tkt_error *error);

/*
 * Applies set, add and remove to a copy of `ticket`, without the desk: the ticket as it would be.
 * 0 and a new object, or -1.
 */
int tkt_change_preview(
    const json_t *change, const json_t *ticket, json_t **after, struct tkt_error *error);
