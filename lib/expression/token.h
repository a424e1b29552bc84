/* lib/expression/token.h: the words of an expression; for the parser alone. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "expression/expression.h"

enum tkt_token_kind {
	TKT_TOKEN_END,
	TKT_TOKEN_WORD,   /* bare: up to a blank or one of ( ) " ' = ! ~ < > , */
	TKT_TOKEN_STRING, /* "..." or '...' */
	TKT_TOKEN_OPERATOR,
	TKT_TOKEN_OPEN,
	TKT_TOKEN_CLOSE,
	TKT_TOKEN_COMMA,
};

struct tkt_token {
	enum tkt_token_kind kind;
	enum tkt_operator comparison; /* of an OPERATOR */
	size_t start, length;         /* bytes of the expression; a STRING's with its quotes */
};

/*
 * Reads the token at *at, which moves behind it. 0, or -1 with TKT_ERROR_USAGE: "the quote at
 * character 9 is not closed", "there is no operator '!' at character 7".
 */
int tkt_token_next(
    const char *string, size_t *at, struct tkt_token *token, struct tkt_error *error);

/* Is it this bare word? */
bool tkt_token_is_word(const char *string, const struct tkt_token *token, const char *word);

/* What a WORD or a STRING says, without quotes and their backslashes; to be freed; NULL when
 * memory is out. */
char *tkt_token_text(const char *string, const struct tkt_token *token);

/* The number of the character, from 1, that stands at a byte. */
size_t tkt_token_character(const char *string, size_t at);
