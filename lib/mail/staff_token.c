#include "mail/staff_token.h"

#include <nettle/memops.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

#define DIGITS_MOST 18
#define MAC_LETTERS (TKT_TOKEN_MAC_SIZE - 1)

void tkt_staff_token_make(
    const struct tkt_token_key *key, const char *agent, struct tkt_staff_token *token)
{
	char letters[TKT_TOKEN_MAC_SIZE];
	tkt_autotext signed_text;

	tkt_text_init(&signed_text, TKT_TEXT_LIMIT);
	snprintf(token->text, sizeof(token->text), "s%jd-%jd", (intmax_t)token->number,
	    (intmax_t)token->expires_at);
	/* a login may hold anything: it stands behind what has a fixed shape */
	tkt_text_format(&signed_text, "%s-%s", token->text, agent);
	tkt_token_sign(key, signed_text.bytes, signed_text.length, letters);
	tkt_text_reset(&signed_text);
	tkt_text_format(&signed_text, "%s-%s", token->text, letters);
	snprintf(token->text, sizeof(token->text), "%s", signed_text.bytes);
}

/* The digits at *at, which moves behind them and the '-' that follows. */
static bool read_number(const char **at, const char *end, int64_t *number)
{
	size_t digits = strspn(*at, "0123456789");
	char text[DIGITS_MOST + 1];

	if (!digits || digits > DIGITS_MOST || *at + digits >= end || (*at)[digits] != '-')
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)digits, *at);
	*at += digits + 1;
	return !tkt_number_parse(text, number) && *number > 0;
}

/* The token that begins there. */
static bool read_token(
    const char *part, const char *end, char separator, struct tkt_staff_token *token)
{
	const char *at = part + 1;

	if (part >= end || (*part | 0x20) != 's' || !read_number(&at, end, &token->number) ||
	    !read_number(&at, end, &token->expires_at) || end - at < MAC_LETTERS ||
	    (at + MAC_LETTERS < end && at[MAC_LETTERS] != separator))
		return false;
	snprintf(token->text, sizeof(token->text), "%.*s", (int)(at + MAC_LETTERS - part), part);
	tkt_ascii_lower(token->text);
	return true;
}

bool tkt_staff_token_read(const char *address, char separator, struct tkt_staff_token *token)
{
	const char *end = strrchr(address, '@'), *at;

	end = end ? end : address + strlen(address);
	for (at = strchr(address, separator); at && at < end; at = strchr(at + 1, separator))
		if (at > address && read_token(at + 1, end, separator, token))
			return true;
	return false;
}

bool tkt_staff_token_is(
    const struct tkt_token_key *key, const char *agent, const struct tkt_staff_token *token)
{
	struct tkt_staff_token made = *token;

	tkt_staff_token_make(key, agent, &made);
	return strlen(made.text) == strlen(token->text) &&
	    memeql_sec(made.text, token->text, strlen(made.text));
}
