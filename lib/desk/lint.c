#include <dirent.h>
#include <limits.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/time.h"
#include "base/words.h"
#include "calendar/holidays.h"
#include "desk/agent_check.h"
#include "desk/conf.h"
#include "desk/desk.h"
#include "desk/finding.h"
#include "desk/holiday_file.h"
#include "desk/name_check.h"
#include "desk/policy.h"
#include "desk/reading.h"
#include "desk/scan.h"
#include "desk/template.h"
#include "json/field.h"

#include "base/banned.h"

struct lint {
	struct tkt_reading *reading;
	const char *datadir;
	int64_t now;
	const char *template; /* the name of the one that is looked at */
	bool has_agents;      /* the database has some */
};

/* folder/KIND/NAME.SUFFIX: may it be read? */
static bool has_file(const char *folder, const char *kind, const char *name, const char *suffix)
{
	tkt_autofree char *path = NULL;

	if (asprintf(&path, "%s/%s/%s.%s", folder, kind, name, suffix) < 0) {
		path = NULL;
		return false;
	}
	return !access(path, R_OK);
}

static bool has(const struct lint *lint, const char *kind, const char *name, const char *suffix)
{
	return has_file(lint->reading->path, kind, name, suffix) ||
	    has_file(lint->datadir, kind, name, suffix);
}

/* A template is needed in the first language; in the others that one stands in. */
static void check_template(const struct lint *lint, const char *name, int line)
{
	const struct tkt_conf *conf = lint->reading->conf;
	const struct tkt_conf_value *first = tkt_conf_get(conf, NULL, "languages");
	size_t i;

	if (!first && !has(lint, "templates", name, "en"))
		tkt_conf_report(
		    conf, line, false, _("there is no template '%s' in '%s'"), name, "en");
	for (i = 0; first && i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (value->setting == first->setting && !has(lint, "templates", name, value->text))
			tkt_conf_report(conf, line, value != first,
			    _("there is no template '%s' in '%s'"), name, value->text);
	}
}

/* The template that tells a person of `notify`. */
static const char *template_of(const struct tkt_conf_value *value)
{
	return tkt_text_equal(value->text, "requester") ? "escalation" : "notice";
}

/* One missing template is one finding, however many it tells. */
static bool told_before(const struct tkt_conf *conf, size_t index)
{
	const char *template = template_of(&conf->values[index]);
	size_t i;

	for (i = 0; i < index; i++)
		if (tkt_text_equal(conf->values[i].setting->name, "notify") &&
		    tkt_text_equal(template_of(&conf->values[i]), template))
			return true;
	return false;
}

/* What a notice leads to where it tells an agent. */
static const char *const staff_templates[] = { "staff_line", "staff_note", "staff_receipt",
	"staff_lost", "staff_words", NULL };

static void check_notice(const struct lint *lint, const struct tkt_conf_value *value)
{
	const struct tkt_conf *conf = lint->reading->conf;
	size_t i;

	if (value->section == conf->root && tkt_text_equal(value->text, "requester")) {
		tkt_conf_report(conf, value->line, true,
		    _("'requester' is none of the staff: he is not told of letters"));
		return;
	}
	check_template(lint, template_of(value), value->line);
	if (!lint->has_agents || !tkt_text_equal(template_of(value), "notice"))
		return;
	for (i = 0; staff_templates[i]; i++)
		check_template(lint, staff_templates[i], value->line);
}

/* What tells that a letter has come: by default the first of a ticket alone. */
static void check_acknowledge(const struct lint *lint)
{
	const struct tkt_conf *conf = lint->reading->conf;
	size_t i;

	if (!tkt_conf_get(conf, NULL, "acknowledge"))
		check_template(lint, "ack", 1);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];
		bool all = tkt_text_equal(value->text, "all");

		if (!tkt_text_equal(value->setting->name, "acknowledge"))
			continue;
		if (all || tkt_text_equal(value->text, "first") || tkt_boolean_value(value->text))
			check_template(lint, "ack", value->line);
		if (all)
			check_template(lint, "ack_reply", value->line);
	}
}

static void check_templates(const struct lint *lint)
{
	const struct tkt_conf *conf = lint->reading->conf;
	const struct tkt_conf_section *attachment = tkt_conf_section_find(conf, "attachment", NULL);
	const struct tkt_conf_section *asking = tkt_conf_section_find(conf, "form", NULL);
	size_t i;

	check_acknowledge(lint);
	if (attachment)
		check_template(lint, "set_aside", attachment->line);
	if (asking)
		check_template(lint, "questions", asking->line);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (tkt_text_equal(value->setting->name, "reply") &&
		    tkt_template_is_name(value->text))
			check_template(lint, value->text, value->line);
		else if (tkt_text_equal(value->setting->name, "notify") && !told_before(conf, i))
			check_notice(lint, value);
	}
}

