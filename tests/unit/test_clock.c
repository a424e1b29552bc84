/* The rules of a ticket's clocks, one by one: started, stopped, paused, re-opened (tkt-sla(1)). */
#include "clock_support.h"

/* -- 1: the anchor -- */

static void test_anchor(void **state)
{
	int64_t received = at(MONDAY);
	static const struct {
		enum tkt_anchor anchor;
		const char *sent, *expected;
	} rows[] = {
		{ TKT_ANCHOR_SENT, "2025-11-10T05:00:00Z", "2025-11-10T05:00:00Z" },
		{ TKT_ANCHOR_RECEIVED, "2025-11-10T05:00:00Z", MONDAY },
		{ TKT_ANCHOR_PROVEN_RECEIPT, "2025-11-10T05:00:00Z", MONDAY },
		{ TKT_ANCHOR_SENT, MONDAY, MONDAY },
		{ TKT_ANCHOR_SENT, "2025-11-10T06:00:01Z", MONDAY },                 /* later */
		{ TKT_ANCHOR_SENT, "2025-11-07T06:00:00Z", "2025-11-07T06:00:00Z" }, /* 72 h */
		{ TKT_ANCHOR_SENT, "2025-11-07T05:59:59Z", MONDAY },                 /* more */
		{ TKT_ANCHOR_SENT, NULL, MONDAY },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(tkt_anchor_instant(rows[i].anchor,
				     rows[i].sent ? at(rows[i].sent) : TKT_TIME_NONE, received),
		    at(rows[i].expected));
}

static void test_anchor_of_letters(void **state)
{
	static const char conf[] = "sla \"s\" { anchor = sent first_response = \"1h\""
				   " next_response = \"1h\" }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, "2025-11-10T06:10:00Z",
	    "< sent_at=2025-11-10T05:50:00Z received_at=2025-11-10T06:00:00Z");
	happen(&scene, "2025-11-10T06:20:00Z", "> status=open");
	happen(&scene, "2025-11-10T07:00:00Z",
	    "< letter.sent_at=2025-11-10T06:40:00Z letter.received_at=2025-11-10T06:59:00Z");
	assert_clocks(&scene.clocks,
	    "first_response 1 s 1h met from 2025-11-10T05:50:00Z due 2025-11-10T06:50:00Z"
	    " stopped 2025-11-10T06:20:00Z\n"
	    "next_response 1 s 1h running from 2025-11-10T06:40:00Z due 2025-11-10T07:40:00Z\n");
}

/* The calendar of the ticket's channel goes before that of the sla. */
static void test_channel(void **state)
{
	static const char conf[] =
	    CALENDARS "channel \"phone\" { accept = all calendar = \"late\" }\n"
		      "sla \"s\" { calendar = \"office\" first_response = \"1wh\" }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "< channel=phone");
	assert_clocks(&scene.clocks,
	    "first_response 1 s 1wh running from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z\n");
	assert_string_equal(scene.clocks.clocks[0].calendar, "late");
}

/* -- 2: first_response ends with a person's public reply alone -- */

static void test_first_response(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh running from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T06:00:00Z\n");
	happen(&scene, "2025-11-10T06:00:01Z", ""); /* an acknowledgement, a note */
	happen(&scene, "2025-11-10T07:00:00Z", "status=resolved");
	happen(&scene, "2025-11-10T08:00:00Z", "status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh running from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T07:00:00Z"
	    " pause 2025-11-10T07:00:00Z to 2025-11-10T08:00:00Z\n");
	happen(&scene, "2025-11-10T09:00:00Z", "> status=pending"); /* both in one step */
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T09:00:00Z\n"
	    "resolution 1 base 20wh paused from 2025-11-10T06:00:00Z left 64800"
	    " pause 2025-11-10T07:00:00Z to 2025-11-10T08:00:00Z pause 2025-11-10T09:00:00Z\n");
	happen(&scene, "2025-11-10T12:00:00Z", ">"); /* a verdict is not judged again */
	assert_int_equal(scene.clocks.clocks[0].stopped_at, at("2025-11-10T09:00:00Z"));
}

