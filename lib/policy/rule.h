/* lib/policy/rule.h: what the lists of a rule of desk.conf put into a change: each is ended by
 * NULL. 0, or -1 as the functions of json/change.h. */
#pragma once
#include <jansson.h>

struct tkt_error;

/* `set`: 'priority=high'. A ticket with a `rev` is stated in `was`; NULL: nothing is. */
int tkt_rule_set(
    json_t *change, const json_t *ticket, char *const *assignments, struct tkt_error *error);
/* `add`: 'tags=late', 'tags+=late,seen'. */
int tkt_rule_add(json_t *change, char *const *elements, struct tkt_error *error);
/* A list of texts as that member, `notify`; an empty one is left out. */
int tkt_rule_put(json_t *change, const char *member, char *const *texts, struct tkt_error *error);
