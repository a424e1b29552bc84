/* tests/unit/test_level.c: sla and timer sections as structs: what is promised and what happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/desk.h"
#include "desk/level.h"
#include "desk/reading.h"
#include "expression/expression.h"

#define NOW INT64_C(1772442000) /* 2026-03-02T09:00:00Z */

static const struct tkt_expression_scope scope = { .now = NOW };

static struct tkt_policy *read_policy(const char *text)
{
	struct tkt_policy *policy = NULL;
	struct tkt_error error = { 0 };

	if (tkt_policy_read("/", text, strlen(text), &scope, &policy, &error))
		fail_msg("%s", error.text);
	return policy;
}

static void assert_refused(const char *text, const char *expected)
{
	struct tkt_policy *policy = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(tkt_policy_read("/", text, strlen(text), &scope, &policy, &error), -1);
	assert_string_equal(error.text, expected);
	assert_int_equal(error.kind, TKT_ERROR_CONFIGURATION);
	assert_null(policy);
}

static int match(const struct tkt_match *given, const char *ticket)
{
	json_auto_t *object = json_loads(ticket, 0, NULL);
	struct tkt_error error = { 0 };

	assert_non_null(object);
	return tkt_match_ticket(given, object, &error);
}

static void add_list(struct tkt_text *out, const char *name, char *const *list)
{
	for (; *list; list++)
		tkt_text_format(out, " %s(%s)", name, *list);
}

/* A step on one line. */
static void add_step(struct tkt_text *out, const struct tkt_step *step)
{
	tkt_text_format(out, "%s | %s:", step->title, step->rule);
	add_list(out, "notify", step->notify);
	add_list(out, "set", step->set);
	add_list(out, "add", step->add);
	if (step->reply)
		tkt_text_format(out, " reply(%s)", step->reply);
	tkt_text_add_byte(out, '\n');
}

static void test_nothing_is_a_policy(void **state)
{
	tkt_autoptr(policy) empty = read_policy("");
	tkt_autoptr(policy) other = read_policy("name = x\nroute \"a\" { set = {\"queue=b\"} }\n");

	(void)state;
	assert_int_equal(empty->sla_count, 0);
	assert_int_equal(empty->timer_count, 0);
	assert_int_equal(other->sla_count, 0);
	assert_int_equal(other->timer_count, 0);
}

static void test_an_sla_has_targets_and_defaults(void **state)
{
	tkt_autoptr(policy) policy =
	    read_policy("# one\nsla \"plain\" { resolution = 3cd }\n"
			"\nsla\n\"paid\" { match = {\"tier=paid\"}\n"
			" calendar = office anchor = sent\n"
			" first_response = \"4wh\" next_response = 30m }\n");
	const struct tkt_sla *plain = &policy->slas[0], *paid = &policy->slas[1];

	(void)state;
	assert_int_equal(policy->sla_count, 2);
	assert_string_equal(plain->title, "plain");
	assert_string_equal(plain->rule, "desk.conf:2");
	assert_null(plain->calendar);
	assert_int_equal(plain->anchor, TKT_ANCHOR_RECEIVED);
	assert_null(plain->match.all);
	assert_null(plain->match.any);
	assert_false(plain->has_target[TKT_CLOCK_FIRST_RESPONSE]);
	assert_null(plain->target_texts[TKT_CLOCK_FIRST_RESPONSE]);
	assert_false(plain->has_target[TKT_CLOCK_NEXT_RESPONSE]);
	assert_true(plain->has_target[TKT_CLOCK_RESOLUTION]);
	assert_int_equal(plain->targets[TKT_CLOCK_RESOLUTION].amount, 3);
	assert_int_equal(plain->targets[TKT_CLOCK_RESOLUTION].unit, TKT_UNIT_CALENDAR_DAY);
	assert_string_equal(plain->target_texts[TKT_CLOCK_RESOLUTION], "3cd");
	assert_int_equal(plain->pause_count, 0);
	assert_int_equal(plain->escalation_count, 0);

	assert_string_equal(paid->title, "paid");
	assert_string_equal(paid->rule, "desk.conf:4");
	assert_string_equal(paid->calendar, "office");
	assert_int_equal(paid->anchor, TKT_ANCHOR_SENT);
	assert_string_equal(paid->target_texts[TKT_CLOCK_FIRST_RESPONSE], "4wh");
	assert_int_equal(paid->targets[TKT_CLOCK_FIRST_RESPONSE].unit, TKT_UNIT_WORK_HOUR);
	assert_string_equal(paid->target_texts[TKT_CLOCK_NEXT_RESPONSE], "30m");
	assert_false(paid->has_target[TKT_CLOCK_RESOLUTION]);
}

