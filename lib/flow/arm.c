#include "flow/arm.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/program.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "store/counter.h"
#include "store/policy.h"

#include "base/banned.h"

#define ARMED "armed"
#define BACKUP "backup of " /* a host's name has no blanks */
#define SKIPPED_NUMBERS 1000

/* 'HOST PATH INODE' of the database: what a copy or a restore changes. */
static int place(const struct tkt_session *session, struct tkt_text *text, struct tkt_error *error)
{
	tkt_autofree char *path = realpath(session->desk->path, NULL);
	tkt_autofree char *database = NULL;
	struct utsname host;
	struct stat status;

	if (!path || asprintf(&database, "%s/tkt.db", path) < 0 || stat(database, &status) ||
	    uname(&host))
		return tkt_error_set_system(
		    error, errno, _("cannot look at the desk '%s'"), session->desk->path);
	tkt_text_format(text, "%s %s %ju", host.nodename, path, (uintmax_t)status.st_ino);
	return tkt_text_check(text, error);
}

/* Where the desk is, and where it was armed ("": nowhere). Both texts are begun here. */
static int find_places(const struct tkt_session *session, struct tkt_text *here,
    struct tkt_text *armed, struct tkt_error *error)
{
	tkt_text_init(here, PATH_MAX + 512);
	tkt_text_init(armed, PATH_MAX + 512);
	if (place(session, here, error))
		return -1;
	return tkt_desk_value_get(session->db, ARMED, armed, error) < 0 ? -1 : 0;
}

int tkt_arm_check(struct tkt_session *session, struct tkt_error *error)
{
	tkt_autotext here, armed;

	if (find_places(session, &here, &armed, error))
		return -1;
	if (!armed.length)
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("this desk is not armed to send mail; run tkt-init --arm if it may"));
	if (!tkt_text_equal(here.bytes, armed.bytes))
		return tkt_error_set(error, TKT_ERROR_CONFIGURATION,
		    _("this desk is a copy, armed elsewhere ('%s'), and sends no mail; run tkt-init --arm if it is to take over"),
		    armed.bytes);
	return 0;
}

static int skip_numbers(struct tkt_session *session, struct tkt_error *error)
{
	static const enum tkt_counter counters[] = { TKT_COUNTER_TICKET, TKT_COUNTER_MESSAGE,
		TKT_COUNTER_LETTER, TKT_COUNTER_OUTGOING };
	size_t i;

	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		int64_t number;

		if (tkt_counter_next(session->db, counters[i], &number, error) ||
		    tkt_counter_raise(
			session->db, counters[i], number + SKIPPED_NUMBERS - 1, error))
			return -1;
	}
	return 0;
}

int tkt_arm(struct tkt_session *session, struct tkt_error *error)
{
	tkt_autotext here, armed;

	if (find_places(session, &here, &armed, error))
		return -1;
	if (tkt_text_equal(here.bytes, armed.bytes))
		return 0;
	if (armed.length && skip_numbers(session, error))
		return -1;
	if (tkt_desk_value_set(session->db, ARMED, here.bytes, error))
		return -1;
	return armed.length > 0;
}

int tkt_arm_forget(struct tkt_db *copy, struct tkt_error *error)
{
	tkt_autotext armed, text;

	tkt_text_init(&armed, TKT_TEXT_LIMIT);
	tkt_text_init(&text, TKT_TEXT_LIMIT);
	if (tkt_desk_value_get(copy, ARMED, &armed, error) < 0)
		return -1;
	if (!armed.length || !strncmp(armed.bytes, BACKUP, strlen(BACKUP)))
		return 0;
	tkt_text_format(&text, BACKUP "%s", armed.bytes);
	if (tkt_text_check(&text, error))
		return -1;
	return tkt_desk_value_set(copy, ARMED, text.bytes, error);
}
