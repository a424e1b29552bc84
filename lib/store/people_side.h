/* lib/store/people_side.h: what indexes the lists of people: domains, contracts, addresses. */
#pragma once
#include <jansson.h>

struct tkt_db;
struct tkt_error;
struct tkt_field_table;

/* Makes the side tables those of `object`, where they are others than those of `before` (NULL: all
 * is new). A contract's number that another customer has is TKT_ERROR_DATA, with both named. */
int tkt_people_side_write(struct tkt_db *db, const struct tkt_field_table *table,
    const json_t *before, const json_t *object, struct tkt_error *error);
