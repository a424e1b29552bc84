/*
 * lib/policy/person.h: who an address is, and whether that customer may ask (DESIGN.md 4, Identity;
 * S0-1, S2-15, S2-22, S3-4, S4-21). Pure: what the desk knows is given. Days are 'YYYY-MM-DD' in
 * the desk's zone, so that they compare as texts; `until` is the last day that counts.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>

struct tkt_error;

/* What is asked, and the people who may matter. Lists are in the order of their ids. */
struct tkt_person_facts {
	const char *address;        /* of the letter, in lower case */
	const char *at;             /* RFC 3339: when it was received */
	const char *day;            /* the same as a day: the term is judged at receipt (S2-22) */
	const char *contract;       /* the number that the letter names; NULL */
	const char *site;           /* the site that it names, in lower case; NULL */
	const char *domain;         /* of the address; NULL */
	const json_t *contacts;     /* those that have the address */
	const json_t *predecessors; /* those whom one of these has replaced, directly or not */
	const json_t *customers;    /* of these contacts; with a contract that names the address, or
				       one of a predecessor; with the domain */
	const json_t *agents;       /* those that have the address */
};

/*
 * The answer, as an object of tkt_identity_fields, with a reason for each step in `why`.
 *
 * 1. A contact that has the address and whose days these are. If none of those that have it counts
 *    that day, it is nobody: who was replaced speaks for the customer no more.
 * 2. A contract that names exactly this address.
 * 3. A customer that has the address' domain.
 *
 * Of several customers: the one whose contract or site the letter names, then one that may ask,
 * then by id. The contract: the one that the letter names, by number or by site, if it is that
 * customer's; else the valid one that names the address, else the valid one that runs longest; else
 * the last that expired; else the first to come; by number. `entitlement` follows from it; a
 * customer without contracts is 'valid' by its tier, who is no customer has 'none'.
 *
 * 0, or -1 with TEMPORARY.
 */
int tkt_person_identify(
    const struct tkt_person_facts *facts, json_t **identity, struct tkt_error *error);

/* Are the days of an object (`from`, `until`) such that this one counts? */
bool tkt_days_cover(const json_t *object, const char *day);
/* Is there a day that counts for both? */
bool tkt_days_overlap(const json_t *a, const json_t *b);
/* 'valid', 'expired' or 'early': what a contract is on a day. */
const char *tkt_contract_state(const json_t *contract, const char *day);
/* A customer's contract of this number; borrowed; NULL when it has none. */
const json_t *tkt_contract_find(const json_t *customer, const char *number);
