/*
 * lib/flow/batch.h: how a writer works through its operands or the lines of standard input: up to
 * 1,000 at a time, fewer when input pauses, in one transaction each; a savepoint an item; what was
 * made is printed after the commit.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "json/output.h"
#include "json/stream.h"

struct tkt_error;
struct tkt_session;

/* One operand or one line. */
struct tkt_item {
	const char *operand; /* NULL for a line */
	json_t *object;      /* of a line, borrowed; NULL for an operand */
	const char *bytes;   /* of a line, without LF */
	size_t length;
};

/* What may stand in the place of standard input. */
struct tkt_source {
	const char *name; /* in errors: 'people.csv:17: REASON' */
	/* As tkt_stream_next(), never waiting; a line without bytes. */
	int (*next)(void *state, struct tkt_line *line, struct tkt_error *error);
	void *state;
};

struct tkt_batch {
	/*
	 * Does one item inside a write transaction and appends what is to be printed to `results`
	 * (new references are taken). An object that is not for the tool: return 1 and its line
	 * passes as it is. 0, or -1: NO and NOT_FOUND and DATA undo the item alone; TEMPORARY and
	 * IO end the batch.
	 */
	int (*handle)(struct tkt_session *session, const struct tkt_item *item, json_t *results,
	    void *context, struct tkt_error *error);
	/*
	 * NULL, or called for each line of standard input that is an object, before the first is
	 * handled: a look at all of them, outside a transaction. 0, or -1 and nothing is done.
	 */
	int (*look)(struct tkt_session *session, const struct tkt_item *item, void *context,
	    struct tkt_error *error);
	void *context;
	const struct tkt_source *source;     /* NULL: operands, else standard input */
	const struct tkt_field_table *table; /* of most results; others are printed by their type */
	const char *fields;                  /* -o; NULL */
	size_t limit;                        /* ends when so many were done; 0: none. Items that
						the handler says NO to do not count, nor does their
						NO if others do: fewer are NO in the end */
	bool atomic;                         /* all or nothing: any error undoes every item */
	bool dry_run;                        /* -n: nothing is kept, all is printed */
};

/*
 * Works through operands from `first` on, or, where there are none, through standard input.
 *
 * Bad items are reported (tkt_command_report) as 'stdin:17: reason' and the good ones done; an
 * unknown id is NOT_FOUND for an operand and DATA for a line. 0, or -1 when the batch had to end.
 */
int tkt_batch_run(struct tkt_session *session, const struct tkt_batch *batch, size_t first,
    struct tkt_error *error);
/* The same over `count` operands, or standard input where count is 0. */
int tkt_batch_run_over(struct tkt_session *session, const struct tkt_batch *batch,
    char *const *operands, size_t count, struct tkt_error *error);

/*
 * The ticket an item is about: its operand, the `ticket` of an object, the `id` of a ticket.
 * Borrowed; NULL: none.
 */
const char *tkt_item_ticket(const struct tkt_item *item);
/* Is what stands where the name of a ticket belongs a text? A number is no name that was left out:
 * -1 with DATA, "'ticket' must be a text". */
int tkt_item_check(const struct tkt_item *item, struct tkt_error *error);
/* Is it the line of a ticket itself, by its type or, without one, by its `id`? */
bool tkt_item_is_ticket(const struct tkt_item *item);

/*
 * The ticket as a tool passes it on: for a piped ticket its own members in their order with the
 * present values, those that are empty now taken out, and unknown ones kept; else the ticket
 * itself. A new reference; NULL when memory is out.
 */
json_t *tkt_item_result(const struct tkt_item *item, const json_t *ticket);
