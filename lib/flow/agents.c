#include "flow/agents.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "flow/session.h"
#include "store/people.h"
#include "json/field.h"

#include "base/banned.h"

static int add(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	json_t *agent = NULL;

	if (tkt_row_load(&tkt_agent_fields, row, &agent, error))
		return -1;
	return json_array_append_new(context, agent) ? tkt_error_set_memory(error) : 0;
}

int tkt_agents_read(struct tkt_db *db, json_t **agents, struct tkt_error *error)
{
	json_auto_t *made = json_array();

	if (!made)
		return tkt_error_set_memory(error);
	if (tkt_people_each(db, &tkt_agent_fields, NULL, add, NULL, made, error) < 0)
		return -1;
	*agents = tkt_take(made);
	return 0;
}

int tkt_session_agents(struct tkt_session *session, const json_t **agents, struct tkt_error *error)
{
	if (!session->agents && tkt_agents_read(session->db, &session->agents, error))
		return -1;
	*agents = session->agents;
	return 0;
}
