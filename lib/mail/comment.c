#include "mail/comment.h"

#include <string.h>

#include "base/banned.h"

const char *tkt_comment_skip(const char *at)
{
	int depth = 0;

	for (; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '(')
			depth++;
		else if (*at == ')' && --depth == 0)
			return at + 1;
	}
	return at;
}

const char *tkt_comment_skip_all(const char *at)
{
	for (;;) {
		at += strspn(at, " \t\r\n");
		if (*at != '(')
			return at;
		at = tkt_comment_skip(at);
	}
}
