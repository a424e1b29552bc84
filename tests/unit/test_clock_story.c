/* A ticket's clocks on the wire, and over random stories. */
#include "clock_support.h"

/* -- the wire -- */

static void test_json(void **state)
{
	static const char wire[] =
	    "{\"clocks\":[{\"name\":\"first_response\",\"cycle\":1,\"sla\":\"s\",\"target\":\"1h\","
	    "\"state\":\"missed\",\"started_at\":\"2025-11-10T06:00:00Z\","
	    "\"due_at\":\"2025-11-10T07:00:00Z\",\"stopped_at\":\"2025-11-10T08:00:00Z\","
	    "\"breached_at\":\"2025-11-10T07:00:00Z\",\"steps\":[\"75%\",\"first_response "
	    "100%\"]},"
	    "{\"name\":\"resolution\",\"cycle\":1,\"sla\":\"s\",\"calendar\":\"office\","
	    "\"target\":\"3wd\",\"state\":\"paused\",\"started_at\":\"2025-11-10T06:00:00Z\","
	    "\"remaining_seconds\":-7,\"pauses\":[{\"started_at\":\"2025-11-10T06:10:00Z\","
	    "\"ended_at\":\"2025-11-10T06:20:00Z\"},{\"started_at\":\"2025-11-10T06:30:00Z\"}]},"
	    "{\"name\":\"next_response\",\"cycle\":2,\"sla\":\"s\",\"target\":\"1h\","
	    "\"state\":\"running\",\"started_at\":\"2025-11-10T06:00:00Z\","
	    "\"due_at\":\"2025-11-10T07:00:00Z\"}]}";
	json_auto_t *ticket = object(wire), *again = json_object();
	struct tkt_error error = { 0 };
	tkt_autoclocks clocks = { 0 };
	json_t *array;

	(void)state;
	succeed(tkt_clocks_load(json_object_get(ticket, "clocks"), &clocks, &error), &error);
	succeed(tkt_clocks_store(&clocks, &array, &error), &error);
	json_object_set_new(again, "clocks", array);
	assert_object(again, wire);
	succeed(tkt_clocks_load(NULL, &clocks, &error), &error);
	assert_int_equal(clocks.count, 0);
}

static void test_bad_json(void **state)
{
	static const struct {
		const char *json, *error;
	} rows[] = {
		{ "{\"clocks\":7}", "'clocks' must be a list" },
		{ "{\"clocks\":[7]}", "a clock whose 'name' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"last_response\"}]}",
		    "a clock whose 'name' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"slow\"}]}",
		    "a clock whose 'state' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"running\"}]}",
		    "a clock whose 'cycle' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"running\",\"cycle\":1,"
		  "\"sla\":\"s\",\"target\":\"1h\",\"started_at\":\"2025-11-10T06:00:00Z\"}]}",
		    "a clock whose 'due_at' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"paused\",\"cycle\":1,"
		  "\"sla\":\"s\",\"target\":\"1h\",\"started_at\":\"2025-11-10T06:00:00Z\"}]}",
		    "a clock whose 'remaining_seconds' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"paused\",\"cycle\":1,"
		  "\"sla\":\"s\",\"target\":\"1h\",\"started_at\":\"2025-11-10T06:00:00Z\","
		  "\"remaining_seconds\":60}]}",
		    "a clock whose 'pauses' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"paused\",\"cycle\":1,"
		  "\"sla\":\"s\",\"target\":\"1h\",\"started_at\":\"2025-11-10T06:00:00Z\","
		  "\"remaining_seconds\":60,\"pauses\":[{\"started_at\":\"2025-11-10T07:00:00Z\"},"
		  "{\"started_at\":\"2025-11-10T08:00:00Z\"}]}]}",
		    "a clock whose 'pauses' is missing or wrong" },
		{ "{\"clocks\":[{\"name\":\"resolution\",\"state\":\"met\",\"cycle\":1,"
		  "\"sla\":\"s\",\"target\":\"1h\",\"started_at\":\"yesterday\"}]}",
		    "a clock whose 'started_at' is missing or wrong" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_auto_t *ticket = object(rows[i].json);
		struct tkt_error error = { 0 };
		tkt_autoclocks clocks = { 0 };

		assert_int_equal(
		    tkt_clocks_load(json_object_get(ticket, "clocks"), &clocks, &error), -1);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, rows[i].error);
		assert_int_equal(clocks.count, 0);
	}
}

/* -- random stories -- */

static uint32_t seed;

static uint32_t below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % limit;
}

