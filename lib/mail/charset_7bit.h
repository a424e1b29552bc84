/*
 * lib/mail/charset_7bit.h: charsets that shift within 7 bits, as the 8-bit ones that iconv reads
 * better: it lacks HZ, and of ISO-2022-JP the signs and half-width letters that mailers use.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct tkt_text;

/* Does the text shift as ISO-2022-JP does (RFC 1468), whatever it is called? */
bool tkt_charset_shifts(const char *bytes, size_t length);

/*
 * Adds the text in the charset that is returned, a constant; NULL when `name` is no such charset
 * and nothing was added.
 */
const char *tkt_charset_unshift(
    struct tkt_text *out, const char *name, const char *bytes, size_t length);
