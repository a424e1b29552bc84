#include "desk/conf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "desk/finding.h"
#include "desk/scan.h"
#include "desk/settings.h"
#include "expression/expression.h"

#include "base/banned.h"

void tkt_conf_report(
    const struct tkt_conf *conf, int line, bool is_warning, const char *format, ...)
{
	struct tkt_place place = tkt_source_place(tkt_scan_source(conf->scan), line);
	struct tkt_error error = { 0 };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error.text, sizeof(error.text), format, arguments);
	va_end(arguments);
	tkt_finding_add(conf->findings, line, is_warning, place.file, place.line, "%s", error.text);
}

void tkt_conf_truncate(struct tkt_conf *conf, size_t count)
{
	while (conf->value_count > count) {
		struct tkt_conf_value *last = &conf->values[--conf->value_count];

		free(last->text);
		tkt_expression_free(last->expression);
	}
}

void tkt_conf_free(struct tkt_conf *conf)
{
	size_t i;

	if (!conf)
		return;
	tkt_conf_truncate(conf, 0);
	for (i = 0; i < conf->section_count; i++) {
		free(conf->sections[i].title);
		free((void *)conf->sections[i].handle);
	}
	free(conf->values);
	free(conf->sections);
	free(conf);
}

const struct tkt_conf_value *tkt_conf_next(const struct tkt_conf *conf,
    const struct tkt_conf_range *section, const char *name, const struct tkt_conf_value *before)
{
	const struct tkt_conf_range *range = section ? section : conf->root;
	size_t i;

	for (i = before ? (size_t)(before - conf->values) + 1 : range->first; i < range->end; i++)
		if (conf->values[i].section == range &&
		    tkt_text_equal(conf->values[i].setting->name, name))
			return &conf->values[i];
	return NULL;
}

const struct tkt_conf_value *tkt_conf_get(
    const struct tkt_conf *conf, const struct tkt_conf_range *section, const char *name)
{
	return tkt_conf_next(conf, section, name, NULL);
}

bool tkt_conf_has(
    const struct tkt_conf *conf, const struct tkt_conf_section *section, const char *name)
{
	return tkt_conf_get(conf, section->handle, name) != NULL;
}

bool tkt_conf_is_kind(const struct tkt_conf_section *section, const char *kind)
{
	return tkt_text_equal(section->kind, kind);
}

const char *tkt_conf_text(const struct tkt_conf *conf, const struct tkt_conf_range *section,
    const char *name, const char *otherwise)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section, name);

	return value ? value->text : otherwise;
}

int tkt_conf_seconds(const struct tkt_conf *conf, const struct tkt_conf_range *section,
    const char *name, const char *otherwise, int *seconds, struct tkt_error *error)
{
	struct tkt_length length;
	int64_t number;

	if (tkt_length_parse(tkt_conf_text(conf, section, name, otherwise), &length, error) ||
	    tkt_length_seconds(&length, &number, error))
		return -1;
	*seconds = (int)number; /* tkt_check_timeout has bounded it */
	return 0;
}

const struct tkt_conf_section *tkt_conf_section_find(
    const struct tkt_conf *conf, const char *kind, const char *title)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++)
		if (tkt_text_equal(conf->sections[i].kind, kind) &&
		    (!title || tkt_text_equal(conf->sections[i].title, title)))
			return &conf->sections[i];
	return NULL;
}

const char *tkt_conf_section_title(
    const struct tkt_conf *conf, const struct tkt_conf_range *section)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++)
		if (conf->sections[i].handle == section)
			return conf->sections[i].title;
	return "";
}
