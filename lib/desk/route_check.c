#include "desk/route_rule.h"

#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "desk/conf.h"

#include "base/banned.h"

static bool is_of(
    const struct tkt_conf_value *value, const struct tkt_conf_section *section, const char *name)
{
	return value->section == section->handle && tkt_text_equal(value->setting->name, name);
}

/* Has the section this option with this value? */
static bool has_value(const struct tkt_conf *conf, const struct tkt_conf_section *section,
    const char *name, const char *text)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (is_of(&conf->values[i], section, name) &&
		    tkt_text_equal(conf->values[i].text, text))
			return true;
	return false;
}

void tkt_route_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *team = tkt_conf_get(conf, section->handle, "team");

	if (team && !tkt_conf_section_find(conf, "team", team->text))
		tkt_conf_report(conf, team->line, false, _("there is no team '%s'"), team->text);
}

void tkt_team_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *skill = tkt_conf_get(conf, section->handle, "skill");
	bool prefers_skill = has_value(conf, section, "prefer", "skill");

	if (!tkt_conf_has(conf, section, "members"))
		tkt_conf_report(
		    conf, section->line, false, _("team '%s' has no 'members'"), section->title);
	if (prefers_skill && !skill)
		tkt_conf_report(conf, section->line, false,
		    _("team '%s' prefers by skill: it needs a 'skill', the field that names it"),
		    section->title);
	if (skill && !prefers_skill)
		tkt_conf_report(conf, skill->line, false,
		    _("team '%s' has a 'skill', but 'prefer' does not name it"), section->title);
}

static bool changes(const struct tkt_conf *conf, const struct tkt_conf_section *route)
{
	return tkt_conf_has(conf, route, "set") || tkt_conf_has(conf, route, "add");
}

void tkt_route_section_warn(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	const struct tkt_conf_value *notify = tkt_conf_get(conf, section->handle, "notify");
	bool stops = tkt_boolean_value(tkt_conf_text(conf, section->handle, "stop", "false"));

	if (changes(conf, section) || tkt_conf_has(conf, section, "team"))
		return;
	if (notify)
		tkt_conf_report(conf, notify->line, true,
		    _("route '%s' tells nobody: it changes nothing that could be told; set or add something"),
		    section->title);
	else if (!stops)
		tkt_conf_report(
		    conf, section->line, true, _("route '%s' does nothing"), section->title);
}

void tkt_team_section_warn(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++)
		if (tkt_text_equal(conf->values[i].setting->section, "route") &&
		    tkt_text_equal(conf->values[i].setting->name, "team") &&
		    tkt_text_equal(conf->values[i].text, section->title))
			return;
	tkt_conf_report(conf, section->line, true, _("no route names team '%s'"), section->title);
}
