/*
 * lib/store/walk.h: a table in the order of its numbers, in batches: the log, the ledger. What
 * walks is for the files of the store; the query is for all.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

struct tkt_db;
struct tkt_error;
struct tkt_expression;
struct tkt_field_table;
struct tkt_statement;

struct tkt_walk_query {
	int64_t after;                           /* number; 0: from the start */
	int64_t limit;                           /* 0: all */
	const struct tkt_expression *expression; /* over the fields of the table; NULL: all. What
						    SQL declines is judged in memory */
};

struct tkt_walk {
	struct tkt_db *db;
	const struct tkt_walk_query *query;
	const struct tkt_field_table *table;
	const char *number;  /* its column: 'event.seq' */
	const char *columns; /* SQL of what is read, from column 1 on: 'event.json' */
	/* The row that the statement stands on, as a new object for the evaluator. 0, or -1. */
	int (*load)(struct tkt_statement *statement, json_t **object, struct tkt_error *error);
	/* Hands it over: 0; 1: `between` is wanted before the next one; -1. */
	int (*hand)(struct tkt_statement *statement, void *visitor, struct tkt_error *error);
	void *visitor;
	/* Called between batches, when no read transaction is open; NULL: nothing is. */
	int (*between)(void *context, struct tkt_error *error);
	void *context;
};

/* Walks. *last is the last number looked at. Returns how many rows were handed over, or -1. */
int64_t tkt_walk_run(const struct tkt_walk *walk, int64_t *last, struct tkt_error *error);
