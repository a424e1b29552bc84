#include "policy/person.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "json/field.h"

#include "base/banned.h"

#define CHAIN_MOST 20 /* replacements in a row; a circle ends there */

/* Whom a letter is from, as far as it is known. */
struct finding {
	const struct tkt_person_facts *facts;
	const json_t *contact;   /* NULL: none */
	const json_t *customer;  /* NULL: none */
	const json_t *contract;  /* NULL: none */
	const char *found_by;    /* NULL: nobody */
	const char *replaced_by; /* of a contact that counts no more */
	json_t *why;
	bool failed; /* memory is out */
};

bool tkt_days_cover(const json_t *object, const char *day)
{
	const char *from = tkt_object_text(object, "from"),
		   *until = tkt_object_text(object, "until");

	return (!from || strcmp(from, day) <= 0) && (!until || strcmp(day, until) <= 0);
}

bool tkt_days_overlap(const json_t *a, const json_t *b)
{
	const char *a_from = tkt_object_text(a, "from"), *a_until = tkt_object_text(a, "until"),
		   *b_from = tkt_object_text(b, "from"), *b_until = tkt_object_text(b, "until");

	return (!a_from || !b_until || strcmp(a_from, b_until) <= 0) &&
	    (!b_from || !a_until || strcmp(b_from, a_until) <= 0);
}

const char *tkt_contract_state(const json_t *contract, const char *day)
{
	const char *from = tkt_object_text(contract, "from"),
		   *until = tkt_object_text(contract, "until");

	if (until && strcmp(until, day) < 0)
		return "expired";
	return from && strcmp(from, day) > 0 ? "early" : "valid";
}

const json_t *tkt_contract_find(const json_t *customer, const char *number)
{
	return tkt_array_find(json_object_get(customer, "contracts"), "number", number);
}

static void __attribute__((format(printf, 2, 3)))
say(struct finding *finding, const char *format, ...)
{
	va_list arguments;
	char *made = NULL;

	va_start(arguments, format);
	if (vasprintf(&made, format, arguments) < 0)
		made = NULL;
	va_end(arguments);
	if (!made || json_array_append_new(finding->why, json_string(made)))
		finding->failed = true;
	free(made);
}

/* Did the contact come in the place of `before`, on that day or earlier, maybe by way of others? */
static bool has_followed(const struct finding *finding, const json_t *before)
{
	const char *id = tkt_object_text(finding->contact, "id");
	int left = CHAIN_MOST;

	while (before && left-- > 0) {
		const char *next = tkt_object_text(before, "replaced_by");

		if (!next || tkt_days_cover(before, finding->facts->day))
			return false;
		if (tkt_text_equal(next, id))
			return true;
		before = tkt_array_find(finding->facts->predecessors, "id", next);
	}
	return false;
}

/* Is the address the contract's own: exactly the one that it names (S3-4), or the first of the
 * contact who took that one's place (S4-21)? */
static bool is_named(const struct finding *finding, const json_t *contract)
{
	const struct tkt_person_facts *facts = finding->facts;
	const char *named = tkt_object_text(contract, "contact");
	const json_t *before, *first;
	size_t at;

	if (!named || tkt_text_equal(named, facts->address))
		return named;
	first = json_array_get(json_object_get(finding->contact, "addresses"), 0);
	if (!tkt_text_equal(json_string_value(first), facts->address))
		return false;
	json_array_foreach(facts->predecessors, at, before) {
		if (tkt_array_has_text(json_object_get(before, "addresses"), named) &&
		    has_followed(finding, before))
			return true;
	}
	return false;
}

/* Does the letter name it, by number or by site? */
static bool is_meant(const struct finding *finding, const json_t *contract)
{
	const struct tkt_person_facts *facts = finding->facts;

	return (facts->contract &&
		   tkt_text_equal(tkt_object_text(contract, "number"), facts->contract)) ||
	    (facts->site && tkt_array_has_text(json_object_get(contract, "sites"), facts->site));
}

/* How good a choice is: by number before by site, valid before expired before early. */
static int weigh(const struct finding *finding, const json_t *contract)
{
	const char *state = tkt_contract_state(contract, finding->facts->day);
	int weight = 0;

	if (is_meant(finding, contract))
		weight =
		    tkt_text_equal(tkt_object_text(contract, "number"), finding->facts->contract)
		    ? 16
		    : 8;
	if (!strcmp(state, "valid"))
		return weight + (is_named(finding, contract) ? 3 : 2);
	return weight + (strcmp(state, "expired") == 0);
}

