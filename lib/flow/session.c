#include "flow/session.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/program.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "desk/template.h"
#include "flow/folder.h"
#include "flow/people.h"
#include "flow/policies.h"
#include "mail/token.h"
#include "store/policy.h"

#include "base/banned.h"

#define AGENT_PREFIX "agent:"
#define TOOL_PREFIX "tool:"
#define BUSY_SECONDS 30 /* where desk.conf is not asked */

/*
 * Who can write the folder is the desk; --as is a claim (DESIGN.md 4). What a mail server runs acts
 * for no agent, and is spared asking the system for the user's name. NULL when memory is out.
 */
static char *actor_name(const struct tkt_command *command)
{
	const struct passwd *user;
	char *actor = NULL;
	int made;

	if (!tkt_text_is_empty(command->agent))
		made = asprintf(&actor, AGENT_PREFIX "%s", command->agent);
	else if (command->program->mail_server)
		made = asprintf(&actor, TOOL_PREFIX "%s", command->program->name);
	else if ((user = getpwuid(getuid())))
		made = asprintf(&actor, AGENT_PREFIX "%s", user->pw_name);
	else
		made = asprintf(&actor, AGENT_PREFIX "%ju", (uintmax_t)getuid());
	return made < 0 ? NULL : actor;
}

int tkt_session_open(struct tkt_command *command, enum tkt_db_mode mode,
    struct tkt_session **session, struct tkt_error *error)
{
	tkt_autoptr(session) made = calloc(1, sizeof(*made));
	const char *folder;

	if (!made)
		return tkt_error_set_memory(error);
	made->command = command;
	if (command->agent && !tkt_utf8_is_valid(command->agent, strlen(command->agent)))
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("the value of '%s' is not UTF-8"), "--as");
	folder = tkt_folder_find(command, error);
	if (!folder || tkt_desk_read(folder, &made->desk, error) ||
	    tkt_db_open(folder, mode, made->desk->busy_timeout_seconds, &made->db, error))
		return -1;
	if (mode != TKT_DB_READ && !(made->actor = actor_name(command)))
		return tkt_error_set_memory(error);
	/* What a mail server runs has its letters to keep, whatever its environment says. */
	if (mode != TKT_DB_READ && !tkt_text_is_empty(command->agent) &&
	    !command->program->mail_server && tkt_people_admit(made, command->agent, error))
		return -1;
	*session = tkt_take(made);
	return 0;
}

int tkt_session_open_bare(
    struct tkt_command *command, struct tkt_session **session, struct tkt_error *error)
{
	tkt_autoptr(session) made = calloc(1, sizeof(*made));
	const char *folder;

	if (!made)
		return tkt_error_set_memory(error);
	made->command = command;
	folder = tkt_folder_find(command, error);
	if (!folder || tkt_db_open(folder, TKT_DB_READ, BUSY_SECONDS, &made->db, error))
		return -1;
	*session = tkt_take(made);
	return 0;
}

static void free_key(struct tkt_token_key *key)
{
	if (key)
		explicit_bzero(key, sizeof(*key));
	free(key);
}

void tkt_session_free(struct tkt_session *session)
{
	if (!session)
		return;
	tkt_db_free(session->db);
	tkt_calendars_free(session->calendars);
	tkt_templates_free(session->templates);
	tkt_policies_free(session->policies);
	json_decref(session->agents);
	tkt_desk_free(session->desk);
	free(session->actor);
	free(session->policy);
	free(session->older);
	free(session->mark);
	free_key(session->token_key);
	free_key(session->panel_key);
	free(session);
}

const char *tkt_session_agent(const struct tkt_session *session)
{
	return strchr(session->actor, ':') + 1;
}

int tkt_session_mark(struct tkt_session *session, const char **mark, struct tkt_error *error)
{
	if (!session->mark) {
		tkt_autotext value;

		tkt_text_init(&value, 256);
		if (tkt_desk_value_get(session->db, "mark", &value, error) < 0)
			return -1;
		session->mark =
		    tkt_text_take(&value); /* "" for a desk without: no mail carries that */
		if (!session->mark)
			return tkt_error_set_memory(error);
	}
	*mark = session->mark;
	return 0;
}

int tkt_session_older_policy(
    struct tkt_session *session, const char **policy, struct tkt_error *error)
{
	const char *effective = session->desk->effective;
	char day[16];

	if (!session->older && *effective) {
		tkt_session_day(session, day);
		if (strcmp(day, effective) < 0 &&
		    tkt_policy_latest(session->db, &session->older, error) < 0)
			return -1;
	}
	*policy = tkt_text_is_empty(session->older) ? NULL : session->older;
	return 0;
}

int tkt_session_policy(struct tkt_session *session, const char **policy, struct tkt_error *error)
{
	const struct tkt_desk *desk = session->desk;

	if (tkt_session_older_policy(session, policy, error))
		return -1;
	if (*policy)
		return 0;
	if (!session->policy &&
	    tkt_policy_name(session->db, desk->version, desk->policy_text, desk->policy_sha256,
		tkt_command_now(session->command), &session->policy, error))
		return -1;
	*policy = session->policy;
	return 0;
}

struct tkt_expression_scope tkt_session_scope(const struct tkt_session *session)
{
	return (struct tkt_expression_scope){
		.now = tkt_command_now(session->command),
		.zone = session->desk->zone,
		.work = &session->desk->work,
	};
}

struct tkt_present tkt_session_present(const struct tkt_session *session)
{
	return (struct tkt_present){ tkt_command_now(session->command), session->desk->zone };
}

void tkt_session_day(const struct tkt_session *session, char day[16])
{
	struct tkt_civil civil;

	tkt_zone_civil(session->desk->zone, tkt_command_now(session->command), &civil);
	snprintf(day, 16, "%04d-%02d-%02d", civil.year % 10000, civil.month, civil.day);
}
