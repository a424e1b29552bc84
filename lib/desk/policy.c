#include "desk/policy.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/action_rule.h"
#include "desk/attachment_rule.h"
#include "desk/conf.h"
#include "desk/hours_check.h"
#include "desk/level.h"
#include "desk/pattern_check.h"
#include "desk/reach_check.h"
#include "expression/expression.h"
#include "json/field.h"

#include "base/banned.h"

/* Which options a kind of transport has; the others would be without effect. */
static const struct {
	const char *kind, *option;
} transport_options[] = {
	{ "maildir", "path" },
	{ "maildir", "rate" },
	{ "sendmail", "command" },
	{ "sendmail", "timeout" },
	{ "sendmail", "rate" },
	{ "smtp", "url" },
	{ "smtp", "user" },
	{ "smtp", "tls" },
	{ "smtp", "ca_file" },
	{ "smtp", "timeout" },
	{ "smtp", "rate" },
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

static void check_filter(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	if (!tkt_conf_get(conf, section->handle, "command"))
		tkt_conf_report(
		    conf, section->line, false, _("filter '%s' needs a 'command'"), section->title);
}

/* Units of working time mean nothing without a calendar. */
static bool needs_calendar(const char *text)
{
	struct tkt_error error = { 0 };
	struct tkt_length length;

	return !tkt_length_parse(text, &length, &error) && length.unit >= TKT_UNIT_WORK_SECOND;
}

/* The option that names a calendar, of a section or at the top. */
static void check_calendar(
    const struct tkt_conf *conf, const struct tkt_conf_range *section, const char *option)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section, option);

	if (value && !tkt_conf_section_find(conf, "calendar", value->text))
		tkt_conf_report(
		    conf, value->line, false, _("there is no calendar '%s'"), value->text);
}

/* Does a section count working time: an sla by its targets, a timer by its steps? */
static bool counts_hours(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < TKT_CLOCK_COUNT; i++) {
		const char *target = tkt_conf_text(conf, section->handle, tkt_clock_words[i], NULL);

		if (target && needs_calendar(target))
			return true;
	}
	for (i = 0; i < conf->section_count; i++)
		if (conf->sections[i].parent == section->handle &&
		    tkt_text_equal(conf->sections[i].kind, "step") &&
		    needs_calendar(conf->sections[i].title))
			return true;
	return false;
}

/* The first sla that counts working time; NULL: none does. */
static const struct tkt_conf_section *find_counting(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++)
		if (tkt_text_equal(conf->sections[i].kind, "sla") &&
		    counts_hours(conf, &conf->sections[i]))
			return &conf->sections[i];
	return NULL;
}

/* In a calendar that is never open no working time passes, and nothing is ever due. */
static void check_hours(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, section->handle, "calendar");
	const struct tkt_conf_section *counting =
	    tkt_text_equal(section->kind, "channel") ? find_counting(conf) : section;

	if (value && counting && counts_hours(conf, counting) &&
	    tkt_hours_are_none(conf, value->text))
		tkt_conf_report(conf, value->line, false,
		    _("calendar '%s' is never open, and %s '%s' counts working time"), value->text,
		    counting->kind, counting->title);
}

static void check_notices(const struct tkt_conf *conf)
{
	const struct tkt_conf_value *value = tkt_conf_get(conf, NULL, "notice_calendar");

	check_calendar(conf, NULL, "notice_calendar");
	if (value && tkt_hours_are_none(conf, value->text))
		tkt_conf_report(conf, value->line, false,
		    _("calendar '%s' is never open: notices would wait for ever"), value->text);
}