/* The later end is the better one, of what is early the earlier start; then by number. */
static int compare_terms(const json_t *a, const json_t *b, const char *day)
{
	const char *a_until = tkt_object_text(a, "until"), *b_until = tkt_object_text(b, "until");
	int order;

	if (!strcmp(tkt_contract_state(a, day), "early"))
		order = strcmp(tkt_object_text(b, "from"), tkt_object_text(a, "from"));
	else if (!a_until || !b_until)
		order = !a_until - !b_until;
	else
		order = strcmp(a_until, b_until);
	return order ? order : strcmp(tkt_object_text(b, "number"), tkt_object_text(a, "number"));
}

static const json_t *choose_contract(const struct finding *finding, const json_t *customer)
{
	const json_t *best = NULL, *contract;
	size_t at;

	json_array_foreach(json_object_get(customer, "contracts"), at, contract) {
		int gain = best ? weigh(finding, contract) - weigh(finding, best) : 1;

		if (gain > 0 || (!gain && compare_terms(contract, best, finding->facts->day) > 0))
			best = contract;
	}
	return best;
}

static const char *entitlement_of(
    const struct finding *finding, const json_t *customer, const json_t *contract)
{
	if (!customer)
		return "none";
	return contract ? tkt_contract_state(contract, finding->facts->day) : "valid";
}

/* Keeps the customer if it is the better one of two; of equal ones the first, by id, stays. */
static void offer(struct finding *finding, const json_t *customer)
{
	const json_t *contract = choose_contract(finding, customer);
	bool is_meant_now = contract && is_meant(finding, contract);
	bool was_meant = finding->contract && is_meant(finding, finding->contract);
	bool is_valid = !strcmp(entitlement_of(finding, customer, contract), "valid");
	bool was_valid =
	    !strcmp(entitlement_of(finding, finding->customer, finding->contract), "valid");

	if (finding->customer && (is_meant_now != was_meant ? was_meant : was_valid || !is_valid))
		return;
	finding->customer = customer;
	finding->contract = contract;
}

/* 1. Those who have the address. False: it is nobody's any more, or not yet. */
static bool find_contact(struct finding *finding)
{
	const struct tkt_person_facts *facts = finding->facts;
	const json_t *contact;
	size_t at;

	json_array_foreach(facts->contacts, at, contact) {
		if (!finding->contact && tkt_days_cover(contact, facts->day))
			finding->contact = contact;
	}
	if (finding->contact) {
		finding->found_by = "contact";
		say(finding, "'%s' is an address of contact '%s'", facts->address,
		    tkt_object_text(finding->contact, "id"));
		return true;
	}
	json_array_foreach(facts->contacts, at, contact) {
		const char *next = tkt_object_text(contact, "replaced_by"),
			   *until = tkt_object_text(contact, "until");

		if (next && until && strcmp(until, facts->day) < 0) {
			finding->replaced_by = next;
			say(finding,
			    "contact '%s', whose address it was until %s, was replaced by '%s'",
			    tkt_object_text(contact, "id"), until, next);
		} else if (until && strcmp(until, facts->day) < 0) {
			say(finding, "contact '%s' had the address until %s",
			    tkt_object_text(contact, "id"), until);
		} else {
			say(finding, "contact '%s' has the address from %s on",
			    tkt_object_text(contact, "id"), tkt_object_text(contact, "from"));
		}
	}
	return json_array_size(facts->contacts) == 0;
}

static bool names_address(const struct finding *finding, const json_t *customer)
{
	const json_t *contract;
	size_t at;

	json_array_foreach(json_object_get(customer, "contracts"), at, contract) {
		if (is_named(finding, contract))
			return true;
	}
	return false;
}

/* 2. and 3. The customers whose contract names the address, else those that have its domain. */
static void find_customer(struct finding *finding)
{
	const struct tkt_person_facts *facts = finding->facts;
	const json_t *customer;
	size_t at;

	json_array_foreach(facts->customers, at, customer) {
		if (names_address(finding, customer))
			offer(finding, customer);
	}
	if (finding->customer) {
		finding->found_by = finding->found_by ? finding->found_by : "contract";
		say(finding, "a contract of customer '%s' names the address",
		    tkt_object_text(finding->customer, "id"));
		return;
	}
	json_array_foreach(facts->customers, at, customer) {
		if (facts->domain &&
		    tkt_array_has_text(json_object_get(customer, "domains"), facts->domain))
			offer(finding, customer);
	}
	if (!finding->customer)
		return;
	finding->found_by = finding->found_by ? finding->found_by : "domain";
	say(finding, "domain '%s' is of customer '%s'", facts->domain,
	    tkt_object_text(finding->customer, "id"));
}

