/* lib/policy/person_check.h: is an object a customer, a contact or an agent that the desk can keep?
 * Pure. */
#pragma once
#include <jansson.h>

struct tkt_error;
struct tkt_field_table;

/* A member of a contract or of an absence. */
enum tkt_part_kind {
	TKT_PART_TEXT,
	TKT_PART_DAY,
	TKT_PART_ADDRESS,
	TKT_PART_WORDS,
	TKT_PART_DOMAINS
};
struct tkt_part {
	const char *name; /* NULL: the end */
	enum tkt_part_kind kind;
};
/* Which member is a list of objects (*member), and what these have; NULL: none is. */
const struct tkt_part *tkt_person_parts(const struct tkt_field_table *table, const char **member);

/*
 * Brings an object into the shape in which it is stored: members in wire order, the empty ones left
 * out, addresses and domains in lower case, a contact's id by its first address where it has none,
 * is_active true unless it says no; lists without what stands in them twice.
 *
 * 0 and a new object; -1 with DATA: a member that is not known or of another type, no id, what is
 * no address, domain or date, a contract that ends before it starts or whose number stands twice,
 * absences of one agent that overlap.
 */
int tkt_person_check(const struct tkt_field_table *table, const json_t *object, json_t **checked,
    struct tkt_error *error);

/* The id that it has then, to be freed; NULL: none. 0, or -1 with TEMPORARY. */
int tkt_person_id(
    const struct tkt_field_table *table, const json_t *object, char **id, struct tkt_error *error);
