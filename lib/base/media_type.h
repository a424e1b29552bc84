/* lib/base/media_type.h: names of media types (RFC 2046, RFC 6838), as they are compared. */
#pragma once
#include <stdbool.h>

#define TKT_MEDIA_TYPE_SIZE 256

/*
 * The type without parameters, in lower case, and by the name that libmagic gives it where mailers
 * have others ("image/jpg", "image/x-ms-bmp"); cut where it is longer than any name may be.
 */
void tkt_media_type(const char *given, char type[TKT_MEDIA_TYPE_SIZE]);

/* Is the type meant by the pattern: the type itself, or "image/" and a star? */
bool tkt_media_type_matches(const char *pattern, const char *type);

/* A pattern of two names of RFC 6838, 4.2, the second of which may be a star? */
bool tkt_media_type_is_pattern(const char *pattern);
