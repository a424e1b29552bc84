#include "flow/expire.h"

#include "base/error.h"
#include "base/program.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "store/db.h"
#include "store/letter.h"
#include "store/tally.h"

#include "base/banned.h"

#define BATCH 200
#define TALLIES_SECONDS (30 * 86400) /* no window is longer: tkt_rate_parse() */

/* One transaction of letters of a fate. How many were dropped, fewer than BATCH at the end; -1. */
static int expire_batch(
    struct tkt_session *session, const char *fate, int64_t before, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;
	int dropped;

	if (tkt_transaction_begin(session->db, &transaction, error))
		return -1;
	dropped = tkt_letter_drop(
	    session->db, fate, before, tkt_command_now(session->command), BATCH, error);
	if (dropped < 0 || tkt_transaction_commit(transaction, error))
		return -1;
	tkt_command_progress(session->command, dropped);
	return dropped;
}

static int64_t expire_fate(struct tkt_session *session, const char *fate, int64_t before,
    bool dry_run, struct tkt_error *error)
{
	int64_t total = 0;
	int dropped;

	if (dry_run)
		return tkt_letter_expired(session->db, fate, before, error);
	do {
		dropped = expire_batch(session, fate, before, error);
		total += dropped;
	} while (dropped == BATCH);
	return dropped < 0 ? -1 : total;
}

static int forget_tallies(struct tkt_session *session, int64_t now, struct tkt_error *error)
{
	tkt_autoptr(transaction) transaction = NULL;

	if (tkt_transaction_begin(session->db, &transaction, error) ||
	    tkt_tally_forget(session->db, now - TALLIES_SECONDS, error))
		return -1;
	return tkt_transaction_commit(transaction, error);
}

int64_t tkt_expire_letters(struct tkt_session *session, bool dry_run, struct tkt_error *error)
{
	int64_t now = tkt_command_now(session->command), total = 0;
	size_t i;

	for (i = 0; i < TKT_KEEP_COUNT; i++) {
		int64_t seconds = session->desk->keep_seconds[i];
		int64_t dropped = seconds
		    ? expire_fate(session, tkt_keep_fates[i], now - seconds, dry_run, error)
		    : 0;

		if (dropped < 0)
			return -1;
		total += dropped;
	}
	if (!dry_run && forget_tallies(session, now, error))
		return -1;
	return total;
}
