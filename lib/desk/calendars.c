#include "desk/calendars.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/sha256.h"
#include "base/words.h"
#include "base/zone.h"
#include "calendar/calendar.h"
#include "desk/conf.h"
#include "desk/finding.h"
#include "desk/holiday_file.h"
#include "desk/reading.h"
#include "desk/scan.h"

#include "base/banned.h"

#define DIGEST_LIMIT ((size_t)4 << 20)

struct entry {
	const struct tkt_conf_section *section;
	struct tkt_calendar *calendar; /* NULL until it is asked for */
};

struct tkt_calendars {
	const struct tkt_reading *reading;
	struct tkt_reading *owned; /* it, when it was made here */
	char *datadir;
	struct entry *entries; /* in file order */
	const char **names;    /* of them, ended by NULL */
	size_t count;
	struct tkt_calendars *older; /* of a policy that was; NULL */
};

/* A relative path is the caller's: other relative ones are the desk's. */
static char *whole_path(const char *path)
{
	char *whole = *path == '/' ? NULL : realpath(path, NULL);

	return whole ? whole : strdup(path);
}

int tkt_calendars_make(const struct tkt_reading *reading, const char *datadir,
    struct tkt_calendars **calendars, struct tkt_error *error)
{
	const struct tkt_conf *conf = reading->conf;
	tkt_autoptr(calendars) made = calloc(1, sizeof(*made));
	size_t i;

	if (!made)
		return tkt_error_set_memory(error);
	made->reading = reading;
	made->datadir = whole_path(datadir);
	made->entries = calloc(conf->section_count + 1, sizeof(*made->entries));
	made->names = calloc(conf->section_count + 1, sizeof(*made->names));
	if (!made->datadir || !made->entries || !made->names)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->section_count; i++) {
		if (!tkt_text_equal(conf->sections[i].kind, "calendar"))
			continue;
		made->entries[made->count].section = &conf->sections[i];
		made->names[made->count++] = conf->sections[i].title;
	}
	*calendars = tkt_take(made);
	return 0;
}

int tkt_calendars_read(const char *folder, const char *datadir, const char *text, size_t length,
    struct tkt_calendars **calendars, struct tkt_error *error)
{
	tkt_autoptr(reading) reading = NULL;

	if (tkt_reading_stored(folder, text, length, &reading, error) ||
	    tkt_calendars_make(reading, datadir, calendars, error))
		return -1;
	(*calendars)->owned = tkt_take(reading);
	return 0;
}

void tkt_calendars_free(struct tkt_calendars *calendars)
{
	size_t i;

	if (!calendars)
		return;
	for (i = 0; i < calendars->count; i++)
		tkt_calendar_free(calendars->entries[i].calendar);
	free(calendars->entries);
	free(calendars->names);
	free(calendars->datadir);
	tkt_reading_free(calendars->owned);
	tkt_calendars_free(calendars->older);
	free(calendars);
}

void tkt_calendars_add_older(struct tkt_calendars *calendars, struct tkt_calendars *older)
{
	while (calendars->older)
		calendars = calendars->older;
	calendars->older = older;
}

/* One option of a calendar's section. */
static int take_option(
    struct tkt_calendar *calendar, const struct tkt_conf_value *value, struct tkt_error *error)
{
	const char *name = value->setting->name;

	if (tkt_text_equal(name, "week"))
		return tkt_calendar_add_week(calendar, value->text, error);
	if (tkt_text_equal(name, "days"))
		return tkt_calendar_add_day(calendar, value->text, error);
	if (tkt_text_equal(name, "worked"))
		return tkt_calendar_set_worked(calendar, value->text, error);
	return 0;
}

static int take_zone(struct tkt_calendar *calendar, const char *text, struct tkt_error *error)
{
	char first[TKT_ZONE_SIZE], second[TKT_ZONE_SIZE];
	struct tkt_zone *zone;

	tkt_zone_split(text, first, second); /* of two the first counts */
	if (tkt_zone_new(first, &zone, error))
		return -1;
	tkt_calendar_set_zone(calendar, zone);
	return 0;
}

