#include "base/address.h"

#include <string.h>

#include "base/utf8.h"

#include "base/banned.h"

enum { ADDRESS_BYTES = 320 };

#define LETTERS_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Behind the closing quote of "..." in printable ASCII; NULL when there is none. */
static const char *skip_quoted(const char *at)
{
	for (at++; *at != '"'; at++) {
		if (*at == '\\')
			at++;
		if (*at < ' ' || *at > '~') /* the end too */
			return NULL;
	}
	return at + 1;
}

static bool domain_is_valid(const char *domain)
{
	size_t length = strlen(domain);
	size_t at;

	if (domain[0] == '[')
		return length > 2 && strspn(domain + 1, LETTERS_DIGITS ".:-") == length - 2 &&
		    domain[length - 1] == ']';
	for (at = 0; at < length; at++)
		if (!strchr(LETTERS_DIGITS "-_.", domain[at]) && (unsigned char)domain[at] < 0x80)
			return false;
	return length > 0 && domain[0] != '.' && !strstr(domain, "..") &&
	    tkt_utf8_is_valid(domain, length);
}

bool tkt_address_is_valid(const char *email)
{
	const char *at;

	if (!email || strnlen(email, ADDRESS_BYTES + 1) > ADDRESS_BYTES)
		return false;
	if (email[0] == '"')
		at = skip_quoted(email);
	else
		at = email + strspn(email, LETTERS_DIGITS "!#$%&'*+-/=?^_`{|}~.");
	return at && at > email && *at == '@' && domain_is_valid(at + 1);
}
