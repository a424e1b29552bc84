/* Timers on a ticket: a table of tickets before and after. */
#include "desk/calendars.h"
#include "desk/level.h"
#include "policy/timer.h"
#include "policy_support.h"

/* 2026-03-02 is a Monday. */
static const char conf[] =
    "calendar \"office\" { week = {\"mon-fri 09:00-18:00\"} }\n"
    "timer \"silent\" { match = {\"waiting_for=customer\"} since = last_out calendar = \"office\"\n"
    "  step \"10wd\" { set = {\"status=closed\"} }\n"
    "  step \"5wd\" { reply = \"reminder\" } }\n"
    "timer \"old\" { any = {\"priority=high\", \"tags=vip\"}\n"
    "  step \"36h\" { notify = {\"assignee\"} } }\n";

#define SINCE "'since_at':'2026-03-02T09:00:00Z'"
#define OUT "'last_out_at':'2026-03-02T09:00:00Z'"
#define OURS "'status':'open'," OUT ",'last_in_at':'2026-03-02T10:00:00Z'"
#define ASKED "'status':'pending','pending_reason':'customer'," OUT

static const struct row {
	const char *ticket, *timers, *after;
	const char *next;
} rows[] = {
	/* starts with its match, from its instant */
	{ "{" OURS "}", "[]", "null", NULL },
	{ "{'status':'pending','pending_reason':'customer'}", "[]", "null", NULL },
	{ "{" ASKED "}", "[]", "[{'name':'silent'," SINCE ",'next_at':'2026-03-09T09:00:00Z'}]",
	    "2026-03-09T09:00:00Z" },
	/* a step that has fired gives way to the next, whatever the order of the file */
	{ "{" ASKED "}", "[{'name':'silent'," SINCE ",'next_at':'x','steps':['5wd']}]",
	    "[{'name':'silent'," SINCE ",'next_at':'2026-03-16T09:00:00Z','steps':['5wd']}]",
	    "2026-03-16T09:00:00Z" },
	/* after the last it does not run any more, and knows why */
	{ "{" ASKED "}", "[{'name':'silent'," SINCE ",'steps':['5wd','10wd']}]",
	    "[{'name':'silent'," SINCE ",'steps':['5wd','10wd']}]", NULL },
	/* another instant is another cycle */
	{ "{'status':'pending','pending_reason':'customer','last_out_at':'2026-03-03T10:00:00Z'}",
	    "[{'name':'silent'," SINCE ",'steps':['5wd']}]",
	    "[{'name':'silent','since_at':'2026-03-03T10:00:00Z','next_at':'2026-03-10T10:00:00Z'}"
	    "]",
	    "2026-03-10T10:00:00Z" },
	/* while the match does not hold, and when closed, it keeps what has fired and nothing else
	 */
	{ "{" OURS "}",
	    "[{'name':'silent'," SINCE ",'next_at':'2026-03-16T09:00:00Z','steps':['5wd']}]",
	    "[{'name':'silent'," SINCE ",'steps':['5wd']}]", NULL },
	{ "{" OURS "}", "[{'name':'silent'," SINCE ",'next_at':'x'}]", "null", NULL },
	{ "{'status':'closed','priority':'high','created_at':'2026-03-02T09:00:00Z'," OUT "}",
	    "[{'name':'silent'," SINCE ",'next_at':'x','steps':['5wd']},"
	    "{'name':'old'," SINCE ",'next_at':'2026-03-03T21:00:00Z'}]",
	    "[{'name':'silent'," SINCE ",'steps':['5wd']}]", NULL },
	/* and goes on where it was */
	{ "{" ASKED "}", "[{'name':'silent'," SINCE ",'steps':['5wd']}]",
	    "[{'name':'silent'," SINCE ",'next_at':'2026-03-16T09:00:00Z','steps':['5wd']}]",
	    "2026-03-16T09:00:00Z" },
	/* without `since`: from the opening; several run at once, in file order; the earliest
	 * counts
	 */
	{ "{" ASKED ",'tags':['vip'],'created_at':'2026-02-28T09:00:00Z'}", "[]",
	    "[{'name':'silent'," SINCE ",'next_at':'2026-03-09T09:00:00Z'},"
	    "{'name':'old','since_at':'2026-02-28T09:00:00Z','next_at':'2026-03-01T21:00:00Z'}]",
	    "2026-03-01T21:00:00Z" },
	/* a timer that the policy does not have */
	{ "{'status':'open'}", "[{'name':'gone'," SINCE ",'next_at':'x','steps':['5wd']}]", "null",
	    NULL },
};

static void test_follow(void **state)
{
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		json_t *ticket = quoted(row->ticket), *timers = quoted(row->timers),
		       *expected = quoted(row->after);
		struct tkt_error error = { 0 };
		char next[TKT_TIME_SIZE] = "";

		if (json_array_size(timers))
			json_object_set(ticket, "timers", timers);
		succeed(
		    tkt_timers_follow(policy->policy, policy->calendars, ticket, &error), &error);
		assert_json(json_object_get(ticket, "timers"), expected, i);
		if (tkt_timers_next(ticket) != TKT_TIME_NONE)
			tkt_time_format(tkt_timers_next(ticket), next);
		assert_string_equal(next, row->next ? row->next : "");
		json_decref(ticket);
		json_decref(timers);
		json_decref(expected);
	}
}

static void test_calendar_gone(void **state)
{
	const struct policy_state *policy = *state;
	json_t *ticket = quoted("{" ASKED "}");
	struct tkt_calendars *none = NULL;
	struct tkt_error error = { 0 };

	succeed(tkt_calendars_read("/tmp", "/tmp", "", 0, &none, &error), &error);
	assert_int_equal(tkt_timers_follow(policy->policy, none, ticket, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_string_equal(error.text, "timer 'silent': there is no calendar 'office'");
	tkt_calendars_free(none);
	json_decref(ticket);
}

static int setup(void **state)
{
	return policy_setup(state, conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_calendar_gone),
	};

	return cmocka_run_group_tests(tests, setup, policy_teardown);
}
