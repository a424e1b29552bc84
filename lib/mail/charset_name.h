/*
 * lib/mail/charset_name.h: the name that iconv is asked for, from what a mail calls its charset.
 *
 * Mailers write 'cp-1251', 'utf8', 'windows-1251http-equivContent-Type'; and some names have a
 * superset that reads more mails (WHATWG's Encoding Standard makes the same choices).
 */
#pragma once
#include <stdbool.h>

#define TKT_CHARSET_NAME_SIZE 48

/*
 * Fills `name`. false: the name is unknown, or says nothing about bytes above 127 (us-ascii,
 * unknown-8bit ...).
 *
 *   declared  NULL and "" are allowed
 */
bool tkt_charset_name(const char *declared, char name[static TKT_CHARSET_NAME_SIZE]);

/* Has it characters of two or more bytes, so that valid UTF-8 may be valid in it as well? */
bool tkt_charset_is_multibyte(const char *name);
