#include "desk/agent_check.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "desk/check.h"
#include "desk/conf.h"
#include "desk/finding.h"
#include "json/field.h"

#include "base/banned.h"

#define ASSIGNEE "assignee="
#define AGENT "agent:"
#define GROUP "group:"

static bool has_group(const json_t *agents, const char *group)
{
	const json_t *agent;
	size_t at;

	json_array_foreach(agents, at, agent)
		if (tkt_array_has_text(json_object_get(agent, "groups"), group))
			return true;
	return false;
}

/* Behind a prefix; NULL: the text has not got it. */
static const char *behind(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) ? NULL : text + length;
}

/* The login that an option names; NULL: none. */
static const char *login_of(const struct tkt_conf_value *value)
{
	const char *text = value->text;

	if (strstr(text, "{{")) /* that of a field */
		return NULL;
	if (value->setting->check == tkt_check_member)
		return behind(text, GROUP) ? NULL : text;
	if (value->setting->check == tkt_check_notify)
		return behind(text, AGENT);
	if (value->setting->check == tkt_check_assignment)
		return behind(text, ASSIGNEE);
	return NULL;
}

static void warn_value(
    const struct tkt_conf *conf, const struct tkt_conf_value *value, const json_t *agents)
{
	const char *login = login_of(value);
	const char *group =
	    value->setting->check == tkt_check_member ? behind(value->text, GROUP) : NULL;

	if (!tkt_text_is_empty(login) && !tkt_array_find(agents, "id", login))
		tkt_conf_report(conf, value->line, true,
		    _("'%s' is no agent of this desk; see tkt-agent"), login);
	if (group && !has_group(agents, group))
		tkt_conf_report(
		    conf, value->line, true, _("no agent of this desk is in group '%s'"), group);
}

/* Who stands in for an agent for good; an absence may name another one, for its days. */
static const char *deputy_of(const json_t *agents, const char *login)
{
	return tkt_object_text(tkt_array_find(agents, "id", login), "deputy");
}

/* Does following the deputies come back to this agent? It is told of the first by name alone. */
static bool is_circle(const json_t *agents, const char *login)
{
	const char *next = deputy_of(agents, login);
	size_t steps;

	for (steps = 0; next && steps < json_array_size(agents); steps++) {
		if (strcmp(next, login) < 0)
			return false;
		if (!strcmp(next, login))
			return true;
		next = deputy_of(agents, next);
	}
	return false;
}

static void warn_agent(const struct tkt_conf *conf, const json_t *agents, const json_t *agent)
{
	const char *login = tkt_object_text(agent, "id"),
		   *deputy = tkt_object_text(agent, "deputy");

	if (!login || !deputy)
		return;
	if (!tkt_array_find(agents, "id", deputy))
		tkt_finding_add(conf->findings, INT_MAX, true, "tkt.db", 0,
		    _("the deputy of agent '%s', '%s', is no agent of this desk"), login, deputy);
	else if (is_circle(agents, login))
		tkt_finding_add(conf->findings, INT_MAX, true, "tkt.db", 0,
		    _("the deputies of agent '%s' go in a circle: when all are absent, nobody stands in"),
		    login);
}

void tkt_agents_warn(const struct tkt_conf *conf, const json_t *agents)
{
	const json_t *agent;
	size_t i;

	if (!json_array_size(agents))
		return;
	for (i = 0; i < conf->value_count; i++)
		warn_value(conf, &conf->values[i], agents);
	json_array_foreach(agents, i, agent)
		warn_agent(conf, agents, agent);
}
