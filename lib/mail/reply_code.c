#include "mail/reply_code.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Bytes of 'C.SSS.DDD' at `at`, or 0. */
static size_t enhanced_length(const char *at)
{
	size_t subject, detail;

	if (!strchr("245", *at) || !*at || at[1] != '.')
		return 0;
	subject = strspn(at + 2, "0123456789");
	if (subject == 0 || subject > 3 || at[2 + subject] != '.')
		return 0;
	detail = strspn(at + 3 + subject, "0123456789");
	if (detail == 0 || detail > 3)
		return 0;
	return 3 + subject + detail;
}

/* Does a number end here? '5.1.1.' ends a sentence; '5.1.1.7' is an address of a host. */
static bool ends_number(const char *at)
{
	return !isalnum((unsigned char)*at) && !(*at == '.' && isdigit((unsigned char)at[1]));
}

static bool begins_number(const char *text, const char *at)
{
	return at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '.');
}

static bool is_reply(const char *at)
{
	static const char *const codes[] = { "421", "432", "450", "451", "452", "453", "454", "455",
		"500", "501", "502", "503", "504", "511", "521", "523", "530", "534", "535", "541",
		"550", "551", "552", "553", "554", "555", "556", "557", "571" };

	for (size_t i = 0; i < COUNT(codes); i++)
		if (strncmp(at, codes[i], 3) == 0)
			return strchr(" -:,;)]\"'_#", at[3]) != NULL;
	return false;
}

bool tkt_reply_code_read(const char *text, char status[static TKT_STATUS_SIZE])
{
	size_t length = enhanced_length(text);

	if (length == 0 || !ends_number(text + length)) {
		status[0] = 0;
		return false;
	}
	snprintf(status, TKT_STATUS_SIZE, "%.*s", (int)length, text);
	return true;
}

bool tkt_reply_code_find(const char *text, char status[static TKT_STATUS_SIZE])
{
	for (const char *at = text; *at; at++)
		if (*at != '2' && begins_number(text, at) && tkt_reply_code_read(at, status))
			return true;
	for (const char *at = text; *at; at++) {
		if (!begins_number(text, at) || (at > text && at[-1] == '-') || !is_reply(at))
			continue;
		snprintf(status, TKT_STATUS_SIZE, "%c.0.0", *at);
		return true;
	}
	status[0] = 0;
	return false;
}
