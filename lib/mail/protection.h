/*
 * lib/mail/protection.h: is a mail signed or encrypted, by what it says of itself; nothing is
 * verified.
 *
 * RFC 1847 (multipart/signed, multipart/encrypted), RFC 8551 (S/MIME), RFC 9580 (PGP in the text).
 */
#pragma once
#include <stddef.h>

enum tkt_protection { TKT_UNPROTECTED, TKT_SIGNED, TKT_ENCRYPTED }; /* the stronger one is larger */

/*
 *   type        in lower case, "application/pkcs7-mime"
 *   smime_type  its parameter, or NULL
 *   name        of the part, or NULL
 */
enum tkt_protection tkt_protection_of_part(
    const char *type, const char *smime_type, const char *name, const char *bytes, size_t size);
/* Of PGP's armour in a text with LF ends; what is quoted does not count. */
enum tkt_protection tkt_protection_of_text(const char *text, size_t length);
/* "signed", "encrypted"; NULL for none. */
const char *tkt_protection_word(enum tkt_protection protection);
