/* What the tests of lib/store share: a desk of their own, objects from text. */
#pragma once
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "store/db.h"
#include "json/field.h"
#include "json/stream.h"

static inline void succeed(int result, const struct tkt_error *error)
{
	if (result < 0)
		fail_msg("%d: %s", error->kind, error->text);
}

/* An empty database in memory as a test's state, and its end. */
static inline int open_database(void **state)
{
	struct tkt_error error = { 0 };

	succeed(tkt_db_open_memory((struct tkt_db **)state, &error), &error);
	return 0;
}

static inline int close_database(void **state)
{
	tkt_db_free(*state);
	return 0;
}

/* A new folder that a desk can be made in; removed by remove_folder(). */
static inline char *new_folder(void)
{
	char *path = strdup("/tmp/tkt-unit-XXXXXX");

	assert_non_null(mkdtemp(path));
	return path;
}

static inline void remove_folder(char *path)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s'", path);
	assert_int_equal(system(command), 0);
	free(path);
}

static inline json_t *object(const char *json)
{
	json_error_t reason;
	json_t *made = json_loads(json, JSON_REJECT_DUPLICATES, &reason);

	if (!made)
		fail_msg("%s: %s", reason.text, json);
	return made;
}

static inline void assert_object(const json_t *found, const char *expected)
{
	struct tkt_text text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_object_write(&text, found);
	tkt_text_truncate(&text, text.length - 1);
	assert_string_equal(text.bytes, expected);
	tkt_text_clear(&text);
}

/* The rows of a query, columns parted by '|', rows by a blank. */
static inline void assert_rows(
    struct tkt_db *db, const char *sql, int columns, const char *expected)
{
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };
	struct tkt_text text;
	int column;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	succeed(tkt_db_prepare(db, sql, &statement, &error), &error);
	while (tkt_statement_step(statement, &error) > 0) {
		if (text.length)
			tkt_text_add(&text, " ");
		for (column = 0; column < columns; column++) {
			const char *value = tkt_statement_text(statement, column);

			if (column)
				tkt_text_add(&text, "|");
			tkt_text_add(&text, value ? value : "NULL");
		}
	}
	tkt_statement_free(statement);
	assert_string_equal(text.bytes, expected);
	tkt_text_clear(&text);
}

static inline void execute(struct tkt_db *db, const char *sql)
{
	struct tkt_statement *statement = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_db_prepare(db, sql, &statement, &error), &error);
	succeed(tkt_statement_run(statement, &error), &error);
	tkt_statement_free(statement);
}
