#include "flow/turn.h"

#include "flow/session.h"
#include "store/assignment.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_turn_follow(struct tkt_session *session, const json_t *event, struct tkt_error *error)
{
	const char *team = tkt_object_text(event, "team"),
		   *agent = tkt_object_text(json_object_get(event, "set"), "assignee");

	if (!team || !agent)
		return 0;
	return tkt_turn_write(
	    session->db, team, agent, json_integer_value(json_object_get(event, "seq")), error);
}
