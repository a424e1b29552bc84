/*
 * lib/mail/address.h: addresses of a header field (RFC 5322, 3.4) as mailers really write them.
 *
 * GMime gives up the rest of a field at a ';', takes 'mailto:' for a part of the address, and does
 * not look into an encoded word that holds the address too. Read in one pass without recursion:
 * groups are opened, and what has no address is passed over.
 */
#pragma once
#include <jansson.h>

/*
 * Adds {"email":...,"name":...} for each address to a JSON array: the address in lower case, its
 * domain in ASCII (IDNA), the name decoded, left out when it is only the address again.
 *
 *   value  of the field, in UTF-8, perhaps folded
 */
void tkt_address_read(const char *value, const char *const *languages, json_t *addresses);
