#include "policy/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/words.h"
#include "json/change.h"

#include "base/banned.h"

int tkt_rule_set(
    json_t *change, const json_t *ticket, char *const *assignments, struct tkt_error *error)
{
	for (; *assignments; assignments++)
		if (tkt_change_assign(change, ticket, *assignments, error))
			return -1;
	return 0;
}

static int add_elements(json_t *change, const char *assignment, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(assignment);
	char *elements, *element;

	if (!copy)
		return tkt_error_set_memory(error);
	elements = strchr(copy, '=');
	if (!elements || elements == copy)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is no assignment such as 'status=open' or 'tags+=outage'"), assignment);
	elements[elements[-1] == '+' ? -1 : 0] = '\0';
	elements++;
	while ((element = strsep(&elements, ",")))
		if (*element && tkt_change_add(change, copy, element, error))
			return -1;
	return 0;
}

int tkt_rule_add(json_t *change, char *const *elements, struct tkt_error *error)
{
	for (; *elements; elements++)
		if (add_elements(change, *elements, error))
			return -1;
	return 0;
}

int tkt_rule_put(json_t *change, const char *member, char *const *texts, struct tkt_error *error)
{
	json_auto_t *list = json_array();
	size_t i;

	if (!list)
		return tkt_error_set_memory(error);
	for (i = 0; texts[i]; i++)
		if (json_array_append_new(list, json_string(texts[i])))
			return tkt_error_set_memory(error);
	return i ? tkt_change_put(change, member, json_incref(list), error) : 0;
}
