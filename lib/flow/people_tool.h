/* lib/flow/people_tool.h: what tkt-customer, tkt-contact and tkt-agent have in common: they list,
 * and they take objects in. */
#pragma once
#include <stdbool.h>

struct tkt_command;
struct tkt_error;
struct tkt_field_table;
struct tkt_strings;

struct tkt_people_wanted {
	const struct tkt_field_table *table; /* the kind of people */
	const char *csv;                     /* a file of them, '-' is standard input; NULL */
	const struct tkt_strings *maps;      /* NAME=COLUMN, for it */
	const char *fields;                  /* -o; NULL */
	const char *why;                     /* for the log; NULL */
	bool all;                            /* list them all */
	bool atomic, dry_run;
};

/*
 * With operands, which are expressions, or `all`, or standard input a terminal and no file: the
 * list. Else what the file or standard input holds is put (flow/people.h), and what is new or has
 * changed is printed; objects of other types pass. A person at a terminal is told on standard
 * error how many. 0, or -1.
 */
int tkt_people_run(
    struct tkt_command *command, const struct tkt_people_wanted *wanted, struct tkt_error *error);