/* A ticket that we open by writing has had its answer. */
static void test_we_write_first(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "> status=resolved");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T06:00:00Z\n"
	    "resolution 1 base 20wh met from 2025-11-10T06:00:00Z due 2025-11-12T06:00:00Z"
	    " stopped 2025-11-10T06:00:00Z\n");
}

/* -- 3: next_response runs from the oldest letter that nobody has answered -- */

static void test_next_response(void **state)
{
	static const char conf[] = "sla \"s\" { next_response = \"2h\" }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T06:10:00Z", "<"); /* no answer yet: first_response's matter */
	assert_clocks(&scene.clocks, "");
	happen(&scene, "2025-11-10T06:20:00Z", ">");
	happen(&scene, "2025-11-10T06:30:00Z", ""); /* machine mail */
	assert_clocks(&scene.clocks, "");
	happen(&scene, "2025-11-10T07:00:00Z", "<");
	happen(&scene, "2025-11-10T07:30:00Z", "<");
	assert_clocks(&scene.clocks,
	    "next_response 1 s 2h running from 2025-11-10T07:00:00Z due 2025-11-10T09:00:00Z\n");
	happen(&scene, "2025-11-10T09:00:01Z", ">");
	happen(&scene, "2025-11-10T10:00:00Z", ">");
	happen(&scene, "2025-11-10T11:00:00Z", "<");
	assert_clocks(&scene.clocks,
	    "next_response 1 s 2h missed from 2025-11-10T07:00:00Z due 2025-11-10T09:00:00Z"
	    " stopped 2025-11-10T09:00:01Z breached 2025-11-10T09:00:00Z\n"
	    "next_response 2 s 2h running from 2025-11-10T11:00:00Z due 2025-11-10T13:00:00Z\n");
}

/* -- 4: an sla may promise no resolution, and none may match at all -- */

static void test_nothing_promised(void **state)
{
	static const char conf[] = "sla \"s\" { match = {\"tier=paid\"} first_response = \"2h\" }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "<");
	assert_clocks(&scene.clocks, "");
	happen(&scene, "2025-11-10T07:00:00Z", "tier=paid");
	assert_clocks(&scene.clocks,
	    "first_response 1 s 2h running from 2025-11-10T06:00:00Z due 2025-11-10T08:00:00Z\n");
	happen(&scene, "2025-11-10T07:30:00Z", "tier=free");
	assert_clocks(&scene.clocks, "");
	happen(&scene, "2025-11-10T09:00:00Z", "tier=paid"); /* late already */
	assert_clocks(&scene.clocks,
	    "first_response 1 s 2h running from 2025-11-10T06:00:00Z due 2025-11-10T08:00:00Z"
	    " breached 2025-11-10T09:00:00Z\n");
	happen(&scene, "2025-11-10T10:00:00Z", "tier=free"); /* what is broken stays broken */
	assert_clocks(&scene.clocks,
	    "first_response 1 s 2h missed from 2025-11-10T06:00:00Z due 2025-11-10T08:00:00Z"
	    " stopped 2025-11-10T10:00:00Z breached 2025-11-10T09:00:00Z\n");
	happen(&scene, "2025-11-10T11:00:00Z", "tier=paid"); /* and its verdict is not taken back */
	assert_int_equal(scene.clocks.clocks[0].stopped_at, at("2025-11-10T10:00:00Z"));
}

/* -- 5: a pause gives back time as the target is measured -- */

/* Mon-Fri 8-18 Moscow, 4wh from Thursday 16:30, pending Thursday 17:00 to Friday 10:00. */
static void test_vector_7(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, "2025-11-06T13:30:00Z", "<");
	happen(&scene, "2025-11-06T14:00:00Z", "status=pending");
	happen(&scene, "2025-11-07T07:00:00Z", "status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh running from 2025-11-06T13:30:00Z due 2025-11-07T10:30:00Z"
	    " pause 2025-11-06T14:00:00Z to 2025-11-07T07:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-06T13:30:00Z due 2025-11-11T06:30:00Z"
	    " pause 2025-11-06T14:00:00Z to 2025-11-07T07:00:00Z\n");
}

