#include "json/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/words.h"

#include "base/banned.h"

#define CHUNK ((size_t)64 << 10)

struct tkt_stream {
	int file;
	char *name;
	char *bytes; /* owned; from `start` to `end` read and not yet given out */
	size_t start, end, allocated;
	size_t scanned;  /* no LF between `start` and here */
	uint64_t number; /* of the line given out last */
	bool at_end;
	bool overlong; /* the line that is being read has passed the limit: it is thrown away */
};

int tkt_stream_new(int file, const char *name, struct tkt_stream **stream, struct tkt_error *error)
{
	tkt_autoptr(stream) made = calloc(1, sizeof(*made));

	if (!made)
		return tkt_error_set_memory(error);
	made->file = file;
	made->name = strdup(name);
	made->allocated = 2 * CHUNK;
	made->bytes = malloc(made->allocated);
	if (!made->name || !made->bytes)
		return tkt_error_set_memory(error);
	*stream = tkt_take(made);
	return 0;
}

void tkt_stream_free(struct tkt_stream *stream)
{
	if (!stream)
		return;
	free(stream->name);
	free(stream->bytes);
	free(stream);
}

/* Makes room for one more chunk behind `end`. */
static int make_room(struct tkt_stream *stream, struct tkt_error *error)
{
	size_t wanted;
	char *grown;

	if (stream->overlong || stream->start == stream->end) {
		stream->start = stream->end = stream->scanned = 0;
	} else if (stream->start && stream->allocated - stream->end < CHUNK) {
		memmove(stream->bytes, stream->bytes + stream->start, stream->end - stream->start);
		stream->end -= stream->start;
		stream->scanned -= stream->start;
		stream->start = 0;
	}
	if (stream->allocated - stream->end >= CHUNK)
		return 0;
	wanted = 2 * stream->allocated; /* bounded: a line beyond the limit is thrown away */
	grown = realloc(stream->bytes, wanted);
	if (!grown)
		return tkt_error_set_memory(error);
	stream->bytes = grown;
	stream->allocated = wanted;
	return 0;
}

static void skip_byte_order_mark(struct tkt_stream *stream)
{
	if (stream->number == 0 && stream->end - stream->start >= 3 &&
	    !memcmp(stream->bytes + stream->start, "\xef\xbb\xbf", 3)) {
		stream->start += 3;
		if (stream->scanned < stream->start)
			stream->scanned = stream->start;
	}
}

/* Reads what is there, waiting for it. 0, or -1. */
static int fill(struct tkt_stream *stream, struct tkt_error *error)
{
	ssize_t count;

	if (make_room(stream, error))
		return -1;
	do
		count = read(stream->file, stream->bytes + stream->end, CHUNK);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return tkt_error_set_system(error, errno, _("cannot read %s"), stream->name);
	if (count == 0)
		stream->at_end = true;
	stream->end += (size_t)count;
	return 0;
}

/* The LF that ends the line at `start`, or NULL when it has not been read yet. */
static char *line_end(struct tkt_stream *stream)
{
	char *feed = memchr(stream->bytes + stream->scanned, '\n', stream->end - stream->scanned);

	stream->scanned = feed ? (size_t)(feed - stream->bytes) : stream->end;
	if (!feed && stream->end - stream->start > TKT_LINE_LIMIT)
		stream->overlong = true;
	return feed;
}

static bool is_blank(const char *bytes, size_t length)
{
	size_t index;

	for (index = 0; index < length; index++)
		if (bytes[index] != ' ' && bytes[index] != '\t' && bytes[index] != '\r')
			return false;
	return true;
}

/* Takes the next line off the front, blank or not. 1, 0 at the end, -1. */
static int take_line(struct tkt_stream *stream, struct tkt_line *line, struct tkt_error *error)
{
	char *feed;

	while (!(feed = line_end(stream)) && !stream->at_end)
		if (fill(stream, error))
			return -1;
	if (!feed && stream->start == stream->end && !stream->overlong)
		return 0;
	skip_byte_order_mark(stream);
	line->number = ++stream->number;
	line->bytes = stream->bytes + stream->start;
	line->length = stream->scanned - stream->start;
	stream->start = stream->scanned = feed ? stream->scanned + 1 : stream->end;
	return 1;
}

/*
 * Bounds what Jansson may build before it sees a byte: levels, and values by the commas and
 * brackets outside of strings.
 */
static int check_bounds(const char *bytes, size_t length, struct tkt_error *error)
{
	size_t index, depth = 0, count = 0;
	bool quoted = false;

	for (index = 0; index < length; index++) {
		char byte = bytes[index];

		if (quoted) {
			if (byte == '\\')
				index++;
			else if (byte == '"')
				quoted = false;
		} else if (byte == '"') {
			quoted = true;
		} else if (byte == '{' || byte == '[') {
			count++;
			if (++depth > TKT_DEPTH_LIMIT)
				return tkt_error_set(error, TKT_ERROR_DATA,
				    _("nested deeper than %d levels"), TKT_DEPTH_LIMIT);
		} else if (byte == '}' || byte == ']') {
			depth -= depth > 0;
		} else if (byte == ',') {
			count++;
		}
	}
	if (count > TKT_VALUE_LIMIT)
		return tkt_error_set(
		    error, TKT_ERROR_DATA, _("more than %d members and elements"), TKT_VALUE_LIMIT);
	return 0;
}

