/* A ticket's clocks under another level, an edited calendar, and when something is due of them. */
#include "clock_support.h"

/* -- 7: another level, from the same anchor -- */

static const char two_levels[] =
    CALENDARS "sla \"fast\" { match = {\"priority=critical\"} first_response = \"1h\""
	      " resolution = \"1d\" }\n"
	      "sla \"slow\" { calendar = \"office\" first_response = \"8wh\" resolution = \"3wd\""
	      " pause \"resolution\" { match = {\"status=pending\"} } }\n";

static void test_raised(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, two_levels);
	happen(&scene, MONDAY, "< priority=normal");
	happen(&scene, "2025-11-10T06:10:00Z", "status=pending");
	assert_clocks(&scene.clocks,
	    "first_response 1 slow 8wh running from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z\n"
	    "resolution 1 slow 3wd paused from 2025-11-10T06:00:00Z left 107400"
	    " pause 2025-11-10T06:10:00Z\n");
	happen(&scene, "2025-11-10T08:00:00Z", "priority=critical status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 fast 1h running from 2025-11-10T06:00:00Z due 2025-11-10T07:00:00Z"
	    " breached 2025-11-10T08:00:00Z\n"
	    "resolution 1 fast 1d running from 2025-11-10T06:00:00Z due 2025-11-11T06:00:00Z\n");
	happen(&scene, "2025-11-10T08:30:00Z", "priority=normal");
	assert_clocks(&scene.clocks,
	    "first_response 1 slow 8wh running from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z"
	    " breached 2025-11-10T08:00:00Z\n"
	    "resolution 1 slow 3wd running from 2025-11-10T06:00:00Z due 2025-11-13T07:50:00Z"
	    " pause 2025-11-10T06:10:00Z to 2025-11-10T08:00:00Z\n");
	happen(&scene, "2025-11-10T09:00:00Z", ">"); /* in time by the promise, breach on record */
	assert_clocks(&scene.clocks,
	    "first_response 1 slow 8wh met from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z"
	    " stopped 2025-11-10T09:00:00Z breached 2025-11-10T08:00:00Z\n"
	    "resolution 1 slow 3wd running from 2025-11-10T06:00:00Z due 2025-11-13T07:50:00Z"
	    " pause 2025-11-10T06:10:00Z to 2025-11-10T08:00:00Z\n");
}

/* An answer that comes with the change of level is judged by the promise that it was under. */
static void test_answer_and_raise(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, two_levels);
	happen(&scene, MONDAY, "< priority=normal");
	happen(&scene, "2025-11-10T08:00:00Z", "> priority=critical status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 slow 8wh met from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z"
	    " stopped 2025-11-10T08:00:00Z\n"
	    "resolution 1 fast 1d running from 2025-11-10T06:00:00Z due 2025-11-11T06:00:00Z\n");
}

/* So is one that comes while it is paused. */
static void test_answer_and_raise_a_pause(void **state)
{
	static const char conf[] = CALENDARS
	    "sla \"fast\" { match = {\"priority=critical\"} calendar = \"office\""
	    " resolution = \"1wh\" pause \"resolution\" { match = {\"status=pending\"} } }\n"
	    "sla \"slow\" { calendar = \"office\" resolution = \"8wh\""
	    " pause \"resolution\" { match = {\"status=pending\"} } }";
	autoscene met, missed;

	(void)state;
	scene_begin(&met, conf);
	happen(&met, MONDAY, "< priority=normal");
	happen(&met, "2025-11-10T10:00:00Z", "status=pending");
	happen(&met, "2025-11-11T06:00:00Z", "priority=critical status=resolved");
	assert_clocks(&met.clocks,
	    "resolution 1 slow 8wh met from 2025-11-10T06:00:00Z due 2025-11-11T10:00:00Z"
	    " stopped 2025-11-11T06:00:00Z"
	    " pause 2025-11-10T10:00:00Z to 2025-11-11T06:00:00Z\n");
	scene_begin(&missed, conf);
	happen(&missed, MONDAY, "< priority=normal");
	happen(&missed, "2025-11-10T14:00:01Z", "status=pending");
	happen(&missed, "2025-11-11T06:00:00Z", "priority=critical status=resolved");
	assert_clocks(&missed.clocks,
	    "resolution 1 slow 8wh missed from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z"
	    " stopped 2025-11-11T06:00:00Z breached 2025-11-10T14:00:00Z"
	    " pause 2025-11-10T14:00:01Z to 2025-11-11T06:00:00Z\n");
}

