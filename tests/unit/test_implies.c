/* tests/unit/test_implies.c: which conditions of desk.conf hold whenever others do, and which never
 * hold together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "expression/expression.h"
#include "expression/implies.h"

#include "base/banned.h"

enum relation { NOTHING, IMPLIES, EXCLUDES };

static const struct {
	const char *one, *other;
	enum relation relation;
} pairs[] = {
	{ "status=open", "status=open", IMPLIES },
	{ "status=open", "status in new,open", IMPLIES },
	{ "status in new,open", "status=open", NOTHING },
	{ "status in new,open", "status != closed", IMPLIES },
	{ "status=open", "status=closed", EXCLUDES },
	{ "status=open", "status != open", EXCLUDES },
	{ "status=open", "not status=open", EXCLUDES },
	{ "status=open", "not status=closed", IMPLIES },
	{ "not status=open", "not status=open", IMPLIES },
	{ "tier=gold", "tier", IMPLIES },
	{ "tier=gold", "not tier", EXCLUDES },
	{ "tier=gold", "tier=''", EXCLUDES },
	{ "tier=gold and status=open", "tier=gold", IMPLIES },
	{ "tier=gold", "tier=gold and status=open", NOTHING },
	{ "tier=gold", "status=open or tier=gold", IMPLIES },
	{ "tier=gold or tier=silver", "tier in gold,silver,lead", IMPLIES },
	{ "tier=gold or status=open", "tier=gold", NOTHING },
	{ "tier=gold or tier=silver", "tier=lead", EXCLUDES },
	{ "subject='Printer is broken'", "subject ~ broken", IMPLIES },
	{ "subject='Printer is broken'", "subject !~ broken", EXCLUDES },
	{ "subject='Hello'", "subject ~ broken", EXCLUDES },
	{ "subject ~ broken", "subject ~ broken", IMPLIES },
	{ "subject ~ broken", "subject ~ broke", NOTHING },
	{ "priority >= high", "priority >= normal", IMPLIES },
	{ "priority > high", "priority >= high", IMPLIES },
	{ "priority >= high", "priority > high", NOTHING },
	{ "priority < normal", "priority <= normal", IMPLIES },
	{ "priority=critical", "priority >= high", IMPLIES },
	{ "priority=low", "priority >= high", EXCLUDES },
	{ "age > 3d", "age > 1d", IMPLIES },
	{ "age > 1d", "age > 3d", NOTHING },
	{ "due < +2h", "due < 2026-03-02", NOTHING },
	{ "tags=outage", "tags in outage,printer", IMPLIES },
	{ "tags=outage", "tags=printer", NOTHING },
	{ "tags=outage", "tags != printer", NOTHING },
	{ "tags=outage", "tags ~ out", IMPLIES },
	{ "fields.a=1", "fields.b=1", NOTHING },
	{ "fields.a=1", "fields.a=2", EXCLUDES },
	{ "questions = 0", "questions", NOTHING },
};

static struct tkt_expression *parse(const char *string)
{
	static const struct tkt_expression_scope scope = { 0 };
	struct tkt_expression *expression;
	struct tkt_error error = { 0 };

	if (tkt_expression_parse(string, &tkt_ticket_fields, &scope, &expression, &error))
		fail_msg("%s", error.text);
	return expression;
}

static void test_pairs(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		tkt_autoptr(expression) one = parse(pairs[i].one);
		tkt_autoptr(expression) other = parse(pairs[i].other);

		if (tkt_expression_implies(one, other) != (pairs[i].relation == IMPLIES) ||
		    tkt_expression_excludes(one, other) != (pairs[i].relation == EXCLUDES) ||
		    tkt_expression_excludes(other, one) != (pairs[i].relation == EXCLUDES))
			fail_msg("%s; %s", pairs[i].one, pairs[i].other);
	}
}

static void test_never(void **state)
{
	tkt_autoptr(expression) never = parse(
	    "(status=open and (tier=gold and status=closed)) or (status=new and not status=new)");
	tkt_autoptr(expression) ever = parse("status=open and (status=closed or tier=gold)");

	(void)state;
	assert_true(tkt_expression_is_never(never));
	assert_false(tkt_expression_is_never(ever));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
