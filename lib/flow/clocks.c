#include "flow/clocks.h"

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "desk/level.h"
#include "flow/difference.h"
#include "flow/outgoing_mail.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "flow/story.h"
#include "policy/clock.h"
#include "policy/due.h"
#include "policy/timer.h"
#include "json/field.h"

#include "base/banned.h"

/* One change on its way, as its ticket's promises see it. */
struct advancing {
	struct tkt_session *session;
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars; /* NULL: nothing of the ticket needs one */
	const json_t *change, *before;
	json_t *after;
	enum tkt_clocks_way way;
};

/* Is there anything that could run, or have run, on it? */
static bool has_promises(const struct tkt_policy *policy, const json_t *ticket)
{
	return policy->sla_count || policy->timer_count || json_object_get(ticket, "clocks") ||
	    json_object_get(ticket, "timers");
}

static bool is_closed(const json_t *ticket)
{
	return ticket && tkt_text_equal(tkt_object_text(ticket, "status"), "closed");
}

/* A mail that nobody gets answers nobody; what another channel brought is on record. 1, 0, -1. */
static int reaches_somebody(
    const struct advancing *advancing, const json_t *message, struct tkt_error *error)
{
	const char *channel = tkt_object_text(message, "channel");
	json_auto_t *recipients = NULL;

	if (channel && !tkt_text_equal(channel, "mail"))
		return 1;
	if (json_object_get(message, "to"))
		return !tkt_json_is_empty(json_object_get(message, "to")) ||
		    !tkt_json_is_empty(json_object_get(message, "cc"));
	if (tkt_reply_recipients(advancing->session, advancing->after, &recipients, error))
		return -1;
	return json_array_size(recipients) > 0;
}

static int read_moment(
    const struct advancing *advancing, struct tkt_moment *moment, struct tkt_error *error)
{
	const json_t *message = json_object_get(advancing->change, "message");
	int reaches;

	*moment = tkt_moment_of(advancing->after, message, !advancing->before,
	    tkt_command_now(advancing->session->command));
	if (!moment->reply_out)
		return 0;
	reaches = reaches_somebody(advancing, message, error);
	moment->reply_out = reaches > 0;
	return reaches < 0 ? -1 : 0;
}

/* The section, a target or the calendar is another one than the clocks are by. */
static int adopt(const struct advancing *advancing, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_clocks *clocks, struct tkt_error *error)
{
	tkt_autostory story = { 0 };

	if (tkt_story_read(
		advancing->session->db, tkt_object_text(advancing->before, "id"), &story, error) ||
	    tkt_story_add(&story, moment, error))
		return -1;
	return tkt_clocks_adopt(clocks, story.moments, story.count, level, moment->at, error);
}

/* Puts a list into the ticket, unless it stands there already. */
static int put(json_t *ticket, const char *name, json_t *list, struct tkt_error *error)
{
	if (tkt_json_equal(json_object_get(ticket, name), list))
		return 0;
	return tkt_object_set(ticket, name, json_incref(list), error);
}

static int move(const struct advancing *advancing, const struct tkt_moment *moment,
    const struct tkt_level *level, struct tkt_clocks *clocks, struct tkt_error *error)
{
	bool reckons = advancing->way == TKT_CLOCKS_RECKON;

	if (reckons && tkt_clocks_reckon(clocks, level, moment->at, error))
		return -1;
	if (!moment->opens &&
	    (advancing->way == TKT_CLOCKS_ADOPT || !tkt_clocks_are_by(clocks, level)))
		return adopt(advancing, moment, level, clocks, error);
	return reckons ? 0 : tkt_clocks_follow(clocks, moment, level, error);
}

static int move_clocks(const struct advancing *advancing, struct tkt_error *error)
{
	tkt_autoclocks clocks = { 0 };
	struct tkt_level level = { 0 };
	struct tkt_moment moment;
	json_auto_t *list = NULL;

	if (tkt_level_choose(
		advancing->policy, advancing->calendars, advancing->after, &level, error) ||
	    tkt_clocks_load(json_object_get(advancing->after, "clocks"), &clocks, error))
		return -1;
	if (!level.sla && !clocks.count)
		return 0;
	if (read_moment(advancing, &moment, error) ||
	    move(advancing, &moment, &level, &clocks, error) ||
	    tkt_clocks_store(&clocks, &list, error))
		return -1;
	return put(advancing->after, "clocks", list, error);
}

static int set_next(const struct advancing *advancing, struct tkt_error *error)
{
	char text[TKT_TIME_SIZE];
	int64_t next;

	if (tkt_due_next(advancing->policy, advancing->calendars, advancing->after, &next, error))
		return -1;
	return tkt_object_set(advancing->after, "next_at",
	    next == TKT_TIME_NONE ? json_null() : json_string(tkt_time_format(next, text)), error);
}

static int move_on(const struct advancing *advancing, bool promises, struct tkt_error *error)
{
	if (promises && !(is_closed(advancing->before) && is_closed(advancing->after)) &&
	    (move_clocks(advancing, error) ||
		tkt_timers_follow(
		    advancing->policy, advancing->calendars, advancing->after, error)))
		return -1;
	return set_next(advancing, error);
}

/* A calendar that has run out keeps no letter at the door: the change is made and the promises stay
 * as they were. */
static int keep_promises(const struct advancing *advancing, bool promises, struct tkt_error *error)
{
	json_t *after = advancing->after;
	json_auto_t *clocks = json_incref(json_object_get(after, "clocks"));
	json_auto_t *timers = json_incref(json_object_get(after, "timers"));
	struct tkt_error failure = { 0 };

	if (!move_on(advancing, promises, &failure))
		return 0;
	if (failure.kind != TKT_ERROR_DATA || advancing->way != TKT_CLOCKS_FOLLOW) {
		*error = failure;
		return -1;
	}
	if (tkt_object_set(after, "clocks", clocks ? json_incref(clocks) : json_null(), error) ||
	    tkt_object_set(after, "timers", timers ? json_incref(timers) : json_null(), error))
		return -1;
	tkt_command_warn(advancing->session->command,
	    _("ticket '%s': its clocks stay as they were: %s"), tkt_object_text(after, "id"),
	    failure.text);
	return 0;
}

int tkt_clocks_advance(struct tkt_session *session, const json_t *change, const json_t *before,
    json_t *after, enum tkt_clocks_way way, struct tkt_error *error)
{
	const json_t *step = json_object_get(change, "step");
	struct advancing advancing = {
		.session = session,
		.change = change,
		.before = before,
		.after = after,
		.way = way,
	};
	bool promises;

	if (tkt_session_policy_of(
		session, tkt_object_text(after, "policy"), &advancing.policy, error))
		return -1;
	if (!tkt_json_is_empty(step) && tkt_due_mark(step, after, error))
		return -1;
	promises = has_promises(advancing.policy, after);
	if (!promises && !json_object_get(after, "wake_at") && !json_object_get(after, "next_at"))
		return 0;
	if (promises && tkt_session_calendars(session, &advancing.calendars, error))
		return -1;
	return keep_promises(&advancing, promises, error);
}
