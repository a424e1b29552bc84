/*
 * lib/mail/thread_index.h: Exchange's Thread-Index, which an answer takes over from what it answers
 * ([MS-OXOMSG] 2.2.1.3): a root of 22 bytes (1, five bytes of a time, a GUID), then five bytes for
 * each answer.
 */
#pragma once

/*
 * The root in a header value, as the base64 of its 22 bytes: the same for all mails of a
 * conversation. To be freed; "" when the value is none; NULL when memory is out.
 *
 *   value  of the field, folded or not; NULL is none
 */
char *tkt_thread_index_root(const char *value);
