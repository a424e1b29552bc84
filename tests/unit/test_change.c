#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "base/when.h"
#include "json/change.h"
#include "json/stream.h"

#define TICKET \
	"{\"type\":\"ticket\",\"id\":\"SUP-7\",\"rev\":3,\"status\":\"new\",\"tags\":[\"a\"],\"x\":1}"

static json_t *parse(const char *json)
{
	json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	return value;
}

static void is_json(const json_t *value, const char *expected)
{
	tkt_autotext text;

	tkt_text_init(&text, TKT_TEXT_LIMIT);
	tkt_value_write(&text, value);
	assert_string_equal(text.bytes, expected);
}

static void test_new(void **state)
{
	struct tkt_error error = { 0 };
	json_auto_t *ticket = parse("{\"type\":\"ticket\",\"id\":\"SUP-7\",\"ticket\":\"SUP-8\"}");
	json_auto_t *bare = parse("{\"ticket\":\"SUP-9\"}");
	json_auto_t *nameless = parse("{\"type\":\"ticket\",\"id\":\"\"}");
	json_auto_t *message = parse("{\"type\":\"message\",\"id\":\"5\",\"ticket\":\"SUP-9\"}");
	json_t *change = NULL;

	(void)state;
	assert_int_equal(tkt_change_new(ticket, "x", &change, &error), 0);
	is_json(change, "{\"type\":\"change\",\"ticket\":\"SUP-7\",\"why\":\"x\"}");
	json_decref(change);
	assert_int_equal(tkt_change_new(bare, NULL, &change, &error), 0);
	is_json(change, "{\"type\":\"change\",\"ticket\":\"SUP-9\"}");
	json_decref(change);
	assert_int_equal(tkt_change_new(message, NULL, &change, &error), 0);
	is_json(change, "{\"type\":\"change\",\"ticket\":\"SUP-9\"}");
	json_decref(change);
	assert_int_equal(tkt_change_new(NULL, "", &change, &error), 0);
	is_json(change, "{\"type\":\"change\"}");
	json_decref(change);
	change = NULL;
	assert_int_equal(tkt_change_new(nameless, NULL, &change, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(error.text, "a ticket needs an 'id'");
	assert_null(change);
}

/* What assignments make of a change, on a ticket with a rev and without; or the refusal. */
static void assigns(const char *ticket_json, const char *const *assignments, const char *expected)
{
	struct tkt_error error = { 0 };
	json_auto_t *ticket = parse(ticket_json);
	json_auto_t *change = NULL;

	assert_int_equal(tkt_change_new(ticket, "w", &change, &error), 0);
	for (; *assignments; assignments++)
		if (tkt_change_assign(change, ticket, *assignments, &error)) {
			assert_string_equal(error.text, expected);
			return;
		}
	is_json(change, expected);
}

#define ASSIGNS(ticket, expected, ...) \
	assigns(ticket, (const char *const[]){ __VA_ARGS__, NULL }, expected)

static void test_assign(void **state)
{
	(void)state;
	ASSIGNS(TICKET,
	    "{\"type\":\"change\",\"ticket\":\"SUP-7\","
	    "\"was\":{\"status\":\"new\",\"assignee\":null},"
	    "\"set\":{\"status\":\"closed\",\"assignee\":null},"
	    "\"add\":{\"tags\":[\"outage\"]},\"remove\":{\"tags\":[\"x\"]},\"why\":\"w\"}",
	    "status=open", "assignee=", "tags-=x", "tags+=outage", "status=closed");
	ASSIGNS("{\"id\":\"SUP-7\"}",
	    "{\"type\":\"change\",\"ticket\":\"SUP-7\",\"set\":{\"fields.domain\":\"a=b\","
	    "\"requester.email\":\"a@example.org\",\"cc\":[\"b@example.org\"]},\"why\":\"w\"}",
	    "fields.domain=a=b", "requester.email=A@example.org", "cc=B@example.org");
	/* The last word on an element counts. */
	ASSIGNS(TICKET,
	    "{\"type\":\"change\",\"ticket\":\"SUP-7\",\"add\":{\"cc\":[\"a@example.org\"]},"
	    "\"why\":\"w\"}",
	    "cc-=A@example.org", "cc+=a@example.org", "cc+=a@example.org");
}

/* Times count from the moment and by the wall clock; what else is assigned stays as it is. */
static void test_resolve(void **state)
{
	static const struct {
		const char *assignment, *resolved;
	} rows[] = {
		{ "wake_at=monday", "wake_at=2026-03-09T00:00:00Z" },
		{ "wake_at=+3d", "wake_at=2026-03-05T09:00:00Z" },
		{ "wake_at=", "wake_at=" },
		{ "wake_at+=monday", "wake_at+=monday" },
		{ "subject=monday", "subject=monday" },
		{ "fields.day=monday=x", "fields.day=monday=x" },
		{ "monday", "monday" },
		{ "", "" },
	};
	const struct tkt_present present = { .now = 1772442000 }; /* Monday, 09:00 */
	struct tkt_error error = { 0 };
	size_t row;

	(void)state;
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		tkt_autofree char *resolved = NULL;

		assert_int_equal(
		    tkt_assignment_resolve(rows[row].assignment, &present, &resolved, &error), 0);
		assert_string_equal(resolved, rows[row].resolved);
	}
}

static void test_assign_refused(void **state)
{
	(void)state;
	ASSIGNS(
	    TICKET, "'status' is no assignment such as 'status=open' or 'tags+=outage'", "status");
	ASSIGNS(TICKET, "'=x' is no assignment such as 'status=open' or 'tags+=outage'", "=x");
	ASSIGNS(TICKET, "'+=x' is no assignment such as 'status=open' or 'tags+=outage'", "+=x");
	ASSIGNS(TICKET, "there is no field 'stauts'; did you mean 'status'?", "stauts=open");
	ASSIGNS(TICKET, "'rev' cannot be set", "rev=4");
	ASSIGNS(TICKET, "'due' cannot be set", "due=2026-01-01");
	ASSIGNS(TICKET, "'clock.x.due' cannot be set", "clock.x.due=2026-01-01");
	ASSIGNS(TICKET, "'status' cannot be empty", "status=");
	ASSIGNS(TICKET, "'status' is no list", "status+=open");
	ASSIGNS(TICKET, "an element of 'tags' cannot be empty", "tags+=");
	ASSIGNS(TICKET, "'fields' holds names: set one of them as 'fields.NAME'", "fields=x");
	ASSIGNS(TICKET, "'priority' cannot be 'urgent': low, normal, high or critical",
	    "priority=urgent");
	ASSIGNS(TICKET, "the value of 'tags' is not UTF-8", "tags+=\xff");
	ASSIGNS(TICKET, "the value of 'subject' is not UTF-8", "subject=\xc3");
}

static void test_put(void **state)
{
	struct tkt_error error = { 0 };
	json_auto_t *change = parse("{\"type\":\"change\",\"why\":\"w\",\"rule\":\"r\"}");

	(void)state;
	assert_int_equal(tkt_change_put(change, "message", json_object(), &error), 0);
	assert_int_equal(tkt_change_put(change, "why", json_string("v"), &error), 0);
	assert_int_equal(tkt_change_put(change, "ticket", json_string("SUP-1"), &error), 0);
	is_json(change,
	    "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"message\":{},\"why\":\"v\","
	    "\"rule\":\"r\"}");
}

/* A change from outside as it stands after its check, or the refusal. */
static void checks(const char *json, const char *expected)
{
	struct tkt_error error = { 0 };
	json_auto_t *change = parse(json);

	if (tkt_change_check(change, &error)) {
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		assert_string_equal(error.text, expected);
		return;
	}
	is_json(change, expected);
}

static void test_check(void **state)
{
	(void)state;
	checks(
	    "{\"type\":\"change\",\"ticket\":\"SUP-7\",\"was\":{\"assignee\":null},"
	    "\"set\":{\"requester.email\":\"A@EXAMPLE.org\",\"tags\":[],\"fields\":{\"a\":\"b\"}},"
	    "\"add\":{\"cc\":[\"B@example.org\"],\"tags\":[]},"
	    "\"message\":{\"kind\":\"public\",\"direction\":\"in\",\"body\":\"x\","
	    "\"author\":{\"email\":\"a@example.org\"}},"
	    "\"questions\":[{\"key\":\"os\",\"text\":\"Which?\"}],\"notify\":[\"assignee\"]}",
	    "{\"type\":\"change\",\"ticket\":\"SUP-7\",\"was\":{\"assignee\":null},"
	    "\"set\":{\"requester.email\":\"a@example.org\",\"tags\":null,\"fields\":{\"a\":\"b\"}},"
	    "\"add\":{\"cc\":[\"b@example.org\"],\"tags\":[]},"
	    "\"message\":{\"kind\":\"public\",\"direction\":\"in\",\"body\":\"x\","
	    "\"author\":{\"email\":\"a@example.org\"}},"
	    "\"questions\":[{\"key\":\"os\",\"text\":\"Which?\"}],\"notify\":[\"assignee\"]}");
}

static void test_check_refused(void **state)
{
	(void)state;
	checks("[]", "not a change");
	checks("{\"type\":\"ticket\"}", "not a change");
	checks("{\"type\":\"change\",\"sets\":{}}", "a change has no member 'sets'");
	checks("{\"type\":\"change\",\"ticket\":7}", "'ticket' must be a text");
	checks("{\"type\":\"change\",\"set\":[]}", "'set' must be an object");
	checks("{\"type\":\"change\",\"set\":{\"id\":\"SUP-1\"}}", "'id' cannot be set");
	checks("{\"type\":\"change\",\"set\":{\"statsu\":\"new\"}}",
	    "there is no field 'statsu'; did you mean 'status'?");
	checks("{\"type\":\"change\",\"set\":{\"status\":null}}", "'status' cannot be empty");
	checks("{\"type\":\"change\",\"set\":{\"fields\":\"x\"}}",
	    "'fields' must be an object of names and texts");
	checks("{\"type\":\"change\",\"set\":{\"fields.a\":{\"b\":\"c\"}}}",
	    "'fields.a' must be a text");
	checks("{\"type\":\"change\",\"set\":{\"requester\":{\"email\":\"x\"}}}",
	    "there is no field 'requester'");
	checks("{\"type\":\"change\",\"was\":{\"left\":1}}", "'left' cannot stand in 'was'");
	checks("{\"type\":\"change\",\"add\":{\"tags\":\"x\"}}", "'tags' must be a list of texts");
	checks("{\"type\":\"change\",\"add\":{\"queue\":[\"x\"]}}", "'queue' is no list");
	checks("{\"type\":\"change\",\"message\":\"x\"}", "'message' must be an object");
	checks("{\"type\":\"change\",\"message\":{\"kind\":\"secret\"}}",
	    "'message': 'kind' cannot be 'secret': public or internal");
	checks("{\"type\":\"change\",\"message\":{\"direction\":\"up\"}}",
	    "'message': 'direction' cannot be 'up': in or out");
	checks(
	    "{\"type\":\"change\",\"message\":{\"body\":1}}", "'message': 'body' must be a text");
	checks("{\"type\":\"change\",\"message\":{\"html\":\"x\"}}",
	    "'message': a message has no member 'html'");
	checks("{\"type\":\"change\",\"message\":{\"author\":\"x\"}}",
	    "'message': a message has no member 'author'");
	checks("{\"type\":\"change\",\"questions\":[1]}", "'questions' must be an object");
	checks("{\"type\":\"change\",\"notify\":[1]}", "'notify' must be a list of texts");
	checks("{\"type\":\"change\",\"why\":[]}", "'why' must be a text");
}

static void test_preview(void **state)
{
	struct tkt_error error = { 0 };
	json_auto_t *ticket = parse(TICKET);
	json_auto_t *change =
	    parse("{\"type\":\"change\",\"set\":{\"status\":\"open\",\"fields.domain\":\"d\","
		  "\"requester.email\":\"a@example.org\"},\"add\":{\"tags\":[\"a\",\"b\"]},"
		  "\"remove\":{\"tags\":[\"a\"],\"cc\":[\"x\"]}}");
	json_auto_t *after = NULL;

	(void)state;
	assert_int_equal(tkt_change_preview(change, ticket, &after, &error), 0);
	is_json(after,
	    "{\"type\":\"ticket\",\"id\":\"SUP-7\",\"rev\":3,\"status\":\"open\","
	    "\"tags\":[\"b\"],\"x\":1,\"fields\":{\"domain\":\"d\"},"
	    "\"requester\":{\"email\":\"a@example.org\"}}");
	is_json(ticket, TICKET);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_assign),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_assign_refused),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_check_refused),
		cmocka_unit_test(test_preview),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
