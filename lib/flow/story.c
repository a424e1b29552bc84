#include "flow/story.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/words.h"
#include "store/event.h"
#include "json/change.h"
#include "json/field.h"
#include "json/stream.h"

#include "base/banned.h"

static bool says(const json_t *message, const char *name, const char *unless_said, const char *word)
{
	const char *said = tkt_object_text(message, name);

	return tkt_text_equal(said ? said : unless_said, word);
}

bool tkt_message_is(const json_t *message, const char *kind, const char *direction)
{
	return message && !json_is_true(json_object_get(message, "auto")) &&
	    !json_is_true(json_object_get(message, "bounce")) &&
	    says(message, "kind", "public", kind) && says(message, "direction", "out", direction);
}

struct tkt_moment tkt_moment_of(const json_t *ticket, const json_t *message, bool opens, int64_t at)
{
	return (struct tkt_moment){
		.at = at,
		.ticket = ticket,
		.opens = opens,
		.letter_in = tkt_message_is(message, "public", "in"),
		.reply_out = tkt_message_is(message, "public", "out"),
		.sent_at = tkt_object_time(message, "sent_at"),
		.received_at = tkt_object_time(message, "received_at"),
	};
}

void tkt_story_clear(struct tkt_story *story)
{
	size_t i;

	for (i = 0; i < story->count; i++) {
		json_decref((json_t *)story->moments[i].ticket);
		json_decref((json_t *)story->moments[i].step);
	}
	free(story->moments);
	memset(story, 0, sizeof(*story));
}

int tkt_story_add(struct tkt_story *story, const struct tkt_moment *moment, struct tkt_error *error)
{
	if (story->count == story->room) {
		size_t wanted = story->room ? 2 * story->room : 16;
		struct tkt_moment *grown = reallocarray(story->moments, wanted, sizeof(*grown));

		if (!grown)
			return tkt_error_set_memory(error);
		story->moments = grown;
		story->room = wanted;
	}
	json_incref((json_t *)moment->ticket);
	json_incref((json_t *)moment->step);
	story->moments[story->count++] = *moment;
	return 0;
}

static bool is_closed(const json_t *ticket)
{
	return tkt_text_equal(tkt_object_text(ticket, "status"), "closed");
}

/* Did the answer go to somebody? A mail without recipients has left no row in the outbox. */
static bool has_left(const json_t *event)
{
	return !says(json_object_get(event, "message"), "channel", "mail", "mail") ||
	    json_object_get(event, "outgoing");
}

int tkt_story_add_event(struct tkt_story *story, const json_t *event, struct tkt_error *error)
{
	const json_t *before = story->count ? story->moments[story->count - 1].ticket : NULL;
	json_auto_t *fresh = NULL, *after = NULL;
	struct tkt_moment moment;
	int64_t at = tkt_object_time(event, "at");

	if (at == TKT_TIME_NONE)
		return tkt_error_set(error, TKT_ERROR_DATA, _("an event needs an 'at'"));
	if (!before && !(fresh = json_pack("{s:s}", "type", "ticket")))
		return tkt_error_set_memory(error);
	if (tkt_change_preview(event, before ? before : fresh, &after, error))
		return -1;
	moment = tkt_moment_of(after, json_object_get(event, "message"), !before, at);
	moment.reply_out = moment.reply_out && has_left(event);
	moment.stays_closed = before && is_closed(before) && is_closed(after);
	moment.step = json_object_get(event, "step");
	return tkt_story_add(story, &moment, error);
}

static int add_stored(const char *json, size_t length, void *context, struct tkt_error *error)
{
	json_auto_t *event = NULL;

	if (tkt_object_parse(json, length, &event, error))
		return -1;
	return tkt_story_add_event(context, event, error);
}

int tkt_story_read(
    struct tkt_db *db, const char *id, struct tkt_story *story, struct tkt_error *error)
{
	return tkt_event_each_of(db, id, add_stored, story, error);
}
