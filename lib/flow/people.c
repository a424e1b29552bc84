#include "flow/people.h"

#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/time.h"
#include "flow/difference.h"
#include "flow/session.h"
#include "policy/person.h"
#include "policy/person_check.h"
#include "store/counter.h"
#include "store/event.h"
#include "store/people.h"
#include "json/field.h"
#include "json/order.h"

#include "base/banned.h"

/* Lays what is given over what was there; of `fields` each name by itself. */
static json_t *merge(const json_t *before, const json_t *given)
{
	const json_t *fields = json_object_get(given, "fields");
	json_auto_t *made = before ? json_deep_copy(before) : json_object(), *merged = NULL;

	if (!made || json_object_update(made, (json_t *)given))
		return NULL;
	if (json_is_object(fields)) {
		merged = json_deep_copy(json_object_get(before, "fields"));
		if (!merged)
			merged = json_object();
		if (json_object_update(merged, (json_t *)fields) ||
		    json_object_set(made, "fields", merged))
			return NULL;
	}
	return json_incref(made);
}

static int write_event(struct tkt_session *session, const struct tkt_field_table *table,
    const json_t *before, const json_t *object, const char *why, struct tkt_error *error)
{
	const struct tkt_command *command = session->command;
	json_auto_t *event = NULL, *was = NULL, *set = NULL;
	char now[TKT_TIME_SIZE];
	int64_t seq;

	if (tkt_object_difference(table, before, object, &was, &set, error) ||
	    tkt_counter_next(session->db, TKT_COUNTER_EVENT, &seq, error))
		return -1;
	event = json_pack("{s:s,s:I,s:s,s:s,s:I,s:s,s:O,s:b,s:o*,s:O,s:s*}", "type", "event", "seq",
	    (json_int_t)seq, "at", tkt_time_format(tkt_command_now(command), now), "actor",
	    session->actor, "uid", (json_int_t)getuid(), "tool", command->program->name,
	    table->type, json_object_get(object, "id"), "now", command->now_given, "was",
	    json_object_size(was) ? json_incref(was) : NULL, "set", set, "why",
	    tkt_text_is_empty(why) ? NULL : why);
	return event ? tkt_event_write(session->db, event, error) : tkt_error_set_memory(error);
}

/* Another contact who has one of the addresses on the same days: both are named. */
static int check_addresses(
    struct tkt_session *session, const json_t *contact, struct tkt_error *error)
{
	const char *id = tkt_object_text(contact, "id");
	const json_t *address, *other;
	size_t at, i;

	json_array_foreach(json_object_get(contact, "addresses"), at, address) {
		json_auto_t *others = json_array();

		if (tkt_people_find(session->db, TKT_CONTACTS_OF_ADDRESS,
			json_string_value(address), others, error))
			return -1;
		json_array_foreach(others, i, other) {
			const char *other_id = tkt_object_text(other, "id");

			if (!tkt_text_equal(other_id, id) && tkt_days_overlap(other, contact))
				return tkt_error_set(error, TKT_ERROR_DATA,
				    _("contacts '%s' and '%s' would both have '%s' on the same day"),
				    id, other_id, json_string_value(address));
		}
	}
	return 0;
}

static int check_contact(
    struct tkt_session *session, const json_t *contact, struct tkt_error *error)
{
	const char *customer = tkt_object_text(contact, "customer");
	json_auto_t *found = NULL;
	int row = customer
	    ? tkt_people_get(session->db, &tkt_customer_fields, customer, &found, error)
	    : 1;

	if (row < 0)
		return -1;
	if (!row)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("there is no customer '%s'"), customer);
	return check_addresses(session, contact, error);
}

/* By its address an agent is known: two cannot have one. */
static int check_agent_address(
    struct tkt_session *session, const char *id, const char *address, struct tkt_error *error)
{
	json_auto_t *others = json_array();
	const json_t *other;
	size_t i;

	if (tkt_people_find(session->db, TKT_AGENTS_OF_ADDRESS, address, others, error))
		return -1;
	json_array_foreach(others, i, other) {
		const char *other_id = tkt_object_text(other, "id");

		if (!tkt_text_equal(other_id, id))
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("agents '%s' and '%s' would both have '%s'"), id, other_id, address);
	}
	return 0;
}

