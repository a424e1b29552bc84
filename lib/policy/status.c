#include "policy/status.h"

#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "json/field.h"

#include "base/banned.h"

static bool has_status(const json_t *ticket, const char *status)
{
	return ticket && tkt_text_equal(tkt_object_text(ticket, "status"), status);
}

bool tkt_ticket_has_ended(const json_t *ticket)
{
	return has_status(ticket, "resolved") || has_status(ticket, "closed");
}

static int set_time(json_t *ticket, const char *name, int64_t time, struct tkt_error *error)
{
	char text[TKT_TIME_SIZE];

	return tkt_object_set(ticket, name, json_string(tkt_time_format(time, text)), error);
}

/* The status that a letter, an answer or a taking leads to; NULL: it stays. */
static const char *next_status(
    const json_t *before, const json_t *after, const struct tkt_status_cause *cause)
{
	bool taken;

	if (!before || cause->status_set)
		return NULL;
	if (cause->letter_in && !has_status(after, "new"))
		return "open";
	taken = tkt_object_text(after, "assignee") && !tkt_object_text(before, "assignee");
	if (has_status(after, "new") && (cause->reply_out || taken))
		return "open";
	return NULL;
}

/* What belongs to a status leaves with it. */
static int drop_leftovers(json_t *after, struct tkt_error *error)
{
	bool is_pending = has_status(after, "pending");
	bool is_closed = has_status(after, "closed");
	bool has_ended = tkt_ticket_has_ended(after);

	if (!is_pending &&
	    (tkt_object_set(after, "pending_reason", json_null(), error) ||
		tkt_object_set(after, "wake_at", json_null(), error)))
		return -1;
	if (!is_closed && tkt_object_set(after, "closed_at", json_null(), error))
		return -1;
	if (!has_ended && !is_pending) /* a deferral has a reason too */
		return tkt_object_set(after, "resolution", json_null(), error);
	return 0;
}

/* When the last fact that a request lacked was there. */
static int note_completion(const json_t *before, json_t *after,
    const struct tkt_status_cause *cause, struct tkt_error *error)
{
	int64_t at = tkt_object_time(after, "last_in_at");

	if (tkt_json_is_empty(json_object_get(before, "lacks")) ||
	    !tkt_json_is_empty(json_object_get(after, "lacks")) ||
	    json_object_get(after, "complete_at"))
		return 0;
	return set_time(after, "complete_at",
	    cause->is_decided && at != TKT_TIME_NONE ? at : cause->now, error);
}

static int64_t later(int64_t time, int64_t other)
{
	return time > other ? time : other;
}

/* A clock that stands still within a second, or goes back, does not hide who wrote last and that
 * somebody did: each time is past the one before it, and that of a letter past that of the answer.
 */
static int note_messages(
    json_t *after, const struct tkt_status_cause *cause, struct tkt_error *error)
{
	int64_t in = tkt_object_time(after, "last_in_at"),
		out = tkt_object_time(after, "last_out_at"), now = cause->now;

	if (cause->letter_in) {
		in = in == TKT_TIME_NONE ? now : later(now, in + 1);
		in = out == TKT_TIME_NONE ? in : later(in, out + 1);
		if (set_time(after, "last_in_at", in, error))
			return -1;
	}
	if (!cause->reply_out)
		return 0;
	out = out == TKT_TIME_NONE ? now : later(now, out + 1);
	out = in == TKT_TIME_NONE ? out : later(out, in);
	return set_time(after, "last_out_at", out, error);
}

int tkt_status_follow(const json_t *before, json_t *after, const struct tkt_status_cause *cause,
    struct tkt_error *error)
{
	const char *next = next_status(before, after, cause);

	if (next && tkt_object_set(after, "status", json_string(next), error))
		return -1;
	if (note_messages(after, cause, error))
		return -1;
	if (has_status(after, "closed") && !has_status(before, "closed") &&
	    set_time(after, "closed_at", cause->now, error))
		return -1;
	return note_completion(before, after, cause, error) || drop_leftovers(after, error) ? -1
											    : 0;
}
