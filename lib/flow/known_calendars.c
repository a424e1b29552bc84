#include "flow/known_calendars.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "desk/calendars.h"
#include "flow/policies.h"
#include "flow/session.h"
#include "store/db.h"
#include "store/policy.h"

#include "base/banned.h"

#define FILES "calendar_files"
#define DIGEST "calendar_digest"

int tkt_known_files_are_same(struct tkt_db *db, struct tkt_error *error)
{
	tkt_autotext files;

	tkt_text_init(&files, TKT_KNOWN_LIMIT);
	if (tkt_desk_value_get(db, FILES, &files, error) < 0)
		return -1;
	return tkt_files_are_same(tkt_db_folder(db), files.bytes);
}

int tkt_known_files_look(
    struct tkt_command *command, struct tkt_text *files, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	struct tkt_calendars *calendars;

	if (tkt_session_open(command, TKT_DB_READ, &session, error) ||
	    tkt_session_calendars(session, &calendars, error))
		return -1;
	return tkt_calendars_files(calendars, files, error);
}

static int add_digest(struct tkt_session *session, struct tkt_text *digest, struct tkt_error *error)
{
	struct tkt_calendars *calendars;

	if (tkt_session_calendars(session, &calendars, error))
		return -1;
	return tkt_calendars_digest(calendars, digest, error);
}

int tkt_known_calendars_are_same(struct tkt_session *session, struct tkt_error *error)
{
	tkt_autotext digest, known;

	tkt_text_init(&digest, TKT_KNOWN_LIMIT);
	tkt_text_init(&known, TKT_KNOWN_LIMIT);
	if (add_digest(session, &digest, error) ||
	    tkt_desk_value_get(session->db, DIGEST, &known, error) < 0)
		return -1;
	return tkt_text_equal(digest.bytes, known.bytes);
}

int tkt_known_calendars_set(struct tkt_session *session, const char *files, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	tkt_autotext digest;

	tkt_text_init(&digest, TKT_KNOWN_LIMIT);
	if (add_digest(session, &digest, error) ||
	    tkt_transaction_begin(session->db, &transaction, error) ||
	    tkt_desk_value_set(session->db, FILES, files, error) ||
	    tkt_desk_value_set(session->db, DIGEST, digest.bytes, error))
		return -1;
	return tkt_transaction_commit(transaction, error);
}
