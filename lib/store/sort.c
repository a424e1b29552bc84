#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/words.h"
#include "store/ticket.h"

#include "base/banned.h"

/* One key, without blanks around it: 'due', '-priority'. */
static int parse_key(const char *name, struct tkt_sort *sort, struct tkt_error *error)
{
	const char *key;
	size_t key_length;

	*sort = (struct tkt_sort){ .descending = *name == '-' };
	name += sort->descending;
	if (!*name)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("a field to sort by is missing"));
	sort->field = tkt_field_require(&tkt_ticket_fields, name, &key, &key_length, error);
	if (!sort->field)
		return -1;
	if (sort->field->flags & TKT_FIELD_CLOCK)
		sort->part = tkt_clock_field_find(key);
	if (!key)
		return 0;
	sort->key = strndup(key, key_length);
	return sort->key ? 0 : tkt_error_set_memory(error);
}

int tkt_sort_parse(
    const char *string, struct tkt_sort **sorts, size_t *count, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(string);
	struct tkt_sort *made;
	char *rest = copy, *name;
	size_t room = 1, filled = 0;
	const char *at;

	for (at = string; *at; at++)
		room += *at == ',';
	made = calloc(room, sizeof(*made));
	if (!copy || !made) {
		free(made);
		return tkt_error_set_memory(error);
	}
	while ((name = strsep(&rest, ",")))
		if (parse_key(name, &made[filled++], error)) {
			tkt_sort_free(made, filled);
			return -1;
		}
	*sorts = made;
	*count = filled;
	return 0;
}

void tkt_sort_free(struct tkt_sort *sorts, size_t count)
{
	size_t index;

	for (index = 0; sorts && index < count; index++)
		free(sorts[index].key);
	free(sorts);
}