/* Has a value of the same list stood before? */
static bool is_repeated(const struct tkt_conf *conf, const struct tkt_conf_value *value)
{
	const struct tkt_conf_value *before;

	for (before = conf->values; before < value; before++)
		if (before->setting == value->setting && tkt_text_equal(before->text, value->text))
			return true;
	return false;
}

/* A holiday file whose lines are checked. */
struct checked_list {
	const struct lint *lint;
	const char *shown; /* the file's name, as errors have it */
	bool has_told;
};

/* An error of a holiday file names it with its line: "calendars/ru.tsv:12: ...". */
static void report_line(const struct tkt_error *error, void *context)
{
	struct checked_list *list = context;
	size_t length = strlen(list->shown);
	const char *text = error->text;
	long line = 1;
	char *end;

	if (!strncmp(text, list->shown, length) && text[length] == ':') {
		line = strtol(text + length + 1, &end, 10);
		if (end[0] == ':' && end[1] == ' ')
			text = end + 2;
	}
	tkt_finding_add(
	    list->lint->reading->findings, INT_MAX, false, list->shown, (int)line, "%s", text);
	list->has_told = true;
}

/* A year without data is said aloud: it would count as one without holidays. */
static void warn_years(const struct lint *lint, const struct tkt_conf_value *value,
    const char *shown, const struct tkt_holidays *holidays)
{
	const struct tkt_conf *conf = lint->reading->conf;
	const char *calendar = tkt_conf_section_title(conf, value->section);
	struct tkt_civil civil;
	int year;

	tkt_civil_from_time(lint->now, &civil);
	for (year = civil.year; year <= civil.year + 1; year++) {
		if (tkt_holidays_has_year(holidays, year))
			continue;
		if (*shown == '/')
			tkt_conf_report(conf, value->line, true,
			    _("calendar '%s': '%s' says nothing about %d: copy '%s' to the desk's "
			      "calendars/ and add the year there"),
			    calendar, value->text, year, shown);
		else
			tkt_conf_report(conf, value->line, true,
			    _("calendar '%s': '%s' says nothing about %d: add the year to '%s'"),
			    calendar, value->text, year, shown);
	}
}

static void check_list(const struct lint *lint, const struct tkt_conf_value *value)
{
	const struct tkt_conf *conf = lint->reading->conf;
	tkt_autoptr(holidays) holidays = NULL;
	tkt_autotext shown;
	tkt_autotext contents;
	struct checked_list list = { .lint = lint };
	struct tkt_error error = { 0 };
	int found;

	tkt_text_init(&shown, TKT_TEXT_LIMIT);
	tkt_text_init(&contents, TKT_HOLIDAYS_SIZE);
	found = tkt_holiday_file_contents(
	    lint->reading->path, lint->datadir, value->text, &shown, &contents, &error);
	list.shown = shown.bytes;
	if (found < 0)
		tkt_conf_report(conf, value->line, false, "%s", error.text);
	else if (!found)
		tkt_conf_report(conf, value->line, false,
		    _("there is neither 'calendars/%s.tsv' nor 'calendars/%s.ics'"), value->text,
		    value->text);
	else if (!tkt_holidays_check(shown.bytes, contents.bytes, contents.length,
		     is_repeated(conf, value) ? NULL : report_line, &list, &holidays, &error))
		warn_years(lint, value, shown.bytes, holidays);
	else if (!is_repeated(conf, value) &&
	    !(list.has_told && error.kind == TKT_ERROR_CONFIGURATION))
		report_line(&error, &list);
}

static void check_holidays(const struct lint *lint)
{
	const struct tkt_conf *conf = lint->reading->conf;
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (tkt_text_equal(conf->values[i].setting->name, "holidays"))
			check_list(lint, &conf->values[i]);
}

/* Tickets keep the name of their policy: it had better stand for one text. */
static void warn_version(const struct lint *lint, const char *stored)
{
	const struct tkt_conf *conf = lint->reading->conf;
	const struct tkt_conf_value *version = tkt_conf_get(conf, NULL, "version");

	if (stored && version &&
	    !tkt_text_equal(tkt_scan_source(lint->reading->scan)->policy.bytes, stored))
		tkt_conf_report(conf, version->line, true,
		    _("version '%s' stands for another text in this desk's database: new tickets "
		      "keep it with '+' and a hash; name this text anew"),
		    version->text);
}

static void warn_command(const struct lint *lint)
{
	const struct tkt_conf *conf = lint->reading->conf;
	size_t i;

	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];
		tkt_autofree char *program = NULL;

		if (!tkt_text_equal(value->setting->name, "command"))
			continue;
		program = strndup(value->text, strcspn(value->text, " \t"));
		if (program && access(program, X_OK))
			tkt_conf_report(
			    conf, value->line, true, _("'%s' cannot be run here"), program);
	}
}

/* Is it one that an entitlement or a channel answers with? */
static bool is_refusal(const struct lint *lint)
{
	const struct tkt_conf *conf = lint->reading->conf;
	size_t i;

	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_setting *setting = conf->values[i].setting;

		if (tkt_text_equal(setting->name, "reply") &&
		    tkt_text_equal(conf->values[i].text, lint->template) &&
		    (tkt_text_equal(setting->section, "entitlement") ||
			tkt_text_equal(setting->section, "channel")))
			return true;
	}
	return false;
}

