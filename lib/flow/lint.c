#include "flow/lint.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/program.h"
#include "base/text.h"
#include "base/words.h"
#include "store/db.h"
#include "store/policy.h"

#include "base/banned.h"

static bool has_database(const char *path)
{
	tkt_autofree char *file = tkt_path_join(path, "tkt.db");

	return file && !access(file, F_OK);
}

/* The stored text of the present version; NULL stays when there is none. 0 or -1. */
static int find_stored(const char *path, char **stored, struct tkt_error *error)
{
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(db) db = NULL;
	struct tkt_error refused = { 0 };

	if (tkt_desk_read(path, &desk, &refused) || tkt_text_is_empty(desk->version))
		return 0; /* what is wrong with it is among the findings */
	if (tkt_db_open(path, TKT_DB_READ, desk->busy_timeout_seconds, &db, error))
		return -1;
	return tkt_policy_find(db, desk->version, stored, error) < 0 ? -1 : 0;
}

int tkt_lint(struct tkt_command *command, const char *path, tkt_finding_report *report,
    void *context, struct tkt_error *error)
{
	tkt_autofree char *stored = NULL;
	struct tkt_error unread = { 0 };

	if (has_database(path) && find_stored(path, &stored, &unread))
		tkt_command_warn(command,
		    _("the versions that the database has are not compared: %s"), unread.text);
	return tkt_desk_lint(
	    path, command->datadir, tkt_command_now(command), stored, report, context, error);
}
