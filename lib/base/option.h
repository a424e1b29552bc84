/* lib/base/option.h: the option table of a tool: parsing, --help, --describe, completion read it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_error;

enum tkt_option_kind {
	TKT_OPTION_KIND_END,
	TKT_OPTION_KIND_FLAG,
	TKT_OPTION_KIND_TEXT,
	TKT_OPTION_KIND_LIST,
	TKT_OPTION_KIND_NUMBER,
	TKT_OPTION_KIND_LENGTH
};

/* What a repeatable option collected; the strings are borrowed from argv. */
struct tkt_strings {
	const char **items; /* owned, freed by main() */
	size_t count;
};

struct tkt_option {
	enum tkt_option_kind kind;
	char letter;          /* 0: a long name alone */
	const char *name;     /* long name */
	const char *argument; /* what --help calls the argument; NULL for a flag */
	void *value;          /* bool *, const char **, struct tkt_strings * or int64_t * */
	const char *help;     /* N_(): lower case, no full stop */
};

#define TKT_OPTION_FLAG(letter, name, value, help)                                \
	{                                                                         \
		TKT_OPTION_KIND_FLAG, letter, name, NULL, (bool *){ value }, help \
	}
#define TKT_OPTION_TEXT(letter, name, argument, value, help)                                 \
	{                                                                                    \
		TKT_OPTION_KIND_TEXT, letter, name, argument, (const char **){ value }, help \
	}
#define TKT_OPTION_LIST(letter, name, argument, value, help)                                   \
	{                                                                                      \
		TKT_OPTION_KIND_LIST, letter, name, argument, (struct tkt_strings *){ value }, \
		    help                                                                       \
	}
#define TKT_OPTION_NUMBER(letter, name, argument, value, help)                             \
	{                                                                                  \
		TKT_OPTION_KIND_NUMBER, letter, name, argument, (int64_t *){ value }, help \
	}
/* Of elapsed time, '15m'; its value becomes seconds. */
#define TKT_OPTION_LENGTH(letter, name, argument, value, help)                             \
	{                                                                                  \
		TKT_OPTION_KIND_LENGTH, letter, name, argument, (int64_t *){ value }, help \
	}
#define TKT_OPTION_END                      \
	{                                   \
		.kind = TKT_OPTION_KIND_END \
	}

/*
 * Reads options by the habits of POSIX and GNU (joined letters, --name=value, unambiguous
 * abbreviations, options behind operands, '--', '-' as an operand) from two tables: the tool's
 * own (or NULL) and the global one. argv is reordered so that the operands stand last.
 *
 * Returns the index in argv of the first operand, or -1 with TKT_ERROR_USAGE:
 * "unknown option '--x'; see tkt-list --help", "option '--x' needs an argument", "... takes no
 * ...",
 * "'abc' is not a number for '--limit'", "--wait: '15' has no unit ...".
 */
int tkt_option_parse(int argc, char **argv, const char *program, const struct tkt_option *own,
    const struct tkt_option *global, struct tkt_error *error);

/* The same for a program that hands the rest on: it stops before the first operand, and before the
 * first option that is in neither table; argv keeps its order. Returns the index of what is left.
 */
int tkt_option_parse_leading(int argc, char **argv, const char *program,
    const struct tkt_option *own, const struct tkt_option *global, struct tkt_error *error);

/* Releases what the lists of a table (or NULL) collected. */
void tkt_option_clear(const struct tkt_option *options);
