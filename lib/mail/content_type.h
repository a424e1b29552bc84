/* lib/mail/content_type.h: what contents are, judged by themselves and not by a name. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

/* libmagic, opened for the first contents: reading its tables takes longer than most judgements. */
struct tkt_judge; /* opaque */

/* NULL when memory is out.
 *
 *   is_strange  contents come from strangers: only their first 64 KB are looked at, 1 KB once that
 *               has come to 8 MB, and not within archives and compound documents, whose parsers are
 *               large
 */
struct tkt_judge *tkt_judge_new(bool is_strange);
void tkt_judge_free(struct tkt_judge *judge);
TKT_AUTOPTR(judge)

/* The type of some contents ("image/png"); "application/octet-stream" where libmagic cannot say, or
 * is not there. To be freed; NULL when memory is out. */
char *tkt_content_type(struct tkt_judge *judge, const void *bytes, size_t length);

/* The same, borrowed until the next call, and NULL where it cannot say. */
const char *tkt_judge_type(struct tkt_judge *judge, const void *bytes, size_t length);
