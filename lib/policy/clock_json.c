#include "policy/clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"
#include "policy/clock_parts.h"
#include "json/field.h"
#include "json/stored.h"

#include "base/banned.h"

static const char *const states[] = {
	[TKT_CLOCK_RUNNING] = "running",
	[TKT_CLOCK_PAUSED] = "paused",
	[TKT_CLOCK_MET] = "met",
	[TKT_CLOCK_MISSED] = "missed",
};

static int refuse(const char *member, struct tkt_error *error)
{
	return tkt_error_set(
	    error, TKT_ERROR_DATA, _("a clock whose '%s' is missing or wrong"), member);
}

/* The place of a member's word among `words`; -1 with DATA. */
static int load_word(const json_t *object, const char *member, const char *const *words,
    size_t count, struct tkt_error *error)
{
	const char *word = json_string_value(json_object_get(object, member));
	size_t i;

	for (i = 0; word && i < count; i++)
		if (!strcmp(word, words[i]))
			return (int)i;
	return refuse(member, error);
}

static int load_text(const json_t *object, const char *member, char **text, struct tkt_error *error)
{
	const json_t *value = json_object_get(object, member);

	if (tkt_json_is_empty(value))
		return 0;
	if (!json_is_string(value))
		return refuse(member, error);
	*text = strdup(json_string_value(value));
	return *text ? 0 : tkt_error_set_memory(error);
}

static int load_time(
    const json_t *object, const char *member, int64_t *time, struct tkt_error *error)
{
	const json_t *value = json_object_get(object, member);

	*time = TKT_TIME_NONE;
	if (tkt_json_is_empty(value))
		return 0;
	if (!json_is_string(value) || tkt_time_parse(json_string_value(value), time, error))
		return refuse(member, error);
	return 0;
}

static int load_pauses(const json_t *object, struct tkt_clock *clock, struct tkt_error *error)
{
	const json_t *list = json_object_get(object, "pauses"), *element;
	size_t at;

	if (tkt_json_is_empty(list))
		return 0;
	if (!json_is_array(list))
		return refuse("pauses", error);
	clock->pauses = calloc(json_array_size(list), sizeof(*clock->pauses));
	if (!clock->pauses)
		return tkt_error_set_memory(error);
	json_array_foreach(list, at, element) {
		struct tkt_clock_pause *pause = &clock->pauses[clock->pause_count++];

		if (load_time(element, "started_at", &pause->started_at, error) ||
		    load_time(element, "ended_at", &pause->ended_at, error) ||
		    pause->started_at == TKT_TIME_NONE ||
		    (pause->ended_at == TKT_TIME_NONE && at + 1 < json_array_size(list)))
			return refuse("pauses", error);
	}
	return 0;
}

static int load_steps(const json_t *object, struct tkt_clock *clock, struct tkt_error *error)
{
	const json_t *list = json_object_get(object, "steps"), *element;
	size_t at;

	if (tkt_json_is_empty(list))
		return 0;
	if (!json_is_array(list))
		return refuse("steps", error);
	clock->steps = calloc(json_array_size(list), sizeof(*clock->steps));
	if (!clock->steps)
		return tkt_error_set_memory(error);
	json_array_foreach(list, at, element) {
		if (!json_is_string(element))
			return refuse("steps", error);
		clock->steps[at] = strdup(json_string_value(element));
		if (!clock->steps[at])
			return tkt_error_set_memory(error);
		clock->step_count++;
	}
	return 0;
}

static int load_times(const json_t *object, struct tkt_clock *clock, struct tkt_error *error)
{
	const json_t *cycle = json_object_get(object, "cycle"),
		     *remaining = json_object_get(object, "remaining_seconds");

	if (!json_is_integer(cycle))
		return refuse("cycle", error);
	clock->cycle = json_integer_value(cycle);
	if (clock->state == TKT_CLOCK_PAUSED && !json_is_integer(remaining))
		return refuse("remaining_seconds", error);
	clock->remaining_seconds = json_integer_value(remaining);
	if (load_time(object, "started_at", &clock->started_at, error) ||
	    load_time(object, "due_at", &clock->due_at, error) ||
	    load_time(object, "stopped_at", &clock->stopped_at, error) ||
	    load_time(object, "breached_at", &clock->breached_at, error))
		return -1;
	return clock->started_at == TKT_TIME_NONE ? refuse("started_at", error) : 0;
}

/* Does it have what its state needs? */
static int check(const struct tkt_clock *clock, struct tkt_error *error)
{
	const struct tkt_clock_pause *last =
	    clock->pause_count ? &clock->pauses[clock->pause_count - 1] : NULL;
	bool pauses_now = last && last->ended_at == TKT_TIME_NONE;

	if (!clock->sla)
		return refuse("sla", error);
	if (!clock->target)
		return refuse("target", error);
	if (clock->state == TKT_CLOCK_RUNNING && clock->due_at == TKT_TIME_NONE)
		return refuse("due_at", error);
	if (!tkt_clock_is_open(clock) && clock->stopped_at == TKT_TIME_NONE)
		return refuse("stopped_at", error);
	if (pauses_now != (clock->state == TKT_CLOCK_PAUSED))
		return refuse("pauses", error);
	return 0;
}

