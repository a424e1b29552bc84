#include "desk/hours_check.h"

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "base/zone.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "desk/conf.h"

#include "base/banned.h"

#define DAY_SECONDS 86400
#define HALF_YEAR_SECONDS (182 * (int64_t)DAY_SECONDS) /* winter against summer time */

static const char *const weekdays[] = { N_("Monday"), N_("Tuesday"), N_("Wednesday"),
	N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday") };

/* A value that is bad by itself has been reported. */
static bool is_sound(const struct tkt_conf_value *value)
{
	struct tkt_error error = { 0 };

	return !value->setting->check(value->setting, value->text, &error);
}

static void check_calendar(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	tkt_autoptr(calendar) calendar = tkt_calendar_new(section->title);
	size_t i;

	for (i = 0; calendar && i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];
		bool is_week = tkt_text_equal(value->setting->name, "week");
		struct tkt_error error = { 0 };

		if (value->section != section->handle || !is_sound(value) ||
		    (!is_week && !tkt_text_equal(value->setting->name, "days")))
			continue;
		if (is_week ? tkt_calendar_add_week(calendar, value->text, &error)
			    : tkt_calendar_add_day(calendar, value->text, &error))
			tkt_conf_report(conf, value->line, false, "%s", error.text);
	}
}

void tkt_hours_check(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++)
		if (tkt_text_equal(conf->sections[i].kind, "calendar"))
			check_calendar(conf, &conf->sections[i]);
}

/* Lists may have days worked that the week has off: their hours are `worked`. */
static bool may_be_worked(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	return tkt_conf_get(conf, section->handle, "worked") &&
	    tkt_conf_get(conf, section->handle, "holidays");
}

bool tkt_hours_are_none(const struct tkt_conf *conf, const char *calendar)
{
	const struct tkt_conf_section *section = tkt_conf_section_find(conf, "calendar", calendar);
	tkt_autoptr(calendar) made = NULL;
	struct tkt_error error = { 0 };

	/* each entry of `week` has a span; the rest is for those without, since every command asks
	 */
	return section && !tkt_conf_get(conf, section->handle, "week") &&
	    !may_be_worked(conf, section) && !tkt_calendar_make(conf, section, &made, &error) &&
	    !tkt_calendar_is_ever_open(made);
}

/* Where working time is counted by it this is an error: see tkt_hours_are_none(). */
static void warn_empty(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (!tkt_conf_get(conf, section->handle, "week") &&
	    !tkt_conf_get(conf, section->handle, "days") && !may_be_worked(conf, section))
		tkt_conf_report(conf, section->line, true,
		    _("calendar '%s' is never open: it has neither 'week' nor 'days'"),
		    section->title);
}

static void warn_overlaps(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	tkt_autoptr(calendar) calendar = NULL;
	struct tkt_error error = { 0 };
	unsigned overlaps;
	int day;

	if (tkt_calendar_make(conf, section, &calendar, &error))
		return;
	overlaps = tkt_calendar_overlaps(calendar);
	for (day = 0; day < TKT_WEEK_DAYS; day++)
		if (overlaps & 1U << day)
			tkt_conf_report(conf, section->line, true,
			    _("calendar '%s': the hours of %s run past midnight into those of %s; "
			      "what overlaps counts once"),
			    section->title, _(weekdays[day]),
			    _(weekdays[(day + 1) % TKT_WEEK_DAYS]));
}

/* With hours that are all past, nothing that counts them has a deadline, and no clock starts. */
static void warn_past(
    const struct tkt_conf *conf, const struct tkt_conf_section *section, int64_t now)
{
	tkt_autoptr(calendar) calendar = NULL;
	struct tkt_error error = { 0 };
	int64_t opening;

	if (!may_be_worked(conf, section) && !tkt_calendar_make(conf, section, &calendar, &error) &&
	    tkt_calendar_is_ever_open(calendar) &&
	    tkt_calendar_next_open(calendar, now, &opening, &error))
		tkt_conf_report(conf, section->line, true, "%s", error.text);
}

/* The hour of UTC at which a span of `week` begins in a zone, around `at`. */
static void find_opening(const struct tkt_zone *zone, int64_t at, int start, struct tkt_civil *utc)
{
	struct tkt_civil civil;

	tkt_zone_civil(zone, at, &civil);
	civil.hour = start / 3600;
	civil.minute = start / 60 % 60;
	civil.second = 0;
	tkt_civil_from_time(tkt_zone_time(zone, &civil), utc);
}

/* What two zones that disagree at `at` make of a calendar's first hours. */
static void report_hours(const struct tkt_conf *conf, const struct tkt_conf_value *value,
    const struct tkt_conf_value *week, const struct tkt_zone *one, const struct tkt_zone *other,
    int64_t at)
{
	char first[TKT_ZONE_SIZE], second[TKT_ZONE_SIZE];
	struct tkt_error error = { 0 };
	struct tkt_civil here, there;
	struct tkt_hours hours;
	unsigned days;

	if (tkt_hours_parse_week(week->text, &days, &hours, &error) || !hours.count)
		return;
	tkt_zone_split(value->text, first, second);
	find_opening(one, at, hours.spans[0].start, &here);
	find_opening(other, at, hours.spans[0].start, &there);
	tkt_conf_report(conf, value->line, true,
	    _("'%s' and '%s' disagree: '%s' begins at %02d:%02dZ by the first, which counts, and "
	      "at %02d:%02dZ by the second"),
	    first, second, week->text, here.hour, here.minute, there.hour, there.minute);
}

/* "+06:00 Asia/Yekaterinburg": do both show one time, in winter and in summer? */
static void warn_zone(const struct tkt_conf *conf, const struct tkt_conf_value *value, int64_t now)
{
	const struct tkt_conf_value *week = tkt_conf_get(conf, value->section, "week");
	char first[TKT_ZONE_SIZE], second[TKT_ZONE_SIZE];
	tkt_autoptr(zone) one = NULL;
	tkt_autoptr(zone) other = NULL;
	struct tkt_error error = { 0 };
	struct tkt_civil here = { 0 }, there = { 0 };
	int64_t at;

	if (!tkt_zone_split(value->text, first, second) || !*second ||
	    tkt_zone_new(first, &one, &error) || tkt_zone_new(second, &other, &error))
		return;
	for (at = now; at <= now + HALF_YEAR_SECONDS; at += HALF_YEAR_SECONDS) {
		if (tkt_zone_civil(one, at, &here) == tkt_zone_civil(other, at, &there))
			continue;
		if (week && is_sound(week)) {
			report_hours(conf, value, week, one, other, at);
			return;
		}
		tkt_conf_report(conf, value->line, true,
		    _("'%s' and '%s' disagree: %02d:%02d against %02d:%02d; the first counts"),
		    first, second, here.hour, here.minute, there.hour, there.minute);
		return;
	}
}

void tkt_hours_warn(const struct tkt_conf *conf, int64_t now)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (tkt_text_equal(conf->values[i].setting->name, "timezone"))
			warn_zone(conf, &conf->values[i], now);
	for (i = 0; i < conf->section_count; i++)
		if (tkt_text_equal(conf->sections[i].kind, "calendar")) {
			warn_empty(conf, &conf->sections[i]);
			warn_overlaps(conf, &conf->sections[i]);
			warn_past(conf, &conf->sections[i], now);
		}
}