int tkt_calendar_make(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    struct tkt_calendar **calendar, struct tkt_error *error)
{
	tkt_autoptr(calendar) made = tkt_calendar_new(section->title);
	unsigned kinds = 0;
	size_t i;

	if (!made)
		return tkt_error_set_memory(error);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (value->section != section->handle)
			continue;
		if (tkt_text_equal(value->setting->name, "kinds"))
			kinds |= tkt_day_kind_from_word(value->text);
		else if (take_option(made, value, error))
			return -1;
	}
	tkt_calendar_set_kinds(
	    made, tkt_conf_get(conf, section->handle, "kinds") ? kinds : TKT_DAY_KINDS);
	if (take_zone(made, tkt_conf_text(conf, section->handle, "timezone", "UTC"), error))
		return -1;
	*calendar = tkt_take(made);
	return 0;
}

static int fail_at(
    const struct tkt_calendars *calendars, int line, const char *name, struct tkt_error *error)
{
	struct tkt_place place = tkt_source_place(tkt_scan_source(calendars->reading->scan), line);

	if (error->kind == TKT_ERROR_TEMPORARY)
		return -1;
	error->kind = TKT_ERROR_CONFIGURATION;
	return tkt_error_prefix(error, _("%s:%d: calendar '%s'"), place.file, place.line, name);
}

static int take_holidays(const struct tkt_calendars *calendars, const struct entry *entry,
    struct tkt_calendar *calendar, struct tkt_error *error)
{
	const struct tkt_conf *conf = calendars->reading->conf;
	size_t i;

	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];
		struct tkt_holidays *holidays;

		if (value->section != entry->section->handle ||
		    !tkt_text_equal(value->setting->name, "holidays"))
			continue;
		if (tkt_holiday_file_read(calendars->reading->path, calendars->datadir, value->text,
			&holidays, error) ||
		    tkt_calendar_add_holidays(calendar, holidays, error))
			return fail_at(calendars, value->line, entry->section->title, error);
	}
	return 0;
}

static int make_entry(
    const struct tkt_calendars *calendars, struct entry *entry, struct tkt_error *error)
{
	tkt_autoptr(calendar) made = NULL;

	if (tkt_calendar_make(calendars->reading->conf, entry->section, &made, error))
		return fail_at(calendars, entry->section->line, entry->section->title, error);
	if (take_holidays(calendars, entry, made, error))
		return -1;
	entry->calendar = tkt_take(made);
	return 0;
}

static int not_found(
    const struct tkt_calendars *calendars, const char *name, struct tkt_error *error)
{
	struct tkt_nearest nearest;

	tkt_nearest_init(&nearest, name);
	tkt_nearest_offer_all(&nearest, calendars->names);
	if (nearest.found)
		return tkt_error_set(error, TKT_ERROR_NOT_FOUND,
		    _("there is no calendar '%s'; did you mean '%s'?"), name, nearest.found);
	return tkt_error_set(error, TKT_ERROR_NOT_FOUND, _("there is no calendar '%s'"), name);
}

int tkt_calendars_find(struct tkt_calendars *calendars, const char *name,
    struct tkt_calendar **calendar, struct tkt_error *error)
{
	struct tkt_calendars *some;
	size_t i;

	for (some = calendars; some; some = some->older)
		for (i = 0; i < some->count; i++) {
			struct entry *entry = &some->entries[i];

			if (!tkt_text_equal(some->names[i], name))
				continue;
			if (!entry->calendar && make_entry(some, entry, error))
				return -1;
			*calendar = entry->calendar;
			return 0;
		}
	return not_found(calendars, name, error);
}

const char *tkt_calendars_of_channel(const struct tkt_calendars *calendars, const char *channel)
{
	const struct tkt_conf *conf = calendars->reading->conf;
	const struct tkt_conf_section *section =
	    channel ? tkt_conf_section_find(conf, "channel", channel) : NULL;

	return section ? tkt_conf_text(conf, section->handle, "calendar", NULL) : NULL;
}

const char *const *tkt_calendars_names(const struct tkt_calendars *calendars)
{
	return calendars->names;
}

/* A section with what it says. Strings of desk.conf stay on their line, so lines tell them apart.
 */
