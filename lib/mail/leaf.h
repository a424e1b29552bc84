/* lib/mail/leaf.h: one part of a mail that holds no others: its bytes, type and names. */
#pragma once
#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>

#define TKT_LEAF_TYPE_SIZE 256

/* The content without its transfer encoding, followed by a NUL; to be freed. Damaged base64 and
 * quoted-printable as base64.h says. NULL: no memory. */
void *tkt_leaf_decode(GMimeObject *leaf, size_t *size);
/* The stated type in lower case; "application/octet-stream" when it is none (RFC 2045, 5.1). */
void tkt_leaf_type(GMimeObject *leaf, char type[static TKT_LEAF_TYPE_SIZE]);
bool tkt_leaf_is_type(GMimeObject *leaf, const char *type, const char *subtype);
bool tkt_leaf_is_attached(GMimeObject *leaf); /* Content-Disposition: attachment */
/* A parameter of its Content-Type, in UTF-8, to be freed; NULL when it is not there. */
char *tkt_leaf_parameter(GMimeObject *leaf, const char *name, const char *const *languages);
/* The name that the mail gives it, to be freed; NULL when it has none. */
char *tkt_leaf_name(GMimeObject *leaf, const char *const *languages);
/* A name for one that has none: an attached mail's subject, "invitation.ics", "smime.p7m"; NULL
 * when there is nothing better than a number. To be freed. */
char *tkt_leaf_default_name(
    const char *type, const char *bytes, size_t size, const char *const *languages);
