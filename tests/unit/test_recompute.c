/* tests/unit/test_recompute.c: a recompute writes without the whole ticket what the one writer
 * writes with it. */
#include <stdbool.h>

#include "base/program.h"
#include "base/time.h"
#include "desk/calendars.h"
#include "desk/desk.h"
#include "flow/apply.h"
#include "flow/difference.h"
#include "flow/policies.h"
#include "flow/recompute.h"
#include "flow/session.h"
#include "policy/due.h"
#include "store/event.h"
#include "store/sweep.h"
#include "store/ticket.h"
#include "store_support.h"

#define START 1772409600 /* 2026-03-02T00:00:00Z, a Monday */
#define TICKETS 60
#define HISTORIES 4

static const struct tkt_program program = { .name = "tkt-test" };

/* What is promised; the calendars stand before it. */
static const char promises[] =
    "sla \"urgent\" { match = {\"priority=high\"} calendar = \"office\"\n"
    "  first_response = \"30m\" next_response = \"2wh\" resolution = \"24dh\"\n"
    "  pause \"resolution\" { match = {\"status=pending\"} }\n"
    "  escalate \"50%\" { notify = {\"assignee\"} }\n"
    "  escalate \"resolution 120%\" { set = {\"queue=late\"} } }\n"
    "sla \"legal\" { match = {\"queue=legal\"} calendar = \"office\" anchor = sent\n"
    "  first_response = \"1wd\" resolution = \"3cd\" }\n"
    "sla \"ordinary\" { match = {\"queue=support\"} calendar = \"office\"\n"
    "  first_response = \"4wh\" next_response = \"8wh\" resolution = \"3wd\"\n"
    "  pause \"first_response\" { match = {\"status=pending\"} }\n"
    "  pause \"resolution\" { match = {\"status=pending\"} }\n"
    "  escalate \"first_response 75%\" { notify = {\"group:leads\"} } }\n";
static const char elapsed_timer[] =
    "timer \"silent\" { match = {\"status=pending\"} since = updated\n"
    "  step \"30h\" { notify = {\"assignee\"} } }\n";
static const char working_timer[] =
    "timer \"silent\" { match = {\"status=pending\"} since = updated calendar = \"office\"\n"
    "  step \"9wh\" { notify = {\"assignee\"} } }\n";

/* The calendars, one edit after another. */
static const char *const editions[] = {
	"calendar \"office\" { timezone = \"Europe/Moscow\" week = {\"mon-fri 09:00-18:00\"} }\n"
	"calendar \"phones\" { week = {\"always\"} }\n"
	"channel \"phone\" { calendar = \"phones\" }\n",
	"calendar \"office\" { timezone = \"Europe/Moscow\" week = {\"mon-sat 10:00-14:00\"} }\n"
	"calendar \"phones\" { week = {\"always\"} }\n"
	"channel \"phone\" { calendar = \"phones\" }\n",
	"calendar \"office\" { timezone = \"+05:00\" week = {\"mon-fri 08:00-20:00\"}\n"
	"  days = {\"2026-03-06 08:00-09:00\"} }\n"
	"calendar \"phones\" { week = {\"mon-fri 09:00-12:00\"} }\n"
	"channel \"phone\" { calendar = \"phones\" }\n",
	"calendar \"office\" { timezone = \"+05:00\" week = {\"mon-fri 08:00-20:00\"} }\n"
	"calendar \"phones\" { week = {\"always\"} }\n"
	"channel \"phone\" { calendar = \"office\" }\n",
};

/* One of two desks to which the same happens. */
struct desk {
	struct tkt_command command;
	struct tkt_session *session;
	char *folder;
};

static uint64_t seed;

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

/* A session at the desk with this desk.conf; the store is kept. */
static void edit(struct desk *desk, const char *calendars, const char *timer)
{
	struct tkt_error error = { 0 };
	struct tkt_db *db = desk->session ? tkt_take(desk->session->db) : NULL;
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/desk.conf", desk->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(
	    file, "ticket_prefix = \"SUP\"\nversion = \"1\"\naddress = \"support@example.org\"\n");
	fprintf(file, "%s%s%s", calendars, promises, timer);
	assert_int_equal(fclose(file), 0);
	tkt_session_free(desk->session);
	desk->session = calloc(1, sizeof(*desk->session));
	desk->session->command = &desk->command;
	desk->session->actor = strdup("agent:ivanova");
	succeed(tkt_desk_read(desk->folder, &desk->session->desk, &error), &error);
	if (!db)
		succeed(tkt_db_open_memory(&db, &error), &error);
	desk->session->db = db;
}

static void begin(struct desk *desk)
{
	*desk = (struct desk){ .folder = new_folder() };
	desk->command = (struct tkt_command){
		.program = &program, .now_given = true, .datadir = "/nonexistent"
	};
	tkt_text_init(&desk->command.out, TKT_TEXT_LIMIT);
}

static void end(struct desk *desk)
{
	tkt_session_free(desk->session);
	tkt_text_clear(&desk->command.out);
	remove_folder(desk->folder);
}

