#include "desk/agent_check.h"

#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "desk/check.h"
#include "desk/conf.h"
#include "expression/expression.h"
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

/* The group that an option names; NULL: none. */
static const char *group_of(const struct tkt_conf_value *value)
{
	if (value->setting->check == tkt_check_member || value->setting->check == tkt_check_notify)
		return behind(value->text, GROUP);
	if (value->setting->check == tkt_check_assignment && !strstr(value->text, "{{"))
		return behind(value->text, "group=");
	return NULL;
}

struct judging {
	const struct tkt_conf *conf;
	const json_t *agents;
	int line; /* of what is being judged */
};

static void warn_login(const struct judging *judging, const char *login)
{
	const json_t *agent = tkt_array_find(judging->agents, "id", login);

	if (!agent)
		tkt_conf_report(judging->conf, judging->line, true,
		    _("'%s' is no agent of this desk; see tkt-agent"), login);
	else if (json_is_false(json_object_get(agent, "is_active")))
		tkt_conf_report(judging->conf, judging->line, true,
		    _("agent '%s' is not active any more; see tkt-agent"), login);
}

static void warn_group(const struct judging *judging, const char *group)
{
	if (!has_group(judging->agents, group))
		tkt_conf_report(judging->conf, judging->line, true,
		    _("no agent of this desk is in group '%s'"), group);
}

/* 'assignee=ivanova', 'group in l1,l2' */
static void warn_leaf(const struct tkt_expression *leaf, void *context)
{
	const struct judging *judging = context;
	bool is_login = tkt_text_equal(leaf->field->name, "assignee");
	size_t i;

	if (!is_login && !tkt_text_equal(leaf->field->name, "group"))
		return;
	if (leaf->pattern) /* of ~ and !~ */
		return;
	for (i = 0; i < leaf->literal_count; i++) {
		const char *name = leaf->literals[i].text;

		if (tkt_text_is_empty(name))
			continue;
		if (is_login)
			warn_login(judging, name);
		else
			warn_group(judging, name);
	}
}

static void warn_value(const struct judging *judging, const struct tkt_conf_value *value)
{
	const char *login = login_of(value), *group = group_of(value);

	if (!tkt_text_is_empty(login))
		warn_login(judging, login);
	if (!tkt_text_is_empty(group))
		warn_group(judging, group);
	tkt_expression_each_leaf(value->expression, warn_leaf, (void *)judging);
}

void tkt_agents_warn(const struct tkt_conf *conf, const json_t *agents)
{
	struct judging judging = { conf, agents, 0 };
	size_t i;

	if (!json_array_size(agents))
		return;
	for (i = 0; i < conf->value_count; i++) {
		judging.line = conf->values[i].line;
		warn_value(&judging, &conf->values[i]);
	}
}
