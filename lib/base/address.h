/* lib/base/address.h: is a string an address that may stand in a header and in an envelope? */
#pragma once
#include <stdbool.h>

/*
 * local@domain of RFC 5321 without its routes and comments: the local part a run of atoms and dots
 * (dots anywhere, as some providers hand them out) or a quoted string, in ASCII; the domain of
 * letters, digits, '-', '_' and '.', of UTF-8, or a literal in brackets. At most 320 bytes, no
 * blanks, no controls. So it ends no header field and no SMTP command, and is never two.
 */
bool tkt_address_is_valid(const char *email);
