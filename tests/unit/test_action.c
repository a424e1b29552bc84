/* Identities and actions: which rung a message has, who may have what done, what it changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/text.h"
#include "desk/action_rule.h"
#include "expression/expression.h"
#include "policy/action.h"
#include "policy/identity.h"
#include "json/change.h"
#include "json/field.h"

#include "base/banned.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static json_t *object(const char *text)
{
	json_t *made = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(made);
	return made;
}

static void test_rungs(void **state)
{
	static const struct {
		const char *message;
		int rung;
	} cases[] = {
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"a@b.example\"},\"identity\":\"verified\"}",
		    3 },
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"a@b.example\"},\"kind\":\"public\",\"identity\":\"claimed\"}",
		    1 },
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"a@b.example\"},\"kind\":\"internal\",\"identity\":\"verified\"}",
		    0 },
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"a@b.example\"},\"auto\":true,\"identity\":\"verified\"}",
		    0 },
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"c@b.example\"},\"identity\":\"verified\"}",
		    0 },
		{ "{\"direction\":\"in\",\"identity\":\"verified\"}", 0 },
		{ "{\"author\":{\"email\":\"a@b.example\"},\"identity\":\"verified\"}", 0 },
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"a@b.example\"},\"identity\":\"other\"}",
		    0 },
		{ "{\"direction\":\"in\",\"author\":{\"email\":\"a@b.example\"}}", 0 },
	};
	size_t i;
	int rung;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		json_auto_t *message = object(cases[i].message);

		assert_int_equal(tkt_identity_of_message(message, "a@b.example"), cases[i].rung);
		assert_int_equal(tkt_identity_of_message(message, NULL), 0);
	}
	for (rung = 0; rung < TKT_IDENTITY_COUNT; rung++)
		assert_int_equal(tkt_identity_rung(tkt_identity_words[rung]), rung);
	assert_int_equal(tkt_identity_rung(NULL), 0);
}

/* Over any order of messages the ticket has the strongest that there was. */
static void test_strongest(void **state)
{
	unsigned sequence;

	(void)state;
	for (sequence = 0; sequence < 256; sequence++) { /* four messages of four rungs each */
		json_auto_t *ticket =
		    object("{\"requester\":{\"email\":\"a@b.example\"},\"identity\":\"none\"}");
		unsigned left = sequence, i;
		int strongest = 0;

		for (i = 0; i < 4; i++, left /= 4) {
			int rung = (int)(left % 4);
			struct tkt_error error = { 0 };
			json_auto_t *message = json_pack("{s:s,s:{s:s},s:s}", "direction", "in",
			    "author", "email", "a@b.example", "identity", tkt_identity_words[rung]);

			assert_int_equal(tkt_identity_follow(ticket, message, &error), 0);
			strongest = rung > strongest ? rung : strongest;
			assert_int_equal(
			    tkt_identity_rung(tkt_object_text(ticket, "identity")), strongest);
		}
	}
}

static char *none[] = { NULL };
static char *ways[] = { (char *)"mail", (char *)"panel", NULL };

/* What is said of the action on a ticket; "" when it may be done. */
static void assert_judged(const struct tkt_action *action, const char *ticket, const char *channels,
    bool is_contract_address, const char *why, const char *expected)
{
	json_auto_t *stored = object(ticket), *list = object(channels);
	const struct tkt_action_facts facts = { stored, list, is_contract_address };
	struct tkt_error error = { 0 };
	int judged = tkt_action_judge(action, &facts, why, &error);

	assert_string_equal(error.text, expected);
	assert_int_equal(judged, *expected ? -1 : 0);
	if (strstr(expected, "reason") || strstr(expected, "like"))
		assert_int_equal(error.kind, TKT_ERROR_DATA);
	else if (*expected)
		assert_int_equal(error.kind, TKT_ERROR_PERMISSION);
}

#define TICKET(identity) "{\"id\":\"SUP-1\",\"channel\":\"phone\",\"identity\":\"" identity "\"}"
#define BLOCK "action 'move' is not done for ticket 'SUP-1': it is asked for by mail, panel alone"
#define ADDRESS \
	"action 'move' is not done for ticket 'SUP-1': the requester does not write from the address in the contract"