/* The seconds of [start, end) that the measure counts and no pause holds. */
static int64_t counted(
    const struct tkt_clock *clock, struct tkt_calendar *calendar, int unit, int64_t end)
{
	enum tkt_measure measure = tkt_unit_measure((enum tkt_unit)unit);
	int64_t from = clock->started_at, sum = 0, part;
	struct tkt_error error = { 0 };
	size_t i;

	for (i = 0; i <= clock->pause_count; i++) {
		bool last = i == clock->pause_count;
		int64_t until =
		    last || clock->pauses[i].started_at > end ? end : clock->pauses[i].started_at;

		if (until > from) {
			succeed(tkt_calendar_between(calendar, measure, from, until, &part, &error),
			    &error);
			sum += part;
		}
		if (last || clock->pauses[i].ended_at == TKT_TIME_NONE)
			break;
		if (clock->pauses[i].ended_at > from)
			from = clock->pauses[i].ended_at;
	}
	return sum;
}

/* Counted time and what is left are the target, by sums of their own. */
static void check_sums(const struct scene *scene, int64_t now)
{
	struct tkt_error error = { 0 };
	size_t i;

	for (i = 0; i < scene->clocks.count; i++) {
		const struct tkt_clock *clock = &scene->clocks.clocks[i];
		int64_t total, due, sum;
		struct tkt_length length;

		succeed(tkt_length_parse(clock->target, &length, &error), &error);
		total = tkt_length_measured(&length);
		if (length.unit == TKT_UNIT_CALENDAR_DAY || clock->state > TKT_CLOCK_PAUSED)
			continue;
		if (length.unit == TKT_UNIT_WORK_DAY) {
			succeed(tkt_calendar_add(scene->level.calendar, clock->started_at, &length,
				    &due, &error),
			    &error);
			succeed(tkt_calendar_between(scene->level.calendar, TKT_MEASURE_OPEN,
				    clock->started_at, due, &total, &error),
			    &error);
		}
		sum = counted(clock, scene->level.calendar, length.unit,
		    clock->state == TKT_CLOCK_PAUSED ? now : clock->due_at);
		assert_int_equal(sum + clock->remaining_seconds, total);
	}
}

static void assert_same(const struct tkt_clocks *clocks, const struct tkt_clocks *expected)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	describe(expected, &text);
	assert_clocks(clocks, text.bytes);
}

/* Adopting the same level over the whole story, with a record and without one. */
static void check_adoption(const struct scene *scene, int64_t now)
{
	tkt_autoclocks again = { 0 }, anew = { 0 };
	struct tkt_error error = { 0 };
	json_t *array;
	size_t i;

	succeed(tkt_clocks_store(&scene->clocks, &array, &error), &error);
	succeed(tkt_clocks_load(array, &again, &error), &error);
	json_decref(array);
	succeed(tkt_clocks_adopt(
		    &again, scene->story.moments, scene->story.count, &scene->level, now, &error),
	    &error);
	assert_same(&again, &scene->clocks);
	succeed(tkt_clocks_adopt(
		    &anew, scene->story.moments, scene->story.count, &scene->level, now, &error),
	    &error);
	assert_int_equal(anew.count, scene->clocks.count);
	for (i = 0; i < anew.count; i++) /* promised only now: broken only now */
		if (anew.clocks[i].breached_at != TKT_TIME_NONE) {
			assert_int_equal(anew.clocks[i].breached_at, now);
			anew.clocks[i].breached_at = scene->clocks.clocks[i].breached_at;
		}
	assert_same(&anew, &scene->clocks);
}

static void test_random_stories(void **state)
{
	static const char *const targets[] = { "5h", "1d", "4wh", "26wh", "30dh", "1wd", "3wd",
		"0wd", "2cd", "90m" },
				 *const acts[] = { "<", ">", "status=pending", "status=open",
					 "status=resolved", "status=closed", "> status=pending",
					 "< status=open", "" };
	int round, k;

	(void)state;
	for (round = 0; round < 300; round++) {
		tkt_autofree char *conf = NULL;
		char text[TKT_TIME_SIZE];
		int64_t now = at("2025-11-06T00:00:00Z");
		autoscene scene;

		seed = (uint32_t)round;
		assert_true(
		    asprintf(&conf,
			CALENDARS
			"sla \"s\" { calendar = \"office\" anchor = sent"
			" first_response = \"%s\" next_response = \"%s\" resolution = \"%s\""
			" pause \"first_response\" { match = {\"status=pending\"} }"
			" pause \"resolution\" { match = {\"status=pending\"} } }",
			targets[below(10)], targets[below(10)], targets[below(10)]) > 0);
		scene_begin(&scene, conf);
		happen(&scene, "2025-11-06T00:00:00Z", "< sent_at=2025-11-05T12:00:00Z");
		for (k = 0; k < 20; k++) {
			now += below(4) ? below(20) * 1800 : below(2) * 86400;
			happen(&scene, tkt_time_format(now, text), acts[below(9)]);
			check_sums(&scene, now);
			check_adoption(&scene, now);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_bad_json),
		cmocka_unit_test(test_random_stories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
