#include "policy/agent.h"

#include <string.h>

#include "base/text.h"
#include "json/field.h"

#include "base/banned.h"

const json_t *tkt_agent_find(const json_t *agents, const char *login)
{
	return tkt_array_find(agents, "id", login);
}

bool tkt_agent_has(const json_t *agent, const char *list, const char *word)
{
	return tkt_array_has_text(json_object_get(agent, list), word);
}

const json_t *tkt_agent_absence(const json_t *agent, const char *day)
{
	const json_t *absence;
	size_t at;

	json_array_foreach(json_object_get(agent, "absences"), at, absence) {
		const char *from = tkt_object_text(absence, "from"),
			   *until = tkt_object_text(absence, "until");

		if (from && until && strcmp(from, day) <= 0 && strcmp(day, until) <= 0)
			return absence;
	}
	return NULL;
}

enum tkt_presence tkt_agent_presence(const json_t *agents, const char *login, const char *day)
{
	const json_t *agent = tkt_agent_find(agents, login);

	if (!json_array_size(agents))
		return TKT_AGENT_PRESENT;
	if (!agent)
		return TKT_AGENT_UNKNOWN;
	if (!json_is_true(json_object_get(agent, "is_active")))
		return TKT_AGENT_INACTIVE;
	return tkt_agent_absence(agent, day) ? TKT_AGENT_ABSENT : TKT_AGENT_PRESENT;
}

const char *tkt_agent_deputy(const json_t *agents, const char *login, const char *day)
{
	size_t steps;

	/* more steps than there are agents go round */
	for (steps = 0; login && steps <= json_array_size(agents); steps++) {
		const json_t *agent = tkt_agent_find(agents, login);
		const char *deputy = tkt_object_text(tkt_agent_absence(agent, day), "deputy");

		login = deputy ? deputy : tkt_object_text(agent, "deputy");
		if (login && tkt_agent_presence(agents, login, day) == TKT_AGENT_PRESENT)
			return login;
	}
	return NULL;
}
