#include "expression/token.h"

#include <string.h>

#include "base/error.h"
#include "base/words.h"

#include "base/banned.h"

static const char blanks[] = " \t\r\n\v\f";
static const char word_ends[] = " \t\r\n\v\f()\"'=!~<>,";

/* The longer ones first, so that '<=' is not read as '<'. */
static const struct {
	const char *text;
	enum tkt_operator comparison;
} operators[] = {
	{ "!=", TKT_OPERATOR_NOT_EQUAL },
	{ "!~", TKT_OPERATOR_NOT_MATCH },
	{ "<=", TKT_OPERATOR_LESS_EQUAL },
	{ ">=", TKT_OPERATOR_GREATER_EQUAL },
	{ "=", TKT_OPERATOR_EQUAL },
	{ "~", TKT_OPERATOR_MATCH },
	{ "<", TKT_OPERATOR_LESS },
	{ ">", TKT_OPERATOR_GREATER },
};

size_t tkt_token_character(const char *string, size_t at)
{
	size_t character = 1;

	for (size_t i = 0; i < at; i++)
		character += ((unsigned char)string[i] & 0xc0) != 0x80;
	return character;
}

static int read_string(const char *string, struct tkt_token *token, struct tkt_error *error)
{
	char quote = string[token->start];
	size_t i;

	for (i = token->start + 1; string[i] && string[i] != quote; i++) {
		if (string[i] == '\\' && string[i + 1] == quote)
			i++;
	}
	if (!string[i])
		return tkt_error_set(error, TKT_ERROR_USAGE,
		    _("the quote at character %zu is not closed"),
		    tkt_token_character(string, token->start));
	token->kind = TKT_TOKEN_STRING;
	token->length = i + 1 - token->start;
	return 0;
}

static int read_operator(const char *string, struct tkt_token *token, struct tkt_error *error)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t length = strlen(operators[i].text);

		if (strncmp(string + token->start, operators[i].text, length) == 0) {
			token->kind = TKT_TOKEN_OPERATOR;
			token->comparison = operators[i].comparison;
			token->length = length;
			return 0;
		}
	}
	return tkt_error_set(error, TKT_ERROR_USAGE,
	    _("there is no operator '%c' at character %zu"), string[token->start],
	    tkt_token_character(string, token->start));
}

int tkt_token_next(const char *string, size_t *at, struct tkt_token *token, struct tkt_error *error)
{
	struct tkt_token next = { .length = 1 };
	size_t word;

	next.start = *at + strspn(string + *at, blanks);
	word = strcspn(string + next.start, word_ends);
	if (word) {
		next.kind = TKT_TOKEN_WORD;
		next.length = word;
	} else {
		switch (string[next.start]) {
		case '\0':
			next.kind = TKT_TOKEN_END;
			next.length = 0;
			break;
		case '(':
			next.kind = TKT_TOKEN_OPEN;
			break;
		case ')':
			next.kind = TKT_TOKEN_CLOSE;
			break;
		case ',':
			next.kind = TKT_TOKEN_COMMA;
			break;
		case '"':
		case '\'':
			if (read_string(string, &next, error))
				return -1;
			break;
		default:
			if (read_operator(string, &next, error))
				return -1;
		}
	}
	*at = next.start + next.length;
	*token = next;
	return 0;
}

bool tkt_token_is_word(const char *string, const struct tkt_token *token, const char *word)
{
	return token->kind == TKT_TOKEN_WORD && strlen(word) == token->length &&
	    memcmp(string + token->start, word, token->length) == 0;
}

char *tkt_token_text(const char *string, const struct tkt_token *token)
{
	const char *from = string + token->start, *end = from + token->length;
	char *text = malloc(token->length + 1), *to = text;
	char quote = *from;

	if (!text)
		return NULL;
	if (token->kind == TKT_TOKEN_STRING) {
		for (from++, end--; from < end; from++) {
			if (*from == '\\' && from[1] == quote)
				from++;
			*to++ = *from;
		}
	} else {
		memcpy(text, from, token->length);
		to += token->length;
	}
	*to = '\0';
	return text;
}
