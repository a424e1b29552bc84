#include "json/change.h"

#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/when.h"
#include "base/words.h"
#include "json/change_parts.h"
#include "json/field.h"

#include "base/banned.h"

static const char *const members[] = { "type", "ticket", "was", "set", "add", "remove", "message",
	"questions", "step", "notify", "team", "action", "why", "rule", "rules", "actor" };
_Static_assert(sizeof(members) / sizeof(members[0]) == TKT_CHANGE_MEMBERS, "all members");

size_t tkt_change_member_index(const char *name)
{
	size_t index;

	for (index = 0; index < TKT_CHANGE_MEMBERS; index++)
		if (!strcmp(members[index], name))
			break;
	return index;
}

int tkt_change_put(json_t *change, const char *member, json_t *value, struct tkt_error *error)
{
	bool is_new = !json_object_get(change, member);
	size_t index;

	if (json_object_set_new(change, member, value))
		return tkt_error_set_memory(error);
	if (!is_new)
		return 0;
	/* A new member stands last: those that belong behind it move there. */
	for (index = tkt_change_member_index(member) + 1; index < TKT_CHANGE_MEMBERS; index++) {
		json_t *later = json_incref(json_object_get(change, members[index]));

		if (!later)
			continue;
		json_object_del(change, members[index]);
		if (json_object_set_new(change, members[index], later))
			return tkt_error_set_memory(error);
	}
	return 0;
}

/* The object at was, set, add or remove, made when it is not there yet; NULL without memory. */
static json_t *part(json_t *change, const char *member, struct tkt_error *error)
{
	json_t *found = json_object_get(change, member);

	if (json_is_object(found))
		return found;
	found = json_object();
	if (tkt_change_put(change, member, found, error))
		return NULL;
	return found;
}

/* The id that an object gives its ticket: `ticket`, else, of a ticket, `id`. */
static const char *ticket_id(const json_t *ticket)
{
	const char *type = tkt_object_text(ticket, "type");
	const char *id = NULL;

	if (!tkt_text_equal(type, "ticket"))
		id = tkt_object_text(ticket, "ticket");
	if (tkt_text_is_empty(id) && (!type || tkt_text_equal(type, "ticket")))
		id = tkt_object_text(ticket, "id");
	return tkt_text_is_empty(id) ? NULL : id;
}

int tkt_change_new(const json_t *ticket, const char *why, json_t **change, struct tkt_error *error)
{
	json_auto_t *made = json_object();
	const char *id = NULL;

	if (ticket) {
		id = ticket_id(ticket);
		if (!id)
			return tkt_error_set(error, TKT_ERROR_DATA, _("a ticket needs an 'id'"));
	}
	if (why && !tkt_utf8_is_valid(why, strlen(why)))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the value of '%s' is not UTF-8"), "why");
	if (!made || json_object_set_new(made, "type", json_string("change")) ||
	    (id && json_object_set_new(made, "ticket", json_string(id))) ||
	    (!tkt_text_is_empty(why) && json_object_set_new(made, "why", json_string(why))))
		return tkt_error_set_memory(error);
	*change = made;
	made = NULL;
	return 0;
}

const struct tkt_field *tkt_change_field(
    const char *name, enum tkt_error_kind unknown, bool *is_key, struct tkt_error *error)
{
	const struct tkt_field *field;
	const char *key;
	size_t key_length;

	field = tkt_field_require(&tkt_ticket_fields, name, &key, &key_length, error);
	if (!field) {
		error->kind = unknown;
		return NULL;
	}
	if (!(field->flags & TKT_FIELD_SETTABLE)) {
		tkt_error_set(error, TKT_ERROR_DATA, _("'%s' cannot be set"), name);
		return NULL;
	}
	*is_key = key != NULL;
	return field;
}

/* A letter's sender may be any text, but who writes an address here wants mail to reach it. */
int tkt_change_addresses(
    const struct tkt_field *field, const json_t *value, struct tkt_error *error)
{
	const json_t *element;
	size_t index;

	if (field->type == TKT_FIELD_ADDRESS && json_is_string(value) &&
	    !tkt_address_is_valid(json_string_value(value)))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is not a mail address"),
		    json_string_value(value));
	if (field->type != TKT_FIELD_LIST || !(field->flags & TKT_FIELD_LOWER))
		return 0;
	json_array_foreach(value, index, element) {
		if (!tkt_address_is_valid(json_string_value(element)))
			return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is not a mail address"),
			    json_string_value(element));
	}
	return 0;
}

/* A subject is one line: what ends a line becomes a blank. */
static json_t *one_line(const json_t *value)
{
	tkt_autofree char *line = strdup(json_string_value(value));
	char *at = line;

	while (at && *(at += strcspn(at, "\r\n")))
		*at = ' ';
	return line ? json_string(line) : NULL;
}

