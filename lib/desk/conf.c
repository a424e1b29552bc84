#include "desk/conf.h"

#include <confuse.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/finding.h"
#include "desk/scan.h"
#include "desk/settings.h"
#include "expression/expression.h"

#include "base/banned.h"

/* libConfuse hands its callbacks no context, and its lexer has one state a process anyway. */
static __thread struct tkt_conf *reading;
static __thread bool out_of_memory;

static const char *kind_name(const cfg_t *section)
{
	return section == reading->root ? "" : section->name;
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

static const struct tkt_section_kind *find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < tkt_section_kind_count; i++)
		if (tkt_text_equal(tkt_section_kinds[i].name, name))
			return &tkt_section_kinds[i];
	return NULL;
}

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

static void check(const struct tkt_setting *setting, const char *value, int line)
{
	struct tkt_error error = { 0 };

	if (setting->check(setting, value, &error))
		tkt_conf_report(reading, line, false, "%s", error.text);
}

/* The same; what takes long to read is kept. */
static void check_value(struct tkt_conf_value *value)
{
	struct tkt_error error = { 0 };

	if (value->setting->check != tkt_check_expression)
		check(value->setting, value->text, value->line);
	else if (tkt_check_expression_keep(value->text, &value->expression, &error))
		tkt_conf_report(reading, value->line, false, "%s", error.text);
}

/* For each value that libConfuse reads: it never stops for a bad one, so that all are found. */
static int take_value(cfg_t *cfg, cfg_opt_t *option, const char *value, void *result)
{
	size_t count;
	/* in the order of make_options() */
	const struct tkt_setting *setting =
	    settings_of(kind_name(cfg), &count) + (option - cfg->opts);
	struct tkt_conf_value *taken =
	    tkt_source_grow((void **)&reading->values, reading->value_count, sizeof(*taken));
	char *text = strdup(value);

	if (!taken || !text) {
		out_of_memory = true;
		free(text);
		return -1;
	}
	*taken = (struct tkt_conf_value){ cfg, setting, text, cfg->line, NULL };
	reading->value_count++;
	check_value(taken);
	*(const char **)result = value;
	return 0;
}

/* For each section, when it closes. */
static int take_section(cfg_t *cfg, cfg_opt_t *option)
{
	const cfg_t *section = cfg_opt_getnsec(option, cfg_opt_size(option) - 1);
	const struct tkt_section_kind *kind = find_kind(option->name);
	struct tkt_conf_section *taken =
	    tkt_source_grow((void **)&reading->sections, reading->section_count, sizeof(*taken));
	int line = tkt_scan_section(reading->scan, reading->section_count);

	if (!taken) {
		out_of_memory = true;
		return -1;
	}
	*taken = (struct tkt_conf_section){ section, cfg, kind->name, section->title, line };
	reading->section_count++;
	check(&kind->title, section->title, line);
	return 0;
}

static void take_error(cfg_t *cfg, const char *format, va_list arguments)
{
	struct tkt_error error = { 0 };

	vsnprintf(error.text, sizeof(error.text), format, arguments);
	if (cfg != reading->root)
		tkt_conf_report(reading, cfg->line, false, _("%s (in %s '%s')"), error.text,
		    cfg->name, cfg->title ? cfg->title : "");
	else
		tkt_conf_report(reading, cfg->line, false, "%s", error.text);
}

static void free_options(cfg_opt_t *options)
{
	size_t i;

	if (!options)
		return;
	for (i = 0; options[i].name; i++)
		free_options(options[i].subopts);
	free(options);
}

/* libConfuse's tables of one section, made from ours; it copies them. NULL when memory is out. */
static cfg_opt_t *make_options(const char *section)
{
	size_t i, count;
	const struct tkt_setting *settings = settings_of(section, &count);
	cfg_opt_t *options = calloc(count + tkt_section_kind_count + 1, sizeof(*options));

	if (!options)
		return NULL;
	for (i = 0; i < count; i++) {
		options[i].name = settings[i].name;
		options[i].type = CFGT_STR;
		options[i].flags = CFGF_NODEFAULT | (settings[i].is_list ? CFGF_LIST : 0);
		options[i].parsecb = take_value;
	}
	for (i = 0; i < tkt_section_kind_count; i++) {
		if (!tkt_text_equal(tkt_section_kinds[i].parent, section))
			continue;
		options[count].name = tkt_section_kinds[i].name;
		options[count].type = CFGT_SEC;
		options[count].flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
		options[count].validcb = take_section;
		options[count].subopts = make_options(tkt_section_kinds[i].name);
		if (!options[count++].subopts) {
			free_options(options);
			return NULL;
		}
	}
	return options;
}

