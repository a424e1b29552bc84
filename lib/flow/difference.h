/* lib/flow/difference.h: two states of a ticket, or of another object, compared field by field. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;
struct tkt_field_table;

/* Alike, where absent, null, "", [] and {} all mean empty. */
bool tkt_json_equal(const json_t *a, const json_t *b);

/* A value as a sentence names it: 'closed', 3, [a,b], or "empty". To be freed; NULL when memory is
 * out. */
char *tkt_json_words(const json_t *value);

/*
 * What differs, by wire names: *was and *set as an event has them (null: empty); a map member by
 * member
 * ('fields.domain'). before NULL: a new object, all its members. 0 and new objects, or -1.
 */
int tkt_object_difference(const struct tkt_field_table *table, const json_t *before,
    const json_t *after, json_t **was, json_t **set, struct tkt_error *error);
/* The same of tickets. */
int tkt_ticket_difference(
    const json_t *before, const json_t *after, json_t **was, json_t **set, struct tkt_error *error);