int tkt_change_value(const struct tkt_field *field, const char *name, bool is_key,
    const json_t *value, json_t **checked, struct tkt_error *error)
{
	json_auto_t *made = NULL;

	if (field->type == TKT_FIELD_MAP && !tkt_json_is_empty(value)) {
		if (is_key && !json_is_string(value))
			return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a text"), name);
		if (!is_key && json_is_string(value))
			return tkt_error_set(error, TKT_ERROR_DATA,
			    _("'%s' must be an object of names and texts"), name);
	}
	if (tkt_json_is_empty(value) && !strcmp(field->name, "status"))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' cannot be empty"), name);
	if (tkt_field_value_check(field, value, &made, error) ||
	    tkt_change_addresses(field, made, error))
		return -1;
	*checked = !strcmp(field->name, "subject") && json_is_string(made) ? one_line(made)
									   : json_incref(made);
	return *checked ? 0 : tkt_error_set_memory(error);
}

/* States what a ticket of a known revision has at `name`; what has been stated stays. */
static int state_was(
    json_t *change, const json_t *ticket, const char *name, struct tkt_error *error)
{
	json_t *was, *present;

	if (!ticket || !json_is_integer(json_object_get(ticket, "rev")))
		return 0;
	was = part(change, "was", error);
	if (!was)
		return -1;
	if (json_object_get(was, name))
		return 0;
	present = tkt_object_get(ticket, name);
	if (json_object_set_new(
		was, name, tkt_json_is_empty(present) ? json_null() : json_deep_copy(present)))
		return tkt_error_set_memory(error);
	return 0;
}

int tkt_change_set(
    json_t *change, const json_t *ticket, const char *name, json_t *value, struct tkt_error *error)
{
	json_auto_t *taken = value;
	json_auto_t *checked = NULL;
	const struct tkt_field *field;
	bool is_key;
	json_t *set;

	field = tkt_change_field(name, TKT_ERROR_USAGE, &is_key, error);
	if (!field || tkt_change_value(field, name, is_key, taken, &checked, error) ||
	    state_was(change, ticket, name, error))
		return -1;
	set = part(change, "set", error);
	if (!set)
		return -1;
	return json_object_set(set, name, checked) ? tkt_error_set_memory(error) : 0;
}

int tkt_change_set_text(json_t *change, const json_t *ticket, const char *name, const char *value,
    struct tkt_error *error)
{
	const struct tkt_field *field;
	json_t *parsed = NULL;
	bool is_key;

	field = tkt_change_field(name, TKT_ERROR_USAGE, &is_key, error);
	if (!field)
		return -1;
	if (field->type == TKT_FIELD_MAP && !is_key && !tkt_text_is_empty(value))
		return tkt_error_set(error, TKT_ERROR_DATA,
		    _("'%s' holds names: set one of them as '%s.NAME'"), name, name);
	if (tkt_field_value_parse(field, value ? value : "", &parsed, error))
		return -1;
	return tkt_change_set(change, ticket, name, parsed, error);
}

bool tkt_change_is_action(const char *name)
{
	return *name && tkt_utf8_is_valid(name, strlen(name));
}

/* Takes the texts equal to `element` out of a list. */
static void strike(json_t *list, const char *element)
{
	size_t index = json_array_size(list);

	while (index-- > 0)
		if (tkt_text_equal(json_string_value(json_array_get(list, index)), element))
			json_array_remove(list, index);
}

/* Takes an element out of the other of add and remove: the last word counts. */
static void withdraw(json_t *change, const char *member, const char *name, const char *element)
{
	json_t *object = json_object_get(change, member);
	json_t *list = json_object_get(object, name);

	strike(list, element);
	if (list && json_array_size(list) == 0)
		json_object_del(object, name);
	if (object && json_object_size(object) == 0)
		json_object_del(change, member);
}

/* What a list may get or lose: a new text in *checked. */
static int check_element(
    const char *name, const char *element, bool is_added, json_t **checked, struct tkt_error *error)
{
	const struct tkt_field *field;
	json_auto_t *one = NULL;
	json_auto_t *list = NULL;
	bool is_key;

	field = tkt_change_field(name, TKT_ERROR_USAGE, &is_key, error);
	if (!field)
		return -1;
	if (field->type != TKT_FIELD_LIST)
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' is no list"), name);
	if (!tkt_utf8_is_valid(element, strlen(element)))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("the value of '%s' is not UTF-8"), name);
	one = json_pack("[s]", element);
	if (!one)
		return tkt_error_set_memory(error);
	if (tkt_field_value_check(field, one, &list, error) ||
	    (is_added && tkt_change_addresses(field, list, error)))
		return -1;
	if (json_is_null(list))
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("an element of '%s' cannot be empty"), name);
	*checked = json_incref(json_array_get(list, 0));
	return 0;
}

static int change_list(json_t *change, const char *member, const char *opposite, const char *name,
    const char *element, struct tkt_error *error)
{
	json_auto_t *checked = NULL;
	json_t *object, *list;

	if (check_element(name, element, !strcmp(member, "add"), &checked, error))
		return -1;
	element = json_string_value(checked);
	withdraw(change, opposite, name, element);
	object = part(change, member, error);
	if (!object)
		return -1;
	list = json_object_get(object, name);
	if (!list) {
		list = json_array();
		if (json_object_set_new(object, name, list))
			return tkt_error_set_memory(error);
	}
	strike(list, element);
	return json_array_append(list, checked) ? tkt_error_set_memory(error) : 0;
}