static int check_agent(struct tkt_session *session, const json_t *agent, struct tkt_error *error)
{
	const char *id = tkt_object_text(agent, "id"), *email = tkt_object_text(agent, "email");
	const json_t *address;
	size_t at;

	if (email && check_agent_address(session, id, email, error))
		return -1;
	json_array_foreach(json_object_get(agent, "addresses"), at, address) {
		if (check_agent_address(session, id, json_string_value(address), error))
			return -1;
	}
	return 0;
}

static int check_others(struct tkt_session *session, const struct tkt_field_table *table,
    const json_t *object, struct tkt_error *error)
{
	if (table == &tkt_contact_fields)
		return check_contact(session, object, error);
	return table == &tkt_agent_fields ? check_agent(session, object, error) : 0;
}

/* What the desk has of this id; none without one. */
static int load_before(struct tkt_session *session, const struct tkt_field_table *table,
    const json_t *given, json_t **before, struct tkt_error *error)
{
	tkt_autofree char *id = NULL;

	if (tkt_person_id(table, given, &id, error))
		return -1;
	return id && tkt_people_get(session->db, table, id, before, error) < 0 ? -1 : 0;
}

int tkt_people_put(struct tkt_session *session, const struct tkt_field_table *table,
    const json_t *given, const char *why, json_t **object, struct tkt_error *error)
{
	json_auto_t *before = NULL, *merged = NULL, *after = NULL;

	if (load_before(session, table, given, &before, error))
		return -1;
	merged = merge(before, given);
	if (!merged)
		return tkt_error_set_memory(error);
	if (tkt_person_check(table, merged, &after, error))
		return -1;
	if (before && json_equal(before, after))
		return 0;
	if (check_others(session, table, after, error) ||
	    tkt_people_write(session->db, table, before, after, error) ||
	    write_event(session, table, before, after, why, error))
		return -1;
	*object = tkt_take(after);
	return before ? 1 : 2;
}

/* `set` of an event on what was there, names of `fields` each by itself. */
static int lay_over(const json_t *set, json_t *object, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)set, name, value) {
		if (tkt_object_set(object, name, json_deep_copy(value), error))
			return -1;
	}
	return 0;
}

static int replay(struct tkt_session *session, const struct tkt_field_table *table,
    const json_t *event, struct tkt_error *error)
{
	const char *id = tkt_object_text(event, table->type);
	json_auto_t *before = NULL, *after = NULL;

	if (tkt_people_get(session->db, table, id, &before, error) < 0)
		return -1;
	after =
	    before ? json_deep_copy(before) : json_pack("{s:s,s:s}", "type", table->type, "id", id);
	if (!after)
		return tkt_error_set_memory(error);
	if (lay_over(json_object_get(event, "set"), after, error))
		return -1;
	if (!tkt_text_equal(tkt_object_text(after, "id"), id))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("an event cannot give %s '%s' another id"), table->type, id);
	if (tkt_object_order(table, &after, error))
		return -1;
	return tkt_people_write(session->db, table, before, after, error);
}

int tkt_people_replay(struct tkt_session *session, const json_t *event, struct tkt_error *error)
{
	static const struct tkt_field_table *const tables[] = { &tkt_customer_fields,
		&tkt_contact_fields, &tkt_agent_fields };
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!tkt_text_is_empty(tkt_object_text(event, tables[i]->type)))
			return replay(session, tables[i], event, error) ? -1 : 1;
	return 0;
}

int tkt_people_admit(struct tkt_session *session, const char *agent, struct tkt_error *error)
{
	json_auto_t *found = NULL;
	int row = tkt_people_has_agents(session->db, error);

	if (row > 0) {
		row = tkt_people_get(session->db, &tkt_agent_fields, agent, &found, error);
		if (!row)
			return tkt_error_set(
			    error, TKT_ERROR_PERMISSION, _("there is no agent '%s'"), agent);
		if (row > 0 && !json_is_true(json_object_get(found, "is_active")))
			return tkt_error_set(error, TKT_ERROR_PERMISSION,
			    _("agent '%s' does not work here any more"), agent);
	}
	return row < 0 ? -1 : 0;
}