static void add_section(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const char *only, struct tkt_text *text)
{
	size_t i;

	tkt_text_format(text, "%s %s\n", section->kind, section->title);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (value->section == section->handle &&
		    (!only || tkt_text_equal(value->setting->name, only)))
			tkt_text_format(text, "%s %s\n", value->setting->name, value->text);
	}
}

/* Calls back for each list of a calendar that is named. 0 or -1. */
typedef int visit_list(const struct tkt_calendars *calendars, const char *name,
    struct tkt_text *text, struct tkt_error *error);

static int each_list(const struct tkt_calendars *calendars, visit_list *visit,
    struct tkt_text *text, struct tkt_error *error)
{
	const struct tkt_conf *conf = calendars->reading->conf;
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (tkt_text_equal(conf->values[i].setting->name, "holidays") &&
		    visit(calendars, conf->values[i].text, text, error))
			return -1;
	return 0;
}

static int add_contents(const struct tkt_calendars *calendars, const char *name,
    struct tkt_text *text, struct tkt_error *error)
{
	tkt_autotext contents;
	char hex[TKT_SHA256_SIZE];
	int found;

	tkt_text_init(&contents, TKT_HOLIDAYS_SIZE);
	found = tkt_holiday_file_contents(
	    calendars->reading->path, calendars->datadir, name, NULL, &contents, error);
	if (found < 0)
		return -1;
	tkt_sha256(contents.bytes, contents.length, hex);
	tkt_text_format(text, "%s %s\n", name, found ? hex : "-");
	return 0;
}

int tkt_calendars_digest(
    struct tkt_calendars *calendars, struct tkt_text *digest, struct tkt_error *error)
{
	const struct tkt_conf *conf = calendars->reading->conf;
	tkt_autotext text;
	char hex[TKT_SHA256_SIZE];
	size_t i;

	tkt_text_init(&text, DIGEST_LIMIT);
	for (i = 0; i < conf->section_count; i++) {
		const struct tkt_conf_section *section = &conf->sections[i];

		if (tkt_text_equal(section->kind, "calendar"))
			add_section(conf, section, NULL, &text);
		else if (tkt_text_equal(section->kind, "channel") &&
		    tkt_conf_get(conf, section->handle, "calendar"))
			add_section(conf, section, "calendar", &text);
	}
	if (each_list(calendars, add_contents, &text, error) || tkt_text_check(&text, error))
		return -1;
	tkt_sha256(text.bytes, text.length, hex);
	tkt_text_add(digest, hex);
	return tkt_text_check(digest, error);
}

static int add_candidates(const struct tkt_calendars *calendars, const char *name,
    struct tkt_text *text, struct tkt_error *error)
{
	return tkt_holiday_file_status(
	    calendars->reading->path, calendars->datadir, name, text, error);
}

int tkt_calendars_files(
    struct tkt_calendars *calendars, struct tkt_text *files, struct tkt_error *error)
{
	const struct tkt_source *source = tkt_scan_source(calendars->reading->scan);
	size_t i;

	for (i = 0; i < source->file_count; i++)
		if (tkt_file_status_add(calendars->reading->path, source->files[i], files, error) <
		    0)
			return -1;
	return each_list(calendars, add_candidates, files, error) || tkt_text_check(files, error)
	    ? -1
	    : 0;
}

/* The line of a file as it now is: is it this one? */
static bool is_same(const char *folder, const char *line, size_t length)
{
	tkt_autofree char *path = NULL;
	tkt_autotext now;
	struct tkt_error error = { 0 };
	size_t end = length;
	int blanks = 0;

	tkt_text_init(&now, TKT_TEXT_LIMIT);
	/* 'path -' or 'path inode size time'; a path may have blanks */
	if (length < 2 || memcmp(line + length - 2, " -", 2) == 0)
		blanks = 2;
	while (end && blanks < 3)
		blanks += line[--end] == ' ';
	path = strndup(line, end);
	return path && tkt_file_status_add(folder, path, &now, &error) >= 0 &&
	    now.length == length + 1 && memcmp(now.bytes, line, length) == 0;
}

bool tkt_files_are_same(const char *folder, const char *files)
{
	if (!*files)
		return false;
	while (*files) {
		size_t length = strcspn(files, "\n");

		if (!files[length] || !is_same(folder, files, length))
			return false;
		files += length + 1;
	}
	return true;
}