int tkt_change_add_check(const char *name, const char *element, struct tkt_error *error)
{
	json_auto_t *checked = NULL;

	return check_element(name, element, true, &checked, error);
}

int tkt_change_add(json_t *change, const char *name, const char *element, struct tkt_error *error)
{
	return change_list(change, "add", "remove", name, element, error);
}

int tkt_change_remove(
    json_t *change, const char *name, const char *element, struct tkt_error *error)
{
	return change_list(change, "remove", "add", name, element, error);
}

int tkt_change_assign(
    json_t *change, const json_t *ticket, const char *assignment, struct tkt_error *error)
{
	const char *equals = strchr(assignment, '=');
	tkt_autofree char *name = NULL;
	size_t length = equals ? (size_t)(equals - assignment) : 0;
	char before = length ? equals[-1] : '\0';

	if (before == '+' || before == '-')
		length--;
	if (!length)
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("'%s' is no assignment such as 'status=open' or 'tags+=outage'"), assignment);
	name = strndup(assignment, length);
	if (!name)
		return tkt_error_set_memory(error);
	if (before == '+')
		return tkt_change_add(change, name, equals + 1, error);
	if (before == '-')
		return tkt_change_remove(change, name, equals + 1, error);
	return tkt_change_set_text(change, ticket, name, equals + 1, error);
}

int tkt_assignment_resolve(const char *assignment, const struct tkt_present *present,
    char **resolved, struct tkt_error *error)
{
	size_t length = strcspn(assignment, "="), key_length;
	tkt_autofree char *name = strndup(assignment, length);
	const struct tkt_field *field;
	const char *key, *value = assignment + length;
	char text[TKT_TIME_SIZE];
	int64_t time;

	if (!name)
		return tkt_error_set_memory(error);
	field = tkt_field_find(&tkt_ticket_fields, name, &key, &key_length);
	if (!field || field->type != TKT_FIELD_TIME || strlen(value) < 2) {
		*resolved = strdup(assignment);
		return *resolved ? 0 : tkt_error_set_memory(error);
	}
	if (tkt_when_parse(value + 1, present, &time, error))
		return tkt_error_prefix(error, "'%s'", name);
	if (asprintf(resolved, "%s=%s", name, tkt_time_format(time, text)) < 0) {
		*resolved = NULL;
		return tkt_error_set_memory(error);
	}
	return 0;
}

int tkt_change_assign_at(json_t *change, const json_t *ticket, const char *assignment,
    const struct tkt_present *present, struct tkt_error *error)
{
	tkt_autofree char *resolved = NULL;

	if (tkt_assignment_resolve(assignment, present, &resolved, error))
		return -1;
	return tkt_change_assign(change, ticket, resolved, error);
}

/* Adds a text to a list that has not got it. */
static int append_once(json_t *list, json_t *element, struct tkt_error *error)
{
	json_t *present;
	size_t index;

	json_array_foreach(list, index, present)
		if (json_equal(present, element))
			return 0;
	return json_array_append(list, element) ? tkt_error_set_memory(error) : 0;
}

static int preview_list(const json_t *object, json_t *after, bool add, struct tkt_error *error)
{
	const char *name;
	json_t *elements, *element;
	size_t index;

	json_object_foreach((json_t *)object, name, elements) {
		json_t *present = tkt_object_get(after, name);
		json_auto_t *list = json_is_array(present) ? json_copy(present) : json_array();

		if (!list)
			return tkt_error_set_memory(error);
		json_array_foreach(elements, index, element) {
			if (!add)
				strike(list, json_string_value(element));
			else if (append_once(list, element, error))
				return -1;
		}
		if (tkt_object_set(after, name, json_incref(list), error))
			return -1;
	}
	return 0;
}

/* A copy whose lists and objects are its own; texts and numbers, which nobody alters, are shared.
 */
static json_t *copy(const json_t *value)
{
	json_auto_t *made = NULL;
	json_t *element;
	const char *name;
	size_t index;

	if (json_is_object(value)) {
		made = json_object();
		json_object_foreach((json_t *)value, name, element)
			if (json_object_set_new_nocheck(made, name, copy(element)))
				return NULL;
	} else if (json_is_array(value)) {
		made = json_array();
		json_array_foreach(value, index, element)
			if (json_array_append_new(made, copy(element)))
				return NULL;
	} else {
		made = json_incref((json_t *)value);
	}
	return json_incref(made);
}

int tkt_change_preview(
    const json_t *change, const json_t *ticket, json_t **after, struct tkt_error *error)
{
	json_auto_t *made = copy(ticket);
	const char *name;
	json_t *value;

	if (!made)
		return tkt_error_set_memory(error);
	json_object_foreach(json_object_get(change, "set"), name, value)
		if (tkt_object_set(made, name, copy(value), error))
			return -1;
	if (preview_list(json_object_get(change, "add"), made, true, error) ||
	    preview_list(json_object_get(change, "remove"), made, false, error))
		return -1;
	*after = made;
	made = NULL;
	return 0;
}
