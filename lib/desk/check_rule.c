#include "desk/check.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/time.h"
#include "base/when.h"
#include "base/words.h"
#include "desk/action_rule.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_check_date(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	struct tkt_civil civil;

	(void)setting;
	if (!tkt_date_parse(value, &civil))
		return 0;
	return tkt_error_set(
	    error, TKT_ERROR_CONFIGURATION, _("'%s' is no date such as 2026-04-01"), value);
}

int tkt_check_member(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const char *name = strncmp(value, "group:", 6) ? value : value + 6;

	if (!tkt_check_name(setting, name, error))
		return 0;
	return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
	    _("'%s' is no member: the name of an agent, or group:NAME"), value);
}

/* A value that is a field's: 'cc={{fields.admin}}'. A rung of identity is nobody's word, and what a
 * letter says may not lead anywhere before a person has seen it. */
static int check_field_value(const struct tkt_setting *setting, const char *value,
    bool *is_of_field, struct tkt_error *error)
{
	tkt_autofree char *name = NULL, *field = NULL, *cleared = NULL;
	const char *key;
	size_t key_length;
	json_auto_t *change = NULL;

	*is_of_field = false;
	if (!strstr(value, "{{"))
		return 0;
	if (strcmp(setting->section, "action"))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' has the value of a field: only an 'action', which a person performs, may use one"),
		    value);
	if (!tkt_action_field_of(value, &name, &field))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' is no assignment such as 'cc={{fields.admin}}'"), value);
	if (!name || !field || asprintf(&cleared, "%s=", name) < 0) {
		cleared = NULL;
		return tkt_error_set_memory(error);
	}
	if (!strcmp(name, "identity"))
		return tkt_error_set(
		    error, TKT_ERROR_CONFIGURATION, _("'%s' would be a word without proof"), value);
	*is_of_field = true;
	if (!tkt_field_require(&tkt_ticket_fields, field, &key, &key_length, error) ||
	    tkt_change_new(NULL, NULL, &change, error) ||
	    tkt_change_assign(change, NULL, cleared, error)) {
		if (error->kind != TKT_ERROR_TEMPORARY)
			error->kind = TKT_ERROR_CONFIGURATION;
		return -1;
	}
	return 0;
}

int tkt_check_assignment(
    const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	const struct tkt_present any = { 0 };
	json_auto_t *change = NULL;
	const char *identity;
	bool is_of_field;

	if (check_field_value(setting, value, &is_of_field, error))
		return -1;
	if (is_of_field)
		return 0;
	if (tkt_change_new(NULL, NULL, &change, error) ||
	    tkt_change_assign_at(change, NULL, value, &any, error)) {
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

/* Only a list gets elements. `length`: of the field's name, with which `value` begins. */
static int check_list(
    const char *value, size_t length, const char *element, struct tkt_error *error)
{
	tkt_autofree char *name = strndup(value, length);

	if (!name)
		return tkt_error_set_memory(error);
	if (!tkt_change_add_check(name, element, error))
		return 0;
	if (error->kind != TKT_ERROR_TEMPORARY)
		error->kind = TKT_ERROR_CONFIGURATION;
	return -1;
}

int tkt_check_element(const struct tkt_setting *setting, const char *value, struct tkt_error *error)
{
	size_t name = strcspn(value, "=");
	bool is_of_field;

	if (check_field_value(setting, value, &is_of_field, error))
		return -1;
	if (is_of_field)
		return check_list(value, name, "a@example.org", error);
	if (!value[name] || !value[name + 1])
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("'%s' adds nothing: a field, '=', and what its list gets, as in 'tags=late'"),
		    value);
	return check_list(value, name, value + name + 1, error);
}
