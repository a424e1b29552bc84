#include <string.h>

#include "base/cleanup.h"
#include "base/program.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "desk/desk.h"
#include "flow/people.h"
#include "flow/session.h"
#include "store/people.h"
#include "json/field.h"

#include "base/banned.h"

/* The contact of an id, or the one that has an address. 1, 0, -1. */
static int find_contact(
    struct tkt_session *session, const char *name, json_t **contact, struct tkt_error *error)
{
	json_auto_t *found = json_array();
	tkt_autofree char *address = strdup(name);
	int row = tkt_people_get(session->db, &tkt_contact_fields, name, contact, error);

	if (row)
		return row;
	if (!found || !address)
		return tkt_error_set_memory(error);
	tkt_ascii_lower(address);
	if (tkt_people_find(session->db, TKT_CONTACTS_OF_ADDRESS, address, found, error))
		return -1;
	if (json_array_size(found) > 1)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' is an address of several contacts: name one by its id"), name);
	*contact = json_incref(json_array_get(found, 0));
	return *contact != NULL;
}

static const char *day_before(const struct tkt_civil *civil, char out[TKT_TIME_SIZE])
{
	return tkt_day_at(NULL, tkt_time_from_civil(civil) - 86400, out);
}

/* Puts it and tells of it when something is different. */
static int put_change(struct tkt_session *session, json_t *given, const char *why, json_t *results,
    struct tkt_error *error)
{
	json_auto_t *object = NULL;
	int changed = given
	    ? tkt_people_put(session, &tkt_contact_fields, given, why, &object, error)
	    : tkt_error_set_memory(error);

	if (changed > 0 && json_array_append(results, object))
		return tkt_error_set_memory(error);
	return changed < 0 ? -1 : 0;
}

/* What the successor is given: of one who is there already, the customer and an earlier start. */
static int succeed(struct tkt_session *session, const json_t *before, const json_t *present,
    const char *by, const char *from, const char *why, json_t *results, struct tkt_error *error)
{
	const char *customer = tkt_object_text(before, "customer"),
		   *own = tkt_object_text(present, "customer"),
		   *since = tkt_object_text(present, "from");
	json_auto_t *given = NULL;

	if (customer && own && strcmp(customer, own) != 0)
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("contact '%s' is of customer '%s', not of '%s'"), by, own, customer);
	if (!present)
		given = json_pack("{s:s,s:[s],s:s*,s:s*,s:s}", "id", by, "addresses", by,
		    "customer", customer, "lang", tkt_object_text(before, "lang"), "from", from);
	else
		given = json_pack("{s:O,s:s*,s:s*}", "id", json_object_get(present, "id"),
		    "customer", customer, "from", since && strcmp(since, from) > 0 ? from : since);
	return put_change(session, given, why, results, error);
}

int tkt_people_replace(struct tkt_session *session, const char *old, const char *by,
    const char *from, const char *why, json_t *results, struct tkt_error *error)
{
	json_auto_t *before = NULL, *present = NULL, *given = NULL;
	char today[TKT_TIME_SIZE], last[TKT_TIME_SIZE];
	tkt_autofree char *address = strdup(by);
	struct tkt_civil civil = { 0 };
	int found;

	if (!from)
		from = tkt_day_at(session->desk->zone, tkt_command_now(session->command), today);
	if (tkt_date_parse(from, &civil))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("'%s' is no date; write it as '2026-12-31'"), from);
	found = find_contact(session, old, &before, error);
	if (found <= 0)
		return found < 0
		    ? -1
		    : tkt_error_set(error, TKT_ERROR_NOT_FOUND, _("there is no contact '%s'"), old);
	if (find_contact(session, by, &present, error) < 0)
		return -1;
	if (!address)
		return tkt_error_set_memory(error);
	tkt_ascii_lower(address);
	given = json_pack("{s:O,s:s,s:s}", "id", json_object_get(before, "id"), "until",
	    day_before(&civil, last), "replaced_by",
	    present ? tkt_object_text(present, "id") : address);
	return put_change(session, given, why, results, error) ||
		succeed(session, before, present, present ? by : address, from, why, results, error)
	    ? -1
	    : 0;
}
