#include "flow/lint.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/program.h"
#include "base/text.h"
#include "base/words.h"
#include "base/zone.h"
#include "flow/agents.h"
#include "policy/deputy_check.h"
#include "store/db.h"
#include "store/people.h"
#include "store/policy.h"

#include "base/banned.h"

#define BUSY_TIMEOUT_SECONDS 30 /* of a desk.conf that cannot be read */

static bool has_database(const char *path)
{
	tkt_autofree char *file = tkt_path_join(path, "tkt.db");

	return file && !access(file, F_OK);
}

/* What a database knows of its desk; all are to be freed. */
struct memory {
	char *policy; /* the text of the present version; NULL: there is none */
	json_t *agents, *tiers;
	char today[TKT_TIME_SIZE]; /* in the desk's zone */
};

static void memory_clear(struct memory *memory)
{
	free(memory->policy);
	json_decref(memory->agents);
	json_decref(memory->tiers);
}

static int remember(const char *path, int64_t now, struct memory *memory, struct tkt_error *error)
{
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(db) db = NULL;
	struct tkt_error refused = { 0 };
	/* what is wrong with desk.conf is among the findings, and hides nothing of these */
	bool is_read = !tkt_desk_read(path, &desk, &refused);

	tkt_day_at(is_read ? desk->zone : NULL, now, memory->today);
	if (tkt_db_open(path, TKT_DB_READ,
		is_read ? desk->busy_timeout_seconds : BUSY_TIMEOUT_SECONDS, &db, error) ||
	    tkt_agents_read(db, &memory->agents, error) ||
	    tkt_people_tiers(db, &memory->tiers, error))
		return -1;
	if (!is_read || tkt_text_is_empty(desk->version))
		return 0;
	return tkt_policy_find(db, desk->version, &memory->policy, error) < 0 ? -1 : 0;
}

int tkt_lint(struct tkt_command *command, const char *path, tkt_finding_report *report,
    void *context, struct tkt_error *error)
{
	__attribute__((cleanup(memory_clear))) struct memory memory = { 0 };
	struct tkt_remembered remembered;
	struct tkt_error unread = { 0 };
	int64_t now = tkt_command_now(command);
	int errors;

	if (has_database(path) && remember(path, now, &memory, &unread))
		tkt_command_warn(command,
		    _("the versions and agents that the database has are not compared: %s"),
		    unread.text);
	remembered = (struct tkt_remembered){ memory.policy, memory.agents, memory.tiers };
	errors = tkt_desk_lint(path, command->datadir, now, &remembered, report, context, error);
	if (errors >= 0)
		tkt_deputies_warn(memory.agents, memory.today, report, context);
	return errors;
}
