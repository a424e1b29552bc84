/* lib/mail/content_type.h: what contents are, judged by themselves and not by a name. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/*
 * The type of some contents ("image/png"), by libmagic, which is opened for this alone;
 * "application/octet-stream" where it cannot say. To be freed; NULL when memory is out.
 *
 *   is_strange  they came from a stranger: only their first 64 KB are looked at, and not within
 *               archives and compound documents, whose parsers are large
 */
char *tkt_content_type(const void *bytes, size_t length, bool is_strange);
