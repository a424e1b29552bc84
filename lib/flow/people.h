/*
 * lib/flow/people.h: customers, contacts and agents as this desk keeps them: written with an event
 * each, and found by an address. A kind of people is its field table, as in store/people.h.
 */
#pragma once
#include <jansson.h>
#include <stdint.h>

struct tkt_error;
struct tkt_field_table;
struct tkt_session;

/*
 * Makes an object of the desk what `given` says: members that it has not stay as they are, null,
 * "" and [] clear; of `fields` each name by itself. In a write transaction.
 *
 * 2 for a new one and 1 for one that has changed, with a new reference in *object, and the log
 * tells of it; 0: it was so before. -1 with what tkt_person_check() says, or DATA: two contacts
 * would have one address on the same day, two agents one address, two customers one contract; a
 * contact of a customer that is not there.
 */
int tkt_people_put(struct tkt_session *session, const struct tkt_field_table *table,
    const json_t *given, const char *why, json_t **object, struct tkt_error *error);

/*
 * The contact `old` speaks for its customer until the day before `from` (NULL: today), from then on
 * `by` does, who is made a contact if it is an address that nobody has (S4-21). Either is named by
 * its id or an address. What has changed is appended to `results`. In a write transaction. 0, or -1
 * with NOT_FOUND, DATA or as above.
 */
int tkt_people_replace(struct tkt_session *session, const char *old, const char *by,
    const char *from, const char *why, json_t *results, struct tkt_error *error);

/* Writes the event of one of them verbatim, for --replay. 1; 0: it is none of theirs; -1. */
int tkt_people_replay(struct tkt_session *session, const json_t *event, struct tkt_error *error);

/* Who is asked for. */
struct tkt_person_question {
	const char *address;
	int64_t at;           /* when the letter was received */
	const char *contract; /* the number that it names; NULL */
	const char *site;     /* the site that it names; NULL */
};
/* policy/person.h's answer, by what the desk knows. 0 and a new object, or -1. */
int tkt_person_find(struct tkt_session *session, const struct tkt_person_question *question,
    json_t **identity, struct tkt_error *error);
/*
 * Does the address speak for the ticket: is it of the contact who has one of these addresses too
 * (S2-15), or of a contact of that customer (NULL: none)? Days as of `at`. 1, 0, -1.
 */
int tkt_person_is_same(struct tkt_session *session, const char *address, const json_t *addresses,
    const char *customer, int64_t at, struct tkt_error *error);

/* May the agent that --as names act here: is there none yet, or is it one who is active? 0, or -1
 * with PERMISSION. */
int tkt_people_admit(struct tkt_session *session, const char *agent, struct tkt_error *error);
