/* lib/mail/comment.h: comments in header fields (RFC 5322, 3.2.2). */
#pragma once

/* Behind a comment, which may hold others; `at` is at its '('. At the end of the text when it is
 * never closed. */
const char *tkt_comment_skip(const char *at);
/* Behind blanks, line ends and comments. */
const char *tkt_comment_skip_all(const char *at);
