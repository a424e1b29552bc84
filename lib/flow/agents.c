#include "flow/agents.h"

#include "base/error.h"
#include "flow/session.h"

#include "base/banned.h"

int tkt_session_agents(struct tkt_session *session, const json_t **agents, struct tkt_error *error)
{
	if (!session->agents && !(session->agents = json_array()))
		return tkt_error_set_memory(error);
	*agents = session->agents;
	return 0;
}
