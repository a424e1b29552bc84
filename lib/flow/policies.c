#include "flow/policies.h"

#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/words.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/level.h"
#include "desk/reading.h"
#include "desk/source.h"
#include "flow/session.h"
#include "store/policy.h"

#include "base/banned.h"

/* A name that has been asked for. */
struct known {
	char *name;
	struct tkt_policy *policy; /* NULL: it is the one in force */
};

struct tkt_policies {
	struct tkt_policy *present; /* NULL until it is asked for */
	struct tkt_policy *draft;   /* of a rehearsal: that of all tickets; NULL: none */
	struct known *known;
	size_t count;
};

static const struct tkt_policy nothing; /* promises nothing and waits for nothing */

void tkt_policies_free(struct tkt_policies *policies)
{
	size_t i;

	if (!policies)
		return;
	for (i = 0; i < policies->count; i++) {
		free(policies->known[i].name);
		tkt_policy_free(policies->known[i].policy);
	}
	free(policies->known);
	tkt_policy_free(policies->present);
	tkt_policy_free(policies->draft);
	free(policies);
}

static int present(
    struct tkt_session *session, const struct tkt_policy **policy, struct tkt_error *error)
{
	struct tkt_expression_scope scope = tkt_session_scope(session);
	struct tkt_policies *policies = session->policies;

	if (!policies->present &&
	    tkt_policy_make(session->desk->reading->conf, &scope, &policies->present, error))
		return -1;
	*policy = policies->present;
	return 0;
}

/* Calendars are facts, so those of desk.conf count; what it does not name any more is kept for the
 * tickets of this text. */
static int keep_calendars(struct tkt_session *session, const char *text, struct tkt_error *error)
{
	struct tkt_calendars *calendars, *older;

	if (tkt_session_calendars(session, &calendars, error) ||
	    tkt_calendars_read(
		session->desk->path, session->command->datadir, text, strlen(text), &older, error))
		return -1;
	tkt_calendars_add_older(calendars, older);
	return 0;
}

/* Reads what is stored under a name; *policy is NULL for what is in force, by its text or for want
 * of another. */
static int read_stored(struct tkt_session *session, const char *name, struct tkt_policy **policy,
    struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;
	struct tkt_expression_scope scope = tkt_session_scope(session);
	tkt_autofree char *text = NULL;
	int found = tkt_policy_find(session->db, name, &text, error);

	*policy = NULL;
	if (found < 0)
		return -1;
	if (!found || tkt_text_equal(text, desk->policy_text))
		return 0;
	if (!tkt_policy_may_be_in(text)) {
		*policy = calloc(1, sizeof(**policy));
		return *policy ? 0 : tkt_error_set_memory(error);
	}
	if (tkt_policy_read(desk->path, text, strlen(text), &scope, policy, error) ||
	    keep_calendars(session, text, error))
		return tkt_error_prefix(error, _("policy '%s'"), name);
	return 0;
}

/* The policy that is known by a name; NULL: there is none yet. */
static const struct known *find(const struct tkt_policies *policies, const char *name)
{
	size_t i;

	for (i = 0; i < policies->count; i++)
		if (tkt_text_equal(policies->known[i].name, name))
			return &policies->known[i];
	return NULL;
}

static int learn(struct tkt_session *session, const char *name, struct tkt_error *error)
{
	struct tkt_policies *policies = session->policies;
	struct tkt_policy *policy;
	struct known *room;

	if (read_stored(session, name, &policy, error))
		return -1;
	room = tkt_source_grow((void **)&policies->known, policies->count, sizeof(*room));
	if (room)
		*room = (struct known){ strdup(name), policy };
	if (!room || !room->name) {
		tkt_policy_free(policy);
		return tkt_error_set_memory(error);
	}
	policies->count++;
	return 0;
}

static int begin(struct tkt_session *session, struct tkt_error *error)
{
	if (!session->policies)
		session->policies = calloc(1, sizeof(*session->policies));
	return session->policies ? 0 : tkt_error_set_memory(error);
}

int tkt_session_rehearse(struct tkt_session *session, const char *folder, struct tkt_error *error)
{
	struct tkt_expression_scope scope = tkt_session_scope(session);
	tkt_autoptr(desk) desk = NULL;
	struct tkt_policy **draft;

	if (begin(session, error) || tkt_desk_read(folder, &desk, error))
		return -1;
	draft = &session->policies->draft;
	if (desk->has_policy)
		return tkt_policy_make(desk->reading->conf, &scope, draft, error);
	*draft = calloc(1, sizeof(**draft));
	return *draft ? 0 : tkt_error_set_memory(error);
}

int tkt_session_policy_of(struct tkt_session *session, const char *name,
    const struct tkt_policy **policy, struct tkt_error *error)
{
	const struct known *known = NULL;

	if (begin(session, error))
		return -1;
	if (session->policies->draft) {
		*policy = session->policies->draft;
		return 0;
	}
	if (tkt_text_is_empty(name) && tkt_session_older_policy(session, &name, error))
		return -1;
	if (!tkt_text_is_empty(name) && !tkt_text_equal(name, session->policy)) {
		if (!find(session->policies, name) && learn(session, name, error))
			return -1;
		known = find(session->policies, name);
	}
	if (known && known->policy)
		*policy = known->policy;
	else if (session->desk->has_policy)
		return present(session, policy, error);
	else
		*policy = &nothing;
	return 0;
}

int tkt_session_calendars(
    struct tkt_session *session, struct tkt_calendars **calendars, struct tkt_error *error)
{
	const char *datadir = session->command->datadir;

	if (!session->calendars) {
		const struct tkt_desk *desk = session->desk;

		if (desk->reading
			? tkt_calendars_make(desk->reading, datadir, &session->calendars, error)
			: tkt_calendars_read(desk->path, datadir, desk->policy_text,
			      strlen(desk->policy_text), &session->calendars, error))
			return -1;
	}
	*calendars = session->calendars;
	return 0;
}