/* Steps that have fired stay fired; a resolution re-opened under another level goes on by it. */
static void test_steps_and_reopen(void **state)
{
	autoscene scene;
	struct tkt_clock *clock;

	(void)state;
	scene_begin(&scene, two_levels);
	happen(&scene, MONDAY, "< priority=normal");
	clock = &scene.clocks.clocks[1];
	clock->steps = calloc(1, sizeof(*clock->steps));
	clock->steps[0] = strdup("75%");
	clock->step_count = 1;
	happen(&scene, "2025-11-10T06:30:00Z", "> priority=critical status=resolved");
	happen(&scene, "2025-11-10T07:00:00Z", "priority=normal");
	assert_clocks(&scene.clocks,
	    "first_response 1 slow 8wh met from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z"
	    " stopped 2025-11-10T06:30:00Z\n"
	    "resolution 1 slow 3wd met from 2025-11-10T06:00:00Z due 2025-11-13T06:00:00Z"
	    " stopped 2025-11-10T06:30:00Z step '75%'\n");
	happen(&scene, "2025-11-10T07:30:00Z", "priority=critical status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 slow 8wh met from 2025-11-10T06:00:00Z due 2025-11-10T14:00:00Z"
	    " stopped 2025-11-10T06:30:00Z\n"
	    "resolution 1 fast 1d running from 2025-11-10T06:00:00Z due 2025-11-11T07:00:00Z"
	    " pause 2025-11-10T06:30:00Z to 2025-11-10T07:30:00Z step '75%'\n");
}

/* -- 8: a calendar edit -- */

/* The scene's clocks by the calendars of another desk.conf. */
static void reckon(struct scene *scene, const char *conf, const char *now)
{
	struct tkt_error error = { 0 };

	tkt_calendars_free(scene->calendars);
	scene->calendars = NULL;
	succeed(
	    tkt_calendars_read("/", "/", conf, strlen(conf), &scene->calendars, &error), &error);
	succeed(
	    tkt_level_choose(scene->policy, scene->calendars, scene->ticket, &scene->level, &error),
	    &error);
	succeed(tkt_clocks_reckon(&scene->clocks, &scene->level, at(now), &error), &error);
}

static void test_calendar_edit(void **state)
{
	static const char edited[] =
	    "calendar \"office\" { timezone = \"Europe/Moscow\" week = {\"mon-fri 08:00-13:00\"} }",
			  never[] =
			      "calendar \"office\" { timezone = \"Europe/Moscow\""
			      " week = {\"mon-fri 08:00-18:00\"} days = {\"2025-11-10 closed\"} }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T07:00:00Z", "> status=pending");
	reckon(&scene, edited, "2025-11-10T08:00:00Z");
	assert_clocks(&scene.clocks, /* the verdict stays; 3 of 20 hours are gone by the pause */
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "resolution 1 base 20wh paused from 2025-11-10T06:00:00Z left 68400"
	    " pause 2025-11-10T07:00:00Z\n");
	happen(&scene, "2025-11-10T10:00:00Z", "status=open");
	reckon(&scene, never, "2025-11-10T10:00:00Z"); /* a day off after all */
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T15:00:00Z"
	    " pause 2025-11-10T07:00:00Z to 2025-11-10T10:00:00Z\n");
	reckon(&scene, CALENDARS, "2025-11-12T11:00:00Z"); /* it is not: late by that */
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T09:00:00Z"
	    " breached 2025-11-12T11:00:00Z pause 2025-11-10T07:00:00Z to 2025-11-10T10:00:00Z\n");
}

/* Time alone broke it: then the breach is of the deadline, whatever notices it. */
static void test_breach(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	assert_false(tkt_clocks_breach(&scene.clocks, at("2025-11-10T10:00:00Z")));
	reckon(&scene, CALENDARS, "2025-11-10T10:00:01Z");
	assert_false(tkt_clocks_breach(&scene.clocks, at("2025-11-10T10:00:01Z")));
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh running from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " breached 2025-11-10T10:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T06:00:00Z\n");
	assert_true(tkt_clocks_breach(&scene.clocks, at("2025-11-12T06:00:01Z")));
	assert_int_equal(scene.clocks.clocks[1].breached_at, at("2025-11-12T06:00:00Z"));
}

/* -- 11: parts of the time, and the next instant -- */

