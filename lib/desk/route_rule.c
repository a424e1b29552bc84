#include "desk/route_rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/conf.h"
#include "desk/level.h"
#include "desk/section.h"
#include "desk/source.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *const tkt_preference_words[TKT_PREFER_COUNT] = { "named", "previous", "skill",
	"language" };
static const char *const assign_words[] = { "round_robin", "least_loaded", "none" };

static int make_route(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_route *route, struct tkt_error *error)
{
	const struct tkt_conf *conf = maker->conf;
	const struct tkt_conf_range *handle = section->handle;

	*route = (struct tkt_route){ 0 };
	route->stop = tkt_boolean_value(tkt_conf_text(conf, handle, "stop", "false"));
	return tkt_text_keep(&route->title, section->title, error) ||
		tkt_section_rule(maker, section, &route->rule, error) ||
		tkt_section_match(maker, handle, &route->match, error) ||
		tkt_section_assignments(maker, handle, "set", &route->set, error) ||
		tkt_section_texts(maker, handle, "add", &route->add, error) ||
		tkt_section_texts(maker, handle, "notify", &route->notify, error) ||
		tkt_text_keep(&route->team, tkt_conf_text(conf, handle, "team", NULL), error)
	    ? -1
	    : 0;
}

int tkt_route_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_route *room =
	    tkt_source_grow((void **)&policy->routes, policy->route_count, sizeof(*room));

	if (!room)
		return tkt_error_set_memory(error);
	policy->route_count++;
	return make_route(maker, section, room, error);
}

/* `prefer`: each word once, in file order. */
static int make_preferences(const struct tkt_section_maker *maker,
    const struct tkt_conf_range *section, struct tkt_team *team, struct tkt_error *error)
{
	tkt_autofree const struct tkt_conf_value **values = NULL;
	size_t i, known, count;

	values = tkt_section_values(maker, section, "prefer", &count);
	if (!values)
		return tkt_error_set_memory(error);
	for (i = 0; i < count; i++) {
		int word = tkt_word_index(tkt_preference_words, TKT_PREFER_COUNT, values[i]->text,
		    strlen(values[i]->text));

		for (known = 0; known < team->prefer_count; known++)
			if ((int)team->prefer[known] == word)
				break;
		if (word >= 0 && known == team->prefer_count)
			team->prefer[team->prefer_count++] = (enum tkt_preference)word;
	}
	return 0;
}

static int make_team(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_team *team, struct tkt_error *error)
{
	const char *assign = tkt_conf_text(maker->conf, section->handle, "assign", assign_words[0]);

	*team = (struct tkt_team){ 0 };
	team->assign = (enum tkt_assign)tkt_word_index(
	    assign_words, COUNT(assign_words), assign, strlen(assign));
	return tkt_text_keep(&team->title, section->title, error) ||
		tkt_section_rule(maker, section, &team->rule, error) ||
		tkt_section_texts(maker, section->handle, "members", &team->members, error) ||
		make_preferences(maker, section->handle, team, error) ||
		tkt_text_keep(
		    &team->skill, tkt_conf_text(maker->conf, section->handle, "skill", NULL), error)
	    ? -1
	    : 0;
}

int tkt_team_add(const struct tkt_section_maker *maker, const struct tkt_conf_section *section,
    struct tkt_policy *policy, struct tkt_error *error)
{
	struct tkt_team *room =
	    tkt_source_grow((void **)&policy->teams, policy->team_count, sizeof(*room));

	if (!room)
		return tkt_error_set_memory(error);
	policy->team_count++;
	return make_team(maker, section, room, error);
}

const struct tkt_team *tkt_team_find(const struct tkt_policy *policy, const char *name)
{
	size_t i;

	for (i = 0; i < policy->team_count; i++)
		if (tkt_text_equal(policy->teams[i].title, name))
			return &policy->teams[i];
	return NULL;
}

void tkt_routes_free(struct tkt_route *routes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(routes[i].title);
		free(routes[i].rule);
		tkt_match_clear(&routes[i].match);
		tkt_texts_free(routes[i].set);
		tkt_texts_free(routes[i].add);
		tkt_texts_free(routes[i].notify);
		free(routes[i].team);
	}
	free(routes);
}

void tkt_teams_free(struct tkt_team *teams, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(teams[i].title);
		free(teams[i].rule);
		tkt_texts_free(teams[i].members);
		free(teams[i].skill);
	}
	free(teams);
}
