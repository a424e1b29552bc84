/* What is due on a ticket at an instant, as changes; steps fire once. */
#include "policy/due.h"
#include "policy_support.h"

/* 2026-03-02 is a Monday. Line numbers stand in `rule`. */
static const char conf[] =
    "calendar \"office\" { week = {\"mon-fri 09:00-18:00\"} }\n"
    "sla \"basic\" { match = {\"tier=basic\"} calendar = \"office\"\n"
    "  first_response = \"4wh\"  resolution = \"8wh\"\n"
    "  escalate \"50%\" { notify = {\"assignee\"} }\n"
    "  escalate \"75%\" { notify = {\"group:leads\", \"requester\"}\n"
    "    set = {\"priority=high\", \"tags+=late\"} }\n"
    "  escalate \"first_response 75%\" { set = {\"queue=oncall\"} }\n"
    "  escalate \"first_response 100%\" { set = {\"priority=critical\"} } }\n"
    "timer \"silent\" { match = {\"waiting_for=customer\"} since = last_out calendar = \"office\"\n"
    "  step \"5wd\" { reply = \"reminder\" }\n"
    "  step \"10wd\" { reply = \"closing\" set = {\"status=closed\", \"resolution=silent\"} } }\n";

#define AT(time) "2026-03-02T" time ":00Z"
#define CLOCK(name, target, due, more)                                                     \
	"{'name':'" name "','cycle':1,'sla':'basic','calendar':'office','target':'" target \
	"','state':"                                                                       \
	"'running','started_at':'2026-03-02T09:00:00Z','due_at':'" due "'" more "}"
#define FIRST(more) CLOCK("first_response", "4wh", AT("13:00"), more)
#define OF_ANOTHER                                                                         \
	"{'name':'first_response','cycle':1,'sla':'gone','target':'4h','state':'running'," \
	"'started_at':'2026-03-02T09:00:00Z','due_at':'2026-03-02T13:00:00Z'}"
#define TICKET "'type':'ticket','id':'SUP-1','rev':3,"
#define BASIC "{" TICKET "'status':'open','tier':'basic','priority':'normal','clocks':"
#define SILENT "'name':'silent','since_at':'2026-03-02T09:00:00Z'"
#define WAITING                                                                    \
	"{" TICKET "'status':'pending','pending_reason':'customer','last_out_at':" \
	"'2026-03-02T09:00:00Z','timers':"
#define CHANGE "{'type':'change','ticket':'SUP-1',"
#define STEP(who, cycle, rest) "'step':{" who ",'cycle':" cycle "," rest "}"
#define OF_FIRST(rest) STEP("'clock':'first_response'", "1", rest)
#define OF_SILENT(rest) STEP("'timer':'silent'", "'2026-03-02T09:00:00Z'", rest)