/* Opened on Friday 09:00, pending from Friday 17:00 to Monday 11:00, Moscow. */
static void test_pause_over_a_weekend(void **state)
{
	static const struct {
		const char *target, *paused, *due;
	} rows[] = {
		/* 8 h used, 12 left: Monday 11-18, Tuesday 8-13 */
		{ "20wh", "left 43200", "2025-11-11T10:00:00Z" },
		/* 8 h used of Friday, 16 left of Monday and Tuesday */
		{ "24dh", "left 57600", "2025-11-11T00:00:00Z" },
		{ "4d", "left 316800", "2025-11-14T00:00:00Z" },
		/* due Tuesday 09:00: 20 open hours from Friday 09:00, 12 are left */
		{ "2wd", "left 43200", "2025-11-11T10:00:00Z" },
		{ "0wd", "left -28800", "2025-11-07T06:00:00Z" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tkt_autofree char *conf = NULL, *paused = NULL, *resumed = NULL;
		bool late = rows[i].target[0] == '0';
		autoscene scene;

		assert_true(
		    asprintf(&conf,
			CALENDARS "sla \"s\" { calendar = \"office\" resolution = \"%s\""
				  " pause \"resolution\" { match = {\"status=pending\"} } }",
			rows[i].target) > 0);
		assert_true(asprintf(&paused,
				"resolution 1 s %s paused from 2025-11-07T06:00:00Z %s%s"
				" pause 2025-11-07T14:00:00Z\n",
				rows[i].target, rows[i].paused,
				late ? " breached 2025-11-07T06:00:00Z" : "") > 0);
		assert_true(asprintf(&resumed,
				"resolution 1 s %s running from 2025-11-07T06:00:00Z due %s%s"
				" pause 2025-11-07T14:00:00Z to 2025-11-10T08:00:00Z\n",
				rows[i].target, rows[i].due,
				late ? " breached 2025-11-07T06:00:00Z" : "") > 0);
		scene_begin(&scene, conf);
		happen(&scene, "2025-11-07T06:00:00Z", "<");
		happen(&scene, "2025-11-07T14:00:00Z", "status=pending");
		assert_clocks(&scene.clocks, paused);
		happen(&scene, "2025-11-10T08:00:00Z", "status=open");
		assert_clocks(&scene.clocks, resumed);
	}
}

/* A term of cd takes no pause; closed, it waits like all others and is due when it was. */
static void test_calendar_days(void **state)
{
	static const char conf[] =
	    CALENDARS "sla \"s\" { calendar = \"office\" first_response = \"3cd\""
		      " pause \"first_response\" { match = {\"status=pending\"} } }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-11T06:00:00Z", "status=pending");
	assert_clocks(&scene.clocks,
	    "first_response 1 s 3cd running from 2025-11-10T06:00:00Z due 2025-11-13T21:00:00Z\n");
	happen(&scene, "2025-11-12T21:00:00Z", "status=closed");
	assert_clocks(&scene.clocks,
	    "first_response 1 s 3cd paused from 2025-11-10T06:00:00Z left 86400"
	    " pause 2025-11-12T21:00:00Z\n");
	happen(&scene, "2025-11-13T06:00:00Z", "status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 s 3cd running from 2025-11-10T06:00:00Z due 2025-11-13T21:00:00Z"
	    " pause 2025-11-12T21:00:00Z to 2025-11-13T06:00:00Z\n");
}

/*
 * 1wd from opening is due at the next opening, though all its open hours are over at closing: a
 * pause in that night brings the deadline no forward, one that outlasts it moves it.
 */
static void test_pause_in_the_night_before(void **state)
{
	static const char conf[] =
	    CALENDARS "sla \"s\" { calendar = \"office\" resolution = \"1wd\""
		      " pause \"resolution\" { match = {\"status=pending\"} } }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, "2025-11-10T05:00:00Z", "<");
	happen(&scene, "2025-11-10T17:00:00Z", "status=pending");
	happen(&scene, "2025-11-11T04:00:00Z", "status=open");
	assert_clocks(&scene.clocks,
	    "resolution 1 s 1wd running from 2025-11-10T05:00:00Z due 2025-11-11T05:00:00Z"
	    " pause 2025-11-10T17:00:00Z to 2025-11-11T04:00:00Z\n");
	happen(&scene, "2025-11-11T04:30:00Z", "status=pending");
	happen(&scene, "2025-11-11T06:00:00Z", "status=open");
	assert_clocks(&scene.clocks,
	    "resolution 1 s 1wd running from 2025-11-10T05:00:00Z due 2025-11-11T06:00:00Z"
	    " pause 2025-11-10T17:00:00Z to 2025-11-11T04:00:00Z"
	    " pause 2025-11-11T04:30:00Z to 2025-11-11T06:00:00Z\n");
}

