/* tests/unit/test_expression.c: what expressions answer, what is refused and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "base/zone.h"
#include "expression/expression.h"

#include "base/banned.h"

/* 2026-03-02T09:00:00Z, a Monday. */
#define NOW 1772442000

static const char ticket_text[] =
    "{\"type\":\"ticket\",\"id\":\"SUP-7\",\"rev\":3,\"subject\":\"Сервер не отвечает: "
    "503\",\"status\":\"pending\",\"queue\":\"support\",\"priority\":\"high\",\"tier\":\"paid\","
    "\"pending_reason\":\"customer\",\"lang\":\"\",\"customer\":\"say \\\"hi\\\"\","
    "\"contract\":\"C:\\\\data\","
    "\"requester\":{\"email\":\"Anna@example.org\",\"name\":\"Анна О'Нил\"},"
    "\"cc\":[\"boss@example.org\",\"x@example.net\"],\"tags\":[\"outage\",\"дата-центр\"],"
    "\"linked\":[],\"fields\":{\"domain\":\"example.org\",\"os.name\":\"BSD\",\"empty\":\"\"},"
    "\"created_at\":\"2026-02-28T21:00:00Z\",\"updated_at\":\"2026-03-02T08:30:00Z\","
    "\"last_in_at\":\"2026-03-01T10:00:00Z\",\"last_out_at\":\"2026-03-01T11:00:00Z\","
    "\"clocks\":["
    "{\"name\":\"resolution\",\"cycle\":1,\"target\":\"9wh\",\"state\":\"running\","
    "\"due_at\":\"2026-03-02T12:00:00Z\",\"breached_at\":\"2026-03-02T08:00:00Z\"},"
    "{\"name\":\"next_response\",\"cycle\":2,\"state\":\"running\",\"due_at\":\"2026-03-02T08:00:00Z\"},"
    "{\"name\":\"next_response\",\"cycle\":1,\"state\":\"met\",\"stopped_at\":\"2026-03-01T09:00:00Z\"},"
    "{\"name\":\"first_response\",\"cycle\":1,\"state\":\"paused\",\"remaining_seconds\":60}],"
    "\"questions\":2,\"description\":\"first line\\nsecond line\"}";
static const char bare_text[] = "{\"type\":\"ticket\",\"id\":\"SUP-8\",\"tags\":null}";

static const struct tkt_expression_scope utc = { .now = NOW };

static int judge(const char *string, const struct tkt_field_table *table, const char *object_text,
    const struct tkt_expression_scope *scope)
{
	tkt_autoptr(expression) expression = NULL;
	json_auto_t *object = json_loads(object_text, 0, NULL);
	struct tkt_error error = { 0 };
	int judged;

	assert_non_null(object);
	if (tkt_expression_parse(string, table, scope, &expression, &error))
		fail_msg("%s", error.text);
	judged = tkt_expression_match(expression, object, &error);
	if (judged < 0)
		fail_msg("%s: %s", string, error.text);
	return judged;
}

