#include "flow/blame.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/lookup.h"
#include "flow/session.h"
#include "store/event.h"
#include "store/ticket.h"
#include "json/field.h"
#include "json/output.h"
#include "json/stream.h"

#include "base/banned.h"

/* What the log has said so far: a field's name to its row, or, of a list, its elements to theirs.
 */
struct blaming {
	json_t *fields;
};

static bool is_left_out(const char *name)
{
	static const char *const names[] = { "id", "rev", "updated_at", "clocks", "timers",
		"next_at" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* The rule of one field, where the event knows it, else that of the whole change. */
static json_t *rule_of(const json_t *event, const char *name)
{
	json_t *own = json_object_get(json_object_get(event, "rules"), name);

	return own ? own : json_object_get(event, "rule");
}

/* A value as text; NULL when it is empty. A new reference. */
static json_t *words_of(const json_t *value)
{
	tkt_autofree char *text = NULL;

	if (tkt_json_is_empty(value))
		return NULL;
	if (json_is_string(value))
		return json_incref((json_t *)value);
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	return text ? json_string(text) : NULL;
}

static json_t *make_row(const json_t *event, const char *name, const json_t *value)
{
	return json_pack("{s:s,s:O*,s:s,s:o*,s:O*,s:O*,s:O*,s:O*,s:O*,s:O*,s:O*}", "type", "blame",
	    "ticket", json_object_get(event, "ticket"), "field", name, "value", words_of(value),
	    "seq", json_object_get(event, "seq"), "at", json_object_get(event, "at"), "actor",
	    json_object_get(event, "actor"), "tool", json_object_get(event, "tool"), "policy",
	    json_object_get(event, "policy"), "rule", rule_of(event, name), "why",
	    json_object_get(event, "why"));
}

/* Elements that stay keep their rows. NULL when memory is out. */
static json_t *make_list(
    const json_t *event, const char *name, const json_t *list, const json_t *before)
{
	json_t *rows = json_object(), *element;
	size_t at;

	json_array_foreach((json_t *)list, at, element) {
		const char *key = json_string_value(element);
		json_t *known = key ? json_object_get(before, key) : NULL;

		if (key &&
		    json_object_set_new(
			rows, key, known ? json_incref(known) : make_row(event, name, element))) {
			json_decref(rows);
			return NULL;
		}
	}
	return rows;
}

static bool is_row(const json_t *entry)
{
	return json_is_string(json_object_get(entry, "field"));
}

static int blame_event(const char *json, size_t length, void *context, struct tkt_error *error)
{
	const struct blaming *blaming = context;
	json_auto_t *event = NULL;
	const char *name;
	json_t *value;

	if (tkt_object_parse(json, length, &event, error))
		return -1;
	json_object_foreach(json_object_get(event, "set"), name, value) {
		const json_t *before = json_object_get(blaming->fields, name);
		json_t *entry = json_is_array(value)
		    ? make_list(event, name, value, is_row(before) ? NULL : before)
		    : make_row(event, name, value);

		if (is_left_out(name))
			json_decref(entry);
		else if (json_object_set_new(blaming->fields, name, entry))
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int append(json_t *rows, const char *name, json_t *entry, struct tkt_error *error)
{
	const char *key;
	json_t *row;

	(void)name;
	if (is_row(entry))
		return json_array_append(rows, entry) ? tkt_error_set_memory(error) : 0;
	json_object_foreach(entry, key, row)
		if (json_array_append(rows, row))
			return tkt_error_set_memory(error);
	return 0;
}

/* In the order of the wire: a field, or the names of a map. */
static int collect(const struct blaming *blaming, json_t *rows, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < tkt_ticket_fields.count; i++) {
		const struct tkt_field *field = &tkt_ticket_fields.fields[i];
		const char *name, *key;
		size_t key_length;
		json_t *entry;

		json_object_foreach(blaming->fields, name, entry)
			if (tkt_field_find(&tkt_ticket_fields, name, &key, &key_length) == field &&
			    append(rows, name, entry, error))
				return -1;
	}
	return 0;
}

int tkt_blame_ticket(
    struct tkt_session *session, const char *id, json_t **rows, struct tkt_error *error)
{
	json_auto_t *fields = json_object(), *made = json_array();
	struct blaming blaming = { fields };

	if (!fields || !made)
		return tkt_error_set_memory(error);
	if (tkt_event_each_of(session->db, id, blame_event, &blaming, error) ||
	    collect(&blaming, made, error))
		return -1;
	*rows = tkt_take(made);
	return 0;
}

static int read_rows(
    struct tkt_session *session, const char *id, json_t **rows, struct tkt_error *error)
{
	json_auto_t *ticket = NULL;

	if (tkt_ticket_require(session->db, id, &ticket, error))
		return -1;
	return tkt_blame_ticket(session, tkt_object_text(ticket, "id"), rows, error);
}

static int show(struct tkt_session *session, const char *id, void *context, struct tkt_error *error)
{
	struct tkt_error ignored = { 0 };
	json_auto_t *rows = NULL;
	const json_t *row;
	size_t at;
	int result;

	if (tkt_read_begin(session->db, error))
		return -1;
	result = read_rows(session, id, &rows, error);
	if (tkt_read_end(session->db, result ? &ignored : error) || result)
		return -1;
	json_array_foreach(rows, at, row)
		if (tkt_output_object(context, row, error))
			return -1;
	return tkt_command_flush_full(session->command, error) < 0 ? -1 : 0;
}

int tkt_blame_run(struct tkt_session *session, const char *fields, struct tkt_error *error)
{
	tkt_autoptr(output) output = NULL;
	struct tkt_lookup lookup = { .show = show };

	if (tkt_output_new(session->command, &tkt_blame_fields, fields, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	lookup.context = output;
	return tkt_lookup_run(session, &lookup, error);
}
