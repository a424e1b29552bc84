#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "json/field.h"

#include "base/banned.h"

json_t *tkt_object_get(const json_t *object, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return json_object_get(object, name);
	return json_object_get(json_object_getn(object, name, (size_t)(dot - name)), dot + 1);
}

bool tkt_json_is_empty(const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_NULL:
		return true;
	case JSON_STRING:
		return json_string_length(value) == 0;
	case JSON_ARRAY:
		return json_array_size(value) == 0;
	case JSON_OBJECT:
		return json_object_size(value) == 0;
	default:
		return false;
	}
}

const char *tkt_object_text(const json_t *object, const char *name)
{
	return json_string_value(tkt_object_get(object, name));
}

bool tkt_array_has(const json_t *array, const json_t *value)
{
	const json_t *element;
	size_t at;

	json_array_foreach(array, at, element) {
		if (json_equal(element, value))
			return true;
	}
	return false;
}

bool tkt_array_has_text(const json_t *array, const char *text)
{
	const json_t *element;
	size_t at;

	json_array_foreach(array, at, element) {
		if (text && tkt_text_equal(json_string_value(element), text))
			return true;
	}
	return false;
}

json_t *tkt_array_find(const json_t *array, const char *name, const char *text)
{
	json_t *element;
	size_t at;

	json_array_foreach(array, at, element) {
		if (text && tkt_text_equal(tkt_object_text(element, name), text))
			return element;
	}
	return NULL;
}

int64_t tkt_object_time(const json_t *object, const char *name)
{
	const char *text = tkt_object_text(object, name);
	struct tkt_error ignored = { 0 };
	int64_t time;

	return text && !tkt_time_parse(text, &time, &ignored) ? time : TKT_TIME_NONE;
}

const json_t *tkt_object_clock(const json_t *clocks, const char *name, size_t length)
{
	const json_t *clock, *latest = NULL;
	json_int_t cycle, latest_cycle = 0;
	size_t index;

	json_array_foreach(clocks, index, clock) {
		const char *word = tkt_object_text(clock, "name");

		cycle = json_integer_value(json_object_get(clock, "cycle"));
		if (!word || strncmp(word, name, length) != 0 || word[length] ||
		    (latest && cycle < latest_cycle))
			continue;
		latest = clock;
		latest_cycle = cycle;
	}
	return latest;
}

static void remove_member(json_t *object, const char *name, const char *dot)
{
	size_t length = dot ? (size_t)(dot - name) : 0;
	json_t *nested;

	if (!dot) {
		json_object_del(object, name);
		return;
	}
	nested = json_object_getn(object, name, length);
	if (!json_is_object(nested))
		return;
	json_object_del(nested, dot + 1);
	if (json_object_size(nested) == 0)
		json_object_deln(object, name, length);
}

int tkt_object_set(json_t *object, const char *name, json_t *value, struct tkt_error *error)
{
	const char *dot = strchr(name, '.');
	json_t *nested;

	if (!value)
		return tkt_error_set_memory(error);
	if (tkt_json_is_empty(value)) {
		json_decref(value);
		remove_member(object, name, dot);
		return 0;
	}
	if (!dot)
		return json_object_set_new(object, name, value) ? tkt_error_set_memory(error) : 0;
	nested = json_object_getn(object, name, (size_t)(dot - name));
	if (!json_is_object(nested)) {
		nested = json_object();
		if (json_object_setn_new(object, name, (size_t)(dot - name), nested)) {
			json_decref(value);
			return tkt_error_set_memory(error);
		}
	}
	return json_object_set_new(nested, dot + 1, value) ? tkt_error_set_memory(error) : 0;
}

const json_t *tkt_clock_same(const json_t *clocks, const json_t *wanted)
{
	const json_t *clock;
	size_t index;

	json_array_foreach(clocks, index, clock)
		if (json_equal(json_object_get(clock, "name"), json_object_get(wanted, "name")) &&
		    json_equal(json_object_get(clock, "cycle"), json_object_get(wanted, "cycle")))
			return clock;
	return NULL;
}