/* What each says of the full ticket and of the bare one. */
static const struct {
	const char *expression;
	int full, bare;
} answers[] = {
	/* precedence: not, and, or */
	{ "status=pending", 1, 0 },
	{ "not status=pending", 0, 1 },
	{ "not status=open and status=pending", 1, 0 },
	{ "not (status=open or status=pending)", 0, 1 },
	{ "status=pending or status=open and status=new", 1, 0 },
	{ "(status=pending or status=open) and status=new", 0, 0 },
	{ "not not status=pending", 1, 0 },
	{ "not\tstatus\n=\rpending", 0, 1 },
	/* empty */
	{ "assignee", 0, 0 },
	{ "subject", 1, 0 },
	{ "lang", 0, 0 },
	{ "lang=\"\"", 1, 1 },
	{ "subject=''", 0, 1 },
	{ "subject!=''", 1, 0 },
	{ "assignee=x", 0, 0 },
	{ "assignee!=x", 1, 1 },
	{ "assignee!~x", 1, 1 },
	{ "assignee~''", 0, 0 },
	{ "status in \"\",open", 0, 1 },
	{ "status in '', pending ,open", 1, 1 },
	{ "priority=''", 0, 1 },
	{ "due=''", 0, 1 },
	{ "not due < +2h", 0, 1 },
	{ "not due > +2h", 1, 1 },
	{ "closed_at < +1d", 0, 0 },
	/* words and quotes */
	{ "subject ~ сЕРВЕР", 1, 0 },
	{ "subject ~ ^сервер\\b.*\\d{3}$", 1, 0 },
	{ "subject ~ \"^СЕРВЕР\\b\"", 1, 0 },
	{ "subject !~ нет", 1, 1 },
	{ "subject=сервер", 0, 0 },
	{ "subject=\"Сервер не отвечает: 503\"", 1, 0 },
	{ "customer=\"say \\\"hi\\\"\"", 1, 0 },
	{ "customer='say \"hi\"'", 1, 0 },
	{ "contract=\"C:\\data\"", 1, 0 },
	{ "contract=C:\\data", 1, 0 },
	{ "requester.name='Анна О\\'Нил'", 1, 0 },
	{ "requester.email=anna@example.org", 1, 0 },
	{ "requester.email=ANNA@EXAMPLE.ORG", 1, 0 },
	{ "requester.email=anna@example.or", 0, 0 },
	{ "requester.email in a@example.org,Anna@example.org", 1, 0 },
	{ "description ~ ^second", 0, 0 },
	{ "description ~ '(?m)^second'", 1, 0 },
	/* lists: one element is enough, and the negation is of that */
	{ "tags", 1, 0 },
	{ "linked", 0, 0 },
	{ "tags=outage", 1, 0 },
	{ "tags!=outage", 0, 1 },
	{ "tags!=нет", 1, 1 },
	{ "tags in a,дата-центр", 1, 0 },
	{ "tags ~ ^дата", 1, 0 },
	{ "tags !~ ^дата", 0, 1 },
	{ "tags ~ ^центр", 0, 0 },
	{ "tags=''", 0, 1 },
	{ "tags in '',x", 0, 1 },
	{ "cc=Boss@Example.org", 1, 0 },
	{ "cc ~ example[.]net$", 1, 0 },
	/* maps */
	{ "fields", 1, 0 },
	{ "fields=''", 0, 1 },
	{ "fields.domain=example.org", 1, 0 },
	{ "fields.os.name=BSD", 1, 0 },
	{ "fields.empty", 0, 0 },
	{ "fields.нет!=x", 1, 1 },
	{ "fields.domain ~ EXAMPLE", 1, 0 },
	/* numbers, priority, booleans */
	{ "rev=3", 1, 0 },
	{ "rev>3", 0, 0 },
	{ "rev>=3 and rev<=3 and rev<4 and rev>-1", 1, 0 },
	{ "rev in 1,2,3", 1, 0 },
	{ "rev!=3", 0, 1 },
	{ "priority=high", 1, 0 },
	{ "priority>normal", 1, 0 },
	{ "priority<critical", 1, 0 },
	{ "priority>=critical", 0, 0 },
	{ "priority in high,critical", 1, 0 },
	{ "overdue", 1, 0 },
	{ "overdue=true", 1, 0 },
	{ "overdue=false", 0, 1 },
	{ "overdue!=false", 1, 0 },
	{ "overdue in true,false", 1, 1 },
	{ "questions", 1, 0 },
	{ "questions=2", 1, 0 },
	{ "questions=0", 0, 1 },
	{ "questions<1", 0, 1 },
	{ "questions=''", 0, 1 },
	/* times and lengths */
	{ "created_at=2026-02-28T21:00:00Z", 1, 0 },
	{ "created_at=2026-03-01T00:00:00+03:00", 1, 0 },
	{ "created_at>='2026-02-28 21:00:00Z'", 1, 0 },
	{ "created_at>2026-02-28", 1, 0 },
	{ "created_at>2026-03-01", 0, 0 },
	{ "created_at > -2d", 1, 0 },
	{ "created_at > -1d", 0, 0 },
	{ "due < +2h", 1, 0 },
	{ "due < -1h", 0, 0 },
	{ "due <= -1h", 1, 0 },
	{ "due = 2026-03-02T08:00:00Z", 1, 0 },
	{ "left", 1, 0 },
	{ "left < 0s", 1, 0 },
	{ "age > 35h", 1, 0 },
	{ "age = 36h", 1, 0 },
	{ "age > 36h", 0, 0 },
	{ "idle >= 30m and idle < 1801s", 1, 0 },
	{ "idle!=30m", 0, 1 },
	/* clocks */
	{ "clock.next_response.state=running", 1, 0 },
	{ "clock.next_response.state=met", 0, 0 },
	{ "clock.next_response.due < +0s", 1, 0 },
	{ "clock.resolution.due > +2h", 1, 0 },
	{ "clock.first_response.state in paused,met", 1, 0 },
	{ "clock.next_response.left < 0s", 1, 0 },
	{ "clock.resolution.left = 3h", 1, 0 },
	{ "clock.resolution.left > 3h", 0, 0 },
	{ "clock.first_response.left", 0, 0 },
	{ "clock.first_response.due", 0, 0 },
	{ "clock.resolution.breached", 1, 0 },
	{ "clock.resolution.breached > -30m", 0, 0 },
	{ "clock.resolution.target ~ wh$", 1, 0 },
	{ "clock.next_response.stopped", 0, 0 },
	{ "clock.none.state", 0, 0 },
	{ "clock.none.state!=met", 1, 1 },
	/* whom it waits for */
	{ "waiting_for=customer", 1, 0 },
	{ "waiting_for=us", 0, 1 },
	{ "waiting_for", 1, 1 },
	{ "waiting_for=''", 0, 0 },
	{ "waiting_for in nobody,us", 0, 1 },
	{ "waiting_for ~ ^cust", 1, 0 },
};

