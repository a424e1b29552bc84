#include "desk/action_rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/conf.h"
#include "desk/level.h"
#include "desk/section.h"
#include "desk/source.h"

#include "base/banned.h"

static int make_action(const struct tkt_section_maker *maker,
    const struct tkt_conf_section *section, struct tkt_action *action, struct tkt_error *error)
{
	const struct tkt_conf *conf = maker->conf;
	const struct tkt_conf_range *handle = section->handle;

	*action = (struct tkt_action){ 0 };
	action->by_contract =
	    tkt_text_equal(tkt_conf_text(conf, handle, "address", "any"), "contract");
	action->needs_reason = tkt_boolean_value(tkt_conf_text(conf, handle, "reason", "false"));
	return tkt_text_keep(&action->title, section->title, error) ||
		tkt_section_rule(maker, section, &action->rule, error) ||
		tkt_section_match(maker, handle, &action->match, error) ||
		tkt_text_keep(&action->needs, tkt_conf_text(conf, handle, "needs", NULL), error) ||
		tkt_section_texts(maker, handle, "channels", &action->channels, error) ||
		tkt_section_assignments(maker, handle, "set", &action->set, error) ||
		tkt_section_texts(maker, handle, "add", &action->add, error) ||
		tkt_section_texts(maker, handle, "notify", &action->notify, error) ||
		tkt_text_keep(&action->reply, tkt_conf_text(conf, handle, "reply", NULL), error)
	    ? -1
	    : 0;
}

int tkt_action_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_action *room =
	    tkt_source_grow((void **)&policy->actions, policy->action_count, sizeof(*room));

	if (!room)
		return tkt_error_set_memory(error);
	policy->action_count++;
	return make_action(maker, section, room, error);
}

void tkt_actions_free(struct tkt_action *actions, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(actions[i].title);
		free(actions[i].rule);
		tkt_match_clear(&actions[i].match);
		free(actions[i].needs);
		tkt_texts_free(actions[i].channels);
		tkt_texts_free(actions[i].set);
		tkt_texts_free(actions[i].add);
		tkt_texts_free(actions[i].notify);
		free(actions[i].reply);
	}
	free(actions);
}

const struct tkt_action *tkt_action_find(const struct tkt_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->action_count; i++)
		if (tkt_text_equal(policy->actions[i].title, name))
			return &policy->actions[i];
	return NULL;
}

bool tkt_action_field_of(const char *assignment, char **name, char **field)
{
	size_t length = strcspn(assignment, "=+-"), end = strlen(assignment), start = length + 3;

	if (strncmp(assignment + length, "={{", 3) || end < start + 3 ||
	    strcmp(assignment + end - 2, "}}"))
		return false;
	end -= 2;
	while (assignment[start] == ' ')
		start++;
	while (end > start && assignment[end - 1] == ' ')
		end--;
	if (name)
		*name = strndup(assignment, length);
	if (field)
		*field = strndup(assignment + start, end - start);
	return end > start;
}

void tkt_action_section_check(const struct tkt_conf *conf, const struct tkt_conf_section *section)
{
	size_t i;

	for (i = 0; i < conf->value_count; i++) {
		const struct tkt_conf_value *value = &conf->values[i];

		if (value->section == section->handle &&
		    tkt_text_equal(value->setting->name, "notify") &&
		    tkt_text_equal(value->text, "requester"))
			tkt_conf_report(conf, value->line, false,
			    _("action '%s' tells the requester by a 'reply', not by 'notify'"),
			    section->title);
	}
}
