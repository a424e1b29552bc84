#include "json/stored.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/banned.h"

#define DEPTH_MOST 16
#define DIGITS_MOST 18 /* these always fit */

struct reading {
	const char *at, *end;
	int depth;
};

static json_t *read_value(struct reading *reading);

static bool take(struct reading *reading, char wanted)
{
	if (reading->at == reading->end || *reading->at != wanted)
		return false;
	reading->at++;
	return true;
}

/* The bytes between two quotes. */
static bool take_string(struct reading *reading, const char **bytes, size_t *length)
{
	const char *at = reading->at + 1;

	if (!take(reading, '"'))
		return false;
	while (at < reading->end && *at >= ' ' && *at < 127 && *at != '"' && *at != '\\')
		at++;
	*bytes = reading->at;
	*length = (size_t)(at - reading->at);
	reading->at = at;
	return take(reading, '"');
}

static json_t *read_string(struct reading *reading)
{
	const char *bytes;
	size_t length;

	return take_string(reading, &bytes, &length) ? json_stringn_nocheck(bytes, length) : NULL;
}

static json_t *read_integer(struct reading *reading)
{
	bool is_negative = take(reading, '-');
	const char *start = reading->at;
	json_int_t number = 0;
	int digits;

	while (reading->at < reading->end && *reading->at >= '0' && *reading->at <= '9' &&
	    reading->at - start <= DIGITS_MOST)
		number = number * 10 + (*reading->at++ - '0');
	digits = (int)(reading->at - start);
	if (digits == 0 || digits > DIGITS_MOST || (*start == '0' && (digits > 1 || is_negative)))
		return NULL;
	return json_integer(is_negative ? -number : number);
}

static bool read_member(struct reading *reading, json_t *object)
{
	const char *name;
	size_t length;
	json_t *value;

	if (!take_string(reading, &name, &length) || !take(reading, ':'))
		return false;
	value = read_value(reading);
	return value && !json_object_setn_new_nocheck(object, name, length, value);
}

static bool read_element(struct reading *reading, json_t *array)
{
	json_t *value = read_value(reading);

	return value && !json_array_append_new(array, value);
}

static json_t *read_all(struct reading *reading, json_t *made, char close,
    bool (*read_next)(struct reading *reading, json_t *made))
{
	json_auto_t *container = made;

	reading->at++;
	if (!container || ++reading->depth > DEPTH_MOST)
		return NULL;
	if (!take(reading, close)) {
		do
			if (!read_next(reading, container))
				return NULL;
		while (take(reading, ','));
		if (!take(reading, close))
			return NULL;
	}
	reading->depth--;
	return json_incref(container);
}

static json_t *read_word(struct reading *reading, const char *word, json_t *value)
{
	size_t length = strlen(word);

	if ((size_t)(reading->end - reading->at) < length || memcmp(reading->at, word, length) != 0)
		return NULL;
	reading->at += length;
	return value;
}

static json_t *read_value(struct reading *reading)
{
	if (reading->at == reading->end)
		return NULL;
	switch (*reading->at) {
	case '{':
		return read_all(reading, json_object(), '}', read_member);
	case '[':
		return read_all(reading, json_array(), ']', read_element);
	case '"':
		return read_string(reading);
	case 't':
		return read_word(reading, "true", json_true());
	case 'f':
		return read_word(reading, "false", json_false());
	case 'n':
		return read_word(reading, "null", json_null());
	default:
		return read_integer(reading);
	}
}

json_t *tkt_stored_read(const char *bytes, size_t length)
{
	struct reading reading = { .at = bytes, .end = bytes + length };
	json_auto_t *value = read_value(&reading);

	return reading.at == reading.end ? json_incref(value) : NULL;
}
