/* tests/fuzz/quick.h: for targets that read mail: what would take most of their time is not done.
 */
#pragma once
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "mail/content_type.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);

/* In place of lib/mail/content_type.c: libmagic reads its tables for 15 ms before it judges
 * anything, and its own project fuzzes it. */
struct tkt_judge *tkt_judge_new(bool is_strange)
{
	(void)is_strange;
	return malloc(1);
}

void tkt_judge_free(struct tkt_judge *judge)
{
	free(judge);
}

char *tkt_content_type(struct tkt_judge *judge, const void *bytes, size_t length)
{
	(void)judge;
	(void)bytes;
	(void)length;
	return strdup("application/octet-stream");
}

/* The C library unloads the module of a charset that nobody uses: somebody does. */
int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	static const char *const charsets[] = { "KOI8-R", "WINDOWS-1251", "ISO-8859-5", "IBM866",
		"MAC-CYRILLIC", "GB18030", "WINDOWS-1252", "UTF-16" };
	static iconv_t handles[sizeof charsets / sizeof charsets[0]];

	(void)count;
	(void)arguments;
	for (size_t i = 0; i < sizeof charsets / sizeof charsets[0]; i++)
		handles[i] = iconv_open("UTF-8", charsets[i]);
	return handles[0] == (iconv_t)-1;
}
