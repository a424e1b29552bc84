#include "json/order.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_object_order(const struct tkt_field_table *table, json_t **object, struct tkt_error *error)
{
	tkt_autofree struct tkt_value *row = calloc(table->count, sizeof(*row));
	json_t *ordered = NULL;
	tkt_autotext room;

	tkt_text_init(&room, TKT_TEXT_LIMIT);
	if (!row)
		return tkt_error_set_memory(error);
	if (tkt_row_from_object(table, *object, row, &room, error) ||
	    tkt_row_load(table, row, &ordered, error))
		return -1;
	json_decref(*object);
	*object = ordered;
	return 0;
}
