#include "desk/policy.h"

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "base/zone.h"
#include "desk/conf.h"

#include "base/banned.h"

#define HALF_YEAR_SECONDS (182 * (int64_t)86400) /* winter against summer time */

static const char *const targets[] = { "first_response", "next_response", "resolution" };

/* Which options a kind of transport has; the others would be without effect. */
static const struct {
	const char *kind, *option;
} transport_options[] = {
	{ "maildir", "path" },
	{ "sendmail", "command" },
	{ "sendmail", "timeout" },
	{ "smtp", "url" },
	{ "smtp", "user" },
	{ "smtp", "tls" },
	{ "smtp", "timeout" },
};

static bool has_option(const char *kind, const char *option)
{
	size_t i;

	for (i = 0; i < sizeof(transport_options) / sizeof(*transport_options); i++)
		if (tkt_text_equal(transport_options[i].kind, kind) &&
		    tkt_text_equal(transport_options[i].option, option))
			return true;
	return false;
}

static void check_transport(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_section *first = tkt_conf_section_find(conf, "transport", NULL);
	size_t i;

	if (first != section)
		tkt_conf_report(conf, section->line, false,
		    _("a desk has one transport: '%s' stands before"), first->title);
	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (value->section == section->handle &&
		    !has_option(section->title, value->setting->name))
			tkt_conf_report(conf, value->line, false,
			    _("the transport '%s' has no '%s'"), section->title,
			    value->setting->name);
	}
	if (tkt_text_equal(section->title, "smtp") && !tkt_conf_get(conf, section->handle, "url"))
		tkt_conf_report(
		    conf, section->line, false, _("the transport 'smtp' needs an 'url'"));
}

/* Units of working time mean nothing without a calendar. */
static bool needs_calendar(const char *text)
{
	struct tkt_error error = { 0 };
	struct tkt_length length;

	return !tkt_length_parse(text, &length, &error) && length.unit >= TKT_UNIT_WORK_SECOND;
}

static void check_calendar(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section->handle, "calendar");

	if (value && !tkt_conf_section_find(conf, "calendar", value->text))
		tkt_conf_report(
		    conf, value->line, false, _("there is no calendar '%s'"), value->text);
}

static void check_sla(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	bool promises = false;
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		const struct tkt_conf_value *value =
		    tkt_conf_get(conf, section->handle, targets[i]);

		if (!value)
			continue;
		promises = true;
		if (needs_calendar(value->text) && !tkt_conf_get(conf, section->handle, "calendar"))
			tkt_conf_report(conf, value->line, false,
			    _("'%s' counts working time: sla '%s' needs a calendar"), value->text,
			    section->title);
	}
	if (!promises)
		tkt_conf_report(conf, section->line, true,
		    _("sla '%s' promises nothing: no first_response, next_response or resolution"),
		    section->title);
}

static const struct tkt_conf_section *parent_of(
    const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++)
		if (conf->sections[i].handle == section->parent)
			return &conf->sections[i];
	return NULL;
}

static void check_step(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_section *timer = parent_of(conf, section);

	if (timer && needs_calendar(section->title) &&
	    !tkt_conf_get(conf, timer->handle, "calendar"))
		tkt_conf_report(conf, section->line, false,
		    _("'%s' counts working time: timer '%s' needs a calendar"), section->title,
		    timer->title);
}

/* A pause or step of a clock that the sla does not have would never come to be. */
static void check_clock(
    const struct tkt_conf *conf, const struct tkt_conf_section *section, const char *clock)
{
	const struct tkt_conf_section *sla = parent_of(conf, section);

	if (sla && !tkt_conf_get(conf, sla->handle, clock))
		tkt_conf_report(
		    conf, section->line, false, _("sla '%s' has no clock '%s'"), sla->title, clock);
}

static void check_escalation(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		size_t length = strlen(targets[i]);

		if (!strncmp(section->title, targets[i], length) && section->title[length] == ' ')
			check_clock(conf, section, targets[i]);
	}
}

static void check_addresses(const struct tkt_conf *conf)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, NULL, "addresses");

	if (value && !tkt_conf_get(conf, NULL, "address"))
		tkt_conf_report(conf, value->line, false,
		    _("'addresses' needs 'address': the one that the desk writes from"));
}

void tkt_policy_check(const struct tkt_conf *conf)
{
	size_t i;

	check_addresses(conf);
	for (i = 0; i < conf->section_count; i++) {
		const struct tkt_conf_section *section = &conf->sections[i];

		check_calendar(conf, section);
		if (tkt_text_equal(section->kind, "transport"))
			check_transport(conf, section);
		else if (tkt_text_equal(section->kind, "sla"))
			check_sla(conf, section);
		else if (tkt_text_equal(section->kind, "pause"))
			check_clock(conf, section, section->title);
		else if (tkt_text_equal(section->kind, "escalate"))
			check_escalation(conf, section);
		else if (tkt_text_equal(section->kind, "step"))
			check_step(conf, section);
	}
}

/* "+06:00 Asia/Yekaterinburg": do both show one time, in winter and in summer? */
static void warn_zone(const struct tkt_conf *conf, const struct tkt_conf_value *value, int64_t now)
{
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
		tkt_conf_report(conf, value->line, true,
		    _("'%s' and '%s' disagree: %02d:%02d against %02d:%02d; the first counts"),
		    first, second, here.hour, here.minute, there.hour, there.minute);
		return;
	}
}

static void warn_pause(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_section *sla = parent_of(conf, section);
	const struct tkt_conf_value *target =
	    sla ? tkt_conf_get(conf, sla->handle, section->title) : NULL;
	struct tkt_error error = { 0 };
	struct tkt_length length;

	if (target && !tkt_length_parse(target->text, &length, &error) &&
	    length.unit == TKT_UNIT_CALENDAR_DAY)
		tkt_conf_report(conf, section->line, true,
		    _("'%s' of sla '%s' is a term in 'cd', which takes no pause"), section->title,
		    sla->title);
}

static void warn_smtp(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *tls = tkt_conf_get(conf, section->handle, "tls");

	if (tkt_conf_get(conf, section->handle, "user") && tls && !tkt_boolean_value(tls->text))
		tkt_conf_report(
		    conf, tls->line, true, _("without TLS the password may be sent in the clear"));
}

void tkt_policy_warn(const struct tkt_conf *conf, int64_t now)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (tkt_text_equal(conf->values[i].setting->name, "timezone"))
			warn_zone(conf, &conf->values[i], now);
	for (i = 0; i < conf->section_count; i++) {
		const struct tkt_conf_section *section = &conf->sections[i];

		if (tkt_text_equal(section->kind, "pause"))
			warn_pause(conf, section);
		else if (tkt_text_equal(section->kind, "transport"))
			warn_smtp(conf, section);
	}
}
