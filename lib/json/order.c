#include "json/order.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "json/field.h"

#include "base/banned.h"

/* Puts one member into its place; an empty one has none, unless it is a boolean. */
static int put(
    const struct tkt_field *field, const json_t *object, json_t *ordered, struct tkt_error *error)
{
	const json_t *member = tkt_object_get(object, field->name);
	json_t *checked = NULL;

	if (tkt_json_is_empty(member)) {
		if (field->type != TKT_FIELD_BOOLEAN)
			return 0;
		checked = json_false();
	} else if (tkt_field_value_check(field, member, &checked, error)) {
		return -1;
	}
	return tkt_object_set(ordered, field->name, checked, error);
}

int tkt_object_order(const struct tkt_field_table *table, json_t **object, struct tkt_error *error)
{
	json_auto_t *ordered = json_object();
	size_t index;

	if (!ordered || json_object_set_new(ordered, "type", json_string(table->type)))
		return tkt_error_set_memory(error);
	for (index = 0; index < table->count; index++) {
		const struct tkt_field *field = &table->fields[index];

		if (!(field->flags & TKT_FIELD_DERIVED) && put(field, *object, ordered, error))
			return -1;
	}
	json_decref(*object);
	*object = tkt_take(ordered);
	return 0;
}
