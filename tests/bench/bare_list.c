/*
 * bare_list: what listing 50 tickets costs a program that does nothing else.
 *
 *   bare_list DATABASE LIMIT
 *
 * Opens the file read-only, runs the query of `tkt-list --limit LIMIT` and prints each row as one
 * line of JSON. No desk.conf, no locale, no checks.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static const char sql[] =
    "SELECT id, rev, subject, status, queue, priority, channel, lang, category, tier, customer,"
    " contract, identity, policy, requester_email, requester_name, cc, assignee, group_name,"
    " pending_reason, resolution, key, linked, tags, fields, sent_at, received_at, created_at,"
    " updated_at, closed_at, last_in_at, last_out_at, wake_at, undelivered, clocks, timers, next_at"
    " FROM ticket INDEXED BY ticket_due WHERE status <> 'closed'"
    " ORDER BY ifnull(due_at, 9223372036854775807), number LIMIT ?1";

static void put_text(const unsigned char *text)
{
	putchar_unlocked('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putchar_unlocked('\\');
		if (*text < ' ')
			printf("\\u%04x", *text);
		else
			putchar_unlocked(*text);
	}
	putchar_unlocked('"');
}

static void put_row(sqlite3_stmt *statement)
{
	int column;

	fputs("{\"type\":\"ticket\"", stdout);
	for (column = 0; column < sqlite3_column_count(statement); column++) {
		int type = sqlite3_column_type(statement, column);

		if (type == SQLITE_NULL)
			continue;
		printf(",\"%s\":", sqlite3_column_name(statement, column));
		if (type == SQLITE_INTEGER)
			printf("%" PRId64, (int64_t)sqlite3_column_int64(statement, column));
		else
			put_text(sqlite3_column_text(statement, column));
	}
	puts("}");
}

int main(int argc, char **argv)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int code;

	if (argc != 3)
		return 64;
	if (sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) ||
	    sqlite3_bind_int64(statement, 1, strtol(argv[2], NULL, 10))) {
		fprintf(stderr, "bare_list: %s\n", sqlite3_errmsg(db));
		return 1;
	}
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		put_row(statement);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return code != SQLITE_DONE;
}
