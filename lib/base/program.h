/*
 * lib/base/program.h: what a tool is and what it is told. program.c has main(), the same for every
 * tool: locale, options, run, flush of standard output *checked*, error, exit status.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/option.h"
#include "base/progress.h"
#include "base/text.h"
#include "base/words.h"

struct tkt_command;

struct tkt_program {
	const char *name;     /* "tkt-list" */
	const char *synopsis; /* "[-o FIELDS] [EXPRESSION...]"; --help translates the words in
				 capitals, each alone */
	const char *summary;  /* N_(): one sentence */
	const char *operands; /* N_("TICKET"), N_("FILE") ...: what an operand is; NULL: none are
				 taken. --describe has it untranslated */
	const char *exit_statuses; /* "0 1 64 65 66 70 74 75 77 78", for --describe and the page;
				      NULL: those that every tool has */
	const struct tkt_option *options; /* ends with TKT_OPTION_END; NULL: none of its own */
	bool writes;      /* it changes the desk: SIGPIPE is ignored, it finishes and exits 0 */
	bool mail_server; /* every failure, a wrong option too, is 75 (WIRE.md 3) */
	bool own_help;    /* the dispatcher: only global options before the first operand are read;
			     --help, unknown options and all behind them are handed on as operands */
	int (*run)(struct tkt_command *command, struct tkt_error *error);
};

/* Each tool defines this one. */
extern const struct tkt_program tkt_program;

enum tkt_format { TKT_FORMAT_JSON, TKT_FORMAT_TABLE, TKT_FORMAT_TSV, TKT_FORMAT_CSV };

/* What main() hands to run(): the global options, the operands, the way out. */
struct tkt_command {
	const struct tkt_program *program;
	char **operands; /* borrowed from argv, ends with NULL */
	size_t operand_count;
	const char *desk;  /* --desk, else TKT_DESK, else NULL */
	const char *agent; /* --as, else TKT_AGENT, else NULL */
	int64_t now;       /* --now, else TKT_NOW, else the system's clock at the start */
	bool now_given;
	const char *datadir;    /* TKT_DATADIR, else the installed one */
	enum tkt_format format; /* --format, else a table on a terminal and JSON elsewhere */
	bool format_given;
	bool quiet;          /* --quiet: no objects */
	bool reader_gone;    /* the reader of a pipe has left a writer: output is dropped */
	struct tkt_text out; /* what goes to standard output: add to it, then tkt_command_flush() */
	struct tkt_progress progress; /* of a long command */
	int64_t done;                 /* items so far, for it */
	enum tkt_error_kind
	    worst; /* of the errors reported so far: the exit status if run() returns 0 */
};

/* The instant for a tool's clock: command->now if given, else the system's clock at this moment. */
int64_t tkt_command_now(const struct tkt_command *command);

/* Prints 'tkt-set: TEXT' on standard error at once and keeps the worst kind for the exit status.
 * Nothing is printed for TKT_ERROR_NO. */
void tkt_command_report(struct tkt_command *command, const struct tkt_error *error);
/* Prints 'tkt-set: TEXT' on standard error, without effect on the status. */
void tkt_command_warn(struct tkt_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* So many items more are done: a person at a terminal is told after two seconds, unless objects go
 * there. */
void tkt_command_progress(struct tkt_command *command, int64_t items);

/*
 * Writes out what command->out holds and empties it. Writers call it after the commit, never
 * inside a transaction. 0; 1 when the reader of a pipe has gone (a writer goes on without output;
 * a reader has died of SIGPIPE before); -1 with TKT_ERROR_IO ('cannot write standard output: ...').
 */
int tkt_command_flush(struct tkt_command *command, struct tkt_error *error);
/* Do 1 MB or more wait? A walk that writes between its batches had better end this one. */
bool tkt_command_is_full(const struct tkt_command *command);
/* Flushes when 64 KB or more wait: to be called after each object of a reader. */
int tkt_command_flush_full(struct tkt_command *command, struct tkt_error *error);