static void test_answers(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		int full = judge(answers[i].expression, &tkt_ticket_fields, ticket_text, &utc);
		int bare = judge(answers[i].expression, &tkt_ticket_fields, bare_text, &utc);

		if (full == answers[i].full && bare == answers[i].bare)
			continue;
		print_error("%s: %d and %d, not %d and %d\n", answers[i].expression, full, bare,
		    answers[i].full, answers[i].bare);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void test_waiting_for(void **state)
{
	static const struct {
		const char *object, *answer;
	} rows[] = {
		{ "{}", "us" },
		{ "{\"status\":\"new\"}", "us" },
		{ "{\"status\":\"resolved\"}", "nobody" },
		{ "{\"status\":\"closed\",\"pending_reason\":\"customer\"}", "nobody" },
		{ "{\"status\":\"pending\"}", "us" },
		{ "{\"status\":\"pending\",\"pending_reason\":\"other\"}", "us" },
		{ "{\"status\":\"pending\",\"pending_reason\":\"third_party\"}", "third_party" },
		{ "{\"status\":\"pending\",\"pending_reason\":\"development\"}", "development" },
		{ "{\"status\":\"open\",\"last_in_at\":\"2026-03-01T10:00:00Z\"}", "us" },
		{ "{\"status\":\"open\",\"last_out_at\":\"2026-03-01T10:00:00Z\"}", "customer" },
		{ "{\"status\":\"open\",\"last_out_at\":\"2026-03-01T10:00:00Z\","
		  "\"last_in_at\":\"2026-03-01T10:00:00Z\"}",
		    "customer" },
		{ "{\"status\":\"open\",\"last_out_at\":\"2026-03-01T10:00:00Z\","
		  "\"last_in_at\":\"2026-03-01T10:00:01Z\"}",
		    "us" },
	};
	char expression[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(expression, sizeof(expression), "waiting_for=%s", rows[i].answer);
		if (!judge(expression, &tkt_ticket_fields, rows[i].object, &utc))
			fail_msg("%s of %s", expression, rows[i].object);
	}
}

/* A bare date is the midnight of the desk; '=' means that very instant. */
static void test_zone(void **state)
{
	tkt_autoptr(zone) zone = NULL;
	struct tkt_expression_scope moscow = { .now = NOW };
	struct tkt_error error;

	(void)state;
	assert_int_equal(tkt_zone_new("Europe/Moscow", &zone, &error), 0);
	moscow.zone = zone;
	assert_int_equal(
	    judge("created_at=2026-03-01", &tkt_ticket_fields, ticket_text, &moscow), 1);
	assert_int_equal(
	    judge("created_at<2026-03-01", &tkt_ticket_fields, ticket_text, &moscow), 0);
	assert_int_equal(judge("created_at=2026-03-01", &tkt_ticket_fields, ticket_text, &utc), 0);
}

/* The maps of an event hold values of any kind under dotted names. */
static void test_events(void **state)
{
	static const char event[] =
	    "{\"type\":\"event\",\"seq\":77,\"now\":true,\"actor\":\"agent:ivanova\",\"was\":{"
	    "\"requester.email\":null},\"set\":{\"requester.email\":\"a@example.org\",\"rev\":7,"
	    "\"tags\":[\"a\",\"b\"],\"flag\":false}}";
	static const struct {
		const char *expression;
		int answer;
	} rows[] = {
		{ "seq>76 and now", 1 },
		{ "set.requester.email=a@example.org", 1 },
		{ "was.requester.email", 0 },
		{ "was.requester.email=''", 1 },
		{ "was", 1 },
		{ "set.rev=7", 1 },
		{ "set.tags=b", 1 },
		{ "set.tags=c", 0 },
		{ "set.flag=false", 1 },
		{ "actor ~ ^agent:", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (judge(rows[i].expression, &tkt_event_fields, event, &utc) != rows[i].answer)
			fail_msg("%s", rows[i].expression);
}

static const struct {
	const char *expression, *error; /* behind "expression '...': " */
} refusals[] = {
	{ "", "a field is missing at character 1" },
	{ "status=", "a value is missing at character 8" },
	{ "status = and queue=x", "a value is missing at character 10" },
	{ "stauts=open", "there is no field 'stauts'; did you mean 'status'?" },
	{ "status=opne", "'opne' is no value of 'status'; did you mean 'open'?" },
	{ "status=x", "'x' is no value of 'status': new, open, pending, resolved or closed" },
	{ "status in open,clsoed", "'clsoed' is no value of 'status'; did you mean 'closed'?" },
	{ "status in open,", "a value is missing at character 16" },
	{ "status=open,new", "'and' or 'or' is missing at character 12" },
	{ "subject < x", "'<' compares times, numbers and priority, not 'subject'" },
	{ "tags >= x", "'>=' compares times, numbers and priority, not 'tags'" },
	{ "overdue > true", "'>' compares times, numbers and priority, not 'overdue'" },
	{ "due ~ 2026", "'~' compares text, not 'due'" },
	{ "priority !~ high", "'!~' compares text, not 'priority'" },
	{ "priority=urgent", "'urgent' is no priority: low, normal, high or critical" },
	{ "priority=hihg", "'hihg' is no priority; did you mean 'high'?" },
	{ "priority < ''", "'' is no priority: low, normal, high or critical" },
	{ "overdue=yes", "'yes' is no value of 'overdue': true or false" },
	{ "overdue=''", "'' is no value of 'overdue': true or false" },
	{ "clock.x.state=ruining",
	    "'ruining' is no value of 'clock.x.state'; did you mean 'running'?" },
	{ "clock.x",
	    "'clock.x' is no field: write 'clock.NAME.PART', where PART is due, left, state,"
	    " target, started, stopped or breached" },
	{ "clocks", "'clocks' cannot be compared in an expression" },
	{ "fields=x", "'fields' has parts: name one, as in 'fields.NAME'" },
	{ "fields ~ x", "'fields' has parts: name one, as in 'fields.NAME'" },
	{ "rev=many", "'rev' is a number, not 'many'" },
	{ "due < 2h",
	    "'2h' is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, monday, "
	    "'monday 09:00', or a length from now: +2h, -2d" },
	{ "due < ''",
	    "'' is no time: write 2026-03-02, '2026-03-02 09:00', 2026-03-02T09:00:00Z, monday, "
	    "'monday 09:00', or a length from now: +2h, -2d" },
	{ "due < +2wh", "'2wh' needs a calendar; a length of elapsed time is in s, m, h or d" },
	{ "age > +2h", "'+2h': the lengths of 'age' have no sign" },
	{ "age > 2", "'2' has no unit; write 2m, 2h, 2d, 2wh ..." },
	{ "age > 99999999999999999999d",
	    "'99999999999999999999d' is longer than a thousand years" },
	{ "tier=paid AND status=open", "'and' or 'or' is missing at character 11" },
	{ "tier=paid tier=free", "'and' or 'or' is missing at character 11" },
	{ "status=open and", "a field is missing at character 16" },
	{ "= open", "a field is missing at character 1" },
	{ "\"status\"=open", "a field is missing at character 1" },
	{ "(status=open", "the parenthesis at character 1 is not closed" },
	{ "status=open)", "the parenthesis at character 12 was not opened" },
	{ "(status=open status=new)", "'and', 'or' or ')' is missing at character 14" },
	{ "()", "a field is missing at character 2" },
	{ "subject=\"x", "the quote at character 9 is not closed" },
	{ "subject='x\\'", "the quote at character 9 is not closed" },
	{ "status!open", "there is no operator '!' at character 7" },
	{ "tier=тариф !", "there is no operator '!' at character 12" },
	{ "subject ~ \"(\"", "pattern '(': missing closing parenthesis" },
	{ "subject=\xff", "it is not UTF-8" },
};

static void test_refusals(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct tkt_expression *expression = NULL;
		struct tkt_error error = { 0 };
		char expected[1024];

		snprintf(expected, sizeof(expected), "expression '%s': %s", refusals[i].expression,
		    refusals[i].error);
		if (tkt_expression_parse(refusals[i].expression, &tkt_ticket_fields, &utc,
			&expression, &error) == -1 &&
		    error.kind == TKT_ERROR_USAGE && !expression &&
		    (strcmp(error.text, expected) == 0 || strstr(refusals[i].expression, "\xff")))
			continue;
		print_error("%s\n%s\n\n", error.text, expected);
		wrong++;
		tkt_expression_free(expression);
	}
	assert_int_equal(wrong, 0);
}

static void refuse(const char *string, const char *expected)
{
	struct tkt_expression *expression = NULL;
	struct tkt_error error = { 0 };

	assert_int_equal(
	    tkt_expression_parse(string, &tkt_ticket_fields, &utc, &expression, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_USAGE);
	assert_non_null(strstr(error.text, "...': "));
	assert_string_equal(strstr(error.text, "...': ") + 6, expected);
}

/* `count` times `piece`, then `end`. */
static char *repeated(const char *piece, size_t count, const char *end)
{
	struct tkt_text text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	while (count--)
		tkt_text_add(&text, piece);
	tkt_text_add(&text, end);
	return tkt_text_take(&text);
}

static void test_hostile(void **state)
{
	tkt_autofree char *parentheses = repeated("(", 100000, "status");
	tkt_autofree char *fewer = repeated("(", 60000, "status");
	tkt_autofree char *nots = repeated("not ", 16000, "overdue");
	tkt_autofree char *megabyte = repeated("x", 1000000, "");
	tkt_autofree char *chain = repeated("rev or ", 500, "rev");
	tkt_autofree char *values = repeated("1,", 30000, "1");
	tkt_autofree char *wide = repeated("ы", 40000, "");

	(void)state;
	refuse(parentheses, "it is longer than 65536 bytes");
	refuse(fewer, "more than 100 levels are nested at character 101");
	refuse(nots, "more than 100 levels are nested at character 401");
	refuse(megabyte, "it is longer than 65536 bytes");
	refuse(wide, "it is longer than 65536 bytes");
	refuse(chain, "there are more than 500 comparisons");
	chain[500 * 7 - 4] = '\0'; /* 500 of them */
	assert_int_equal(judge(chain, &tkt_ticket_fields, ticket_text, &utc), 1);
	values = realloc(values, 60100);
	memmove(values + 7, values, strlen(values) + 1);
	memcpy(values, "rev in ", 7);
	assert_int_equal(judge(values, &tkt_ticket_fields, ticket_text, &utc), 0);
}

/* A pattern that runs away ends with an error, soon. */
static void test_runaway_pattern(void **state)
{
	tkt_autoptr(pattern) pattern = NULL;
	tkt_autoptr(expression) expression = NULL;
	tkt_autofree char *text = repeated("a", 50000, "b");
	json_auto_t *object = json_pack("{s:s}", "subject", text);
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_pattern_new("(a+)+$", &pattern, &error), 0);
	assert_int_equal(tkt_pattern_match(pattern, text, strlen(text), &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(
	    error.text, "a pattern takes too many steps on a text of 50001 bytes; make it simpler");
	assert_int_equal(tkt_expression_parse("not subject ~ '(a+)+$'", &tkt_ticket_fields, &utc,
			     &expression, &error),
	    0);
	assert_int_equal(tkt_expression_match(expression, object, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
}

/* Bytes that are no UTF-8 match no character and hide none behind them. */
static void test_broken_text(void **state)
{
	tkt_autoptr(pattern) pattern = NULL;
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_pattern_new("^.б$|вг", &pattern, &error), 0);
	assert_int_equal(tkt_pattern_match(pattern, "\xffб", 3, &error), 0);
	assert_int_equal(tkt_pattern_match(pattern, "\xff ВГ", 6, &error), 1);
}

static void test_parse_all(void **state)
{
	static const char *const strings[] = { "status=open or status=pending", "tags=нет" };
	tkt_autoptr(expression) expression = NULL;
	tkt_autoptr(expression) none = NULL;
	json_auto_t *object = json_loads(ticket_text, 0, NULL);
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(
	    tkt_expression_parse_all(strings, 2, &tkt_ticket_fields, &utc, &expression, &error), 0);
	assert_int_equal(tkt_expression_match(expression, object, &error), 0);
	assert_int_equal(tkt_expression_match(expression->left, object, &error), 1);
	assert_int_equal(
	    tkt_expression_parse_all(NULL, 0, &tkt_ticket_fields, &utc, &none, &error), 0);
	assert_null(none);
	assert_int_equal(tkt_expression_match(none, object, &error), 1);
}

/* Whether an answer changes while nothing does but the time. */
static void test_uses_now(void **state)
{
	static const struct {
		const char *expression;
		bool uses;
	} rows[] = {
		{ "status=open", false },
		{ "created_at > 2026-03-02", false },
		{ "status=open and (due < +2h or assignee)", true },
		{ "not wake_at in 2026-03-02,-1d", true },
		{ "age", true },
		{ "overdue", true },
		{ "clock.resolution.left < 1h", true },
		{ "clock.resolution.due", false },
	};

	(void)state;
	assert_false(tkt_expression_uses_now(NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tkt_autoptr(expression) expression = NULL;
		struct tkt_error error;

		if (tkt_expression_parse(
			rows[i].expression, &tkt_ticket_fields, &utc, &expression, &error))
			fail_msg("%s", error.text);
		if (tkt_expression_uses_now(expression) != rows[i].uses)
			fail_msg("%s", rows[i].expression);
	}
}

/* What each pattern takes out of a text; "null" where it does not match. */
static const struct {
	const char *pattern, *text, *groups;
} captures[] = {
	{ "contract (?<contract>K-\\d+)", "our Contract K-77, thanks",
	    "{\"contract\":\"K-77\",\"\":\"K-77\"}" },
	{ "error (?<error_number>\\d+)(: (?<error>.+))?", "Error 503",
	    "{\"error_number\":\"503\",\"\":\"503\"}" },
	{ "error (?<error_number>\\d+)(: (?<error>.+))?", "error 5: disk full",
	    "{\"error\":\"disk full\",\"error_number\":\"5\",\"\":\"5\"}" },
	{ "сайт (?<domain>\\S+\\.рф)", "Наш САЙТ пример.рф лёг",
	    "{\"domain\":\"пример.рф\",\"\":\"пример.рф\"}" },
	{ "(?J)((?<id>a\\d)|(?<id>b\\d))", "b2", "{\"id\":\"b2\",\"\":\"b2\"}" },
	{ "firefox|chrome", "My Firefox is old", "{\"\":\"Firefox\"}" },
	{ "x(?<empty>)", "x", "{\"\":\"x\"}" },
	{ "opera", "My Firefox is old", "null" },
};

static void test_capture(void **state)
{
	size_t i, start, end;

	(void)state;
	for (i = 0; i < sizeof(captures) / sizeof(*captures); i++) {
		const char *text = captures[i].text;
		tkt_autoptr(pattern) pattern = NULL;
		json_auto_t *groups = NULL;
		struct tkt_error error = { 0 };
		char *is;

		assert_int_equal(tkt_pattern_new(captures[i].pattern, &pattern, &error), 0);
		assert_int_equal(tkt_pattern_capture(
				     pattern, text, strlen(text), 0, &groups, &start, &end, &error),
		    strcmp(captures[i].groups, "null") != 0);
		is = groups ? json_dumps(groups, JSON_COMPACT) : strdup("null");
		assert_string_equal(is, captures[i].groups);
		free(is);
	}
}

static void test_capture_has_limits(void **state)
{
	char text[41] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	tkt_autoptr(pattern) pattern = NULL;
	json_auto_t *groups = NULL, *names = NULL;
	struct tkt_error error = { 0 };
	size_t start, end;

	(void)state;
	assert_int_equal(tkt_pattern_new("(?<all>(a+)+)$", &pattern, &error), 0);
	names = tkt_pattern_names(pattern);
	assert_int_equal(json_array_size(names), 1);
	assert_string_equal(json_string_value(json_array_get(names, 0)), "all");
	assert_int_equal(
	    tkt_pattern_capture(pattern, text, strlen(text), 0, &groups, &start, &end, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(
	    error.text, "a pattern takes too many steps on a text of 40 bytes; make it simpler");
}

/* A text that was parsed before is not compiled again; what its values depend on is the scope's.
 * The first one may be gone before the second. */
static void test_twin(void **state)
{
	static const char text[] = "subject ~ a+ and due < +2h or not requester.email ~ 'b$'";
	struct tkt_expression_scope again = { .now = NOW };
	tkt_autoptr(expression) expression = NULL;
	struct tkt_expression *twin;
	struct tkt_pattern *first, *second;
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_expression_parse(text, &tkt_ticket_fields,
			     &(struct tkt_expression_scope){ 0 }, &twin, &error),
	    0);
	again.twin = twin;
	assert_int_equal(
	    tkt_expression_parse(text, &tkt_ticket_fields, &again, &expression, &error), 0);
	first = twin->left->left->pattern;
	second = twin->right->left->pattern;
	tkt_expression_free(twin);
	assert_ptr_equal(expression->left->left->pattern, first);
	assert_ptr_equal(expression->right->left->pattern, second);
	assert_int_equal(expression->left->right->literals[0].integer, NOW + 7200);
	assert_int_equal(tkt_pattern_match(first, "caat", 4, &error), 1);
	assert_int_equal(tkt_pattern_match(second, "abc", 3, &error), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capture),
		cmocka_unit_test(test_capture_has_limits),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_waiting_for),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_runaway_pattern),
		cmocka_unit_test(test_broken_text),
		cmocka_unit_test(test_uses_now),
		cmocka_unit_test(test_twin),
		cmocka_unit_test(test_parse_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
