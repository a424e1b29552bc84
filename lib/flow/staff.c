#include "flow/staff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/utf8.h"
#include "desk/desk.h"
#include "flow/agents.h"
#include "flow/session.h"
#include "policy/agent.h"
#include "json/field.h"

#include "base/banned.h"

/* One list in the making. */
struct gathering {
	struct tkt_session *session;
	const json_t *agents;
	char day[16];
	json_t *addresses;
};

/* Adds NAME or an address as an address. 0 or -1. */
static int add(const struct gathering *gathering, const char *name, struct tkt_error *error)
{
	const struct tkt_desk *desk = gathering->session->desk;
	tkt_autofree char *address = NULL;

	if (asprintf(&address, strchr(name, '@') ? "%s" : "%s@%s", name, desk->staff_domain) < 0) {
		address = NULL;
		return tkt_error_set_memory(error);
	}
	tkt_ascii_lower(address);
	if (!tkt_address_is_valid(address) || tkt_desk_has_address(desk, address))
		return 0;
	if (tkt_array_has_text(gathering->addresses, address))
		return 0;
	return json_array_append_new(gathering->addresses, json_string(address))
	    ? tkt_error_set_memory(error)
	    : 0;
}

/* An agent, or his deputy. */
static int add_agent(const struct gathering *gathering, const char *login, struct tkt_error *error)
{
	const char *deputy = NULL, *email;

	if (tkt_agent_presence(gathering->agents, login, gathering->day) != TKT_AGENT_PRESENT)
		deputy = tkt_agent_deputy(gathering->agents, login, gathering->day);
	if (deputy)
		login = deputy;
	email = tkt_object_text(tkt_agent_find(gathering->agents, login), "email");
	return add(gathering, email ? email : login, error);
}

/* Those of a group who are there; when nobody is, all of them by their deputies. */
static int add_group(const struct gathering *gathering, const char *group, struct tkt_error *error)
{
	bool is_known = false, is_there = false, takes;
	const json_t *agent;
	size_t at;

	json_array_foreach(gathering->agents, at, agent) {
		const char *login = tkt_object_text(agent, "id");

		is_known = is_known || tkt_agent_has(agent, "groups", group);
		takes = tkt_agent_has(agent, "groups", group) &&
		    tkt_agent_presence(gathering->agents, login, gathering->day) ==
			TKT_AGENT_PRESENT;
		is_there = is_there || takes;
		if (takes && add_agent(gathering, login, error))
			return -1;
	}
	if (!is_known)
		return add(gathering, group, error);
	json_array_foreach(gathering->agents, at, agent) {
		if (!is_there && tkt_agent_has(agent, "groups", group) &&
		    json_is_true(json_object_get(agent, "is_active")) &&
		    add_agent(gathering, tkt_object_text(agent, "id"), error))
			return -1;
	}
	return 0;
}

int tkt_staff_addresses(struct tkt_session *session, const char *person, const json_t *ticket,
    json_t *addresses, struct tkt_error *error)
{
	const char *assignee = tkt_object_text(ticket, "assignee"),
		   *group = tkt_object_text(ticket, "group");
	struct gathering gathering = { .session = session, .addresses = addresses };

	if (tkt_session_agents(session, &gathering.agents, error))
		return -1;
	tkt_session_day(session, gathering.day);
	if (tkt_text_equal(person, "requester"))
		return 0;
	if (tkt_text_equal(person, "assignee")) {
		if (!assignee && !group)
			return 0;
		return assignee ? add_agent(&gathering, assignee, error)
				: add_group(&gathering, group, error);
	}
	if (!strncmp(person, "group:", 6))
		return add_group(&gathering, person + 6, error);
	if (!strncmp(person, "agent:", 6))
		return add_agent(&gathering, person + 6, error);
	return add(&gathering, person, error);
}
