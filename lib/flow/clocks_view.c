#include "flow/clocks_view.h"

#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "flow/story.h"
#include "json/field.h"

#include "base/banned.h"

int tkt_clocks_level(struct tkt_session *session, const json_t *ticket, struct tkt_level *level,
    struct tkt_error *error)
{
	struct tkt_calendars *calendars;
	const struct tkt_policy *policy;

	if (tkt_session_policy_of(session, tkt_object_text(ticket, "policy"), &policy, error) ||
	    tkt_session_calendars(session, &calendars, error))
		return -1;
	return tkt_level_choose(policy, calendars, ticket, level, error);
}

/* The ticket as it stands here may be one that nobody has written yet. */
static int adopt(struct tkt_session *session, const json_t *ticket, const struct tkt_level *level,
    struct tkt_clocks *clocks, struct tkt_error *error)
{
	const char *id = tkt_object_text(ticket, "id");
	int64_t now = tkt_command_now(session->command);
	tkt_autostory story = { 0 };
	struct tkt_moment moment;

	if (id && tkt_story_read(session->db, id, &story, error))
		return -1;
	moment = tkt_moment_of(ticket, NULL, !story.count, now);
	if (tkt_story_add(&story, &moment, error))
		return -1;
	return tkt_clocks_adopt(clocks, story.moments, story.count, level, now, error);
}

int tkt_clocks_fresh(struct tkt_session *session, const json_t *ticket, struct tkt_clocks *clocks,
    struct tkt_level *level, struct tkt_error *error)
{
	if (tkt_clocks_level(session, ticket, level, error) ||
	    tkt_clocks_load(json_object_get(ticket, "clocks"), clocks, error))
		return -1;
	if (tkt_text_equal(tkt_object_text(ticket, "status"), "closed"))
		return 0;
	if (tkt_clocks_reckon(clocks, level, tkt_command_now(session->command), error))
		return -1;
	if (tkt_clocks_are_by(clocks, level))
		return 0;
	return adopt(session, ticket, level, clocks, error);
}

int tkt_clocks_view(struct tkt_session *session, json_t *ticket, struct tkt_error *error)
{
	tkt_autoclocks clocks = { 0 };
	struct tkt_level level;
	json_t *array;

	if (tkt_clocks_fresh(session, ticket, &clocks, &level, error) ||
	    tkt_clocks_store(&clocks, &array, error))
		return -1;
	return tkt_object_set(ticket, "clocks", array, error);
}
