#include "store/side_tables.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/words.h"
#include "store/db.h"
#include "json/field.h"

#include "base/banned.h"

/* A side table of words. */
struct words {
	const char *member; /* of the ticket */
	const char *insert; /* ?1 the ticket, ?2 the word */
	const char *delete;
	bool lower;
};

static const struct words word_tables[] = {
	{ "tags", "INSERT OR IGNORE INTO ticket_tag(tag, ticket) VALUES (?2, ?1)",
	    "DELETE FROM ticket_tag WHERE tag = ?2 AND ticket = ?1", false },
	{ "cc", "INSERT OR IGNORE INTO ticket_cc(address, ticket) VALUES (?2, ?1)",
	    "DELETE FROM ticket_cc WHERE address = ?2 AND ticket = ?1", true },
};

static bool holds(const json_t *array, const char *word)
{
	const json_t *element;
	size_t index;

	json_array_foreach(array, index, element) {
		const char *string = json_string_value(element);

		if (string && strcmp(string, word) == 0)
			return true;
	}
	return false;
}

static int run_word(struct tkt_db *db, const char *sql, int64_t number, const char *word,
    bool lower, struct tkt_error *error)
{
	tkt_autofree char *copy = strdup(word);
	tkt_autoptr(statement) statement = NULL;

	if (!copy)
		return tkt_error_set_memory(error);
	if (lower)
		tkt_ascii_lower(copy);
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_text(statement, 2, copy, error))
		return -1;
	return tkt_statement_run(statement, error);
}

/* Runs `sql` for each word of `from` that `other` does not hold. */
static int run_words(struct tkt_db *db, const char *sql, int64_t number, const json_t *from,
    const json_t *other, bool lower, struct tkt_error *error)
{
	const json_t *element;
	size_t index;

	json_array_foreach(from, index, element) {
		const char *word = json_string_value(element);

		if (tkt_text_is_empty(word) || holds(other, word))
			continue;
		if (run_word(db, sql, number, word, lower, error))
			return -1;
	}
	return 0;
}

static int write_words(struct tkt_db *db, const struct words *table, int64_t number,
    const json_t *before, const json_t *after, struct tkt_error *error)
{
	const json_t *old = json_object_get(before, table->member);
	const json_t *new = json_object_get(after, table->member);

	if (run_words(db, table->delete, number, old, new, table->lower, error))
		return -1;
	return run_words(db, table->insert, number, new, old, table->lower, error);
}

static int run_field(struct tkt_db *db, const char *sql, int64_t number, const char *name,
    const json_t *value, struct tkt_error *error)
{
	tkt_autoptr(statement) statement = NULL;

	if (tkt_json_is_empty(value))
		return 0;
	if (tkt_db_prepare(db, sql, &statement, error) ||
	    tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_text(statement, 2, name, error) ||
	    tkt_statement_bind_text(statement, 3, json_string_value(value), error))
		return -1;
	return tkt_statement_run(statement, error);
}

static int write_fields(struct tkt_db *db, int64_t number, const json_t *before,
    const json_t *after, struct tkt_error *error)
{
	static const char insert[] =
	    "INSERT INTO ticket_field(name, value, ticket) VALUES (?2, ?3, ?1)";
	static const char delete[] =
	    "DELETE FROM ticket_field WHERE name = ?2 AND value = ?3 AND ticket = ?1";
	json_t *old = json_object_get(before, "fields");
	json_t *new = json_object_get(after, "fields");
	const char *name;
	json_t *value;

	json_object_foreach(old, name, value)
		if (!json_equal(value, json_object_get(new, name)) &&
		    run_field(db, delete, number, name, value, error))
			return -1;
	json_object_foreach(new, name, value)
		if (!json_equal(value, json_object_get(old, name)) &&
		    run_field(db, insert, number, name, value, error))
			return -1;
	return 0;
}

static int bind_member_time(struct tkt_statement *statement, int index, const json_t *clock,
    const char *member, struct tkt_error *error)
{
	const char *text = tkt_object_text(clock, member);
	int64_t time = TKT_TIME_NONE;

	if (!tkt_text_is_empty(text) && tkt_time_parse(text, &time, error))
		return -1;
	return tkt_statement_bind_time(statement, index, time, error);
}

static int bind_clock_key(
    struct tkt_statement *statement, int64_t number, const json_t *clock, struct tkt_error *error)
{
	const json_t *cycle = json_object_get(clock, "cycle");