/* When a clock's time is used up to this percent. */
static int64_t part(const struct scene *scene, int percent)
{
	const struct tkt_step step = { .title = "any", .clock = -1, .percent = percent };
	struct tkt_error error = { 0 };
	int64_t instant;
	int fires =
	    tkt_clock_step(&scene->clocks.clocks[0], &scene->level, &step, &instant, &error);

	if (fires != 1)
		fail_msg("%d: %s", fires, error.text);
	return instant;
}

static void test_parts(void **state)
{
	static const struct {
		const char *target, *half, *whole, *double_;
	} rows[] = {
		/* a pause from Monday 11:00 to 13:00 lies between; from Monday 09:00, Moscow */
		{ "10wh", "2025-11-10T13:00:00Z", "2025-11-11T08:00:00Z", "2025-11-12T08:00:00Z" },
		{ "1d", "2025-11-10T20:00:00Z", "2025-11-11T08:00:00Z", "2025-11-12T08:00:00Z" },
		{ "2wd", "2025-11-11T08:00:00Z", "2025-11-12T08:00:00Z", "2025-11-14T08:00:00Z" },
		/* to the end of Tuesday: 39 hours */
		{ "1cd", "2025-11-11T01:30:00Z", "2025-11-11T21:00:00Z", "2025-11-13T12:00:00Z" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tkt_autofree char *conf = NULL;
		autoscene scene;

		assert_true(
		    asprintf(&conf,
			CALENDARS "sla \"s\" { calendar = \"office\" resolution = \"%s\""
				  " pause \"resolution\" { match = {\"status=pending\"} } }",
			rows[i].target) > 0);
		scene_begin(&scene, conf);
		happen(&scene, MONDAY, "<");
		happen(&scene, "2025-11-10T08:00:00Z", "status=pending");
		happen(&scene, "2025-11-10T10:00:00Z", "status=open");
		assert_int_equal(part(&scene, 50), at(rows[i].half));
		assert_int_equal(part(&scene, 100), at(rows[i].whole));
		assert_int_equal(part(&scene, 200), at(rows[i].double_));
	}
}

/* A working day from Saturday 07:00 ends when Monday opens, with no open seconds before it. */
static void test_parts_of_nothing(void **state)
{
	static const char conf[] =
	    CALENDARS "sla \"s\" { calendar = \"office\" resolution = \"1wd\""
		      " pause \"resolution\" { match = {\"status=pending\"} } }";
	autoscene scene;
	int percent;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, "2025-11-08T04:00:00Z", "<");
	for (percent = 0; percent <= 1000; percent += 50)
		assert_int_equal(part(&scene, percent), at("2025-11-10T05:00:00Z"));
}

static void assert_next(const struct scene *scene, const char *expected)
{
	struct tkt_error error = { 0 };
	char text[TKT_TIME_SIZE] = "never";
	int64_t next;

	succeed(tkt_clocks_next(&scene->clocks, &scene->level, &next, &error), &error);
	if (next != TKT_TIME_NONE)
		tkt_time_format(next, text);
	assert_string_equal(text, expected);
}

static void fire(struct tkt_clock *clock, const char *title)
{
	clock->steps = reallocarray(clock->steps, clock->step_count + 1, sizeof(*clock->steps));
	clock->steps[clock->step_count++] = strdup(title);
}

static void test_next(void **state)
{
	static const char conf[] = "sla \"s\" { first_response = \"4h\" resolution = \"10h\""
				   " escalate \"75%\" { notify = {\"assignee\"} }"
				   " escalate \"first_response 150%\" { notify = {\"assignee\"} }"
				   " pause \"resolution\" { match = {\"status=pending\"} } }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "<");
	assert_next(&scene, "2025-11-10T09:00:00Z"); /* 75% of 4h */
	fire(&scene.clocks.clocks[0], "75%");
	assert_next(&scene, "2025-11-10T10:00:01Z"); /* the breach */
	tkt_clocks_breach(&scene.clocks, at("2025-11-10T10:00:01Z"));
	assert_next(&scene, "2025-11-10T12:00:00Z"); /* 150% of 4h */
	fire(&scene.clocks.clocks[0], "first_response 150%");
	assert_next(&scene, "2025-11-10T13:30:00Z"); /* 75% of 10h */
	happen(&scene, "2025-11-10T12:30:00Z", "> status=pending");
	assert_next(&scene, "never");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raised),
		cmocka_unit_test(test_answer_and_raise),
		cmocka_unit_test(test_answer_and_raise_a_pause),
		cmocka_unit_test(test_steps_and_reopen),
		cmocka_unit_test(test_calendar_edit),
		cmocka_unit_test(test_breach),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_parts_of_nothing),
		cmocka_unit_test(test_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
