#include "desk/reach_check.h"

#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "desk/conf.h"
#include "expression/expression.h"
#include "expression/implies.h"

#include "base/banned.h"

static bool implies(const struct tkt_conf_value *given, const struct tkt_expression *wanted)
{
	return given->expression && tkt_expression_implies(given->expression, wanted);
}

/* Does what the section wants make this true: one of its `match`, or each of its `any`? */
static bool makes_true(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const struct tkt_expression *wanted)
{
	const struct tkt_conf_value *value = NULL;
	bool each = tkt_conf_has(conf, section, "any");

	while ((value = tkt_conf_next(conf, section->handle, "match", value)))
		if (implies(value, wanted))
			return true;
	while ((value = tkt_conf_next(conf, section->handle, "any", value)))
		each = each && implies(value, wanted);
	return each;
}

/* Does one of the `any` of a section hold whenever this one does? */
static bool is_among(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const struct tkt_conf_value *given)
{
	const struct tkt_conf_value *value = NULL;

	while ((value = tkt_conf_next(conf, section->handle, "any", value)))
		if (value->expression && implies(given, value->expression))
			return true;
	return false;
}

/* Does some `any` of a section hold for each ticket of the other? */
static bool takes_any_of(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const struct tkt_conf_section *other)
{
	const struct tkt_conf_value *value = NULL;
	bool each = tkt_conf_has(conf, other, "any");

	while ((value = tkt_conf_next(conf, section->handle, "any", value)))
		if (value->expression && makes_true(conf, other, value->expression))
			return true;
	while ((value = tkt_conf_next(conf, other->handle, "any", value)))
		each = each && is_among(conf, section, value);
	return each;
}

/* Are its conditions the same or weaker, so that it takes all that the other would? */
static bool takes_all_of(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const struct tkt_conf_section *other)
{
	const struct tkt_conf_value *value = NULL;

	while ((value = tkt_conf_next(conf, section->handle, "match", value)))
		if (!value->expression || !makes_true(conf, other, value->expression))
			return false;
	return !tkt_conf_has(conf, section, "any") || takes_any_of(conf, section, other);
}

/* What a route changes, and whether another one judges by it. */
struct touch {
	const char *field;
	size_t length;
	bool is_touched;
};

/* What is worked out from others may follow any of them. */
static void note_touch(const struct tkt_expression *leaf, void *context)
{
	struct touch *touch = context;
	const char *name = leaf->field->name;
	size_t length = strlen(name);

	if (leaf->field->flags & (TKT_FIELD_DERIVED | TKT_FIELD_CLOCK) ||
	    (length <= touch->length && !strncmp(name, touch->field, length)))
		touch->is_touched = true;
}

static bool judges_by(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const char *field, size_t length)
{
	struct touch touch = { field, length, false };
	const struct tkt_conf_value *value = NULL;

	while ((value = tkt_conf_next(conf, section->handle, "match", value)))
		tkt_expression_each_leaf(value->expression, note_touch, &touch);
	while ((value = tkt_conf_next(conf, section->handle, "any", value)))
		tkt_expression_each_leaf(value->expression, note_touch, &touch);
	return touch.is_touched;
}

/* Does a route change what another one judges by? */
static bool may_move(const struct tkt_conf *conf, const struct tkt_conf_section *route,
    const struct tkt_conf_section *other)
{
	const struct tkt_conf_value *value = NULL;

	while ((value = tkt_conf_next(conf, route->handle, "set", value)))
		if (judges_by(conf, other, value->text, strcspn(value->text, "+-=")))
			return true;
	while ((value = tkt_conf_next(conf, route->handle, "add", value)))
		if (judges_by(conf, other, value->text, strcspn(value->text, "=")))
			return true;
	return tkt_conf_has(conf, route, "team") &&
	    judges_by(conf, other, "assignee", strlen("assignee"));
}

/* May a ticket that passes a route have become one of its tickets before it comes to the other? */
static bool may_change_between(const struct tkt_conf *conf, const struct tkt_conf_section *route,
    const struct tkt_conf_section *section)
{
	const struct tkt_conf_section *between;

	for (between = route + 1; between < section; between++)
		if (tkt_conf_is_kind(between, "route") && may_move(conf, between, route))
			return true;
	return false;
}

/* Does what comes here never get past that one: is it the first that matches, or does it stop? */
static bool ends(const struct tkt_conf *conf, const struct tkt_conf_section *before,
    const struct tkt_conf_section *section)
{
	if (tkt_conf_is_kind(section, "route"))
		return tkt_boolean_value(tkt_conf_text(conf, before->handle, "stop", "false")) &&
		    !may_change_between(conf, before, section);
	return tkt_conf_is_kind(section, "sla") || tkt_conf_is_kind(section, "category") ||
	    tkt_conf_is_kind(section, "entitlement");
}

static void warn_behind(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_section *before;

	for (before = conf->sections; before < section; before++) {
		if (!tkt_conf_is_kind(before, section->kind) || !ends(conf, before, section) ||
		    !takes_all_of(conf, before, section))
			continue;
		if (tkt_conf_is_kind(section, "route"))
			tkt_conf_report(conf, section->line, true,
			    _("route '%s' is never reached: '%s' before it takes all its tickets and stops"),
			    section->title, before->title);
		else
			/* TRANSLATORS: a kind of section, its title, that of another one */
			tkt_conf_report(conf, section->line, true,
			    _("%s '%s' is never reached: '%s' before it takes all its tickets"),
			    section->kind, section->title, before->title);
		return;
	}
}

/* Can this one not hold beside all of `match`? */
static bool is_excluded(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const struct tkt_conf_value *given)
{
	const struct tkt_conf_value *value = NULL;

	if (!given->expression)
		return false;
	if (tkt_expression_is_never(given->expression))
		return true;
	while ((value = tkt_conf_next(conf, section->handle, "match", value)))
		if (value->expression &&
		    tkt_expression_excludes(value->expression, given->expression))
			return true;
	return false;
}

static void warn_never(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *value = NULL;
	bool is_never = false, each = tkt_conf_has(conf, section, "any");

	while ((value = tkt_conf_next(conf, section->handle, "match", value)))
		is_never = is_never || is_excluded(conf, section, value);
	while ((value = tkt_conf_next(conf, section->handle, "any", value)))
		each = each && is_excluded(conf, section, value);
	if (is_never || each)
		/* TRANSLATORS: a kind of section, its title */
		tkt_conf_report(conf, section->line, true,
		    _("%s '%s' matches no ticket: its conditions cannot hold together"),
		    section->kind, section->title);
}

void tkt_reach_warn(const struct tkt_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->section_count; i++) {
		warn_never(conf, &conf->sections[i]);
		warn_behind(conf, &conf->sections[i]);
	}
}