static void test_all_of_match_and_one_of_any(void **state)
{
	tkt_autoptr(policy) policy =
	    read_policy("sla \"a\" { first_response = 1h match = {\"tier=paid\", \"lang=ru\"}\n"
			"any = {\"priority=high\", \"tags=vip\"} }\n"
			"sla \"b\" { first_response = 1h any = {\"status=new\"} }\n"
			"sla \"c\" { first_response = 1h match = {} any = {} }\n");

	(void)state;
	assert_int_equal(match(&policy->slas[0].match,
			     "{\"tier\":\"paid\",\"lang\":\"ru\",\"priority\":\"high\"}"),
	    1);
	assert_int_equal(
	    match(&policy->slas[0].match, "{\"tier\":\"paid\",\"lang\":\"ru\",\"tags\":[\"vip\"]}"),
	    1);
	assert_int_equal(match(&policy->slas[0].match, "{\"tier\":\"paid\",\"lang\":\"ru\"}"), 0);
	assert_int_equal(
	    match(&policy->slas[0].match, "{\"tier\":\"paid\",\"tags\":[\"vip\"]}"), 0);
	assert_int_equal(match(&policy->slas[1].match, "{\"status\":\"new\"}"), 1);
	assert_int_equal(match(&policy->slas[1].match, "{\"status\":\"open\"}"), 0);
	assert_int_equal(match(&policy->slas[2].match, "{}"), 1);
}

