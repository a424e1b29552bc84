#include "flow/difference.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "json/field.h"

#include "base/banned.h"

bool tkt_json_equal(const json_t *a, const json_t *b)
{
	bool a_is_empty = tkt_json_is_empty(a);

	if (a_is_empty || tkt_json_is_empty(b))
		return a_is_empty && tkt_json_is_empty(b);
	return json_equal(a, b);
}

char *tkt_json_words(const json_t *value)
{
	char *words = NULL;

	if (tkt_json_is_empty(value))
		return strdup(_("empty"));
	if (!json_is_string(value))
		return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	return asprintf(&words, "'%s'", json_string_value(value)) < 0 ? NULL : words;
}

struct difference {
	json_t *was, *set;
};

static int note(struct difference *difference, const char *name, const json_t *before,
    const json_t *after, struct tkt_error *error)
{
	if (tkt_json_equal(before, after))
		return 0;
	if (json_object_set_new(difference->set, name,
		tkt_json_is_empty(after) ? json_null() : json_incref((json_t *)after)) ||
	    json_object_set_new(difference->was, name,
		tkt_json_is_empty(before) ? json_null() : json_incref((json_t *)before)))
		return tkt_error_set_memory(error);
	return 0;
}

/* Each member that either side has. */
static int note_map(struct difference *difference, const char *map, const json_t *before,
    const json_t *after, struct tkt_error *error)
{
	const json_t *sides[] = { before, after };
	const json_t *value;
	const char *key;
	size_t i;

	for (i = 0; i < 2; i++) {
		json_object_foreach((json_t *)sides[i], key, value) {
			tkt_autofree char *name = NULL;

			if (asprintf(&name, "%s.%s", map, key) < 0)
				return tkt_error_set_memory(error);
			if (note(difference, name, json_object_get(before, key),
				json_object_get(after, key), error))
				return -1;
		}
	}
	return 0;
}

int tkt_object_difference(const struct tkt_field_table *table, const json_t *before,
    const json_t *after, json_t **was, json_t **set, struct tkt_error *error)
{
	json_auto_t *was_made = json_object(), *set_made = json_object();
	struct difference difference = { was_made, set_made };
	size_t i;

	if (!was_made || !set_made)
		return tkt_error_set_memory(error);
	for (i = 0; i < table->count; i++) {
		const struct tkt_field *field = &table->fields[i];
		const json_t *old = tkt_object_get(before, field->name),
			     *new = tkt_object_get(after, field->name);

		if (field->flags & TKT_FIELD_DERIVED)
			continue;
		if ((field->type == TKT_FIELD_MAP ? note_map : note)(
			&difference, field->name, old, new, error))
			return -1;
	}
	if (!before)
		json_object_clear(was_made);
	*was = tkt_take(was_made);
	*set = tkt_take(set_made);
	return 0;
}

int tkt_ticket_difference(
    const json_t *before, const json_t *after, json_t **was, json_t **set, struct tkt_error *error)
{
	return tkt_object_difference(&tkt_ticket_fields, before, after, was, set, error);
}
