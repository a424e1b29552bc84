/*
 * lib/flow/lookup.h: how a reader works through the tickets it is given: operands, else the lines
 * of standard input. No transaction is open while it waits.
 */
#pragma once
#include <stdbool.h>

struct tkt_error;
struct tkt_item;
struct tkt_session;

struct tkt_lookup {
	/*
	 * Shows one ticket; id as the user wrote it. 0, or -1: what NOT_FOUND, DATA and USAGE say
	 * is reported and the next one follows; other kinds end the walk.
	 */
	int (*show)(
	    struct tkt_session *session, const char *id, void *context, struct tkt_error *error);
	/* Instead of it: takes an operand, or the object of a line as it stands. 1: that is not for
	 * the tool, and its bytes are printed. */
	int (*take)(struct tkt_session *session, const struct tkt_item *item, void *context,
	    struct tkt_error *error);
	void *context;
	bool passes; /* objects that are about no ticket are printed as the bytes of their line */
};

/*
 * Of lines in a row that name the same ticket, as tkt-show itself writes them, the first counts.
 * An unknown id is NOT_FOUND for an operand, DATA for a line ('stdin:17: ...'). 0, or -1.
 */
int tkt_lookup_run(
    struct tkt_session *session, const struct tkt_lookup *lookup, struct tkt_error *error);
