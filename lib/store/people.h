/* lib/store/people.h: customers, contacts and agents, and the side tables that letters find them
 * by. A kind of people is its field table: tkt_customer_fields, tkt_contact_fields,
 * tkt_agent_fields. */
#pragma once
#include <jansson.h>
#include <stdint.h>

#include "store/ticket.h"
#include "json/field.h"

struct tkt_db;
struct tkt_error;
struct tkt_expression;

/* By its id, as an object in wire order. 1; 0 when there is none; -1. */
int tkt_people_get(struct tkt_db *db, const struct tkt_field_table *table, const char *id,
    json_t **object, struct tkt_error *error);

/* What people are found by. */
enum tkt_people_key {
	TKT_CONTACTS_OF_ADDRESS,
	TKT_CONTACTS_REPLACED_BY, /* the id of the one who came after */
	TKT_CUSTOMERS_OF_ADDRESS, /* that one of its contracts names */
	TKT_CUSTOMERS_OF_CONTRACT,
	TKT_CUSTOMERS_OF_DOMAIN,
	TKT_AGENTS_OF_ADDRESS,
};
/* Appends those that have the value, whole, in the order of their ids, at most 1,000. 0, or -1. */
int tkt_people_find(struct tkt_db *db, enum tkt_people_key key, const char *value, json_t *found,
    struct tkt_error *error);

/* Writes a whole object, checked and in wire order; `before` is NULL for a new one. The side
 * tables follow. In a write transaction. 0, or -1. */
int tkt_people_write(struct tkt_db *db, const struct tkt_field_table *table, const json_t *before,
    const json_t *object, struct tkt_error *error);

/*
 * Hands over those that match (NULL: all), in the order of their ids, as tkt_ticket_each() does.
 * What SQL declines is judged in memory. Returns how many, or -1.
 */
int64_t tkt_people_each(struct tkt_db *db, const struct tkt_field_table *table,
    const struct tkt_expression *expression, tkt_row_visit *visit,
    int (*between)(void *context, struct tkt_error *error), void *context, struct tkt_error *error);

/* Is there an agent who works here? 1, 0, -1. */
int tkt_people_has_agents(struct tkt_db *db, struct tkt_error *error);
/* The tiers that customers have: a new array of texts in their order. 0 or -1. */
int tkt_people_tiers(struct tkt_db *db, json_t **tiers, struct tkt_error *error);
/* Is there a customer or a contact? 1, 0, -1. */
int tkt_people_has_customers(struct tkt_db *db, struct tkt_error *error);
