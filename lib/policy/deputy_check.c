#include "policy/deputy_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "policy/agent.h"
#include "json/field.h"

#include "base/banned.h"

struct judging {
	const json_t *agents;
	const char *today;
	tkt_finding_report *report;
	void *context;
};

static void warn(const struct judging *judging, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void warn(const struct judging *judging, const char *format, ...)
{
	struct tkt_error error = { 0 };
	struct tkt_finding finding = { .is_warning = true, .file = "tkt.db", .text = error.text };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error.text, sizeof(error.text), format, arguments);
	va_end(arguments);
	judging->report(&finding, judging->context);
}

/* Does following the deputies for good come back to this agent? It is told of the first by name
 * alone. */
static bool is_circle(const json_t *agents, const char *login)
{
	const char *next = tkt_object_text(tkt_agent_find(agents, login), "deputy");
	size_t steps;

	for (steps = 0; next && steps < json_array_size(agents); steps++) {
		if (strcmp(next, login) < 0)
			return false;
		if (!strcmp(next, login))
			return true;
		next = tkt_object_text(tkt_agent_find(agents, next), "deputy");
	}
	return false;
}

static void warn_deputy(const struct judging *judging, const char *login, const char *deputy)
{
	if (deputy && !tkt_agent_find(judging->agents, deputy))
		warn(judging, _("the deputy of agent '%s', '%s', is no agent of this desk"), login,
		    deputy);
}

/* The first day of an absence, not before today, on which nobody stands in: who does changes where
 * an absence begins alone. NULL: there is none. */
static const char *day_of_nobody(
    const struct judging *judging, const char *login, const json_t *absence)
{
	const char *from = tkt_object_text(absence, "from"),
		   *until = tkt_object_text(absence, "until"), *first = NULL;
	const json_t *agent, *other;
	size_t i, k;

	from = strcmp(from, judging->today) < 0 ? judging->today : from;
	if (!tkt_agent_deputy(judging->agents, login, from))
		return from;
	json_array_foreach(judging->agents, i, agent)
		json_array_foreach(json_object_get(agent, "absences"), k, other) {
			const char *day = tkt_object_text(other, "from");

			if (strcmp(day, from) > 0 && strcmp(day, until) <= 0 &&
			    (!first || strcmp(day, first) < 0) &&
			    !tkt_agent_deputy(judging->agents, login, day))
				first = day;
		}
	return first;
}

static void warn_absence(const struct judging *judging, const json_t *agent, const json_t *absence)
{
	const char *login = tkt_object_text(agent, "id"),
		   *deputy = tkt_object_text(absence, "deputy"), *day;

	warn_deputy(judging, login, deputy);
	if ((!deputy && !tkt_object_text(agent, "deputy")) ||
	    strcmp(tkt_object_text(absence, "until"), judging->today) < 0)
		return;
	day = day_of_nobody(judging, login, absence);
	if (day)
		warn(judging,
		    _("on %s nobody stands in for agent '%s': the deputies are away too, or go in a circle"),
		    day, login);
}

static void warn_agent(const struct judging *judging, const json_t *agent)
{
	const char *login = tkt_object_text(agent, "id");
	const json_t *absence;
	size_t i;

	if (!json_is_true(json_object_get(agent, "is_active")))
		return;
	warn_deputy(judging, login, tkt_object_text(agent, "deputy"));
	if (is_circle(judging->agents, login))
		warn(judging,
		    _("the deputies of agent '%s' go in a circle: when all are absent, nobody stands in"),
		    login);
	json_array_foreach(json_object_get(agent, "absences"), i, absence)
		warn_absence(judging, agent, absence);
}

void tkt_deputies_warn(
    const json_t *agents, const char *today, tkt_finding_report *report, void *context)
{
	const struct judging judging = { agents, today, report, context };
	const json_t *agent;
	size_t i;

	json_array_foreach(agents, i, agent)
		warn_agent(&judging, agent);
}
