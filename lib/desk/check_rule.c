#include "desk/check.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/words.h"
#include "json/change.h"

#include "base/banned.h"

int tkt_check_member(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const char *name = strncmp(value, "group:", 6) ? value : value + 6;

	if (!tkt_check_name(setting, name, error))
		return 0;
	return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
	    _("'%s' is no member: the name of an agent, or group:NAME"), value);
}

int tkt_check_assignment(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	json_auto_t *change = NULL;
	const char *identity;

	if (tkt_change_new(NULL, NULL, &change, error) ||
	    tkt_change_assign(change, NULL, value, error)) {
		if (error->kind != TKT_ERROR_TEMPORARY)
			error->kind = TKT_ERROR_CONFIGURATION;
		return -1;
	}
	identity = json_string_value(json_object_get(json_object_get(change, "set"), "identity"));
	if (identity && strcmp(identity, "none") && strcmp(identity, "claimed") &&
	    strcmp(setting->section, "action"))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' would be a word without proof: only an 'action', which a person performs, may set it"),
		    value);
	return 0;
}

int tkt_check_element(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	tkt_autofree char *assignment = NULL;
	size_t name = strcspn(value, "=");

	if (!value[name] || !value[name + 1])
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' adds nothing: a field, '=', and what its list gets, as in 'tags=late'"),
		    value);
	if (asprintf(&assignment, "%.*s+%s", (int)name, value, value + name) < 0) {
		assignment = NULL;
		return tkt_error_set_memory(error);
	}
	return tkt_check_assignment(setting, assignment, error);
}
