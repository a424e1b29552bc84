/*
 * Any text as an expression over tickets: the parser ends, and what it takes is judged on a
 * ticket.
 *
 * Seeds: the EXAMPLES of tkt-list(1).
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "expression/expression.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void fuzz(const char *string, const json_t *ticket)
{
	const struct tkt_expression_scope scope = { .now = 1772442000 };
	tkt_autoptr(expression) expression = NULL;
	struct tkt_error error = { 0 };
	int judged;

	if (tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, &error)) {
		if (error.kind != TKT_ERROR_USAGE || !*error.text)
			abort();
		return;
	}
	judged = tkt_expression_match(expression, ticket, &error);
	if (judged < 0 && error.kind != TKT_ERROR_DATA)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *string = strndup((const char *)bytes, length);
	json_auto_t *ticket = json_pack("{s:s,s:s,s:s,s:s,s:[s,s],s:{s:s},s:s}", "type", "ticket",
	    "id", "SUP-1", "status", "open", "priority", "high", "tags", "a", "печать", "fields",
	    "domain", "example.org", "created_at", "2026-03-01T09:00:00Z");

	if (!string || !ticket)
		abort();
	fuzz(string, ticket);
	free(string);
	return 0;
}
