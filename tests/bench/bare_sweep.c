/*
 * bare_sweep: what a sweep costs a program that does nothing else.
 *
 *   bare_sweep DATABASE [TIME]
 *
 * Does to a desk of sweep.conf what `tkt-sla --sweep --now TIME` does, in the same transactions, as
 * durably: of each ticket that is due the row, an event of the same text, a counter, a notice; then
 * one mail to the staff of all of them. Without TIME (seconds since 1970) it opens the file
 * read-only and reads one row: what looking costs. No desk.conf, no calendar, no clock is read, no
 * change is checked or printed.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BATCH_MOST 200
#define JSON_MOST 8192
#define LINES_MOST 32768

static const char address[] = "leads@example.org";

static sqlite3 *db;
static int64_t now;
static char now_text[32];

static void die(const char *what)
{
	fprintf(stderr, "bare_sweep: %s: %s\n", what, db ? sqlite3_errmsg(db) : "");
	exit(1);
}

static void format_time(int64_t time, char *text)
{
	time_t seconds = (time_t)time;
	struct tm civil;

	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &civil));
}

static void execute(const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql);
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		die(sql);
	return statement;
}

/* Binds by the letters of `types` (i: int64_t, t: text) and runs. */
static void run(sqlite3_stmt *statement, const char *types, ...)
{
	va_list values;
	int at;

	va_start(values, types);
	for (at = 0; types[at]; at++)
		if (types[at] == 'i')
			sqlite3_bind_int64(statement, at + 1, va_arg(values, int64_t));
		else
			sqlite3_bind_text(
			    statement, at + 1, va_arg(values, const char *), -1, SQLITE_STATIC);
	va_end(values);
	if (sqlite3_step(statement) != SQLITE_DONE)
		die("run");
	sqlite3_reset(statement);
}

static int64_t next_number(const char *counter)
{
	static sqlite3_stmt *step, *read;
	int64_t number;

	if (!step) {
		step = prepare("UPDATE counter SET value = value + 1 WHERE name = ?1");
		read = prepare("SELECT value FROM counter WHERE name = ?1");
	}
	run(step, "t", counter);
	sqlite3_bind_text(read, 1, counter, -1, SQLITE_STATIC);
	if (sqlite3_step(read) != SQLITE_ROW)
		die("counter");
	number = sqlite3_column_int64(read, 0);
	sqlite3_reset(read);
	return number;
}