static void check_sla(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	bool promises = false;
	size_t i;

	for (i = 0; i < TKT_CLOCK_COUNT; i++) {
		const struct tkt_conf_value *value =
		    tkt_conf_get(conf, section->handle, tkt_clock_words[i]);

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

	for (i = 0; i < TKT_CLOCK_COUNT; i++) {
		size_t length = strlen(tkt_clock_words[i]);

		if (!strncmp(section->title, tkt_clock_words[i], length) &&
		    section->title[length] == ' ')
			check_clock(conf, section, tkt_clock_words[i]);
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
	check_notices(conf);
	tkt_hours_check(conf);
	for (i = 0; i < conf->section_count; i++) {
		const struct tkt_conf_section *section = &conf->sections[i];

		check_calendar(conf, section->handle, "calendar");
		check_hours(conf, section);
		if (tkt_text_equal(section->kind, "transport"))
			check_transport(conf, section);
		else if (tkt_text_equal(section->kind, "filter"))
			check_filter(conf, section);
		else if (tkt_text_equal(section->kind, "attachment"))
			tkt_attachment_section_check(conf, section);
		else if (tkt_text_equal(section->kind, "sla"))
			check_sla(conf, section);
		else if (tkt_text_equal(section->kind, "pause"))
			check_clock(conf, section, section->title);
		else if (tkt_text_equal(section->kind, "escalate"))
			check_escalation(conf, section);
		else if (tkt_text_equal(section->kind, "step"))
			check_step(conf, section);
		else if (tkt_text_equal(section->kind, "route"))
			tkt_route_section_check(conf, section);
		else if (tkt_text_equal(section->kind, "action"))
			tkt_action_section_check(conf, section);
		else if (tkt_text_equal(section->kind, "forbid"))
			tkt_forbid_section_check(conf, section);
		else if (tkt_text_equal(section->kind, "team"))
			tkt_team_section_check(conf, section);
		else
			tkt_intake_section_check(conf, section);
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

/* An act has a receipt that is proven; a ticket has its receipt. */
static void warn_anchor(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *anchor = tkt_conf_get(conf, section->handle, "anchor");

	if (anchor && tkt_text_equal(anchor->text, "proven_receipt"))
		tkt_conf_report(conf, anchor->line, true,
		    _("'proven_receipt' is for acts: the tickets of sla '%s' count from 'received'"),
		    section->title);
}

static void warn_since(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *since = tkt_conf_get(conf, section->handle, "since");

	if (since && tkt_text_equal(since->text, "updated"))
		tkt_conf_report(conf, since->line, true,
		    _("timer '%s' counts from the last change, and its own steps are changes: it "
		      "begins anew after each"),
		    section->title);
}

struct judging {
	const struct tkt_conf *conf;
	const struct tkt_conf_value *value;
	bool is_promise; /* of an sla, pause, timer or forbid: judged within a change */
	bool is_clock;   /* of the first three, which move with changes alone */
};

/* What a leaf names and nothing ever is: it would be false in silence. */
static void warn_leaf(const struct tkt_expression *leaf, void *context)
{
	const struct judging *judging = context;
	const char *name = leaf->field->name;

	if (leaf->part && !tkt_clock_is_known(leaf->key))
		tkt_conf_report(judging->conf, judging->value->line, true,
		    _("'%s' names no clock: first_response, next_response or resolution"),
		    judging->value->text);
	if (judging->is_promise &&
	    (tkt_text_equal(name, "questions") || tkt_text_equal(name, "description")))
		tkt_conf_report(judging->conf, judging->value->line, true,
		    _("'%s' is not known when a change is judged, and counts as empty"), name);
}

/* Clocks move with changes, so nobody looks when the time alone makes an expression true. */
static void warn_match(const struct tkt_conf *conf, const struct tkt_conf_value *value)
{
	const char *kind = value->setting->section;
	bool is_clock = tkt_text_equal(kind, "sla") || tkt_text_equal(kind, "pause") ||
	    tkt_text_equal(kind, "timer");
	struct judging judging = { conf, value, is_clock || tkt_text_equal(kind, "forbid"),
		is_clock };

	tkt_expression_each_leaf(value->expression, warn_leaf, &judging);
	if (judging.is_clock && tkt_expression_uses_now(value->expression))
		tkt_conf_report(conf, value->line, true,
		    _("'%s' depends on the time, but is judged only when a ticket changes"),
		    value->text);
}

static void warn_smtp(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *tls = tkt_conf_get(conf, section->handle, "tls");

	if (tkt_conf_get(conf, section->handle, "user") && tls && !tkt_boolean_value(tls->text))
		tkt_conf_report(
		    conf, tls->line, true, _("without TLS the password may be sent in the clear"));
}

static void warn_work(const struct tkt_conf *conf)
{
	const struct tkt_conf_value *age = tkt_conf_get(conf, NULL, "work_age");

	if (age && !tkt_conf_get(conf, NULL, "work_tiers"))
		tkt_conf_report(conf, age->line, true,
		    _("'work_age' says nothing without 'work_tiers': arrival alone counts"));
}

void tkt_policy_warn(const struct tkt_conf *conf, int64_t now)
{
	size_t i;

	tkt_hours_warn(conf, now);
	tkt_patterns_warn(conf);
	tkt_reach_warn(conf);
	warn_work(conf);
	for (i = 0; i < conf->section_count; i++) {
		const struct tkt_conf_section *section = &conf->sections[i];

		if (tkt_text_equal(section->kind, "pause"))
			warn_pause(conf, section);
		else if (tkt_text_equal(section->kind, "sla"))
			warn_anchor(conf, section);
		else if (tkt_text_equal(section->kind, "timer"))
			warn_since(conf, section);
		else if (tkt_text_equal(section->kind, "transport"))
			warn_smtp(conf, section);
		else if (tkt_text_equal(section->kind, "attachment"))
			tkt_attachment_section_warn(conf, section);
		else if (tkt_text_equal(section->kind, "route"))
			tkt_route_section_warn(conf, section);
		else if (tkt_text_equal(section->kind, "team"))
			tkt_team_section_warn(conf, section);
		else
			tkt_intake_section_warn(conf, section);
	}
	for (i = 0; i < conf->value_count; i++)
		warn_match(conf, &conf->values[i]);
}