static const struct row {
	const char *ticket, *now, *changes;
} rows[] = {
	/* nothing is due */
	{ BASIC "[" FIRST("") "]}", AT("10:59"), "[]" },
	{ "{" TICKET "'status':'open'}", AT("10:59"), "[]" },
	/* at its very second */
	{ BASIC "[" FIRST("") "]}", AT("11:00"),
	    "[" CHANGE OF_FIRST(
		"'step':'50%'") ",'notify':['assignee'],"
				"'why':'escalation: first_response 50%','rule':'desk.conf:4'}]" },
	/* once */
	{ BASIC "[" FIRST(",'steps':['50%']") "]}", AT("11:59"), "[]" },
	/* the highest part alone, those of the same part both; `was` states what was seen */
	{ BASIC "[" FIRST("") "]}", AT("12:30"),
	    "[" CHANGE "'was':{'priority':'normal'},'set':{'priority':'high'},"
	    "'add':{'tags':['late']}," OF_FIRST(
		"'step':'75%','skipped':['50%']") ","
						  "'notify':['group:leads','requester'],'why':'escalation: first_response 75%',"
						  "'rule':'desk.conf:5'}," CHANGE
						  "'was':{'queue':null},'set':{'queue':'oncall'}," OF_FIRST(
						      "'step':'first_response 75%'") ","
										     "'why':'escalation: first_response 75%','rule':'desk.conf:7'}]" },
	{ BASIC "[" FIRST(",'steps':['50%','75%']") "]}", AT("12:30"),
	    "[" CHANGE "'was':{'queue':null},'set':{'queue':'oncall'}," OF_FIRST(
		"'step':'first_response 75%'") ","
					       "'why':'escalation: first_response 75%','rule':'desk.conf:7'}]" },
	/* a week later: the highest, which records the breach too */
	{ BASIC "[" FIRST("") "]}", "2026-03-09T12:30:00Z",
	    "[" CHANGE "'was':{'priority':'normal'},'set':{'priority':'critical'}," OF_FIRST(
		"'step':'first_response 100%','skipped':['50%','75%','first_response 75%']") ",'why':'escalation: first_response 100%','rule':'desk.conf:8'}]" },
	/* a breach on its own: the second after what is due */
	{ BASIC "[" FIRST(",'steps':['50%','75%','first_response 75%','first_response 100%']") "]}",
	    AT("13:00"), "[]" },
	{ BASIC "[" FIRST(",'steps':['50%','75%','first_response 75%','first_response 100%']") "]}",
	    "2026-03-02T13:00:01Z", "[" CHANGE "'why':'first_response breached'}]" },
	{ BASIC "[" FIRST(
	      ",'breached_at':'2026-03-02T13:00:00Z','steps':['50%','75%','first_response 75%',"
	      "'first_response 100%']") "]}",
	    AT("14:00"), "[]" },
	/* each clock for itself; a breach stands before the steps of others */
	{ BASIC
	    "[" FIRST(",'steps':['50%','75%','first_response 75%','first_response 100%']") "," CLOCK(
		"resolution", "8wh", AT("17:00"), "") "]}",
	    AT("13:01"),
	    "[" CHANGE "'why':'first_response breached'}," CHANGE STEP("'clock':'resolution'", "1",
		"'step':'50%'") ",'notify':['assignee'],"
				"'why':'escalation: resolution 50%','rule':'desk.conf:4'}]" },
	/* what stands still or has ended escalates no more */
	{ BASIC "[{'name':'first_response','cycle':1,'sla':'basic','target':'4wh','state':'met',"
		"'started_at':'2026-03-02T09:00:00Z','due_at':'2026-03-02T13:00:00Z','stopped_at':"
		"'2026-03-02T10:00:00Z'}]}",
	    AT("14:00"), "[]" },
	{ BASIC
	    "[{'name':'first_response','cycle':1,'sla':'basic','target':'4wh','state':'paused',"
	    "'started_at':'2026-03-02T09:00:00Z','remaining_seconds':60,'pauses':[{'started_at':"
	    "'2026-03-02T12:59:00Z'}]}]}",
	    AT("14:00"), "[]" },
	/* those of a section escalate no clock of another */
	{ BASIC "[" OF_ANOTHER "]}", AT("13:00"), "[]" },
	/* timers */
	{ WAITING "[{" SILENT ",'next_at':'2026-03-09T09:00:00Z'}]}", "2026-03-09T08:59:59Z",
	    "[]" },
	{ WAITING "[{" SILENT ",'next_at':'2026-03-09T09:00:00Z'}]}", "2026-03-09T09:00:00Z",
	    "[" CHANGE OF_SILENT("'step':'5wd'") ",'why':'timer `silent`: 5wd',"
						 "'rule':'desk.conf:10','reply':'reminder'}]" },
	{ WAITING "[{" SILENT ",'next_at':'2026-03-09T09:00:00Z'}]}", "2026-03-23T09:00:00Z",
	    "[" CHANGE "'was':{'status':'pending','resolution':null},'set':{'status':'closed',"
	    "'resolution':'silent'}," OF_SILENT(
		"'step':'10wd','skipped':['5wd']") ","
						   "'why':'timer `silent`: 10wd','rule':'desk.conf:11','reply':'closing'}]" },
	{ WAITING "[{" SILENT ",'next_at':'2026-03-16T09:00:00Z','steps':['5wd']}]}",
	    "2026-03-10T09:00:00Z", "[]" },
	{ WAITING "[]}", "2026-03-23T09:00:00Z", "[]" },
	/* its match is judged now; a look in vain is not asked for again */
	{ "{" TICKET "'status':'open','last_out_at':'2026-03-02T09:00:00Z','last_in_at':"
	  "'2026-03-02T10:00:00Z','timers':[{" SILENT
	  ",'next_at':'2026-03-09T09:00:00Z'}],'next_at':'2026-03-09T09:00:00Z'}",
	    "2026-03-09T09:00:00Z", "[" CHANGE "'why':'nothing is due any more'}]" },
	/* sleepers */
	{ "{" TICKET "'status':'pending','wake_at':'2026-03-02T12:00:00Z'}", "2026-03-02T11:59:59Z",
	    "[]" },
	{ "{" TICKET "'status':'pending','wake_at':'2026-03-02T12:00:00Z'}", "2026-03-02T12:00:00Z",
	    "[" CHANGE "'was':{'status':'pending'},'set':{'status':'open'},'why':'woken'}]" },
};

static void test_propose(void **state)
{
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *ticket = quoted(rows[i].ticket), *expected = quoted(rows[i].changes);
		struct tkt_error error = { 0 };
		json_t *changes = NULL;
		int64_t now;

		succeed(tkt_time_parse(rows[i].now, &now, &error), &error);
		succeed(tkt_due_propose(
			    policy->policy, policy->calendars, ticket, now, &changes, &error),
		    &error);
		assert_json(changes, expected, i);
		json_decref(ticket);
		json_decref(expected);
		json_decref(changes);
	}
}

