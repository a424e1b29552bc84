#include "desk/conf.h"

#include <confuse.h>
#include <stdarg.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/finding.h"
#include "desk/scan.h"

#include "base/banned.h"

struct section_kind {
	const char *name;
	const char *parent; /* "" at the top */
	struct tkt_setting title;
};

static const char *const anchors[] = { "sent", "received", "proven_receipt", NULL };
static const char *const instants[] = { "created", "received", "updated", "last_in", "last_out",
	NULL };
static const char *const day_kinds[] = { "holiday", "workday", "short", NULL };
static const char *const acceptances[] = { "all", "consult", "none", NULL };
static const char *const identities[] = { "none", "claimed", "authenticated", "verified", NULL };
/* The booleans stand for what was before the words were. */
static const char *const acknowledgements[] = { "first", "all", "none", "true", "yes", "on",
	"false", "no", "off", NULL };
static const char *const failures[] = { "defer", "pass", "quarantine", NULL };
static const char *const media_kinds[] = { "any", "application", "audio", "font", "image",
	"message", "model", "multipart", "text", "video", NULL };
static const char *const strangers[] = { "new", "note", NULL };
static const char *const transports[] = { "maildir", "sendmail", "smtp", NULL };

/* clang-format off: a row an option, as the manual page lists them. */
static const struct section_kind kinds[] = {
	{ "transport", "", { "transport", "transport", tkt_check_word, transports, false } },
	{ "filter", "", { "filter", "title", tkt_check_name, NULL, false } },
	{ "attachment", "", { "attachment", "attachment", tkt_check_word, media_kinds, false } },
	{ "calendar", "", { "calendar", "title", tkt_check_name, NULL, false } },
	{ "sla", "", { "sla", "title", tkt_check_name, NULL, false } },
	{ "pause", "sla", { "pause", "title", tkt_check_clock, NULL, false } },
	{ "escalate", "sla", { "escalate", "title", tkt_check_escalation, NULL, false } },
	{ "timer", "", { "timer", "title", tkt_check_name, NULL, false } },
	{ "step", "timer", { "step", "title", tkt_check_length, NULL, false } },
	{ "route", "", { "route", "title", tkt_check_name, NULL, false } },
	{ "channel", "", { "channel", "title", tkt_check_name, NULL, false } },
	{ "form", "", { "form", "title", tkt_check_name, NULL, false } },
	{ "action", "", { "action", "title", tkt_check_name, NULL, false } },
	{ "fetch", "", { "fetch", "title", tkt_check_name, NULL, false } },
};

