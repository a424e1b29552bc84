/* lib/base/base32.h: bytes as letters and digits that survive a change of case. */
#pragma once
#include <stddef.h>

/* RFC 4648, 6, in lower case and without padding: 8 letters for each 5 bytes, and a NUL. `length`
 * is a multiple of 5. */
void tkt_base32(const unsigned char *bytes, size_t length, char *letters);
