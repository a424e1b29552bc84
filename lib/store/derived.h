/* lib/store/derived.h: fields of the ticket that have no column, as SQL. */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_bindings;
struct tkt_db;
struct tkt_error;
struct tkt_field;
struct tkt_text;
struct tkt_work_order;

/* What works out a field that depends on the stored ticket alone; NULL: there is no such thing. */
const char *tkt_derived_sql(const struct tkt_field *field);
/* Puts `description` and `questions` of a stored ticket into its object, where they are not there
 * yet. 1; 0: it is not stored; -1. */
int tkt_derived_load(struct tkt_db *db, json_t *ticket, struct tkt_error *error);
bool tkt_field_is_rank(const struct tkt_field *field);
/* Adds what `rank` is (json/work_order.h), an integer; NULL for `work`: the arrival. The tiers are
 * borrowed by the bindings. 0, or -1 with TEMPORARY. */
int tkt_rank_add(struct tkt_text *sql, struct tkt_bindings *bindings,
    const struct tkt_work_order *work, struct tkt_error *error);
