#include "desk/conf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/scan.h"
#include "desk/settings.h"
#include "desk/source.h"

#include "base/banned.h"

#define OPTION_LIMIT 10000

/* A section that is open; the top is one. */
struct level {
	const struct tkt_section_kind *kind; /* NULL: the top, or one that is unknown */
	const struct tkt_setting *settings;  /* its options */
	size_t setting_count;                /* 0 in one that is unknown */
	int *lines;                          /* for each option, where it stood first; 0: not yet */
	char *title;
	int line;
	struct tkt_conf_range *range;
	struct level *outer;
};

struct reading {
	struct tkt_conf *conf;
	struct level *level;
	const struct tkt_setting *setting; /* whose values come; NULL: they are of nobody */
	size_t option_count;
};

static bool is_unknown(const struct level *level)
{
	return level->outer && !level->kind;
}

static const char *kind_name(const struct level *level)
{
	return level->kind ? level->kind->name : "";
}

/* The rows of a section's options, which stand together. */
static const struct tkt_setting *settings_of(const char *section, size_t *count)
{
	const struct tkt_setting *first = tkt_settings, *end = tkt_settings + tkt_setting_count;

	while (first < end && !tkt_text_equal(first->section, section))
		first++;
	for (*count = 0; first + *count < end; ++*count)
		if (!tkt_text_equal(first[*count].section, section))
			break;
	return first;
}

static void check(
    struct tkt_conf *conf, const struct tkt_setting *setting, const char *value, int line)
{
	struct tkt_error error = { 0 };

	if (setting->check(setting, value, &error))
		tkt_conf_report(conf, line, false, "%s", error.text);
}

/* The same; what takes long to read is kept. */
static void check_value(struct tkt_conf *conf, struct tkt_conf_value *value)
{
	struct tkt_error error = { 0 };

	if (value->setting->check != tkt_check_expression)
		check(conf, value->setting, value->text, value->line);
	else if (tkt_check_expression_keep(value->text, &value->expression, &error))
		tkt_conf_report(conf, value->line, false, "%s", error.text);
}

static void report_option(const struct reading *reading, const char *name, int line)
{
	const struct level *level = reading->level;
	struct tkt_nearest nearest;
	size_t i;

	tkt_nearest_init(&nearest, name);
	for (i = 0; i < level->setting_count; i++)
		tkt_nearest_offer(&nearest, level->settings[i].name);
	if (nearest.found)
		tkt_conf_report(reading->conf, line, false,
		    _("no such option '%s'; did you mean '%s'?"), name, nearest.found);
	else if (level->kind)
		tkt_conf_report(reading->conf, line, false, _("'%s' has no option '%s'"),
		    level->kind->name, name);
	else
		tkt_conf_report(reading->conf, line, false, _("no such option '%s'"), name);
}

static int take_option(void *context, const char *name, bool is_list, int line)
{
	struct reading *reading = context;
	struct level *level = reading->level;
	struct tkt_place place;
	size_t i;

	reading->setting = NULL;
	if (is_unknown(level))
		return 0;
	for (i = 0; i < level->setting_count; i++)
		if (tkt_text_equal(level->settings[i].name, name))
			break;
	if (i == level->setting_count) {
		report_option(reading, name, line);
	} else if (level->lines[i]) {
		place = tkt_source_place(tkt_scan_source(reading->conf->scan), level->lines[i]);
		tkt_conf_report(reading->conf, line, false,
		    _("'%s' stands twice here: first in %s:%d"), name, place.file, place.line);
	} else if (is_list && !level->settings[i].is_list) {
		tkt_conf_report(
		    reading->conf, line, false, _("'%s' takes one value, not a list"), name);
	} else if (reading->option_count == OPTION_LIMIT) {
		tkt_conf_report(
		    reading->conf, line, false, _("more than %d options"), OPTION_LIMIT);
		reading->option_count++;
	} else if (reading->option_count < OPTION_LIMIT) {
		reading->option_count++;
		level->lines[i] = line;
		reading->setting = &level->settings[i];
	}
	return 0;
}

/* A bad value ends nothing, so that all of them are found. */
static int take_value(void *context, const char *text, int line)
{
	struct reading *reading = context;
	struct tkt_conf *conf = reading->conf;
	struct tkt_conf_value *value;

	if (!reading->setting)
		return 0;
	value = tkt_source_grow((void **)&conf->values, conf->value_count, sizeof(*value));
	if (!value)
		return -1;
	*value = (struct tkt_conf_value){ reading->level->range, reading->setting, strdup(text),
		line, NULL };
	if (!value->text)
		return -1;
	conf->value_count++;
	check_value(conf, value);
	return 0;
}

static const struct tkt_section_kind *find_kind(
    const struct reading *reading, const char *name, int line)
{
	const struct level *outer = reading->level;
	struct tkt_nearest nearest;
	size_t i;

	tkt_nearest_init(&nearest, name);
	for (i = 0; i < tkt_section_kind_count; i++) {
		const struct tkt_section_kind *kind = &tkt_section_kinds[i];

		if (!tkt_text_equal(kind->parent, kind_name(outer)))
			continue;
		if (tkt_text_equal(kind->name, name))
			return kind;
		tkt_nearest_offer(&nearest, kind->name);
	}
	if (nearest.found)
		tkt_conf_report(reading->conf, line, false,
		    _("no such section '%s'; did you mean '%s'?"), name, nearest.found);
	else
		tkt_conf_report(
		    reading->conf, line, false, _("there is no section '%s' here"), name);
	return NULL;
}

