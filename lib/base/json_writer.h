/*
 * lib/base/json_writer.h: the one JSON writer. It writes compact JSON into a text; commas come by
 * themselves: a value is preceded by one unless it opens the text, follows '{', '[', ':' or a LF.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tkt_text;

void tkt_json_begin(struct tkt_text *text, char bracket); /* '{' or '[' */
void tkt_json_end(struct tkt_text *text, char bracket);   /* '}' or ']' */
void tkt_json_key(struct tkt_text *text, const char *name);
void tkt_json_string(struct tkt_text *text, const char *bytes, size_t length); /* valid UTF-8 */
void tkt_json_integer(struct tkt_text *text, int64_t number);
void tkt_json_boolean(struct tkt_text *text, bool value);
void tkt_json_null(struct tkt_text *text);
void tkt_json_raw(struct tkt_text *text, const char *json, size_t length); /* JSON made before */

/* Does a text stand between quotes as it is, without an escape? */
bool tkt_json_is_plain(const char *bytes, size_t length);

/* Members; an empty one (NULL, "") is left out. */
void tkt_json_member_text(struct tkt_text *text, const char *name, const char *value);
void tkt_json_member_integer(struct tkt_text *text, const char *name, int64_t number); /* always */
void tkt_json_member_boolean(struct tkt_text *text, const char *name, bool value);     /* always */
