/* lib/json/order.h: an object's members in the order of the wire. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_field_table;

/*
 * Replaces *object by one with the members of `table` alone, in its order, checked and without the
 * empty ones: as if it had been stored and read again. 0, or -1 with DATA or TEMPORARY.
 */
int tkt_object_order(const struct tkt_field_table *table, json_t **object, struct tkt_error *error);