static int parse(struct tkt_conf *conf, struct tkt_error *error)
{
	size_t before = tkt_findings_errors(conf->findings);
	cfg_opt_t *options = make_options("");
	int result;

	if (!options)
		return tkt_error_set_memory(error);
	conf->root = cfg_init(options, CFGF_NONE);
	free_options(options);
	if (!conf->root)
		return tkt_error_set_memory(error);
	cfg_set_error_function(conf->root, take_error);
	reading = conf;
	out_of_memory = false;
	result = cfg_parse_buf(conf->root, tkt_scan_source(conf->scan)->text.bytes);
	reading = NULL;
	if (out_of_memory ||
	    (result != CFG_SUCCESS && tkt_findings_errors(conf->findings) == before))
		return tkt_error_set_memory(error);
	conf->is_complete = result == CFG_SUCCESS;
	return 0;
}

static int compare_ranges(const void *left, const void *right)
{
	uintptr_t one = (uintptr_t)((const struct tkt_conf_range *)left)->section,
		  other = (uintptr_t)((const struct tkt_conf_range *)right)->section;

	return one < other ? -1 : one > other;
}

/* What libConfuse's section is called here: its range. The root has none; one that an error kept
 * from closing is nobody's, the range behind the last. */
static const void *handle_of(const struct tkt_conf *conf, const void *section)
{
	const struct tkt_conf_range wanted = { .section = section };
	const void *range = bsearch(
	    &wanted, conf->ranges, conf->section_count, sizeof(*conf->ranges), compare_ranges);

	if (range)
		return range;
	return section == conf->root ? conf->root : &conf->ranges[conf->section_count];
}

static void widen(struct tkt_conf_range *range, size_t value)
{
	if (range->first == range->end)
		range->first = value;
	range->end = value + 1;
}

/* A desk may have a thousand rules, and each looks for its options by name. */
static int make_handles(struct tkt_conf *conf, struct tkt_error *error)
{
	size_t i;

	conf->ranges = calloc(conf->section_count + 1, sizeof(*conf->ranges));
	if (!conf->ranges)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++)
		conf->ranges[i].section = conf->sections[i].handle;
	qsort(conf->ranges, conf->section_count, sizeof(*conf->ranges), compare_ranges);
	for (i = 0; i < conf->section_count; i++) {
		conf->sections[i].handle = handle_of(conf, conf->sections[i].handle);
		conf->sections[i].parent = handle_of(conf, conf->sections[i].parent);
	}
	for (i = 0; i < conf->value_count; i++) {
		conf->values[i].section = handle_of(conf, conf->values[i].section);
		if (conf->values[i].section != conf->root)
			widen((struct tkt_conf_range *)conf->values[i].section, i);
	}
	return 0;
}

int tkt_conf_new(const struct tkt_scan *scan, struct tkt_findings *findings, struct tkt_conf **conf,
    struct tkt_error *error)
{
	tkt_autoptr(conf) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	made->scan = scan;
	made->findings = findings;
	if (tkt_scan_is_sound(scan) && (parse(made, error) || make_handles(made, error)))
		return -1;
	*conf = tkt_take(made);
	return 0;
}

void tkt_conf_free(struct tkt_conf *conf)
{
	size_t i;

	if (!conf)
		return;
	for (i = 0; i < conf->value_count; i++) {
		free(conf->values[i].text);
		tkt_expression_free(conf->values[i].expression);
	}
	free(conf->values);
	free(conf->sections);
	free(conf->ranges);
	if (conf->root)
		cfg_free(conf->root);
	free(conf);
}

const struct tkt_conf_value *tkt_conf_next(const struct tkt_conf *conf, const void *section,
    const char *name, const struct tkt_conf_value *before)
{
	const void *handle = section ? section : conf->root;
	const struct tkt_conf_range *range = handle == conf->root ? NULL : handle;
	size_t i = range ? range->first : 0, end = range ? range->end : conf->value_count;

	for (i = before ? (size_t)(before - conf->values) + 1 : i; i < end; i++)
		if (conf->values[i].section == handle &&
		    tkt_text_equal(conf->values[i].setting->name, name))
			return &conf->values[i];
	return NULL;
}

const struct tkt_conf_value *tkt_conf_get(
    const struct tkt_conf *conf, const void *section, const char *name)
{
	return tkt_conf_next(conf, section, name, NULL);
}

const char *tkt_conf_text(
    const struct tkt_conf *conf, const void *section, const char *name, const char *otherwise)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section, name);

	return value ? value->text : otherwise;
}

int tkt_conf_seconds(const struct tkt_conf *conf, const void *section, const char *name,
    const char *otherwise, int *seconds, struct tkt_error *error)
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

const char *tkt_conf_section_title(const struct tkt_conf *conf, const void *section)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++)
		if (conf->sections[i].handle == section)
			return conf->sections[i].title;
	return "";
}