static int refuse(const char *sentence, const char *reason, struct tkt_error *error)
{
	return tkt_error_set(error, TKT_ERROR_DATA, "%s: %s", sentence, reason);
}

int tkt_object_parse(const char *bytes, size_t length, json_t **object, struct tkt_error *error)
{
	json_auto_t *made = NULL;
	json_error_t reason;

	if (check_bounds(bytes, length, error))
		return -1;
	if (memchr(bytes, '\0', length))
		return refuse(_("not a JSON object"), _("it holds a NUL byte"), error);
	made = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &reason);
	if (!made) {
		switch (json_error_code(&reason)) {
		case json_error_out_of_memory:
			return tkt_error_set_memory(error);
		case json_error_invalid_utf8:
			return refuse(_("not valid UTF-8"), reason.text, error);
		case json_error_duplicate_key:
			return refuse(_("a member is there twice"), reason.text, error);
		case json_error_numeric_overflow:
			return refuse(_("a number is too large"), reason.text, error);
		default:
			return refuse(_("not a JSON object"), reason.text, error);
		}
	}
	if (!json_is_object(made))
		return tkt_error_set(error, TKT_ERROR_DATA, _("not a JSON object"));
	*object = made;
	made = NULL;
	return 0;
}

int tkt_stream_next(struct tkt_stream *stream, struct tkt_line *line, struct tkt_error *error)
{
	int taken;

	do {
		*line = (struct tkt_line){ 0 };
		taken = take_line(stream, line, error);
		if (taken <= 0)
			return taken;
	} while (!stream->overlong && line->length <= TKT_LINE_LIMIT &&
	    is_blank(line->bytes, line->length));
	if (stream->overlong || line->length > TKT_LINE_LIMIT) {
		stream->overlong = false;
		line->bytes = "";
		line->length = 0;
		tkt_error_set(error, TKT_ERROR_DATA, _("the line is longer than %zu MB"),
		    TKT_LINE_LIMIT >> 20);
	} else if (!tkt_object_parse(line->bytes, line->length, &line->object, error)) {
		return 1;
	}
	tkt_stream_prefix(stream, line, error);
	return error->kind == TKT_ERROR_DATA ? -2 : -1;
}

/* Is there a line that is not blank between `start` and `end`? Blank ones are passed over. */
static bool has_line(struct tkt_stream *stream)
{
	const char *at = stream->bytes + stream->start, *end = stream->bytes + stream->end, *feed;

	if (stream->overlong)
		return stream->at_end || memchr(at, '\n', (size_t)(end - at));
	for (; (feed = memchr(at, '\n', (size_t)(end - at))); at = feed + 1)
		if (!is_blank(at, (size_t)(feed - at)))
			return true;
	return stream->at_end;
}

bool tkt_stream_is_ready(struct tkt_stream *stream)
{
	struct tkt_error error = { 0 };
	struct pollfd wanted = { .fd = stream->file, .events = POLLIN };

	while (!has_line(stream)) {
		if (stream->end - stream->start > TKT_LINE_LIMIT)
			return false; /* next() will throw it away, and may have to wait for that */
		wanted.revents = 0;
		if (poll(&wanted, 1, 0) <= 0)
			return false;
		if (fill(stream, &error))
			return true; /* next() meets the same error without waiting */
	}
	return true;
}

int tkt_stream_prefix(
    const struct tkt_stream *stream, const struct tkt_line *line, struct tkt_error *error)
{
	return tkt_error_prefix(error, "%s:%llu", stream->name, (unsigned long long)line->number);
}

/* The shortest digits that read back as the same number. */
static void write_real(struct tkt_text *out, const json_t *value)
{
	char digits[64];
	size_t length = 0;
	int precision;

	for (precision = 15; precision <= 17; precision++) {
		json_auto_t *again = NULL;

		length = json_dumpb(value, digits, sizeof(digits),
		    JSON_ENCODE_ANY | JSON_REAL_PRECISION(precision));
		again = json_loadb(digits, length, JSON_DECODE_ANY, NULL);
		if (json_real_value(again) == json_real_value(value))
			break;
	}
	tkt_json_raw(out, digits, length);
}

void tkt_value_write(struct tkt_text *out, const json_t *value)
{
	const char *key;
	json_t *element;
	size_t index;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		tkt_json_begin(out, '{');
		json_object_foreach((json_t *)value, key, element) {
			tkt_json_key(out, key);
			tkt_value_write(out, element);
		}
		tkt_json_end(out, '}');
		break;
	case JSON_ARRAY:
		tkt_json_begin(out, '[');
		json_array_foreach(value, index, element)
			tkt_value_write(out, element);
		tkt_json_end(out, ']');
		break;
	case JSON_STRING:
		tkt_json_string(out, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		tkt_json_integer(out, json_integer_value(value));
		break;
	case JSON_REAL:
		write_real(out, value);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		tkt_json_boolean(out, json_is_true(value));
		break;
	case JSON_NULL:
		tkt_json_null(out);
		break;
	}
}

void tkt_object_write(struct tkt_text *out, const json_t *object)
{
	tkt_value_write(out, object);
	tkt_text_add_byte(out, '\n');
}
