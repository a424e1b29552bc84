/* tests/fields.c: prints the field tables, one row a line: object, field, type, flags, values. */
#include <stdio.h>

#include "json/field.h"

static const char *const types[] = {
	[TKT_FIELD_TEXT] = "text",
	[TKT_FIELD_ADDRESS] = "address",
	[TKT_FIELD_PRIORITY] = "priority",
	[TKT_FIELD_INTEGER] = "integer",
	[TKT_FIELD_TIME] = "time",
	[TKT_FIELD_LENGTH] = "length",
	[TKT_FIELD_BOOLEAN] = "boolean",
	[TKT_FIELD_LIST] = "list",
	[TKT_FIELD_MAP] = "map",
	[TKT_FIELD_JSON] = "json",
};

int main(void)
{
	static const struct tkt_field_table *const tables[] = { &tkt_ticket_fields,
		&tkt_message_fields, &tkt_question_fields, &tkt_event_fields, &tkt_letter_fields,
		&tkt_outgoing_fields, &tkt_change_fields, &tkt_explanation_fields,
		&tkt_reckoning_fields, &tkt_difference_fields, &tkt_calendar_day_fields,
		&tkt_status_fields, &tkt_routing_fields, &tkt_blame_fields, &tkt_backup_fields,
		&tkt_customer_fields, &tkt_contact_fields, &tkt_agent_fields, &tkt_identity_fields,
		&tkt_judgement_fields };

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (size_t f = 0; f < tables[t]->count; f++) {
			const struct tkt_field *field = &tables[t]->fields[f];

			printf("%s\t%s\t%s\t%s%s\t", tables[t]->type, field->name,
			    types[field->type],
			    field->flags & TKT_FIELD_SETTABLE ? "settable " : "",
			    field->flags & TKT_FIELD_DERIVED ? "derived" : "");
			for (size_t v = 0; field->values && field->values[v]; v++)
				printf("%s ", field->values[v]);
			putchar('\n');
		}
	return 0;
}