static const struct mark_row {
	const char *ticket, *step;
	enum tkt_error_kind kind;
	const char *after; /* the ticket, or the error */
} mark_rows[] = {
	{ "{'id':'SUP-1','clocks':[{'name':'resolution','cycle':1},{'name':'resolution','cycle':2}]}",
	    "{'clock':'resolution','cycle':2,'step':'75%','skipped':['50%','60%']}", 0,
	    "{'id':'SUP-1','clocks':[{'name':'resolution','cycle':1},{'name':'resolution','cycle':2,"
	    "'steps':['50%','60%','75%']}]}" },
	{ "{'id':'SUP-1','clocks':[{'name':'resolution','cycle':1,'steps':['50%']}]}",
	    "{'clock':'resolution','cycle':1,'step':'75%','skipped':['50%']}", 0,
	    "{'id':'SUP-1','clocks':[{'name':'resolution','cycle':1,'steps':['50%','75%']}]}" },
	{ "{'id':'SUP-1','clocks':[{'name':'resolution','cycle':1,'steps':['50%','75%']}]}",
	    "{'clock':'resolution','cycle':1,'step':'75%'}", TKT_ERROR_NO,
	    "step '75%' of ticket 'SUP-1' has fired before" },
	{ "{'id':'SUP-1','clocks':[{'name':'resolution','cycle':1}]}",
	    "{'clock':'resolution','cycle':2,'step':'75%'}", TKT_ERROR_NO,
	    "ticket 'SUP-1' has no such cycle of a clock or timer any more" },
	{ "{'id':'SUP-1'}", "{'clock':'resolution','cycle':2}", TKT_ERROR_DATA,
	    "'step' must be a text" },
	{ "{'id':'SUP-1','timers':[{" SILENT ",'next_at':'x'}]}",
	    "{'timer':'silent','cycle':'2026-03-02T09:00:00Z','step':'5wd'}", 0,
	    "{'id':'SUP-1','timers':[{" SILENT ",'next_at':'x','steps':['5wd']}]}" },
	{ "{'id':'SUP-1','timers':[{" SILENT "}]}",
	    "{'timer':'silent','cycle':'2026-03-02T09:00:01Z','step':'5wd'}", TKT_ERROR_NO,
	    "ticket 'SUP-1' has no such cycle of a clock or timer any more" },
	{ "{'id':'SUP-1','timers':[{" SILENT "}]}", "{'timer':'silent','step':'5wd'}", TKT_ERROR_NO,
	    "ticket 'SUP-1' has no such cycle of a clock or timer any more" },
};

static void test_mark(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(mark_rows) / sizeof(*mark_rows); i++) {
		const struct mark_row *row = &mark_rows[i];
		json_t *ticket = quoted(row->ticket), *step = quoted(row->step);
		struct tkt_error error = { 0 };
		int marked = tkt_due_mark(step, ticket, &error);

		assert_int_equal(error.kind, row->kind);
		assert_int_equal(marked, row->kind ? -1 : 0);
		if (row->kind) {
			assert_string_equal(error.text, row->after);
		} else {
			json_t *expected = quoted(row->after);

			assert_json(ticket, expected, i);
			json_decref(expected);
		}
		json_decref(ticket);
		json_decref(step);
	}
}

static const struct {
	const char *ticket, *next;
} next_rows[] = {
	{ "{'status':'open'}", "" },
	{ BASIC "[" FIRST("") "]}", AT("11:00") },
	{ BASIC "[" FIRST(",'steps':['50%','75%','first_response 75%','first_response 100%']") "]}",
	    "2026-03-02T13:00:01Z" },
	{ BASIC "[" OF_ANOTHER "]}", "2026-03-02T13:00:01Z" },
	{ BASIC "[" FIRST("") "],'timers':[{'name':'a','next_at':'2026-03-02T10:00:00Z'}]}",
	    AT("10:00") },
	{ "{'status':'pending','wake_at':'2026-03-02T12:00:00Z','timers':[{'name':'a','next_at':"
	  "'2026-03-02T13:00:00Z'}]}",
	    AT("12:00") },
	{ "{'status':'open','wake_at':'2026-03-02T12:00:00Z'}", "" },
};

static void test_next(void **state)
{
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(next_rows) / sizeof(*next_rows); i++) {
		json_t *ticket = quoted(next_rows[i].ticket);
		struct tkt_error error = { 0 };
		char text[TKT_TIME_SIZE] = "";
		int64_t next;

		succeed(
		    tkt_due_next(policy->policy, policy->calendars, ticket, &next, &error), &error);
		if (next != TKT_TIME_NONE)
			tkt_time_format(next, text);
		assert_string_equal(text, next_rows[i].next);
		json_decref(ticket);
	}
}

static int setup(void **state)
{
	return policy_setup(state, conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_propose),
		cmocka_unit_test(test_mark),
		cmocka_unit_test(test_next),
	};

	return cmocka_run_group_tests(tests, setup, policy_teardown);
}
