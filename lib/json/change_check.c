#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "json/change.h"
#include "json/change_parts.h"
#include "json/field.h"

#include "base/banned.h"

static int wrong(const char *name, const char *sentence, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA, sentence, name);
}

/* Is each member of `object` a field of the table, a nested one by its parts, or `type`? */
static int check_known(
    const struct tkt_field_table *table, const json_t *object, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value) {
		size_t length = strlen(name), index;

		if (!strcmp(name, "type"))
			continue;
		for (index = 0; index < table->count; index++) {
			const char *known = table->fields[index].name;

			if (!strncmp(known, name, length) &&
			    (!known[length] || (known[length] == '.' && json_is_object(value))))
				break;
		}
		if (index == table->count)
			return tkt_error_set(
			    error, TKT_ERROR_DATA, _("a %s has no member '%s'"), table->type, name);
	}
	return 0;
}

/* A message or a question within a change: an object of its table. */
static int check_nested(const struct tkt_field_table *table, const char *name, const json_t *object,
    struct tkt_error *error)
{
	tkt_autofree struct tkt_value *row = NULL;
	tkt_autotext room;
	int result = -1;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (!json_is_object(object))
		return wrong(name, _("'%s' must be an object"), error);
	row = calloc(table->count, sizeof(*row));
	if (!row)
		return tkt_error_set_memory(error);
	result = check_known(table, object, error);
	if (!result)
		result = tkt_row_from_object(table, object, row, &room, error);
	if (result && error->kind == TKT_ERROR_DATA)
		tkt_error_prefix(error, "'%s'", name);
	return result;
}

static int check_set(json_t *set, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach(set, name, value) {
		const struct tkt_field *field;
		json_t *checked = NULL;
		bool is_key;

		field = tkt_change_field(name, TKT_ERROR_DATA, &is_key, error);
		if (!field || tkt_change_value(field, name, is_key, value, &checked, error))
			return -1;
		if (json_object_set_new(set, name, checked)) /* in place: the walk goes on */
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int check_was(json_t *was, struct tkt_error *error)
{
	const char *name, *key;
	size_t key_length;
	json_t *value;

	json_object_foreach(was, name, value) {
		json_auto_t *checked = NULL;
		const struct tkt_field *field;

		field = tkt_field_require(&tkt_ticket_fields, name, &key, &key_length, error);
		if (!field) {
			error->kind = TKT_ERROR_DATA;
			return -1;
		}
		if (field->flags & TKT_FIELD_DERIVED)
			return wrong(name, _("'%s' cannot stand in 'was'"), error);
		if (tkt_field_value_check(field, value, &checked, error))
			return -1;
	}
	return 0;
}

static int check_elements(json_t *object, bool is_added, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value) {
		const struct tkt_field *field;
		json_t *checked = NULL;
		bool is_key;

		field = tkt_change_field(name, TKT_ERROR_DATA, &is_key, error);
		if (!field)
			return -1;
		if (field->type != TKT_FIELD_LIST)
			return wrong(name, _("'%s' is no list"), error);
		if (tkt_field_value_check(field, value, &checked, error))
			return -1;
		if (is_added && tkt_change_addresses(field, checked, error)) {
			json_decref(checked);
			return -1;
		}
		if (json_is_null(checked)) {
			json_decref(checked);
			checked = json_array();
		}
		if (json_object_set_new(object, name, checked))
			return tkt_error_set_memory(error);
	}
	return 0;
}

static int check_add(json_t *object, struct tkt_error *error)
{
	return check_elements(object, true, error);
}

/* What is no address may be taken out. */
static int check_remove(json_t *object, struct tkt_error *error)
{
	return check_elements(object, false, error);
}

static int check_list(const char *name, const json_t *list, struct tkt_error *error)
{
	bool questions = !strcmp(name, "questions");
	json_t *element;
	size_t index;

	if (!json_is_array(list))
		return wrong(name, _("'%s' must be a list"), error);
	json_array_foreach(list, index, element) {
		if (questions && check_nested(&tkt_question_fields, name, element, error))
			return -1;
		if (!questions && !json_is_string(element))
			return wrong(name, _("'%s' must be a list of texts"), error);
	}
	return 0;
}

/* A tool may say that it decided; who a person is says who applies the change. */
static int check_actor(const json_t *value, struct tkt_error *error)
{
	const char *actor = json_string_value(value);

	if (actor && !strncmp(actor, "tool:", 5) && actor[5] &&
	    !actor[5 + strspn(actor + 5, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		return 0;
	return wrong("actor", _("'%s' must be a tool, as in 'tool:tkt-intake'"), error);
}

static int check_member(const char *name, json_t *value, struct tkt_error *error)
{
	static const char *const objects[] = { "was", "set", "add", "remove" };
	static int (*const checks[])(
	    json_t *, struct tkt_error *) = { check_was, check_set, check_add, check_remove };
	size_t index;

	if (tkt_change_member_index(name) == TKT_CHANGE_MEMBERS)
		return wrong(name, _("a change has no member '%s'"), error);
	if (json_is_null(value))
		return 0;
	for (index = 0; index < 4; index++)
		if (!strcmp(name, objects[index]))
			return json_is_object(value)
			    ? checks[index](value, error)
			    : wrong(name, _("'%s' must be an object"), error);
	if (!strcmp(name, "message"))
		return check_nested(&tkt_message_fields, name, value, error);
	if (!strcmp(name, "questions") || !strcmp(name, "notify"))
		return check_list(name, value, error);
	if (!strcmp(name, "step") || !strcmp(name, "rules"))
		return json_is_object(value) ? 0 : wrong(name, _("'%s' must be an object"), error);
	if (!strcmp(name, "actor"))
		return check_actor(value, error);
	if (!json_is_string(value))
		return wrong(name, _("'%s' must be a text"), error);
	return 0;
}

int tkt_change_check(json_t *change, struct tkt_error *error)
{
	const char *name;
	json_t *value;

	if (!json_is_object(change) || !tkt_text_equal(tkt_object_text(change, "type"), "change"))
		return tkt_error_set(error, TKT_ERROR_DATA, _("not a change"));
	json_object_foreach(change, name, value)
		if (check_member(name, value, error))
			return -1;
	return 0;
}