static const struct tkt_setting settings[] = {
	{ "", "name", tkt_check_any, NULL, false },
	{ "", "address", tkt_check_address, NULL, false },
	{ "", "addresses", tkt_check_address, NULL, true },
	{ "", "ticket_prefix", tkt_check_prefix, NULL, false },
	{ "", "languages", tkt_check_language, NULL, true },
	{ "", "timezone", tkt_check_zone, NULL, false },
	{ "", "version", tkt_check_optional, NULL, false },
	{ "", "queue", tkt_check_name, NULL, false },
	{ "", "html", tkt_check_boolean, NULL, false },
	{ "", "recipient_delimiter", tkt_check_delimiter, NULL, false },
	{ "", "acknowledge", tkt_check_word, acknowledgements, false },
	{ "", "reply_to_closed", tkt_check_closed, NULL, false },
	{ "", "stranger", tkt_check_word, strangers, false },
	{ "", "brake_letters", tkt_check_rate, NULL, false },
	{ "", "brake_answers", tkt_check_rate, NULL, false },
	{ "", "trusted_host", tkt_check_host, NULL, false },
	{ "", "accept_lists", tkt_check_boolean, NULL, false },
	{ "", "accept_generated", tkt_check_boolean, NULL, false },
	{ "", "min_free", tkt_check_size, NULL, false },
	{ "", "keep_bounce", tkt_check_keep, NULL, false },
	{ "", "keep_automatic", tkt_check_keep, NULL, false },
	{ "", "keep_duplicate", tkt_check_keep, NULL, false },
	{ "", "keep_quarantined", tkt_check_keep, NULL, false },
	{ "", "keep_refused", tkt_check_keep, NULL, false },
	{ "", "busy_timeout", tkt_check_timeout, NULL, false },
	{ "", "staff_domain", tkt_check_domain, NULL, false },
	{ "", "notice_calendar", tkt_check_name, NULL, false },
	{ "", "sweep_limit", tkt_check_count, NULL, false },

	{ "transport", "path", tkt_check_path, NULL, false },
	{ "transport", "command", tkt_check_command, NULL, false },
	{ "transport", "url", tkt_check_url, NULL, false },
	{ "transport", "user", tkt_check_any, NULL, false },
	{ "transport", "tls", tkt_check_boolean, NULL, false },
	{ "transport", "ca_file", tkt_check_path, NULL, false },
	{ "transport", "timeout", tkt_check_timeout, NULL, false },
	{ "transport", "rate", tkt_check_rate, NULL, false },

	{ "filter", "command", tkt_check_command, NULL, false },
	{ "filter", "timeout", tkt_check_duration, NULL, false },
	{ "filter", "on_failure", tkt_check_word, failures, false },

	{ "attachment", "allow", tkt_check_media_type, NULL, true },
	{ "attachment", "deny", tkt_check_media_type, NULL, true },
	{ "attachment", "names", tkt_check_any, NULL, true },
	{ "attachment", "size", tkt_check_size, NULL, false },
	{ "attachment", "count", tkt_check_count, NULL, false },

	{ "calendar", "timezone", tkt_check_zone, NULL, false },
	{ "calendar", "week", tkt_check_week, NULL, true },
	{ "calendar", "holidays", tkt_check_name, NULL, true },
	{ "calendar", "kinds", tkt_check_word, day_kinds, true },
	{ "calendar", "worked", tkt_check_hours, NULL, false },
	{ "calendar", "days", tkt_check_day, NULL, true },

	{ "sla", "match", tkt_check_expression, NULL, true },
	{ "sla", "any", tkt_check_expression, NULL, true },
	{ "sla", "calendar", tkt_check_name, NULL, false },
	{ "sla", "anchor", tkt_check_word, anchors, false },
	{ "sla", "first_response", tkt_check_length, NULL, false },
	{ "sla", "next_response", tkt_check_length, NULL, false },
	{ "sla", "resolution", tkt_check_length, NULL, false },
	{ "pause", "match", tkt_check_expression, NULL, true },
	{ "pause", "any", tkt_check_expression, NULL, true },
	{ "escalate", "notify", tkt_check_notify, NULL, true },
	{ "escalate", "set", tkt_check_assignment, NULL, true },
	{ "escalate", "add", tkt_check_element, NULL, true },
	{ "escalate", "reply", tkt_check_template, NULL, false },

	{ "timer", "match", tkt_check_expression, NULL, true },
	{ "timer", "any", tkt_check_expression, NULL, true },
	{ "timer", "since", tkt_check_word, instants, false },
	{ "timer", "calendar", tkt_check_name, NULL, false },
	{ "step", "reply", tkt_check_template, NULL, false },
	{ "step", "notify", tkt_check_notify, NULL, true },
	{ "step", "set", tkt_check_assignment, NULL, true },
	{ "step", "add", tkt_check_element, NULL, true },

	{ "route", "match", tkt_check_expression, NULL, true },
	{ "route", "any", tkt_check_expression, NULL, true },
	{ "route", "set", tkt_check_assignment, NULL, true },
	{ "route", "notify", tkt_check_notify, NULL, true },
	{ "route", "stop", tkt_check_boolean, NULL, false },

	{ "channel", "accept", tkt_check_word, acceptances, false },
	{ "channel", "identity", tkt_check_word, identities, false },
	{ "channel", "calendar", tkt_check_name, NULL, false },

	{ "form", "match", tkt_check_expression, NULL, true },
	{ "form", "any", tkt_check_expression, NULL, true },
	{ "form", "require", tkt_check_field, NULL, true },

	{ "action", "needs", tkt_check_word, identities, false },
	{ "action", "channels", tkt_check_name, NULL, true },

	{ "fetch", "url", tkt_check_mailbox, NULL, false },
	{ "fetch", "user", tkt_check_any, NULL, false },
	{ "fetch", "after", tkt_check_after, NULL, false },
	{ "fetch", "recipient", tkt_check_address, NULL, false },
	{ "fetch", "tls", tkt_check_boolean, NULL, false },
	{ "fetch", "ca_file", tkt_check_path, NULL, false },
	{ "fetch", "limit", tkt_check_count, NULL, false },
	{ "fetch", "timeout", tkt_check_timeout, NULL, false },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* libConfuse hands its callbacks no context, and its lexer has one state a process anyway. */
static __thread struct tkt_conf *reading;
static __thread bool out_of_memory;

static const char *kind_name(const cfg_t *section)
{
	return section == reading->root ? "" : section->name;
}

static const struct tkt_setting *find_setting(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(settings); i++)
		if (tkt_text_equal(settings[i].section, section) &&
		    tkt_text_equal(settings[i].name, name))
			return &settings[i];
	return NULL;
}