/* Paused after closing time, when the deadline, at closing, is past: it stays where it was. */
static void test_pause_after_the_deadline(void **state)
{
	static const char conf[] =
	    CALENDARS "sla \"s\" { calendar = \"office\" resolution = \"9wh\""
		      " pause \"resolution\" { match = {\"status=pending\"} } }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T17:00:00Z", "status=pending");
	assert_clocks(&scene.clocks,
	    "resolution 1 s 9wh paused from 2025-11-10T06:00:00Z left 0"
	    " breached 2025-11-10T15:00:00Z pause 2025-11-10T17:00:00Z\n");
	happen(&scene, "2025-11-11T07:00:00Z", "status=resolved");
	assert_clocks(&scene.clocks,
	    "resolution 1 s 9wh missed from 2025-11-10T06:00:00Z due 2025-11-10T15:00:00Z"
	    " stopped 2025-11-11T07:00:00Z breached 2025-11-10T15:00:00Z"
	    " pause 2025-11-10T17:00:00Z to 2025-11-11T07:00:00Z\n");
}

/* Pauses are of a clock each, to the second; what stops in one was in time. */
static void test_pause_of_one_clock(void **state)
{
	static const char conf[] = "sla \"s\" { first_response = \"1h\" resolution = \"1h\""
				   " pause \"resolution\" { match = {\"status=pending\"} } }";
	autoscene scene;

	(void)state;
	scene_begin(&scene, conf);
	happen(&scene, MONDAY, "< status=pending");
	happen(&scene, "2025-11-10T06:00:01Z", "status=open");
	happen(&scene, "2025-11-10T07:00:01Z", "status=pending"); /* at the deadline */
	assert_clocks(&scene.clocks,
	    "first_response 1 s 1h running from 2025-11-10T06:00:00Z due 2025-11-10T07:00:00Z"
	    " breached 2025-11-10T07:00:00Z\n"
	    "resolution 1 s 1h paused from 2025-11-10T06:00:00Z left 0"
	    " pause 2025-11-10T06:00:00Z to 2025-11-10T06:00:01Z pause 2025-11-10T07:00:01Z\n");
	happen(&scene, "2025-11-12T06:00:00Z", "status=resolved");
	assert_int_equal(scene.clocks.clocks[1].state, TKT_CLOCK_MET);
	assert_int_equal(scene.clocks.clocks[1].due_at, at("2025-11-12T06:00:00Z"));
}

/* -- 6: re-opening goes on without the closed time -- */

static void test_reopen(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T07:00:00Z", "> status=resolved");
	happen(&scene, "2025-11-10T08:00:00Z", "status=closed");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "resolution 1 base 20wh met from 2025-11-10T06:00:00Z due 2025-11-12T06:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n");
	happen(&scene, "2025-11-17T07:00:00Z", "< status=open"); /* a week later */
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "next_response 1 base 8wh running from 2025-11-17T07:00:00Z due 2025-11-17T15:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-19T06:00:00Z"
	    " pause 2025-11-10T07:00:00Z to 2025-11-17T07:00:00Z\n");
	happen(&scene, "2025-11-20T07:00:00Z", "status=closed"); /* late, and unanswered */
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "next_response 1 base 8wh paused from 2025-11-17T07:00:00Z left -79200"
	    " breached 2025-11-17T15:00:00Z pause 2025-11-20T07:00:00Z\n"
	    "resolution 1 base 20wh missed from 2025-11-10T06:00:00Z due 2025-11-19T06:00:00Z"
	    " stopped 2025-11-20T07:00:00Z breached 2025-11-19T06:00:00Z"
	    " pause 2025-11-10T07:00:00Z to 2025-11-17T07:00:00Z\n");
}