/* The customer that a contact belongs to, else the one that the address leads to. */
static void find_whose(struct finding *finding)
{
	const char *id = tkt_object_text(finding->contact, "customer");
	const json_t *customer = tkt_array_find(finding->facts->customers, "id", id);

	if (!id) {
		find_customer(finding);
	} else if (customer) {
		offer(finding, customer);
		say(finding, "the contact is of customer '%s'", id);
	} else {
		say(finding, "the contact's customer '%s' is not known", id);
	}
}

static void tell_contract(struct finding *finding)
{
	const struct tkt_person_facts *facts = finding->facts;
	const json_t *contract = finding->contract;
	const char *from = tkt_object_text(contract, "from"),
		   *until = tkt_object_text(contract, "until");

	if (!finding->customer)
		return;
	if (facts->contract && !tkt_contract_find(finding->customer, facts->contract))
		say(finding, "contract '%s', which the letter names, is none of the customer's",
		    facts->contract);
	if (!contract) {
		say(finding, "the customer has no contracts: its tier decides");
		return;
	}
	if (is_meant(finding, contract))
		say(finding, "the letter names contract '%s'", tkt_object_text(contract, "number"));
	say(finding, "contract '%s', from %s until %s, is %s on %s",
	    tkt_object_text(contract, "number"), from ? from : "ever",
	    until ? until : "further notice", tkt_contract_state(contract, facts->day), facts->day);
	if (is_named(finding, contract))
		say(finding, "the contract names the address");
}

/* A member where there is a value. */
static void put(struct finding *finding, json_t *identity, const char *name, const char *value)
{
	if (value && json_object_set_new(identity, name, json_string(value)))
		finding->failed = true;
}

static json_t *make_identity(struct finding *finding)
{
	const struct tkt_person_facts *facts = finding->facts;
	const json_t *agent = json_array_get(facts->agents, 0);
	const char *lang = tkt_object_text(finding->contact, "lang");
	json_t *made = json_object();

	put(finding, made, "type", "identity");
	put(finding, made, "address", facts->address);
	put(finding, made, "at", facts->at);
	put(finding, made, "found_by", finding->found_by);
	put(finding, made, "contact", tkt_object_text(finding->contact, "id"));
	put(finding, made, "name", tkt_object_text(finding->contact, "name"));
	put(finding, made, "lang", lang ? lang : tkt_object_text(finding->customer, "lang"));
	put(finding, made, "customer", tkt_object_text(finding->customer, "id"));
	put(finding, made, "contract", tkt_object_text(finding->contract, "number"));
	put(finding, made, "plan", tkt_object_text(finding->contract, "plan"));
	put(finding, made, "tier", tkt_object_text(finding->customer, "tier"));
	put(finding, made, "entitlement",
	    entitlement_of(finding, finding->customer, finding->contract));
	if (json_object_set_new(made, "is_contract_address",
		json_boolean(finding->contract && is_named(finding, finding->contract))))
		finding->failed = true;
	put(finding, made, "replaced_by", finding->replaced_by);
	put(finding, made, "agent", tkt_object_text(agent, "id"));
	if (json_object_set(made, "why", finding->why))
		finding->failed = true;
	return made;
}

int tkt_person_identify(
    const struct tkt_person_facts *facts, json_t **identity, struct tkt_error *error)
{
	json_auto_t *why = json_array(), *made = NULL;
	struct finding finding = { .facts = facts, .why = why };
	const json_t *agent = json_array_get(facts->agents, 0);

	if (find_contact(&finding))
		find_whose(&finding);
	if (!finding.found_by && !json_array_size(why))
		say(&finding, "no contact, contract or domain has '%s'", facts->address);
	tell_contract(&finding);
	if (agent)
		say(&finding, "'%s' is an address of agent '%s'", facts->address,
		    tkt_object_text(agent, "id"));
	made = make_identity(&finding);
	if (finding.failed)
		return tkt_error_set_memory(error);
	*identity = tkt_take(made);
	return 0;
}
