/* lib/mail/content_type.h: what contents are, judged by themselves and not by a name. */
#pragma once
#include <stddef.h>

/*
 * The type of some contents ("image/png"), by libmagic, which is opened for this alone;
 * "application/octet-stream" where it cannot say. To be freed; NULL when memory is out.
 */
char *tkt_content_type(const void *bytes, size_t length);