static void test_a_runaway_pattern_is_an_error(void **state)
{
	tkt_autoptr(policy) policy =
	    read_policy("sla \"a\" { first_response = 1h any = {'subject ~ \"(a+)+$\"'} }\n");
	json_auto_t *ticket = json_pack("{s:s}", "subject",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_match_ticket(&policy->slas[0].match, ticket, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
}

static void test_the_scope_dates_expressions(void **state)
{
	tkt_autoptr(policy) policy =
	    read_policy("sla \"a\" { first_response = 1h match = {\"created_at < -1d\"} }\n");

	(void)state;
	assert_int_equal(
	    match(&policy->slas[0].match, "{\"created_at\":\"2026-03-01T08:59:59Z\"}"), 1);
	assert_int_equal(
	    match(&policy->slas[0].match, "{\"created_at\":\"2026-03-01T09:00:00Z\"}"), 0);
}

static void test_pauses_and_escalations_stand_in_file_order(void **state)
{
	tkt_autoptr(policy) policy = read_policy(
	    "sla \"a\" {\n first_response = 1h resolution = 3d\n"
	    " pause \"resolution\" { match = {\"status=pending\"} any = {\"tags=x\"} }\n"
	    " escalate \"75%\" { notify = {assignee, \"group:leads\"} }\n"
	    " escalate \"first_response 100%\" {\n set = {\"priority=high\", \"group=l2\"}\n"
	    "  add = {\"tags=late\", \"cc=a@example.org\"} reply = sorry }\n"
	    " pause \"first_response\" { }\n"
	    " escalate \"resolution 1000%\" { }\n}\n");
	const struct tkt_sla *sla = &policy->slas[0];
	tkt_autotext out;
	size_t i;

	(void)state;
	tkt_text_init(&out, 1 << 16);
	assert_int_equal(sla->pause_count, 2);
	assert_int_equal(sla->pauses[0].clock, TKT_CLOCK_RESOLUTION);
	assert_int_equal(
	    match(&sla->pauses[0].match, "{\"status\":\"pending\",\"tags\":[\"x\"]}"), 1);
	assert_int_equal(match(&sla->pauses[0].match, "{\"status\":\"pending\"}"), 0);
	assert_int_equal(sla->pauses[1].clock, TKT_CLOCK_FIRST_RESPONSE);
	assert_int_equal(match(&sla->pauses[1].match, "{}"), 1);
	assert_int_equal(sla->escalation_count, 3);
	for (i = 0; i < 3; i++)
		add_step(&out, &sla->escalations[i]);
	assert_string_equal(out.bytes,
	    "75% | desk.conf:4: notify(assignee) notify(group:leads)\n"
	    "first_response 100% | desk.conf:5: set(priority=high) set(group=l2) add(tags=late)"
	    " add(cc=a@example.org) reply(sorry)\n"
	    "resolution 1000% | desk.conf:9:\n");
	assert_int_equal(sla->escalations[0].percent, 75);
	assert_int_equal(sla->escalations[0].clock, -1);
	assert_int_equal(sla->escalations[1].percent, 100);
	assert_int_equal(sla->escalations[1].clock, TKT_CLOCK_FIRST_RESPONSE);
	assert_int_equal(sla->escalations[2].percent, 1000);
	assert_int_equal(sla->escalations[2].clock, TKT_CLOCK_RESOLUTION);
}

static void test_timers(void **state)
{
	tkt_autoptr(policy) policy =
	    read_policy("timer \"silent\" {\n match = {\"waiting_for=customer\"} since = last_out\n"
			" calendar = office\n"
			" step \"5wd\" { reply = reminder }\n"
			" step \"10wd\" { reply = closing set = {\"status=closed\"} }\n}\n"
			"timer \"old\" { step 2d { notify = {\"boss@example.org\"} } }\n");
	const struct tkt_timer *silent = &policy->timers[0], *old = &policy->timers[1];
	tkt_autotext out;

	(void)state;
	tkt_text_init(&out, 1 << 16);
	assert_int_equal(policy->timer_count, 2);
	assert_string_equal(silent->title, "silent");
	assert_string_equal(silent->rule, "desk.conf:1");
	assert_string_equal(silent->since, "last_out_at");
	assert_string_equal(silent->calendar, "office");
	assert_int_equal(match(&silent->match, "{\"status\":\"closed\"}"), 0);
	assert_int_equal(silent->step_count, 2);
	assert_int_equal(silent->steps[0].length.amount, 5);
	assert_int_equal(silent->steps[0].length.unit, TKT_UNIT_WORK_DAY);
	assert_string_equal(old->since, "created_at");
	assert_null(old->calendar);
	assert_int_equal(old->steps[0].length.unit, TKT_UNIT_DAY);
	add_step(&out, &silent->steps[0]);
	add_step(&out, &silent->steps[1]);
	add_step(&out, &old->steps[0]);
	assert_string_equal(out.bytes,
	    "5wd | desk.conf:4: reply(reminder)\n"
	    "10wd | desk.conf:5: set(status=closed) reply(closing)\n"
	    "2d | desk.conf:7: notify(boss@example.org)\n");
}

static void test_a_stored_text_is_judged_value_by_value(void **state)
{
	/* its calendars are no longer those that count: they need not be there */
	tkt_autoptr(policy) policy =
	    read_policy("sla \"a\" { first_response = \"4wh\" calendar = gone }\n");

	(void)state;
	assert_string_equal(policy->slas[0].calendar, "gone");
	assert_refused("sla \"a\" {\n first_response = 4 }",
	    "desk.conf:2: '4' has no unit; write 4m, 4h, 4d, 4wh ...");
	assert_refused("sla \"a\" { first_response = 4h\n\nmatch = {\"stauts=new\"} }",
	    "desk.conf:3: expression 'stauts=new': there is no field 'stauts'; did you mean 'status'?");
	assert_refused("sla \"a\" { first_response = 4h",
	    "desk.conf:1: '{' is never closed in this "
	    "file");
}

static void test_steps_add_to_lists_alone(void **state)
{
	(void)state;
	assert_refused("sla \"a\" { first_response = 4h escalate \"75%\" { add = {\"tags\"} } }",
	    "desk.conf:1: 'tags' adds nothing: a field, '=', and what its list gets, as in "
	    "'tags=late'");
	assert_refused("timer \"a\" { step 2d { add = {\"tags=\"} } }",
	    "desk.conf:1: 'tags=' adds nothing: a field, '=', and what its list gets, as in "
	    "'tags=late'");
	assert_refused("timer \"a\" { step 2d { add = {\"status=open\"} } }",
	    "desk.conf:1: 'status' is no list");
	assert_refused("timer \"a\" { step 2d { add = {\"tags+=x\"} } }",
	    "desk.conf:1: there is no field 'tags+'; did you mean 'tags'?");
}

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void test_a_rule_names_the_file_that_is_included(void **state)
{
	char folder[] = "/tmp/test-level-XXXXXX", path[256];
	tkt_autoptr(desk) desk = NULL;
	tkt_autoptr(policy) policy = NULL;
	tkt_autoptr(policy) stored = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(
	    folder, "desk.conf", "\ninclude(\"rules.conf\")\n\nsla \"b\" { resolution = 1d }");
	write_file(folder, "rules.conf", "\nsla \"a\" { first_response = 1h }\n");
	assert_int_equal(tkt_desk_read(folder, &desk, &error), 0);
	assert_true(desk->has_levels);
	assert_int_equal(tkt_policy_make(desk->reading->conf, &scope, &policy, &error), 0);
	assert_string_equal(policy->slas[0].rule, "rules.conf:2");
	assert_string_equal(policy->slas[1].rule, "desk.conf:4");
	assert_int_equal(tkt_policy_read(folder, desk->policy_text, strlen(desk->policy_text),
			     &scope, &stored, &error),
	    0);
	assert_string_equal(stored->slas[1].rule, "desk.conf:9");
	snprintf(path, sizeof(path), "%s/rules.conf", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/desk.conf", folder);
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_a_policy),
		cmocka_unit_test(test_an_sla_has_targets_and_defaults),
		cmocka_unit_test(test_all_of_match_and_one_of_any),
		cmocka_unit_test(test_a_runaway_pattern_is_an_error),
		cmocka_unit_test(test_the_scope_dates_expressions),
		cmocka_unit_test(test_pauses_and_escalations_stand_in_file_order),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_a_stored_text_is_judged_value_by_value),
		cmocka_unit_test(test_steps_add_to_lists_alone),
		cmocka_unit_test(test_a_rule_names_the_file_that_is_included),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