/*
 * Applies a change at `now`; RECKON is the way of the change that nobody made.
 *
 *   keep  else it is undone again
 */
static void apply(struct desk *desk, const json_t *change, int64_t now, enum tkt_clocks_way way,
    bool keep, struct tkt_applied *applied)
{
	const struct tkt_apply_manner manner = {
		.keeps_updated_at = way == TKT_CLOCKS_RECKON,
		.way = way,
	};
	tkt_autoptr(transaction) transaction = NULL;
	struct tkt_error error = { 0 };

	desk->command.now = now;
	succeed(tkt_transaction_begin(desk->session->db, &transaction, &error), &error);
	succeed(tkt_apply_change(desk->session, change, &manner, applied, &error), &error);
	if (keep)
		succeed(tkt_transaction_commit(transaction, &error), &error);
}

static void apply_to_both(struct desk desks[2], const json_t *change, int64_t now)
{
	tkt_autoapplied applied = { 0 };

	apply(&desks[0], change, now, TKT_CLOCKS_FOLLOW, true, &applied);
	apply(&desks[1], change, now, TKT_CLOCKS_FOLLOW, true, &applied);
}

static json_t *read_ticket(struct desk *desk, int number)
{
	struct tkt_error error = { 0 };
	json_t *ticket = NULL;
	char id[32];

	snprintf(id, sizeof(id), "SUP-%d", number);
	succeed(tkt_ticket_require(desk->session->db, id, &ticket, &error), &error);
	return ticket;
}

static json_t *opening(void)
{
	static const char *const priorities[] = { "normal", "normal", "high" },
				 *const queues[] = { "support", "support", "legal", "other" },
				 *const channels[] = { "mail", "mail", "phone" };
	const char *channel = channels[draw(3)];

	return json_pack("{s:s,s:{s:s,s:s,s:s,s:s},s:{s:s,s:s,s:s,s:s}}", "type", "change", "set",
	    "subject", "Printer", "priority", priorities[draw(3)], "queue", queues[draw(4)],
	    "channel", channel, "message", "kind", "public", "direction", "in", "channel", channel,
	    "body", "It burns.");
}

static json_t *next_change(int number)
{
	static const char *const sets[][2] = { { "status", "pending" }, { "status", "pending" },
		{ "status", "open" }, { "status", "resolved" }, { "status", "closed" },
		{ "priority", "high" }, { "priority", "normal" }, { "queue", "legal" },
		{ "queue", "support" }, { "wake_at", "2026-03-07T12:00:00Z" } };
	const size_t count = sizeof(sets) / sizeof(*sets);
	json_t *change =
	    json_pack("{s:s,s:o}", "type", "change", "ticket", json_sprintf("SUP-%d", number));
	unsigned which = draw(count + 4);

	if (which < count)
		json_object_set_new(
		    change, "set", json_pack("{s:s}", sets[which][0], sets[which][1]));
	else
		json_object_set_new(change, "message",
		    json_pack("{s:s,s:s,s:s,s:s}", "kind", "public", "direction",
			which % 2 ? "in" : "out", "channel", "phone", "body", "n"));
	return change;
}

/* What a sweep would do first; NULL: nothing. */
static json_t *due_change(struct desk *desk, int number, int64_t now)
{
	json_auto_t *ticket = read_ticket(desk, number), *changes = NULL;
	const struct tkt_policy *policy;
	struct tkt_calendars *calendars;
	struct tkt_error error = { 0 };

	desk->command.now = now;
	succeed(tkt_session_policy_of(desk->session, "1", &policy, &error), &error);
	succeed(tkt_session_calendars(desk->session, &calendars, &error), &error);
	succeed(tkt_due_propose(policy, calendars, ticket, now, &changes, &error), &error);
	return json_incref(json_array_get(changes, 0));
}

/* The same tickets with the same past at both. */
static void fill(struct desk desks[2])
{
	int number;

	for (number = 1; number <= TICKETS; number++) {
		json_auto_t *opens = opening();
		int64_t now = START + draw(3 * 86400);
		unsigned left = draw(6);

		apply_to_both(desks, opens, now);
		for (; left; left--) {
			json_auto_t *change = NULL;

			now += draw(86400);
			change = draw(4) ? next_change(number) : due_change(desks, number, now);
			if (change)
				apply_to_both(desks, change, now);
		}
	}
}

/* That time alone has broken a clock is left to the sweep, which has the ticket before it. */
static void assert_left_to_sweep(
    const json_t *before, const struct tkt_applied *applied, int64_t now)
{
	const json_t *was = json_object_get(before, "clocks"),
		     *is = json_object_get(applied->ticket, "clocks"), *clock;
	struct tkt_error error = { 0 };
	int64_t next_at;
	size_t at;

	if (!applied->event)
		return;
	succeed(tkt_time_parse(tkt_object_text(before, "next_at"), &next_at, &error), &error);
	assert_true(next_at <= now);
	assert_int_equal(json_array_size(was), json_array_size(is));
	json_array_foreach(is, at, clock) {
		json_auto_t *moved = json_copy((json_t *)clock);

		if (!json_object_get(json_array_get(was, at), "breached_at"))
			json_object_del(moved, "breached_at");
		assert_true(json_equal(moved, json_array_get(was, at)));
	}
	assert_true(tkt_json_equal(
	    json_object_get(before, "timers"), json_object_get(applied->ticket, "timers")));
}

