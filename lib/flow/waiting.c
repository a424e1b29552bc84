#include "flow/waiting.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "expression/expression.h"
#include "flow/session.h"
#include "flow/story.h"
#include "store/db.h"
#include "store/ticket.h"
#include "json/field.h"

#include "base/banned.h"

/* Canonical id and log, of one state of the desk. */
static int read_story(struct tkt_session *session, const char *id, json_t **ticket,
    struct tkt_story *story, struct tkt_error *error)
{
	struct tkt_error ignored = { 0 };
	int result;

	if (tkt_read_begin(session->db, error))
		return -1;
	result = tkt_ticket_require(session->db, id, ticket, error) ||
	    tkt_story_read(session->db, tkt_object_text(*ticket, "id"), story, error);
	return tkt_read_end(session->db, result ? &ignored : error) || result ? -1 : 0;
}

static int hand_over(const char *ticket, const char *cause, int64_t start, int64_t end,
    tkt_explanation_visit *visit, void *context, struct tkt_error *error)
{
	char start_text[TKT_TIME_SIZE], end_text[TKT_TIME_SIZE];
	json_auto_t *piece = NULL;

	if (start >= end || tkt_text_equal(cause, "nobody"))
		return 0;
	piece = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s}", "type",
	    tkt_explanation_fields.type, "ticket", ticket, "kind", "waiting", "start_at",
	    tkt_time_format(start, start_text), "end_at", tkt_time_format(end, end_text), "seconds",
	    (json_int_t)(end - start), "reason", cause);
	if (!piece)
		return tkt_error_set_memory(error);
	return visit(piece, context, error);
}

int tkt_waiting_explain(struct tkt_session *session, const char *id, tkt_explanation_visit *visit,
    void *context, struct tkt_error *error)
{
	json_auto_t *ticket = NULL;
	tkt_autostory story = { 0 };
	size_t first, next;

	if (read_story(session, id, &ticket, &story, error))
		return -1;
	for (first = 0; first < story.count; first = next) {
		const char *cause = tkt_waiting_for(story.moments[first].ticket);
		int64_t end;

		for (next = first + 1; next < story.count; next++)
			if (!tkt_text_equal(tkt_waiting_for(story.moments[next].ticket), cause))
				break;
		end =
		    next < story.count ? story.moments[next].at : tkt_command_now(session->command);
		if (hand_over(tkt_object_text(ticket, "id"), cause, story.moments[first].at, end,
			visit, context, error))
			return -1;
	}
	return 0;
}