/* What the mail to agents may name; NULL: it is none of theirs, or has no such name. */
static const char *staff_value(const char *template, const char *name)
{
	bool is_note =
	    tkt_text_equal(template, "staff_note") || tkt_text_equal(template, "staff_receipt");

	if (tkt_text_equal(name, "why"))
		return is_note || tkt_text_equal(template, "staff_lost") ? "" : NULL;
	return is_note && (tkt_text_equal(name, "id") || tkt_text_equal(name, "orders")) ? ""
											 : NULL;
}

/* What a template may name. What intake sends goes to an address that nobody has proven: it echoes
 * nothing that the sender chose. */
static const char *known_value(const char *name, void *context)
{
	const struct lint *lint = context;
	const char *key;
	size_t key_length;

	if (tkt_text_equal(name, "desk.name") || tkt_text_equal(name, "desk.address"))
		return "";
	if (tkt_text_equal(lint->template, "notice"))
		return tkt_text_equal(name, "count") || tkt_text_equal(name, "lines") ? "" : NULL;
	if (!strncmp(lint->template, "staff_", 6))
		return staff_value(lint->template, name);
	if (tkt_text_equal(name, "id"))
		return "";
	if (tkt_text_equal(lint->template, "questions") && tkt_text_equal(name, "questions"))
		return "";
	if (tkt_text_equal(lint->template, "ack") || tkt_text_equal(lint->template, "ack_reply") ||
	    tkt_text_equal(lint->template, "questions") || is_refusal(lint))
		return NULL;
	if (tkt_text_equal(lint->template, "set_aside"))
		return tkt_text_equal(name, "by_type") || tkt_text_equal(name, "by_name") ||
			tkt_text_equal(name, "by_size") || tkt_text_equal(name, "by_count")
		    ? ""
		    : NULL;
	if (tkt_text_equal(name, "agent"))
		return "";
	return tkt_field_find(&tkt_ticket_fields, name, &key, &key_length) ? "" : NULL;
}

static void check_file(struct lint *lint, const char *file)
{
	tkt_autofree char *name = strndup(file, strcspn(file, "."));
	tkt_autofree char *shown = tkt_path_join("templates", file);
	tkt_autofree char *path = shown ? tkt_path_join(lint->reading->path, shown) : NULL;
	tkt_autotext text;
	tkt_autotext subject;
	tkt_autotext body;
	struct tkt_error error = { 0 };
	int line = 1;

	tkt_text_init(&text, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&subject, TKT_TEMPLATE_LIMIT);
	tkt_text_init(&body, TKT_TEMPLATE_LIMIT);
	if (!name || !path)
		return;
	lint->template = name;
	if (tkt_file_read(path, &text, &error) ||
	    tkt_template_fill(
		text.bytes, text.length, known_value, lint, &subject, &body, &line, &error))
		tkt_finding_add(
		    lint->reading->findings, INT_MAX, false, shown, line, "%s", error.text);
}

static int is_template(const struct dirent *entry)
{
	const char *suffix = strrchr(entry->d_name, '.');
	size_t length = suffix ? strspn(suffix + 1, "abcdefghijklmnopqrstuvwxyz") : 0;

	return suffix && suffix != entry->d_name && length >= 2 && length <= 3 &&
	    !suffix[1 + length];
}

static void check_files(struct lint *lint)
{
	tkt_autofree char *folder = tkt_path_join(lint->reading->path, "templates");
	struct dirent **entries;
	int i, count = folder ? scandir(folder, &entries, is_template, alphasort) : -1;

	if (count < 0)
		return; /* a desk need not have templates of its own */
	for (i = 0; i < count; i++) {
		check_file(lint, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

int tkt_desk_lint(const char *path, const char *datadir, int64_t now,
    const struct tkt_remembered *remembered, tkt_finding_report *report, void *context,
    struct tkt_error *error)
{
	tkt_autoptr(reading) reading = NULL;
	struct lint lint = {
		.datadir = datadir,
		.now = now,
		.has_agents = remembered && json_array_size(remembered->agents) > 0,
	};

	if (tkt_reading_new(path, NULL, 0, &reading, error))
		return -1;
	lint.reading = reading;
	tkt_policy_warn(reading->conf, now);
	if (reading->conf->is_complete)
		check_templates(&lint);
	check_holidays(&lint);
	warn_version(&lint, remembered ? remembered->policy : NULL);
	tkt_agents_warn(reading->conf, remembered ? remembered->agents : NULL);
	tkt_names_warn(reading->conf, remembered ? remembered->tiers : NULL);
	warn_command(&lint);
	check_files(&lint);
	if (tkt_findings_check(reading->findings, error))
		return -1;
	tkt_findings_each(reading->findings, report, context);
	return (int)tkt_findings_errors(reading->findings);
}
