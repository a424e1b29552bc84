/* lib/store/derived.h: fields of the ticket that have no column, as SQL. */
#pragma once
#include <stdbool.h>

struct tkt_bindings;
struct tkt_error;
struct tkt_field;
struct tkt_text;
struct tkt_work_order;

/* What works out a field that depends on the stored ticket alone; NULL: there is no such thing. */
const char *tkt_derived_sql(const struct tkt_field *field);
bool tkt_field_is_rank(const struct tkt_field *field);
/* Adds what `rank` is (json/work_order.h), an integer; NULL for `work`: the arrival. The tiers are
 * borrowed by the bindings. 0, or -1 with TEMPORARY. */
int tkt_rank_add(struct tkt_text *sql, struct tkt_bindings *bindings,
    const struct tkt_work_order *work, struct tkt_error *error);
