#include "flow/open.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "flow/enclose.h"
#include "flow/session.h"
#include "store/ticket.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

/* Members of a ticket object that say what it was, not what it is to be: a copy of one may be piped
 * in. */
static bool is_ours(const struct tkt_field *field)
{
	return !(field->flags & TKT_FIELD_SETTABLE);
}

/* Every settable member of the values goes into the change. */
static int set_values(json_t *change, const json_t *values, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < tkt_ticket_fields.count; i++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[i];
		json_t *value = tkt_object_get(values, field->name);

		if (!value)
			value = json_object_get(values, field->name); /* dotted as one name */
		if (tkt_json_is_empty(value) || is_ours(field))
			continue;
		if (tkt_change_set(change, NULL, field->name, json_incref(value), error)) {
			error->kind = TKT_ERROR_DATA;
			return -1;
		}
	}
	return 0;
}

/* The requester's own words, by whichever way they came. */
static int make_message(struct tkt_session *session, const json_t *ticket, const char *body,
    const struct tkt_files *files, json_t **message, struct tkt_error *error)
{
	const char *email = tkt_object_text(ticket, "requester.email"),
		   *name = tkt_object_text(ticket, "requester.name");
	const char *channel = tkt_object_text(ticket, "channel"),
		   *subject = tkt_object_text(ticket, "subject");
	json_auto_t *made = NULL;

	made = json_pack("{s:s,s:s,s:s,s:s?,s:s}", "kind", "public", "direction", "in", "channel",
	    channel ? channel : "shell", "subject", subject, "body", body ? body : "");
	if (!made)
		return tkt_error_set_memory(error);
	if (email && tkt_object_set(made, "author.email", json_string(email), error))
		return -1;
	if (name && tkt_object_set(made, "author.name", json_string(name), error))
		return -1;
	if (files && tkt_files_enclose(session, files, made, error))
		return -1;
	*message = tkt_take(made);
	return 0;
}

static int apply_with_message(struct tkt_session *session, json_t *change, const json_t *ticket,
    const char *body, const struct tkt_files *files, struct tkt_applied *applied,
    struct tkt_error *error)
{
	json_t *message = NULL;

	if (!tkt_text_is_empty(body) || (files && files->count)) {
		if (make_message(session, ticket, body, files, &message, error) ||
		    tkt_change_put(change, "message", message, error))
			return -1;
	}
	return tkt_apply_change(session, change, NULL, applied, error);
}

static int join(struct tkt_session *session, const json_t *ticket, const char *body,
    const struct tkt_files *files, struct tkt_applied *applied, struct tkt_error *error)
{
	json_auto_t *change = NULL;

	if (tkt_change_new(ticket, "the same key again", &change, error))
		return -1;
	return apply_with_message(session, change, ticket, body, files, applied, error);
}

int tkt_open_ticket(struct tkt_session *session, const json_t *values, const char *body,
    const struct tkt_files *files, struct tkt_applied *applied, struct tkt_error *error)
{
	const char *key = tkt_object_text(values, "key");
	json_auto_t *change = NULL, *present = NULL, *draft = NULL, *nothing = json_object();
	int found =
	    tkt_text_is_empty(key) ? 0 : tkt_ticket_find_key(session->db, key, &present, error);
	json_t *set;

	if (found < 0)
		return -1;
	if (found)
		return join(session, present, body, files, applied, error);
	if (tkt_change_new(NULL, NULL, &change, error) || set_values(change, values, error))
		return -1;
	set = json_object_get(change, "set");
	if (!set && tkt_change_put(change, "set", set = json_object(), error))
		return -1;
	if (!nothing ||
	    (!tkt_text_is_empty(key) && json_object_set_new(set, "key", json_string(key))))
		return tkt_error_set_memory(error);
	if (tkt_change_preview(change, nothing, &draft, error))
		return -1;
	return apply_with_message(session, change, draft, body, files, applied, error);
}