static const struct section_kind *find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		if (tkt_text_equal(kinds[i].name, name))
			return &kinds[i];
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

/* For each value that libConfuse reads: it never stops for a bad one, so that all are found. */
static int take_value(cfg_t *cfg, cfg_opt_t *option, const char *value, void *result)
{
	const struct tkt_setting *setting = find_setting(kind_name(cfg), option->name);
	struct tkt_conf_value *taken =
	    tkt_source_grow((void **)&reading->values, reading->value_count, sizeof(*taken));
	char *text = strdup(value);

	if (!taken || !text) {
		out_of_memory = true;
		free(text);
		return -1;
	}
	*taken = (struct tkt_conf_value){ cfg, setting, text, cfg->line };
	reading->value_count++;
	check(setting, value, cfg->line);
	*(const char **)result = value;
	return 0;
}

/* For each section, when it closes. */
static int take_section(cfg_t *cfg, cfg_opt_t *option)
{
	const cfg_t *section = cfg_opt_getnsec(option, cfg_opt_size(option) - 1);
	const struct section_kind *kind = find_kind(option->name);
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
	cfg_opt_t *options = calloc(COUNT(settings) + COUNT(kinds) + 1, sizeof(*options));
	size_t i, count = 0;

	if (!options)
		return NULL;
	for (i = 0; i < COUNT(settings); i++) {
		if (!tkt_text_equal(settings[i].section, section))
			continue;
		options[count].name = settings[i].name;
		options[count].type = CFGT_STR;
		options[count].flags = CFGF_NODEFAULT | (settings[i].is_list ? CFGF_LIST : 0);
		options[count++].parsecb = take_value;
	}
	for (i = 0; i < COUNT(kinds); i++) {
		if (!tkt_text_equal(kinds[i].parent, section))
			continue;
		options[count].name = kinds[i].name;
		options[count].type = CFGT_SEC;
		options[count].flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
		options[count].validcb = take_section;
		options[count].subopts = make_options(kinds[i].name);
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

int tkt_conf_new(const struct tkt_scan *scan, struct tkt_findings *findings, struct tkt_conf **conf,
    struct tkt_error *error)
{
	tkt_autoptr(conf) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	made->scan = scan;
	made->findings = findings;
	if (tkt_scan_is_sound(scan) && parse(made, error))
		return -1;
	*conf = tkt_take(made);
	return 0;
}

void tkt_conf_free(struct tkt_conf *conf)
{
	size_t i;

	if (!conf)
		return;
	for (i = 0; i < conf->value_count; i++)
		free(conf->values[i].text);
	free(conf->values);
	free(conf->sections);
	if (conf->root)
		cfg_free(conf->root);
	free(conf);
}

const struct tkt_conf_value *tkt_conf_get(
    const struct tkt_conf *conf, const void *section, const char *name)
{
	const void *handle = section ? section : conf->root;
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (conf->values[i].section == handle &&
		    tkt_text_equal(conf->values[i].setting->name, name))
			return &conf->values[i];
	return NULL;
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
