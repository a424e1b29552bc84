#include "flow/moved.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/program.h"
#include "base/text.h"
#include "base/time.h"
#include "flow/session.h"
#include "store/clock_rows.h"
#include "store/event.h"

#include "base/banned.h"

void tkt_moved_clear(struct tkt_moved *moved)
{
	free(moved->id);
	free(moved->policy);
	free(moved->before);
	free(moved->after);
	free(moved->moves);
	tkt_clocks_clear(&moved->clocks);
	memset(moved, 0, sizeof(*moved));
}

int tkt_moved_write_ticket(
    struct tkt_session *session, const struct tkt_moved *moved, struct tkt_error *error)
{
	const struct tkt_clock_columns columns = {
		.number = moved->number,
		.rev = moved->rev + 1,
		.clocks = moved->after,
		.length = strlen(moved->after),
		.due_at = moved->due_at,
		.next_at = moved->next_at,
	};

	return tkt_clock_columns_write(session->db, &columns, error);
}

static int write_rows(
    struct tkt_session *session, const struct tkt_moved *moved, struct tkt_error *error)
{
	size_t i;

	for (i = 0; i < moved->clocks.count; i++) {
		const struct tkt_clock *clock = &moved->clocks.clocks[i];
		const struct tkt_clock_row row = {
			.ticket = moved->number,
			.name = tkt_clock_words[clock->name],
			.cycle = clock->cycle,
			.due_at = clock->due_at,
			.breached_at = clock->breached_at,
			.remaining_seconds =
			    clock->state == TKT_CLOCK_PAUSED ? &clock->remaining_seconds : NULL,
		};

		if (moved->moves[i] && tkt_clock_row_move(session->db, &row, error))
			return -1;
	}
	return 0;
}

/* `was` or `set` of the event: in the order of the table, what differs alone. */
static void add_side(struct tkt_text *event, const char *name, const struct tkt_moved *moved,
    int64_t rev, const char *clocks, int64_t next_at)
{
	char text[TKT_TIME_SIZE];

	tkt_json_key(event, name);
	tkt_json_begin(event, '{');
	tkt_json_member_integer(event, "rev", rev);
	tkt_json_key(event, "clocks");
	tkt_json_raw(event, clocks, strlen(clocks));
	if (moved->next_before != moved->next_at && next_at == TKT_TIME_NONE) {
		tkt_json_key(event, "next_at");
		tkt_json_null(event);
	} else if (moved->next_before != moved->next_at) {
		tkt_json_member_text(event, "next_at", tkt_time_format(next_at, text));
	}
	tkt_json_end(event, '}');
}

static int write_event(struct tkt_session *session, const struct tkt_moved *moved, int64_t seq,
    const char *why, struct tkt_error *error)
{
	const struct tkt_command *command = session->command;
	const int64_t uid = getuid();
	const struct tkt_event_row row = {
		.seq = seq,
		.at = tkt_command_now(command),
		.actor = session->actor,
		.tool = command->program->name,
		.ticket = moved->id,
		.uid = &uid,
	};
	char at[TKT_TIME_SIZE];
	tkt_autotext event;

	tkt_text_init(&event, TKT_TEXT_LIMIT);
	tkt_json_begin(&event, '{');
	tkt_json_member_text(&event, "type", "event");
	tkt_json_member_integer(&event, "seq", seq);
	tkt_json_member_text(&event, "at", tkt_time_format(row.at, at));
	tkt_json_member_text(&event, "actor", row.actor);
	tkt_json_member_integer(&event, "uid", uid);
	tkt_json_member_text(&event, "tool", row.tool);
	tkt_json_member_text(&event, "ticket", row.ticket);
	tkt_json_member_integer(&event, "rev", moved->rev + 1);
	tkt_json_member_boolean(&event, "now", command->now_given);
	add_side(&event, "was", moved, moved->rev, moved->before, moved->next_before);
	add_side(&event, "set", moved, moved->rev + 1, moved->after, moved->next_at);
	tkt_json_member_text(&event, "policy", moved->policy);
	tkt_json_member_text(&event, "why", why);
	tkt_json_end(&event, '}');
	if (tkt_text_check(&event, error))
		return -1;
	return tkt_event_write_text(session->db, &row, event.bytes, event.length, error);
}

int tkt_moved_write_rest(struct tkt_session *session, const struct tkt_moved *moved, int64_t seq,
    const char *why, struct tkt_error *error)
{
	return write_rows(session, moved, error) || write_event(session, moved, seq, why, error)
	    ? -1
	    : 0;
}