	if (tkt_text_is_empty(tkt_object_text(clock, "name")))
		return tkt_error_set(error, TKT_ERROR_DATA, _("a clock needs a 'name'"));
	if (tkt_statement_bind_integer(statement, 1, number, error) ||
	    tkt_statement_bind_text(statement, 2, tkt_object_text(clock, "name"), error))
		return -1;
	return tkt_statement_bind_integer(
	    statement, 3, json_is_integer(cycle) ? json_integer_value(cycle) : 1, error);
}

static int write_clock(
    struct tkt_db *db, int64_t number, const json_t *clock, struct tkt_error *error)
{
	static const char sql[] =
	    "INSERT OR REPLACE INTO clock(ticket, name, cycle, target, state, started_at, due_at,"
	    " remaining_seconds, stopped_at, breached_at)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
	const json_t *remaining = json_object_get(clock, "remaining_seconds");
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    bind_clock_key(statement, number, clock, error) ||
	    tkt_statement_bind_text(statement, 4, tkt_object_text(clock, "target"), error) ||
	    tkt_statement_bind_text(statement, 5, tkt_object_text(clock, "state"), error) ||
	    bind_member_time(statement, 6, clock, "started_at", error) ||
	    bind_member_time(statement, 7, clock, "due_at", error) ||
	    bind_member_time(statement, 9, clock, "stopped_at", error) ||
	    bind_member_time(statement, 10, clock, "breached_at", error))
		return -1;
	if (json_is_integer(remaining) &&
	    tkt_statement_bind_integer(statement, 8, json_integer_value(remaining), error))
		return -1;
	return tkt_statement_run(statement, error);
}

static int delete_clock(
    struct tkt_db *db, int64_t number, const json_t *clock, struct tkt_error *error)
{
	static const char sql[] =
	    "DELETE FROM clock WHERE ticket = ?1 AND name = ?2 AND cycle = ?3";
	tkt_autoptr(statement) statement = NULL;

	if (tkt_db_prepare(db, sql, &statement, error) ||
	    bind_clock_key(statement, number, clock, error))
		return -1;
	return tkt_statement_run(statement, error);
}

/* Are they alike in what the table has of them? */
static bool is_same_row(const json_t *clock, const json_t *old)
{
	static const char *const members[] = { "target", "state", "started_at", "due_at",
		"remaining_seconds", "stopped_at", "breached_at" };
	size_t index;

	for (index = 0; old && index < sizeof(members) / sizeof(members[0]); index++) {
		const json_t *value = json_object_get(clock, members[index]);
		const json_t *old_value = json_object_get(old, members[index]);

		if (value != old_value && !json_equal(value, old_value))
			return false;
	}
	return old;
}

static int write_clocks(struct tkt_db *db, int64_t number, const json_t *before,
    const json_t *after, struct tkt_error *error)
{
	const json_t *old = json_object_get(before, "clocks");
	const json_t *new = json_object_get(after, "clocks");
	const json_t *clock;
	size_t index;

	json_array_foreach(old, index, clock)
		if (!tkt_clock_same(new, clock) && delete_clock(db, number, clock, error))
			return -1;
	json_array_foreach(new, index, clock)
		if (!is_same_row(clock, tkt_clock_same(old, clock)) &&
		    write_clock(db, number, clock, error))
			return -1;
	return 0;
}

int tkt_side_tables_write(struct tkt_db *db, int64_t number, const json_t *before,
    const json_t *after, struct tkt_error *error)
{
	size_t index;

	for (index = 0; index < sizeof(word_tables) / sizeof(word_tables[0]); index++)
		if (write_words(db, &word_tables[index], number, before, after, error))
			return -1;
	if (write_fields(db, number, before, after, error))
		return -1;
	return write_clocks(db, number, before, after, error);
}

int tkt_clocks_due(const json_t *ticket, struct tkt_value *due, struct tkt_error *error)
{
	const json_t *clocks = json_object_get(ticket, "clocks"), *clock;
	size_t index;
	int64_t time;

	*due = (struct tkt_value){ .kind = TKT_VALUE_EMPTY };
	json_array_foreach(clocks, index, clock) {
		const char *state = tkt_object_text(clock, "state");
		const char *text = tkt_object_text(clock, "due_at");

		if (!state || strcmp(state, "running") != 0 || tkt_text_is_empty(text))
			continue;
		if (tkt_time_parse(text, &time, error))
			return -1;
		if (due->kind == TKT_VALUE_EMPTY || time < due->integer)
			*due = (struct tkt_value){ .kind = TKT_VALUE_INTEGER, .integer = time };
	}
	return 0;
}
