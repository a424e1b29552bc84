/* lib/json/stream.h: NDJSON in: one object a line. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/text.h"

struct tkt_error;
struct tkt_stream; /* opaque: a reader of lines from one file */

#define TKT_LINE_LIMIT ((size_t)64 << 20) /* bytes of one line */
#define TKT_DEPTH_LIMIT 64                /* levels of nesting in one object */
#define TKT_VALUE_LIMIT 1000000           /* members and elements in one object, all told */

struct tkt_line {
	uint64_t number; /* from 1 */
	const char
	    *bytes; /* as read, without its LF (and BOM); valid until the next call on the stream */
	size_t length;
	json_t *object; /* a new reference that the caller drops; NULL when `error` says what is
			wrong */
};

/* `name` stands in errors ('stdin'). Takes nothing over: the file stays the caller's. */
int tkt_stream_new(int file, const char *name, struct tkt_stream **stream, struct tkt_error *error);
void tkt_stream_free(struct tkt_stream *stream);
TKT_AUTOPTR(stream)

/*
 * Reads the next line that is not blank; waits for it. Returns 1; 0 at the end; -1 with
 * TKT_ERROR_IO when reading fails; and -2 with TKT_ERROR_DATA ('stdin:17: REASON') when the line is
 * not an object of UTF-8 JSON within the limits, or names a member twice: the stream goes on behind
 * it.
 */
int tkt_stream_next(struct tkt_stream *stream, struct tkt_line *line, struct tkt_error *error);

/* Is a whole line there already, so that tkt_stream_next() would not wait? */
bool tkt_stream_is_ready(struct tkt_stream *stream);

/* Puts 'stdin:17: ' before an error about this line. Returns -1. */
int tkt_stream_prefix(
    const struct tkt_stream *stream, const struct tkt_line *line, struct tkt_error *error);

/* Adds the object as one line of compact JSON with its LF; members in their order. */
void tkt_object_write(struct tkt_text *out, const json_t *object);

/* Adds any value as compact JSON, a comma before it as the JSON writer does. */
void tkt_value_write(struct tkt_text *out, const json_t *value);

/* One JSON object from text that we stored ourselves. 0, or -1 with TKT_ERROR_DATA. */
int tkt_object_parse(const char *bytes, size_t length, json_t **object, struct tkt_error *error);
