#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "desk/desk.h"
#include "flow/people.h"
#include "flow/session.h"
#include "policy/person.h"
#include "store/people.h"
#include "json/field.h"

#include "base/banned.h"

#define PREDECESSORS_MOST 100 /* of one address: a circle ends there */

/* What is looked up for one question; all references are its own. */
struct gathering {
	struct tkt_db *db;
	json_t *contacts, *predecessors, *customers, *agents;
	struct tkt_text address, site;
};

static void gathering_clear(struct gathering *gathering)
{
	json_decref(gathering->contacts);
	json_decref(gathering->predecessors);
	json_decref(gathering->customers);
	json_decref(gathering->agents);
	tkt_text_clear(&gathering->address);
	tkt_text_clear(&gathering->site);
}

/* Adds those that are not there yet, each at the place of its id. */
static int unite(json_t *list, const json_t *more, struct tkt_error *error)
{
	const json_t *element;
	size_t at, place;

	json_array_foreach(more, at, element) {
		const char *id = tkt_object_text(element, "id");

		if (tkt_array_find(list, "id", id))
			continue;
		for (place = 0; place < json_array_size(list); place++)
			if (strcmp(tkt_object_text(json_array_get(list, place), "id"), id) > 0)
				break;
		if (json_array_insert(list, place, (json_t *)element))
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int find_into(struct gathering *gathering, enum tkt_people_key key, const char *value,
    json_t *list, struct tkt_error *error)
{
	json_auto_t *found = json_array();

	if (!found)
		return tkt_error_set_memory(error);
	return tkt_people_find(gathering->db, key, value, found, error) || unite(list, found, error)
	    ? -1
	    : 0;
}

/* Those whom the contacts have replaced, and whom these had. */
static int gather_predecessors(struct gathering *gathering, struct tkt_error *error)
{
	const json_t *contact;
	size_t at;

	json_array_foreach(gathering->contacts, at, contact) {
		json_auto_t *row = json_array();
		size_t i;

		if (!row ||
		    tkt_people_find(gathering->db, TKT_CONTACTS_REPLACED_BY,
			tkt_object_text(contact, "id"), row, error))
			return row ? -1 : tkt_error_set_memory(error);
		for (i = 0; i < json_array_size(row) && i < PREDECESSORS_MOST; i++)
			if (tkt_people_find(gathering->db, TKT_CONTACTS_REPLACED_BY,
				tkt_object_text(json_array_get(row, i), "id"), row, error))
				return -1;
		if (unite(gathering->predecessors, row, error))
			return -1;
	}
	return 0;
}

/* The customers of the contacts, and those whose contracts name an address of a predecessor. */
static int gather_customers(
    struct gathering *gathering, const char *domain, struct tkt_error *error)
{
	const json_t *contact, *address;
	size_t at, i;

	json_array_foreach(gathering->contacts, at, contact) {
		const char *id = tkt_object_text(contact, "customer");
		json_auto_t *customer = NULL, *one = NULL;
		int row = id
		    ? tkt_people_get(gathering->db, &tkt_customer_fields, id, &customer, error)
		    : 0;

		if (row < 0)
			return -1;
		one = row ? json_pack("[O]", customer) : NULL;
		if (row && (!one || unite(gathering->customers, one, error)))
			return one ? -1 : tkt_error_set_memory(error);
	}
	json_array_foreach(gathering->predecessors, at, contact) {
		json_array_foreach(json_object_get(contact, "addresses"), i, address) {
			if (find_into(gathering, TKT_CUSTOMERS_OF_ADDRESS,
				json_string_value(address), gathering->customers, error))
				return -1;
		}
	}
	if (find_into(gathering, TKT_CUSTOMERS_OF_ADDRESS, gathering->address.bytes,
		gathering->customers, error))
		return -1;
	return domain
	    ? find_into(gathering, TKT_CUSTOMERS_OF_DOMAIN, domain, gathering->customers, error)
	    : 0;
}

static int gather(struct gathering *gathering, const struct tkt_person_question *question,
    const char **domain, struct tkt_error *error)
{
	const char *at;

	gathering->contacts = json_array();
	gathering->predecessors = json_array();
	gathering->customers = json_array();
	gathering->agents = json_array();
	tkt_text_init(&gathering->address, TKT_TEXT_LIMIT);
	tkt_text_init(&gathering->site, TKT_TEXT_LIMIT);
	tkt_utf8_lower(&gathering->address, question->address, strlen(question->address));
	if (question->site)
		tkt_utf8_lower(&gathering->site, question->site, strlen(question->site));
	if (!gathering->contacts || !gathering->predecessors || !gathering->customers ||
	    !gathering->agents || gathering->address.failed || gathering->site.failed)
		return tkt_error_set_memory(error);
	at = strrchr(gathering->address.bytes, '@');
	*domain = at && at[1] ? at + 1 : NULL;
	return find_into(gathering, TKT_CONTACTS_OF_ADDRESS, gathering->address.bytes,
		   gathering->contacts, error) ||
		gather_predecessors(gathering, error) ||
		gather_customers(gathering, *domain, error) ||
		find_into(gathering, TKT_AGENTS_OF_ADDRESS, gathering->address.bytes,
		    gathering->agents, error)
	    ? -1
	    : 0;
}

int tkt_person_find(struct tkt_session *session, const struct tkt_person_question *question,
    json_t **identity, struct tkt_error *error)
{
	__attribute__((cleanup(gathering_clear))) struct gathering gathering = {
		.db = session->db,
	};
	char at[TKT_TIME_SIZE], day[TKT_TIME_SIZE];
	const char *domain = NULL;

	if (gather(&gathering, question, &domain, error))
		return -1;
	return tkt_person_identify(
	    &(struct tkt_person_facts){
		.address = gathering.address.bytes,
		.at = tkt_time_format(question->at, at),
		.day = tkt_day_at(session->desk->zone, question->at, day),
		.contract = question->contract,
		.site = question->site ? gathering.site.bytes : NULL,
		.domain = domain,
		.contacts = gathering.contacts,
		.predecessors = gathering.predecessors,
		.customers = gathering.customers,
		.agents = gathering.agents,
	    },
	    identity, error);
}

/* Does the contact have one of these addresses? */
static bool has_one(const json_t *contact, const json_t *addresses)
{
	const json_t *own, *address;
	size_t at, i;

	json_array_foreach(json_object_get(contact, "addresses"), at, own) {
		json_array_foreach(addresses, i, address) {
			if (json_equal(own, address))
				return true;
		}
	}
	return false;
}

int tkt_person_is_same(struct tkt_session *session, const char *address, const json_t *addresses,
    const char *customer, int64_t at, struct tkt_error *error)
{
	json_auto_t *contacts = json_array();
	char day[TKT_TIME_SIZE];
	const json_t *contact;
	tkt_autotext lower;
	size_t i;

	tkt_text_init(&lower, TKT_TEXT_LIMIT);
	tkt_utf8_lower(&lower, address, strlen(address));
	if (!contacts || lower.failed)
		return tkt_error_set_memory(error);
	if (tkt_people_find(session->db, TKT_CONTACTS_OF_ADDRESS, lower.bytes, contacts, error))
		return -1;
	tkt_day_at(session->desk->zone, at, day);
	json_array_foreach(contacts, i, contact) {
		if (tkt_days_cover(contact, day) &&
		    (has_one(contact, addresses) ||
			(customer &&
			    tkt_text_equal(tkt_object_text(contact, "customer"), customer))))
			return 1;
	}
	return 0;
}
