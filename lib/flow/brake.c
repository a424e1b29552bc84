/* How many letters one sender may send and how many automatic answers one address gets, so that two
 * machines that answer each other end by themselves (RFC 3834, 2). */
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "desk/desk.h"
#include "flow/session.h"
#include "flow/taking.h"
#include "mail/parse.h"
#include "store/tally.h"

#include "base/banned.h"

static int count(struct tkt_taking *taking, const char *what, const char *between,
    const struct tkt_rate *rate, int64_t at, struct tkt_error *error)
{
	tkt_autofree char *key = NULL;
	int64_t counted;

	if (!rate->count)
		return 0;
	if (asprintf(&key, "%s %s", what, between) < 0)
		return tkt_error_set_memory(error);
	if (tkt_tally_add(taking->session->db, key, at, rate->window_seconds, &counted, error))
		return -1;
	if (counted <= rate->count)
		return 0;
	snprintf(taking->brake, sizeof(taking->brake), "the brake: more than %jd %ss in %jd s: %s",
	    (intmax_t)rate->count, what, (intmax_t)rate->window_seconds, between);
	return 1;
}

int tkt_brake_letter(struct tkt_taking *taking, struct tkt_error *error)
{
	const char *from = taking->mail->from;

	/* By the time of receipt: what was fetched or imported late did not come at once. */
	return count(taking, "letter", *from ? from : "unknown",
	    &taking->session->desk->brake_letters, taking->letter->received_at, error);
}

int tkt_brake_tell(struct tkt_taking *taking, const char *address, struct tkt_error *error)
{
	const struct tkt_desk *desk = taking->session->desk;
	tkt_autofree char *pair = NULL;

	if (asprintf(&pair, "%s %s", desk->address, address) < 0)
		return tkt_error_set_memory(error);
	return count(taking, "answer", pair, &desk->brake_answers,
	    tkt_command_now(taking->session->command), error);
}

int tkt_brake_answer(struct tkt_taking *taking, struct tkt_error *error)
{
	return tkt_brake_tell(taking, taking->mail->from, error);
}
