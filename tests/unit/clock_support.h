/* What the tests of clocks share: a desk's sections from text, a ticket that things happen to. */
#pragma once
#include "store_support.h"

#include "base/time.h"
#include "calendar/calendar.h"
#include "desk/calendars.h"
#include "expression/expression.h"
#include "flow/story.h"
#include "policy/clock.h"

#define CALENDARS                                                                                 \
	"calendar \"office\" { timezone = \"Europe/Moscow\" week = {\"mon-fri 08:00-18:00\"} }\n" \
	"calendar \"late\" { timezone = \"Europe/Moscow\" week = {\"mon-fri 12:00-20:00\"} }\n"

/* The section that most of them are by. */
#define PLAIN                                                                                 \
	CALENDARS "sla \"base\" { calendar = \"office\" anchor = received"                    \
		  " first_response = \"4wh\" next_response = \"8wh\" resolution = \"20wh\"\n" \
		  " pause \"first_response\" { match = {\"status=pending\"} }\n"              \
		  " pause \"resolution\" { match = {\"status=pending\"} } }\n"

/* Monday 2025-11-10, 09:00 in Moscow, unless said otherwise. */
#define MONDAY "2025-11-10T06:00:00Z"

struct scene {
	struct tkt_policy *policy;
	struct tkt_calendars *calendars;
	json_t *ticket;
	struct tkt_story story;
	struct tkt_clocks clocks;
	struct tkt_level level; /* as chosen for the ticket as it now is */
};

static inline int64_t at(const char *time)
{
	struct tkt_error error = { 0 };
	int64_t parsed = 0;

	succeed(tkt_time_parse(time, &parsed, &error), &error);
	return parsed;
}

static inline void scene_begin(struct scene *scene, const char *conf)
{
	const struct tkt_expression_scope scope = { .now = 0 };
	struct tkt_error error = { 0 };

	memset(scene, 0, sizeof(*scene));
	succeed(tkt_policy_read("/", conf, strlen(conf), &scope, &scene->policy, &error), &error);
	succeed(
	    tkt_calendars_read("/", "/", conf, strlen(conf), &scene->calendars, &error), &error);
}

static inline void scene_end(struct scene *scene)
{
	tkt_policy_free(scene->policy);
	tkt_calendars_free(scene->calendars);
	json_decref(scene->ticket);
	tkt_story_clear(&scene->story);
	tkt_clocks_clear(&scene->clocks);
}
#define autoscene __attribute__((cleanup(scene_end))) struct scene

/* A new ticket of which it is the first event: 'sent_at=...' and the like follow as for happen().
 */
static inline void set_member(json_t *ticket, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	struct tkt_error error = { 0 };
	char *name = strndup(assignment, (size_t)(equals - assignment));

	succeed(tkt_object_set(ticket, name, json_string(equals + 1), &error), &error);
	free(name);
}

static inline bool is_closed(const json_t *ticket)
{
	return tkt_text_equal(tkt_object_text(ticket, "status"), "closed");
}

/*
 * One change at `time`: words of `what` are '<' (a person's letter in), '>' (a person's reply out),
 * 'status=open' and other fields; with '<', 'letter.sent_at=TIME' and 'letter.received_at=TIME' are
 * the letter's. As the writer does it: the level is chosen and adopted where it is another.
 */
static inline void happen(struct scene *scene, const char *time, const char *what)
{
	struct tkt_moment moment = { .at = at(time),
		.opens = !scene->story.count,
		.sent_at = TKT_TIME_NONE,
		.received_at = TKT_TIME_NONE };
	struct tkt_error error = { 0 };
	char *copy = strdup(what), *rest = copy, *word;
	json_t *ticket = scene->ticket ? json_deep_copy(scene->ticket)
				       : object("{\"type\":\"ticket\",\"status\":\"new\"}");

	while ((word = strsep(&rest, " "))) {
		if (!strcmp(word, "<"))
			moment.letter_in = true;
		else if (!strcmp(word, ">"))
			moment.reply_out = true;
		else if (!strncmp(word, "letter.sent_at=", 15))
			moment.sent_at = at(word + 15);
		else if (!strncmp(word, "letter.received_at=", 19))
			moment.received_at = at(word + 19);
		else if (*word)
			set_member(ticket, word);
	}
	free(copy);
	if (moment.opens && !json_object_get(ticket, "received_at"))
		json_object_set_new(ticket, "received_at", json_string(time));
	if (moment.reply_out)
		json_object_set_new(ticket, "last_out_at", json_string(time));
	moment.stays_closed = !moment.opens && is_closed(scene->ticket) && is_closed(ticket);
	json_decref(scene->ticket);
	moment.ticket = scene->ticket = ticket;
	succeed(tkt_story_add(&scene->story, &moment, &error), &error);
	succeed(tkt_level_choose(scene->policy, scene->calendars, ticket, &scene->level, &error),
	    &error);
	if (moment.opens || tkt_clocks_are_by(&scene->clocks, &scene->level))
		succeed(tkt_clocks_follow(&scene->clocks, &moment, &scene->level, &error), &error);
	else
		succeed(tkt_clocks_adopt(&scene->clocks, scene->story.moments, scene->story.count,
			    &scene->level, moment.at, &error),
		    &error);
}

static inline void add_time(struct tkt_text *text, const char *before, int64_t time)
{
	char words[TKT_TIME_SIZE];

	if (time != TKT_TIME_NONE)
		tkt_text_format(text, "%s%s", before, tkt_time_format(time, words));
}

/* A line a clock: 'resolution 1 base 4wh running from TIME due TIME pause TIME-TIME'. */
static inline void describe(const struct tkt_clocks *clocks, struct tkt_text *text)
{
	static const char *const states[] = { "running", "paused", "met", "missed" };
	size_t i, k;

	tkt_text_reset(text);
	for (i = 0; i < clocks->count; i++) {
		const struct tkt_clock *clock = &clocks->clocks[i];

		tkt_text_format(text, "%s %lld %s %s %s", tkt_clock_words[clock->name],
		    (long long)clock->cycle, clock->sla, clock->target, states[clock->state]);
		add_time(text, " from ", clock->started_at);
		add_time(text, " due ", clock->due_at);
		if (clock->state == TKT_CLOCK_PAUSED)
			tkt_text_format(text, " left %lld", (long long)clock->remaining_seconds);
		add_time(text, " stopped ", clock->stopped_at);
		add_time(text, " breached ", clock->breached_at);
		for (k = 0; k < clock->pause_count; k++) {
			add_time(text, " pause ", clock->pauses[k].started_at);
			add_time(text, " to ", clock->pauses[k].ended_at);
		}
		for (k = 0; k < clock->step_count; k++)
			tkt_text_format(text, " step '%s'", clock->steps[k]);
		tkt_text_add(text, "\n");
	}
}

static inline void assert_clocks(const struct tkt_clocks *clocks, const char *expected)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	describe(clocks, &text);
	assert_string_equal(text.bytes, expected);
}