static void free_level(struct level *level)
{
	free(level->lines);
	free(level->title);
	free(level->range);
	free(level);
}

static int enter(struct reading *reading, struct level *level)
{
	if (!is_unknown(level))
		level->settings = settings_of(kind_name(level), &level->setting_count);
	level->lines = calloc(level->setting_count + 1, sizeof(*level->lines));
	level->range->first = reading->conf->value_count;
	reading->level = level;
	return level->lines ? 0 : -1;
}

static int take_open(void *context, const char *kind, const char *title, int line)
{
	struct reading *reading = context;
	struct level *level = calloc(1, sizeof(*level));

	if (!level)
		return -1;
	level->outer = reading->level;
	level->title = strdup(title);
	level->line = line;
	level->range = calloc(1, sizeof(*level->range));
	if (!level->title || !level->range) {
		free_level(level);
		return -1;
	}
	if (!is_unknown(reading->level))
		level->kind = find_kind(reading, kind, line);
	return enter(reading, level);
}

/* The section is known from here on. */
static int take_close(void *context)
{
	struct reading *reading = context;
	struct tkt_conf *conf = reading->conf;
	struct level *level = reading->level;
	struct tkt_conf_section *section;

	reading->level = level->outer;
	level->range->end = conf->value_count;
	if (!level->kind) {
		free_level(level);
		return 0;
	}
	section = tkt_source_grow((void **)&conf->sections, conf->section_count, sizeof(*section));
	if (!section) {
		free_level(level);
		return -1;
	}
	conf->section_count++;
	*section = (struct tkt_conf_section){ tkt_take(level->range), level->outer->range,
		level->kind->name, tkt_take(level->title), level->line };
	check(conf, &level->kind->title, section->title, section->line);
	free_level(level);
	return 0;
}

/* What an error kept from closing is left out. */
static void drop(struct reading *reading)
{
	struct level *level = reading->level;

	tkt_conf_truncate(reading->conf, level->range->first);
	reading->level = level->outer;
	free_level(level);
}

static int compare(const void *left, const void *right)
{
	const struct tkt_conf_section *one = *(const struct tkt_conf_section *const *)left,
				      *other = *(const struct tkt_conf_section *const *)right;
	uintptr_t here = (uintptr_t)one->parent, there = (uintptr_t)other->parent;
	int order = here < there ? -1 : here > there;

	order = order ? order : strcmp(one->kind, other->kind);
	order = order ? order : strcmp(one->title, other->title);
	return order ? order : one->line - other->line;
}

/* Two sections of one kind and title: which of them counts? */
static int check_titles(struct tkt_conf *conf, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_section **order =
	    calloc(conf->section_count + 1, sizeof(struct tkt_conf_section *));
	struct tkt_place place;
	size_t i;

	if (!order)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++)
		order[i] = &conf->sections[i];
	qsort(order, conf->section_count, sizeof(*order), compare);
	for (i = 1; i < conf->section_count; i++) {
		if (order[i]->parent != order[i - 1]->parent ||
		    strcmp(order[i]->kind, order[i - 1]->kind) ||
		    strcmp(order[i]->title, order[i - 1]->title))
			continue;
		place = tkt_source_place(tkt_scan_source(conf->scan), order[i - 1]->line);
		tkt_conf_report(conf, order[i]->line, false,
		    _("%s '%s' stands twice here: first in %s:%d"), order[i]->kind, order[i]->title,
		    place.file, place.line);
	}
	return 0;
}

static int scan(struct reading *reading, struct tkt_scan *scan, const char *name, const char *bytes,
    size_t length, struct tkt_error *error)
{
	const struct tkt_scan_visitor visitor = { reading, take_option, take_value, take_open,
		take_close };

	return bytes ? tkt_scan_bytes(scan, name, bytes, length, &visitor, error)
		     : tkt_scan_file(scan, name, &visitor, error);
}

int tkt_conf_new(struct tkt_scan *text, struct tkt_findings *findings, const char *name,
    const char *bytes, size_t length, struct tkt_conf **conf, struct tkt_error *error)
{
	tkt_autoptr(conf) made = calloc(1, sizeof(*made));
	struct level top = { 0 };
	struct reading reading = { .conf = made };
	int result;

	if (!made)
		return tkt_error_set_memory(error);
	made->scan = text;
	made->findings = findings;
	top.range = made->root;
	result = enter(&reading, &top) ? tkt_error_set_memory(error)
				       : scan(&reading, text, name, bytes, length, error);
	while (reading.level != &top)
		drop(&reading);
	free(top.lines);
	made->root->end = made->value_count;
	made->is_complete = tkt_scan_is_sound(text);
	if (result || check_titles(made, error))
		return -1;
	*conf = tkt_take(made);
	return 0;
}
