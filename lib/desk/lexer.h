/*
 * lib/desk/lexer.h: the words and signs of desk.conf with its includes, one after the other, and
 * which line of which file each was on. Where it cannot go on (a comment or a string that is never
 * closed, a sign that has no meaning, a file that is no text) it says so among the findings and
 * ends.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "desk/source.h"

struct tkt_error;
struct tkt_findings;

#define TKT_INCLUDE_DEPTH 8 /* files within files, desk.conf being the first */

enum tkt_token {
	TKT_TOKEN_END,    /* of this file, or of all that can be read */
	TKT_TOKEN_WORD,   /* without quotes */
	TKT_TOKEN_STRING, /* in quotes */
	TKT_TOKEN_EQUALS,
	TKT_TOKEN_OPEN,
	TKT_TOKEN_CLOSE,
	TKT_TOKEN_COMMA,
};

struct tkt_lexer {
	struct tkt_source source;
	struct tkt_findings *findings; /* borrowed */
	bool failed;                   /* memory ran out */
	bool broken;          /* what follows could not be understood: all tokens are END */
	struct tkt_text word; /* the last word, or what the last string means */
	struct tkt_open_file {
		struct tkt_text text;
		size_t at, copied; /* `copied` bytes are in the policy */
		size_t file;
		int line;
	} files[TKT_INCLUDE_DEPTH];
	size_t depth;
};

/* 0, or -1 when memory is out. `folder`: the desk, to which includes are relative. */
int tkt_lexer_init(struct tkt_lexer *lexer, const char *folder, struct tkt_findings *findings);
void tkt_lexer_clear(struct tkt_lexer *lexer);

/* Goes on with the text of a file, which it takes, from its start. What is wrong is a finding. */
void tkt_lexer_enter(struct tkt_lexer *lexer, const char *name, struct tkt_text *text);
/* Back to the file before, behind its END. */
void tkt_lexer_leave(struct tkt_lexer *lexer);
/* Behind the word `include`: reads ("FILE") and enters that file. */
void tkt_lexer_include(struct tkt_lexer *lexer);

enum tkt_token tkt_lexer_next(struct tkt_lexer *lexer);

/* What is wrong at this line of the whole text makes the rest unreadable: the lexer ends. One
 * finding is enough: a broken one says no more. */
void tkt_lexer_refuse(struct tkt_lexer *lexer, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