static void test_judge(void **state)
{
	struct tkt_action action = {
		.title = (char *)"move", .needs = (char *)"authenticated", .channels = none
	};

	(void)state;
	assert_judged(&action, TICKET("authenticated"), "[]", false, NULL, "");
	assert_judged(&action, TICKET("verified"), "[]", false, NULL, "");
	assert_judged(&action, TICKET("claimed"), "[]", false, NULL,
	    "action 'move' needs the identity 'authenticated', and ticket 'SUP-1' has 'claimed'");
	assert_judged(&action, "{\"id\":\"SUP-1\"}", "[]", false, NULL,
	    "action 'move' needs the identity 'authenticated', and ticket 'SUP-1' has 'none'");
	action.channels = ways;
	assert_judged(&action, TICKET("verified"), "[]", false, NULL, BLOCK);
	assert_judged(&action, TICKET("verified"), "[\"phone\",\"chat\"]", false, NULL, BLOCK);
	assert_judged(&action, TICKET("verified"), "[\"phone\",\"mail\"]", false, NULL, "");
	action.by_contract = true;
	assert_judged(&action, TICKET("authenticated"), "[\"mail\"]", false, NULL, ADDRESS);
	assert_judged(&action, TICKET("authenticated"), "[\"mail\"]", true, NULL, "");
	assert_judged(&action, TICKET("verified"), "[\"mail\"]", false, NULL, "");
	assert_judged(&action, TICKET("claimed"), "[\"mail\"]", true, NULL,
	    "action 'move' needs the identity 'authenticated', and ticket 'SUP-1' has 'claimed'");
	action.needs_reason = true;
	assert_judged(&action, TICKET("verified"), "[\"mail\"]", false, "",
	    "action 'move' needs a reason: --why");
	assert_judged(&action, TICKET("verified"), "[\"mail\"]", false, "he rang", "");
}

static void test_match(void **state)
{
	const struct tkt_expression_scope scope = { 0 };
	struct tkt_action action = { .title = (char *)"move", .channels = none };
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_expression_parse("identity=verified", &tkt_ticket_fields, &scope,
			     &action.match.all, &error),
	    0);
	assert_judged(&action, TICKET("verified"), "[]", false, NULL, "");
	assert_judged(&action, TICKET("none"), "[]", false, NULL,
	    "action 'move' is not for tickets like 'SUP-1'");
	tkt_match_clear(&action.match);
}

/* What it sets counts more than what the change sets. */
static void test_extend(void **state)
{
	char *set[] = { (char *)"priority=normal", (char *)"fields.critical=downgraded",
		(char *)"fields.was={{ priority }}", NULL };
	char *add[] = { (char *)"tags=late,seen", (char *)"cc={{fields.admin}}", NULL };
	char *notify[] = { (char *)"assignee", (char *)"group:leads", NULL };
	const struct tkt_action action = { .title = (char *)"downgrade",
		.rule = (char *)"desk.conf:4",
		.set = set,
		.add = add,
		.notify = notify };
	json_auto_t *change = object("{\"type\":\"change\",\"ticket\":\"SUP-1\","
				     "\"set\":{\"priority\":\"high\",\"queue\":\"x\"},"
				     "\"action\":\"downgrade\",\"why\":\"one phone\"}");
	json_auto_t *ticket = object("{\"id\":\"SUP-1\",\"priority\":\"critical\","
				     "\"fields\":{\"admin\":\"Carl@example.org\"}}");
	json_auto_t *bare = object("{\"id\":\"SUP-1\",\"priority\":\"critical\"}");
	json_auto_t *wrong = object("{\"id\":\"SUP-1\",\"priority\":\"high\","
				    "\"fields\":{\"admin\":\"Carl, he says\"}}");
	json_auto_t *expected = object(
	    "{\"type\":\"change\",\"ticket\":\"SUP-1\",\"set\":{\"priority\":\"normal\","
	    "\"queue\":\"x\",\"fields.critical\":\"downgraded\",\"fields.was\":\"critical\"},"
	    "\"add\":{\"tags\":[\"late\",\"seen\"],\"cc\":[\"carl@example.org\"]},\"notify\":[\"assignee\",\"group:leads\"],\"action\":\"downgrade\","
	    "\"why\":\"one phone\",\"rule\":\"desk.conf:4\"}");
	struct tkt_error error = { 0 };

	(void)state;
	assert_int_equal(tkt_action_extend(&action, ticket, change, &error), 0);
	assert_true(json_equal(change, expected));
	assert_int_equal(tkt_change_check(change, &error), 0);
	assert_int_equal(tkt_action_extend(&action, bare, change, &error), -1);
	assert_string_equal(error.text,
	    "action 'downgrade' needs 'fields.admin' of ticket 'SUP-1', which is empty");
	error = (struct tkt_error){ 0 };
	assert_int_equal(tkt_action_extend(&action, wrong, change, &error), -1);
	assert_string_equal(error.text, "'carl, he says' is not a mail address");
	assert_int_equal(error.kind, TKT_ERROR_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rungs),
		cmocka_unit_test(test_strongest),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_extend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