static int load(const json_t *object, struct tkt_clock *clock, struct tkt_error *error)
{
	int name = load_word(object, "name", tkt_clock_words, TKT_CLOCK_COUNT, error), state;

	if (name < 0)
		return -1;
	state = load_word(object, "state", states, sizeof(states) / sizeof(*states), error);
	if (state < 0)
		return -1;
	clock->name = (enum tkt_clock_name)name;
	clock->state = (enum tkt_clock_state)state;
	return load_text(object, "sla", &clock->sla, error) ||
		load_text(object, "calendar", &clock->calendar, error) ||
		load_text(object, "target", &clock->target, error) ||
		load_times(object, clock, error) || load_pauses(object, clock, error) ||
		load_steps(object, clock, error) || check(clock, error)
	    ? -1
	    : 0;
}

int tkt_clocks_load(const json_t *array, struct tkt_clocks *clocks, struct tkt_error *error)
{
	tkt_autoclocks made = { 0 };
	const json_t *element;
	size_t at;

	if (!tkt_json_is_empty(array) && !json_is_array(array))
		return tkt_error_set(error, TKT_ERROR_DATA, _("'%s' must be a list"), "clocks");
	json_array_foreach(array, at, element) {
		struct tkt_clock clock = { 0 };

		if (load(element, &clock, error) || tkt_clocks_take(&made, &clock, error)) {
			tkt_clock_clear(&clock);
			return -1;
		}
	}
	tkt_clocks_clear(clocks);
	*clocks = made;
	made = (struct tkt_clocks){ 0 };
	return 0;
}

static void write_time(struct tkt_text *out, const char *member, int64_t time)
{
	char text[TKT_TIME_SIZE];

	if (time != TKT_TIME_NONE)
		tkt_json_member_text(out, member, tkt_time_format(time, text));
}

static void write_pauses(struct tkt_text *out, const struct tkt_clock *clock)
{
	size_t i;

	tkt_json_key(out, "pauses");
	tkt_json_begin(out, '[');
	for (i = 0; i < clock->pause_count; i++) {
		tkt_json_begin(out, '{');
		write_time(out, "started_at", clock->pauses[i].started_at);
		write_time(out, "ended_at", clock->pauses[i].ended_at);
		tkt_json_end(out, '}');
	}
	tkt_json_end(out, ']');
}

static void write_steps(struct tkt_text *out, const struct tkt_clock *clock)
{
	size_t i;

	tkt_json_key(out, "steps");
	tkt_json_begin(out, '[');
	for (i = 0; i < clock->step_count; i++)
		tkt_json_string(out, clock->steps[i], strlen(clock->steps[i]));
	tkt_json_end(out, ']');
}

static void write_clock(struct tkt_text *out, const struct tkt_clock *clock)
{
	tkt_json_begin(out, '{');
	tkt_json_member_text(out, "name", tkt_clock_words[clock->name]);
	tkt_json_member_integer(out, "cycle", clock->cycle);
	tkt_json_member_text(out, "sla", clock->sla);
	tkt_json_member_text(out, "calendar", clock->calendar);
	tkt_json_member_text(out, "target", clock->target);
	tkt_json_member_text(out, "state", states[clock->state]);
	write_time(out, "started_at", clock->started_at);
	write_time(out, "due_at", clock->due_at);
	if (clock->state == TKT_CLOCK_PAUSED)
		tkt_json_member_integer(out, "remaining_seconds", clock->remaining_seconds);
	write_time(out, "stopped_at", clock->stopped_at);
	write_time(out, "breached_at", clock->breached_at);
	if (clock->pause_count)
		write_pauses(out, clock);
	if (clock->step_count)
		write_steps(out, clock);
	tkt_json_end(out, '}');
}

void tkt_clocks_write(const struct tkt_clocks *clocks, struct tkt_text *out)
{
	size_t i;

	tkt_json_begin(out, '[');
	for (i = 0; i < clocks->count; i++)
		write_clock(out, &clocks->clocks[i]);
	tkt_json_end(out, ']');
}

int tkt_clocks_store(const struct tkt_clocks *clocks, json_t **array, struct tkt_error *error)
{
	tkt_autotext text;
	json_t *made;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_clocks_write(clocks, &text);
	if (tkt_text_check(&text, error))
		return -1;
	made = tkt_stored_read(text.bytes, text.length);
	if (!made)
		made = json_loadb(text.bytes, text.length, 0, NULL);
	if (!made)
		return tkt_error_set_memory(error);
	*array = made;
	return 0;
}
