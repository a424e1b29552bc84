#include "desk/section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/when.h"
#include "desk/conf.h"
#include "desk/scan.h"
#include "desk/source.h"
#include "expression/expression.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

static struct tkt_place place_of(const struct tkt_section_maker *maker, int line)
{
	return tkt_source_place(tkt_scan_source(maker->conf->scan), line);
}

int tkt_section_fail(const struct tkt_section_maker *maker, int line, struct tkt_error *error)
{
	struct tkt_place place = place_of(maker, line);

	if (error->kind == TKT_ERROR_TEMPORARY)
		return -1;
	error->kind = TKT_ERROR_CONFIGURATION;
	return tkt_error_prefix(error, "%s:%d", place.file, place.line);
}

int tkt_section_rule(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    char **rule, struct tkt_error *error)
{
	struct tkt_place place = place_of(maker, section->line);

	if (asprintf(rule, "%s:%d", place.file, place.line) >= 0)
		return 0;
	*rule = NULL;
	return tkt_error_set_memory(error);
}

const struct tkt_conf_value **tkt_section_values(const struct tkt_section_maker *maker,
    const struct tkt_conf_range *section, const char *name, size_t *count)
{
	const struct tkt_conf_value **values, *value = NULL;
	size_t found = 0;

	while ((value = tkt_conf_next(maker->conf, section, name, value)))
		found++;
	values = calloc(found + 1, sizeof(*values));
	for (*count = 0; values && *count < found; values[(*count)++] = value)
		value = tkt_conf_next(maker->conf, section, name, value);
	return values;
}

int tkt_section_texts(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    const char *name, char ***texts, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	values = tkt_section_values(maker, section, name, &count);
	*texts = values ? calloc(count + 1, sizeof(**texts)) : NULL;
	if (!*texts)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++)
		if (tkt_text_keep(&(*texts)[i], values[i]->text, error))
			return -1;
	return 0;
}

int tkt_section_assignments(const struct tkt_section_maker *maker,
    const struct tkt_conf_range *section, const char *name, char ***assignments,
    struct tkt_error *error)
{
	const struct tkt_present present = { maker->scope->now, maker->scope->zone };
	char **at;

	if (tkt_section_texts(maker, section, name, assignments, error))
		return -1;
	for (at = *assignments; *at; at++) {
		char *resolved;

		if (strstr(*at, "{{")) /* the value of a field, which an action takes */
			continue;
		if (tkt_assignment_resolve(*at, &present, &resolved, error))
			return -1;
		free(*at);
		*at = resolved;
	}
	return 0;
}

static int parse(const struct tkt_section_maker *maker, const struct tkt_conf_value *value,
    struct tkt_expression **expression, struct tkt_error *error)
{
	struct tkt_expression_scope scope = *maker->scope;

	scope.twin = value->expression;
	if (tkt_expression_parse(value->text, &tkt_ticket_fields, &scope, expression, error))
		return tkt_section_fail(maker, value->line, error);
	return 0;
}

static int make_all(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    struct tkt_match *match, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	values = tkt_section_values(maker, section, "match", &count);
	if (!values)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++) {
		struct tkt_expression *expression;

		if (parse(maker, values[i], &expression, error))
			return -1;
		match->all = tkt_expression_and(match->all, expression);
		if (!match->all)
			return tkt_error_set_memory(error);
	}
	return 0;
}

int tkt_section_match(const struct tkt_section_maker *maker, const struct tkt_conf_range *section,
    struct tkt_match *match, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, count;

	if (make_all(maker, section, match, error))
		return -1;
	values = tkt_section_values(maker, section, "any", &count);
	if (!values)
		return tkt_error_set_memory(error);
	if (!count)
		return 0;
	match->any = calloc(count + 1, sizeof(*match->any));
	if (!match->any)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++)
		if (parse(maker, values[i], &match->any[i], error))
			return -1;
	return 0;
}

int tkt_word_index(const char *const *words, size_t count, const char *word, size_t length)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strlen(words[i]) == length && !strncmp(words[i], word, length))
			return (int)i;
	return -1;
}