/* The tickets that the recompute has written at the first desk, as a whole at the second. Returns
 * how many there were. */
static int reckon_whole(struct desk desks[2], int64_t now)
{
	int number, written = 0;

	for (number = 1; number <= TICKETS; number++) {
		json_auto_t *lean = read_ticket(&desks[0], number),
			    *before = read_ticket(&desks[1], number), *change = NULL;
		bool is_written =
		    !json_equal(json_object_get(lean, "rev"), json_object_get(before, "rev"));
		tkt_autoapplied applied = { 0 };

		if (!strcmp(tkt_object_text(before, "status"), "closed"))
			continue;
		change = json_pack("{s:s,s:s,s:s}", "type", "change", "ticket",
		    tkt_object_text(before, "id"), "why", "recomputed: calendar edited");
		apply(&desks[1], change, now, TKT_CLOCKS_RECKON, is_written, &applied);
		if (!is_written)
			assert_left_to_sweep(before, &applied, now);
		written += is_written;
	}
	return written;
}

/* Tickets that have moved get their numbers first, so that of an event may differ. */
static int add_event(const char *json, size_t length, void *context, struct tkt_error *error)
{
	json_auto_t *event = NULL;

	if (tkt_object_parse(json, length, &event, error))
		return -1;
	json_object_del(event, "seq");
	tkt_object_write(context, event);
	return 0;
}

/* All that stands in a desk of a ticket, as text. */
static void write_all(struct desk *desk, int number, struct tkt_text *out)
{
	static const char rows[] =
	    "SELECT name || ' ' || cycle || ' ' || coalesce(target, '') || ' ' || state || ' ' ||"
	    " coalesce(started_at, '') || ' ' || coalesce(due_at, '') || ' ' ||"
	    " coalesce(remaining_seconds, '') || ' ' || coalesce(stopped_at, '') || ' ' ||"
	    " coalesce(breached_at, '') FROM clock WHERE ticket = ?1 UNION ALL"
	    " SELECT 'due ' || coalesce(due_at, '') FROM ticket WHERE number = ?1";
	json_auto_t *ticket = read_ticket(desk, number);
	tkt_autoptr(statement) statement = NULL;
	struct tkt_error error = { 0 };

	tkt_object_write(out, ticket);
	succeed(tkt_db_prepare(desk->session->db, rows, &statement, &error), &error);
	succeed(tkt_statement_bind_integer(statement, 1, number, &error), &error);
	while (tkt_statement_step(statement, &error) > 0)
		tkt_text_format(out, "%s\n", tkt_statement_text(statement, 0));
	succeed(tkt_event_each_of(
		    desk->session->db, tkt_object_text(ticket, "id"), add_event, out, &error),
	    &error);
}

/* The texts are longer than cmocka's messages: what is around the first difference is told. */
static void assert_same(int number, const char *lean, const char *whole)
{
	size_t same = 0, from;

	while (lean[same] && lean[same] == whole[same])
		same++;
	from = same < 150 ? 0 : same - 150;
	if (lean[same] != whole[same])
		fail_msg("SUP-%d: without the ticket\n%.300s\nwith it\n%.300s", number, lean + from,
		    whole + from);
}

static void compare(struct desk desks[2])
{
	int number;

	for (number = 1; number <= TICKETS; number++) {
		tkt_autotext lean, whole;

		tkt_text_init(&lean, TKT_TEXT_LIMIT);
		tkt_text_init(&whole, TKT_TEXT_LIMIT);
		write_all(&desks[0], number, &lean);
		write_all(&desks[1], number, &whole);
		assert_same(number, lean.bytes, whole.bytes);
	}
}

static void reckon_both(struct desk desks[2], int64_t now)
{
	struct tkt_error error = { 0 };

	desks[0].command.now = now;
	succeed(tkt_recompute(desks[0].session, &error), &error);
	assert_true(reckon_whole(desks, now) > 0);
	compare(desks);
}

static void check(const char *timer)
{
	unsigned history, edition, at;
	struct desk desks[2];

	for (history = 0; history < HISTORIES; history++) {
		seed = history;
		begin(&desks[0]);
		begin(&desks[1]);
		for (edition = 0; edition < sizeof(editions) / sizeof(*editions); edition++) {
			for (at = 0; at < 2; at++)
				edit(&desks[at], editions[edition], timer);
			if (!edition)
				fill(desks);
			else
				reckon_both(desks, START + edition * 2 * 86400);
		}
		end(&desks[0]);
		end(&desks[1]);
	}
}

static void test_elapsed_timer(void **state)
{
	(void)state;
	check(elapsed_timer);
}

static void test_working_timer(void **state)
{
	(void)state;
	check(working_timer);
}

static void test_no_timer(void **state)
{
	(void)state;
	check("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_timer),
		cmocka_unit_test(test_elapsed_timer),
		cmocka_unit_test(test_working_timer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
