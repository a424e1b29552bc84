#include "store/db.h"
#include "store/where.h"

#include "base/error.h"

#include "base/banned.h"

void tkt_bindings_clear(struct tkt_bindings *bindings)
{
	free(bindings->items);
	*bindings = (struct tkt_bindings){ 0 };
}

static int add(
    struct tkt_bindings *bindings, const struct tkt_binding *binding, struct tkt_error *error)
{
	if (bindings->count == bindings->allocated) {
		size_t room = bindings->allocated ? 2 * bindings->allocated : 16;
		struct tkt_binding *items = reallocarray(bindings->items, room, sizeof(*items));

		if (!items)
			return tkt_error_set_memory(error);
		bindings->items = items;
		bindings->allocated = room;
	}
	bindings->items[bindings->count++] = *binding;
	return 0;
}

int tkt_bindings_add_integer(
    struct tkt_bindings *bindings, int64_t integer, struct tkt_error *error)
{
	const struct tkt_binding binding = { .kind = TKT_BINDING_INTEGER, .integer = integer };

	return add(bindings, &binding, error);
}

int tkt_bindings_add_text(struct tkt_bindings *bindings, const char *text, struct tkt_error *error)
{
	const struct tkt_binding binding = { .kind = TKT_BINDING_TEXT, .text = text };

	return add(bindings, &binding, error);
}

int tkt_bindings_add_pattern(
    struct tkt_bindings *bindings, const struct tkt_pattern *pattern, struct tkt_error *error)
{
	const struct tkt_binding binding = { .kind = TKT_BINDING_PATTERN, .pattern = pattern };

	return add(bindings, &binding, error);
}

int tkt_bindings_apply(
    const struct tkt_bindings *bindings, struct tkt_statement *statement, struct tkt_error *error)
{
	for (size_t i = 0; i < bindings->count; i++) {
		const struct tkt_binding *binding = &bindings->items[i];
		int number = (int)i + 1, result = -1;

		switch (binding->kind) {
		case TKT_BINDING_INTEGER:
			result =
			    tkt_statement_bind_integer(statement, number, binding->integer, error);
			break;
		case TKT_BINDING_TEXT:
			result = tkt_statement_bind_text(statement, number, binding->text, error);
			break;
		case TKT_BINDING_PATTERN:
			result =
			    tkt_statement_bind_pattern(statement, number, binding->pattern, error);
			break;
		}
		if (result)
			return -1;
	}
	return 0;
}