static void write_event(int64_t seq, const char *ticket, const char *json)
{
	static sqlite3_stmt *insert;

	if (!insert)
		insert = prepare("INSERT INTO event(seq, at, actor, uid, tool, ticket, json)"
				 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	run(insert, "iitittt", seq, now, "tool:tkt-sla", (int64_t)getuid(), "tkt-sla", ticket,
	    json);
}

struct ticket {
	int64_t number, rev, next_at, due_at;
	char id[32], clocks[2048];
};

static void write_ticket(const struct ticket *ticket)
{
	static sqlite3_stmt *update;
	static char clocks[2048 + 64], json[JSON_MOST];
	const char *end = strchr(ticket->clocks, '}'); /* of the first clock */
	char was_next[32], next[32];
	int64_t seq = next_number("event");

	if (!update)
		update = prepare(
		    "UPDATE ticket SET rev = ?1, clocks = ?2, next_at = ?3 WHERE number = ?4");
	snprintf(clocks, sizeof(clocks), "%.*s,\"steps\":[\"first_response 75%%\"]%s",
	    (int)(end - ticket->clocks), ticket->clocks, end);
	format_time(ticket->next_at, was_next);
	format_time(ticket->due_at + 1, next);
	snprintf(json, sizeof(json),
	    "{\"type\":\"event\",\"seq\":%" PRId64 ",\"at\":\"%s\",\"actor\":\"tool:tkt-sla\","
	    "\"uid\":%u,\"tool\":\"tkt-sla\",\"ticket\":\"%s\",\"rev\":%" PRId64 ",\"now\":true,"
	    "\"was\":{\"rev\":%" PRId64 ",\"clocks\":%s,\"next_at\":\"%s\"},"
	    "\"set\":{\"rev\":%" PRId64 ",\"clocks\":%s,\"next_at\":\"%s\"},"
	    "\"step\":{\"clock\":\"first_response\",\"cycle\":1,\"step\":\"first_response 75%%\"},"
	    "\"notify\":[\"group:leads\"],\"policy\":\"bench\","
	    "\"why\":\"escalation: first_response 75%%\",\"rule\":\"desk.conf:11\"}",
	    seq, now_text, (unsigned)getuid(), ticket->id, ticket->rev + 1, ticket->rev,
	    ticket->clocks, was_next, ticket->rev + 1, clocks, next);
	run(update, "itii", ticket->rev + 1, clocks, ticket->due_at + 1, ticket->number);
	write_event(seq, ticket->id, json);
}

static void write_notice(const struct ticket *ticket)
{
	static sqlite3_stmt *insert;

	if (!insert)
		insert = prepare("INSERT INTO notice(address, ticket, text, send_at)"
				 " VALUES (?1, ?2, 'first_response 75%', ?3)");
	run(insert, "tti", address, ticket->id, now);
}

static int read_tickets(struct ticket *tickets, int64_t *next_at, int64_t *number)
{
	static sqlite3_stmt *due;
	int count = 0;

	if (!due)
		due = prepare(
		    "SELECT number, id, rev, next_at, due_at, clocks FROM ticket INDEXED BY ticket_next"
		    " WHERE next_at <= ?1 AND (next_at, number) > (?2, ?3)"
		    " ORDER BY next_at, number LIMIT ?4");
	sqlite3_bind_int64(due, 1, now);
	sqlite3_bind_int64(due, 2, *next_at);
	sqlite3_bind_int64(due, 3, *number);
	sqlite3_bind_int(due, 4, BATCH_MOST);
	for (; sqlite3_step(due) == SQLITE_ROW; count++) {
		struct ticket *ticket = &tickets[count];

		*number = ticket->number = sqlite3_column_int64(due, 0);
		snprintf(ticket->id, sizeof(ticket->id), "%s", sqlite3_column_text(due, 1));
		ticket->rev = sqlite3_column_int64(due, 2);
		*next_at = ticket->next_at = sqlite3_column_int64(due, 3);
		ticket->due_at = sqlite3_column_int64(due, 4);
		snprintf(ticket->clocks, sizeof(ticket->clocks), "%s", sqlite3_column_text(due, 5));
	}
	sqlite3_reset(due);
	return count;
}

/* 'TKT-7  normal  first_response 75%  2026-03-03 11:00  Printer' for each, as long as it is read.
 */
static int64_t read_notices(char *lines)
{
	sqlite3_stmt *notices = prepare("SELECT number, ticket, text FROM notice"
					" WHERE send_at <= ?1 ORDER BY address, number");
	sqlite3_stmt *ticket = prepare(
	    "SELECT id, due_at, clocks, subject, status, queue FROM ticket WHERE number = ?1");
	size_t length = 0;
	int64_t last = 0;

	sqlite3_bind_int64(notices, 1, now);
	while (sqlite3_step(notices) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(notices, 1);
		char due[32];

		last = sqlite3_column_int64(notices, 0);
		if (length > LINES_MOST)
			continue;
		sqlite3_bind_int64(ticket, 1, atoll(strrchr(id, '-') + 1));
		if (sqlite3_step(ticket) != SQLITE_ROW)
			die("ticket");
		format_time(sqlite3_column_int64(ticket, 1), due);
		length += (size_t)sprintf(lines + length, "%s  normal  %s  %.10s %.5s  %.200s\n",
		    id, sqlite3_column_text(notices, 2), due, due + 11,
		    sqlite3_column_text(ticket, 3));
		sqlite3_reset(ticket);
	}
	sqlite3_finalize(notices);
	sqlite3_finalize(ticket);
	return last;
}

static void mail_staff(void)
{
	static char lines[LINES_MOST + 1024];
	char json[JSON_MOST];
	int64_t last, number, seq;

	execute("BEGIN IMMEDIATE");
	last = read_notices(lines);
	number = next_number("outgoing");
	run(prepare("INSERT INTO outgoing(number, state, recipients, sender, subject, message_id,"
		    " body, attempts, unknowns, due_at, created_at) VALUES (?1, 'queued', ?2, NULL,"
		    " ?3, ?4, ?5, 0, 0, ?6, ?6)"),
	    "itttti", number, "[\"leads@example.org\"]", "Tickets that need you",
	    "notice.abcdefghijklmno@example.org", lines, now);
	seq = next_number("event");
	snprintf(json, sizeof(json),
	    "{\"type\":\"event\",\"seq\":%" PRId64 ",\"at\":\"%s\",\"actor\":\"tool:tkt-sla\","
	    "\"uid\":%u,\"tool\":\"tkt-sla\",\"now\":true,\"why\":\"notice\",\"outgoing\":"
	    "[{\"type\":\"outgoing\",\"number\":%" PRId64 ",\"state\":\"queued\"}]}",
	    seq, now_text, (unsigned)getuid(), number);
	write_event(seq, NULL, json);
	run(prepare("DELETE FROM notice WHERE send_at <= ?2 AND number <= ?1"), "ii", last, now);
	execute("COMMIT");
}

static void sweep(void)
{
	static struct ticket tickets[BATCH_MOST];
	int64_t next_at = INT64_MIN, number = 0;
	int count, at;

	do {
		execute("BEGIN IMMEDIATE");
		count = read_tickets(tickets, &next_at, &number);
		for (at = 0; at < count; at++) {
			write_ticket(&tickets[at]);
			write_notice(&tickets[at]);
		}
		execute("COMMIT");
	} while (count == BATCH_MOST);
	mail_staff();
}

static void look(void)
{
	sqlite3_stmt *statement = prepare("SELECT next_at FROM ticket INDEXED BY ticket_next"
					  " WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1");

	if (sqlite3_step(statement) != SQLITE_ROW)
		die("look");
	printf("%" PRId64 "\n", (int64_t)sqlite3_column_int64(statement, 0));
	sqlite3_finalize(statement);
}

int main(int argc, char **argv)
{
	int mode = argc == 3 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

	if (argc != 2 && argc != 3)
		die("usage: bare_sweep DATABASE [TIME]");
	if (sqlite3_open_v2(argv[1], &db, mode | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		die(argv[1]);
	if (argc == 2) {
		look();
	} else {
		now = atoll(argv[2]);
		format_time(now, now_text);
		execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
		sweep();
	}
	while (sqlite3_next_stmt(db, NULL))
		sqlite3_finalize(sqlite3_next_stmt(db, NULL));
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