/* A closed ticket is not judged, whatever is said of it. */
static void test_closed(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T07:00:00Z", "status=closed");
	happen(&scene, "2025-11-20T07:00:00Z", ">");
	happen(&scene, "2025-11-20T08:00:00Z", "<");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh paused from 2025-11-10T06:00:00Z left 10800"
	    " pause 2025-11-10T07:00:00Z\n"
	    "resolution 1 base 20wh met from 2025-11-10T06:00:00Z due 2025-11-12T06:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n");
}

/* -- 10: at the same instant -- */

static void test_same_instant(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T10:00:00Z", "status=pending");
	happen(&scene, "2025-11-10T10:00:00Z", "status=open");
	happen(&scene, "2025-11-10T10:00:00Z", "status=pending");
	happen(&scene, "2025-11-10T10:00:00Z", ">"); /* met exactly at the deadline */
	happen(&scene, "2025-11-10T11:00:00Z", "status=open");
	happen(&scene, "2025-11-10T11:00:00Z", "status=pending"); /* one pause that goes on */
	happen(&scene, "2025-11-10T12:00:00Z", "< status=open");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T10:00:00Z\n"
	    "next_response 1 base 8wh running from 2025-11-10T12:00:00Z due 2025-11-11T10:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T08:00:00Z"
	    " pause 2025-11-10T10:00:00Z to 2025-11-10T12:00:00Z\n");
}

/* -- facts that are lacking -- */

/* S2-6: what ran until the request was read has not been promised; it counts from completion. */
static void test_lacking(void **state)
{
	autoscene scene;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	happen(&scene, MONDAY, "lacks=browser");
	assert_clocks(&scene.clocks, "");
	happen(&scene, "2025-11-11T06:00:00Z", "< status=open");
	assert_clocks(&scene.clocks, "");
	happen(&scene, "2025-11-11T06:00:00Z", "lacks= complete_at=2025-11-11T06:00:00Z");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh running from 2025-11-11T06:00:00Z due 2025-11-11T10:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-11T06:00:00Z due 2025-11-13T06:00:00Z\n");
	happen(&scene, "2025-11-11T07:00:00Z", ">");
	happen(&scene, "2025-11-11T08:00:00Z", "lacks=more"); /* it runs on: it was complete once */
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh met from 2025-11-11T06:00:00Z due 2025-11-11T10:00:00Z"
	    " stopped 2025-11-11T07:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-11T06:00:00Z due 2025-11-13T06:00:00Z\n");
}

/* A promise that was broken before somebody looked stays broken; one who was answered is not
 * incomplete any more. */
static void test_lacking_too_late(void **state)
{
	autoscene scene, answered;

	(void)state;
	scene_begin(&scene, PLAIN);
	happen(&scene, MONDAY, "<");
	happen(&scene, "2025-11-10T10:00:01Z", "lacks=browser");
	assert_clocks(&scene.clocks,
	    "first_response 1 base 4wh running from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " breached 2025-11-10T10:00:00Z\n");
	scene_begin(&answered, PLAIN);
	happen(&answered, MONDAY, "<");
	happen(&answered, "2025-11-10T07:00:00Z", "> lacks=browser");
	assert_clocks(&answered.clocks,
	    "first_response 1 base 4wh met from 2025-11-10T06:00:00Z due 2025-11-10T10:00:00Z"
	    " stopped 2025-11-10T07:00:00Z\n"
	    "resolution 1 base 20wh running from 2025-11-10T06:00:00Z due 2025-11-12T06:00:00Z\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anchor),
		cmocka_unit_test(test_anchor_of_letters),
		cmocka_unit_test(test_channel),
		cmocka_unit_test(test_first_response),
		cmocka_unit_test(test_we_write_first),
		cmocka_unit_test(test_next_response),
		cmocka_unit_test(test_nothing_promised),
		cmocka_unit_test(test_vector_7),
		cmocka_unit_test(test_pause_over_a_weekend),
		cmocka_unit_test(test_calendar_days),
		cmocka_unit_test(test_pause_in_the_night_before),
		cmocka_unit_test(test_pause_after_the_deadline),
		cmocka_unit_test(test_pause_of_one_clock),
		cmocka_unit_test(test_reopen),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_same_instant),
		cmocka_unit_test(test_lacking),
		cmocka_unit_test(test_lacking_too_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
