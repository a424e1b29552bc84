/* Who an address is and whether that customer may ask: policy/person.h, by tables. */
#include "policy_support.h"

#include "policy/person.h"

#define ACME                                                                               \
	"{'id':'acme','name':'Acme','tier':'paid','domains':['acme.example'],'lang':'ru'," \
	"'contracts':[{'number':'K-1','plan':'monthly','from':'2025-01-01',"               \
	"'until':'2025-12-31','contact':'boss@acme.example','sites':['old.example']},"     \
	"{'number':'K-2','from':'2026-01-01','until':'2026-12-31','contact':"              \
	"'boss@acme.example','sites':['acme.example']},"                                   \
	"{'number':'K-3','from':'2026-02-01','until':'2027-01-31'},"                       \
	"{'number':'K-4','from':'2028-01-01'}]}"
#define BETA "{'id':'beta','tier':'trial','domains':['beta.example','acme.example']}"
#define LATE                                                               \
	"{'id':'late','contracts':[{'number':'L-1','until':'2026-01-31'}," \
	"{'number':'L-2','until':'2025-01-31'}]}"
#define EARLY                                                              \
	"{'id':'early','contracts':[{'number':'E-2','from':'2027-01-01'}," \
	"{'number':'E-1','from':'2026-06-01'}]}"
#define ANN                                                                   \
	"{'id':'ann','name':'Ann','customer':'acme','lang':'en','addresses':" \
	"['ann@acme.example','ann@home.example']}"

struct row {
	const char *address, *day, *contract, *site;
	const char *contacts, *predecessors, *customers;
	const char *found; /* contact customer contract entitlement found_by own */
};

static const char *or_dash(const json_t *identity, const char *name)
{
	const char *text = tkt_object_text(identity, name);

	return text ? text : "-";
}

static json_t *ask(const struct row *row)
{
	json_auto_t *contacts = quoted(row->contacts ? row->contacts : "[]");
	json_auto_t *predecessors = quoted(row->predecessors ? row->predecessors : "[]");
	json_auto_t *customers = quoted(row->customers ? row->customers : "[]");
	json_auto_t *agents = json_array();
	struct tkt_error error = { 0 };
	json_t *identity = NULL;

	succeed(tkt_person_identify(
		    &(struct tkt_person_facts){
			.address = row->address,
			.at = "2026-03-02T09:00:00Z",
			.day = row->day ? row->day : "2026-03-02",
			.contract = row->contract,
			.site = row->site,
			.domain = strchr(row->address, '@') + 1,
			.contacts = contacts,
			.predecessors = predecessors,
			.customers = customers,
			.agents = agents,
		    },
		    &identity, &error),
	    &error);
	return identity;
}

static void assert_found(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_auto_t *identity = ask(&rows[i]);
		char found[256];

		snprintf(found, sizeof(found), "%s %s %s %s %s %s", or_dash(identity, "contact"),
		    or_dash(identity, "customer"), or_dash(identity, "contract"),
		    or_dash(identity, "entitlement"), or_dash(identity, "found_by"),
		    json_is_true(json_object_get(identity, "is_contract_address")) ? "own" : "-");
		if (strcmp(found, rows[i].found) != 0)
			fail_msg("row %zu: %s is not %s", i, found, rows[i].found);
	}
}
#define ASSERT_FOUND(rows) assert_found(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_steps(void **state)
{
	static const struct row rows[] = {
		{ .address = "x@y.example", .found = "- - - none - -" },
		/* S2-15: a second address leads to the same person */
		{ .address = "ann@acme.example",
		    .contacts = "[" ANN "]",
		    .customers = "[" ACME "]",
		    .found = "ann acme K-3 valid contact -" },
		{ .address = "ann@home.example",
		    .contacts = "[" ANN "]",
		    .customers = "[" ACME "]",
		    .found = "ann acme K-3 valid contact -" },
		/* a contract's own address, before a longer contract that names none */
		{ .address = "boss@acme.example",
		    .customers = "[" ACME "," BETA "]",
		    .found = "- acme K-2 valid contract own" },
		/* the same domain is less: of two that have it, one that may ask, then by id */
		{ .address = "who@acme.example",
		    .customers = "[" ACME "," BETA "]",
		    .found = "- acme K-3 valid domain -" },
		{ .address = "who@acme.example",
		    .day = "2024-01-01",
		    .customers = "[" ACME "," BETA "]",
		    .found = "- beta - valid domain -" },
		/* a contact of nobody: whose address it is, else nobody */
		{ .address = "boss@acme.example",
		    .contacts = "[{'id':'b','addresses':['boss@acme.example']}]",
		    .customers = "[" ACME "]",
		    .found = "b acme K-2 valid contact own" },
		{ .address = "b@free.example",
		    .contacts = "[{'id':'b','addresses':['b@free.example']}]",
		    .found = "b - - none contact -" },
		{ .address = "b@free.example",
		    .contacts = "[{'id':'b','customer':'gone','addresses':['b@free.example']}]",
		    .found = "b - - none contact -" },
	};

	(void)state;
	ASSERT_FOUND(rows);
}

/* S2-22: the term is judged on the day of receipt; its first and last days count. */
static void test_terms(void **state)
{
#define OF_LATE "[{'id':'l','customer':'late','addresses':['l@x']}]"
#define OF_EARLY "[{'id':'e','customer':'early','addresses':['e@x']}]"
	static const struct row rows[] = {
		{ "l@x", "2025-01-31", NULL, NULL, OF_LATE, NULL, "[" LATE "]",
		    "l late L-1 valid contact -" },
		{ "l@x", "2026-01-31", NULL, NULL, OF_LATE, NULL, "[" LATE "]",
		    "l late L-1 valid contact -" },
		{ "l@x", "2026-02-01", NULL, NULL, OF_LATE, NULL, "[" LATE "]",
		    "l late L-1 expired contact -" },
		{ "l@x", "2025-01-31", "L-2", NULL, OF_LATE, NULL, "[" LATE "]",
		    "l late L-2 valid contact -" },
		/* who names an expired contract is judged by that */
		{ "l@x", "2025-02-01", "L-2", NULL, OF_LATE, NULL, "[" LATE "]",
		    "l late L-2 expired contact -" },
		{ "e@x", "2026-05-31", NULL, NULL, OF_EARLY, NULL, "[" EARLY "]",
		    "e early E-1 early contact -" },
		{ "e@x", "2026-06-01", NULL, NULL, OF_EARLY, NULL, "[" EARLY "]",
		    "e early E-1 valid contact -" },
		/* without contracts the tier decides */
		{ "t@beta.example", NULL, NULL, NULL, NULL, NULL, "[" BETA "]",
		    "- beta - valid domain -" },
	};

	(void)state;
	ASSERT_FOUND(rows);
}

static void test_named_contract(void **state)
{
#define OF_ANN "[" ANN "]", NULL, "[" ACME "]"
	static const struct row rows[] = {
		{ "ann@acme.example", NULL, "K-1", NULL, OF_ANN, "ann acme K-1 expired contact -" },
		{ "ann@acme.example", NULL, "K-2", NULL, OF_ANN, "ann acme K-2 valid contact -" },
		{ "ann@acme.example", NULL, "L-1", NULL, OF_ANN, "ann acme K-3 valid contact -" },
		{ "ann@acme.example", NULL, NULL, "acme.example", OF_ANN,
		    "ann acme K-2 valid contact -" },
		{ "ann@acme.example", NULL, NULL, "old.example", OF_ANN,
		    "ann acme K-1 expired contact -" },
		{ "ann@acme.example", NULL, "K-3", "old.example", OF_ANN,
		    "ann acme K-3 valid contact -" },
		/* one accountant of two customers: the letter says which */
		{ "acc@x", NULL, NULL, NULL, NULL, NULL,
		    "[{'id':'a','contracts':[{'number':'A','contact':'acc@x'}]},"
		    "{'id':'b','contracts':[{'number':'B','contact':'acc@x','sites':['b.x']}]}]",
		    "- a A valid contract own" },
		{ "acc@x", NULL, "B", NULL, NULL, NULL,
		    "[{'id':'a','contracts':[{'number':'A','contact':'acc@x'}]},"
		    "{'id':'b','contracts':[{'number':'B','contact':'acc@x','sites':['b.x']}]}]",
		    "- b B valid contract own" },
		{ "acc@x", NULL, NULL, "b.x", NULL, NULL,
		    "[{'id':'a','contracts':[{'number':'A','contact':'acc@x'}]},"
		    "{'id':'b','contracts':[{'number':'B','contact':'acc@x','sites':['b.x']}]}]",
		    "- b B valid contract own" },
	};

	(void)state;
	ASSERT_FOUND(rows);
}

/* S4-21: from a day on another one speaks for the customer, for its contract too. */
static void test_replacement(void **state)
{
#define BOSS                                                                \
	"{'id':'boss','customer':'acme','addresses':['boss@acme.example']," \
	"'until':'2026-03-01','replaced_by':'mid'}"
#define MID                                                               \
	"{'id':'mid','customer':'acme','addresses':['mid@acme.example']," \
	"'until':'2026-03-09','replaced_by':'new'}"
#define NEW                                          \
	"{'id':'new','customer':'acme','addresses':" \
	"['new@acme.example','new@home.example'],'from':'2026-03-10'}"
	static const struct row rows[] = {
		{ "boss@acme.example", "2026-03-01", NULL, NULL, "[" BOSS "]", NULL, "[" ACME "]",
		    "boss acme K-2 valid contact own" },
		{ "boss@acme.example", "2026-03-02", NULL, NULL, "[" BOSS "]", NULL, "[" ACME "]",
		    "- - - none - -" },
		{ "mid@acme.example", "2026-03-02", NULL, NULL, "[" MID "]", "[" BOSS "]",
		    "[" ACME "]", "mid acme K-2 valid contact own" },
		{ "new@acme.example", "2026-03-09", NULL, NULL, "[" NEW "]", "[" BOSS "," MID "]",
		    "[" ACME "]", "- - - none - -" },
		{ "new@acme.example", "2026-03-10", NULL, NULL, "[" NEW "]", "[" BOSS "," MID "]",
		    "[" ACME "]", "new acme K-2 valid contact own" },
		/* the contract's address is one, not all that the person has */
		{ "new@home.example", "2026-03-10", NULL, NULL, "[" NEW "]", "[" BOSS "," MID "]",
		    "[" ACME "]", "new acme K-3 valid contact -" },
		/* one who is there already has the contract's place on no day before */
		{ "kim@x", "2026-03-01", NULL, NULL,
		    "[{'id':'mid','customer':'acme','addresses':['kim@x']}]", "[" BOSS "]",
		    "[" ACME "]", "mid acme K-3 valid contact -" },
		{ "kim@x", "2026-03-02", NULL, NULL,
		    "[{'id':'mid','customer':'acme','addresses':['kim@x']}]", "[" BOSS "]",
		    "[" ACME "]", "mid acme K-2 valid contact own" },
		/* a role address that went from one to the other */
		{ "role@x", "2026-03-10", NULL, NULL,
		    "[{'id':'a','addresses':['role@x'],'until':'2026-03-09','replaced_by':'b'},"
		    "{'id':'b','customer':'acme','addresses':['role@x'],'from':'2026-03-10'}]",
		    NULL, "[" ACME "]", "b acme K-3 valid contact -" },
		/* a circle ends */
		{ "c@x", NULL, NULL, NULL, "[{'id':'c','customer':'acme','addresses':['c@x']}]",
		    "[{'id':'d','addresses':['boss@acme.example'],'until':'2026-01-01',"
		    "'replaced_by':'e'},{'id':'e','addresses':['e@x'],'until':'2026-01-01',"
		    "'replaced_by':'d'}]",
		    "[" ACME "]", "c acme K-3 valid contact -" },
	};

	(void)state;
	ASSERT_FOUND(rows);
}

static void test_whole_answer(void **state)
{
	static const struct row row = {
		.address = "ann@home.example",
		.contract = "L-9",
		.contacts = "[" ANN "]",
		.customers = "[" ACME "]",
	};
	static const struct row replaced = {
		.address = "boss@acme.example",
		.contacts = "[" BOSS "]",
		.customers = "[" ACME "]",
	};
	json_auto_t *identity = ask(&row), *nobody = ask(&replaced);

	(void)state;
	assert_object(identity,
	    "{\"type\":\"identity\",\"address\":\"ann@home.example\","
	    "\"at\":\"2026-03-02T09:00:00Z\",\"found_by\":\"contact\",\"contact\":\"ann\","
	    "\"name\":\"Ann\",\"lang\":\"en\",\"customer\":\"acme\",\"contract\":\"K-3\","
	    "\"tier\":\"paid\",\"entitlement\":\"valid\",\"is_contract_address\":false,\"why\":["
	    "\"'ann@home.example' is an address of contact 'ann'\","
	    "\"the contact is of customer 'acme'\","
	    "\"contract 'L-9', which the letter names, is none of the customer's\","
	    "\"contract 'K-3', from 2026-02-01 until 2027-01-31, is valid on 2026-03-02\"]}");
	assert_object(nobody,
	    "{\"type\":\"identity\",\"address\":\"boss@acme.example\","
	    "\"at\":\"2026-03-02T09:00:00Z\",\"entitlement\":\"none\","
	    "\"is_contract_address\":false,\"replaced_by\":\"mid\",\"why\":["
	    "\"contact 'boss', whose address it was until 2026-03-01, was replaced by 'mid'\"]}");
}

static void test_days(void **state)
{
	static const struct {
		const char *a, *b;
		bool overlap;
	} rows[] = {
		{ "{}", "{}", true },
		{ "{'until':'2026-03-01'}", "{'from':'2026-03-01'}", true },
		{ "{'until':'2026-03-01'}", "{'from':'2026-03-02'}", false },
		{ "{'from':'2026-01-01','until':'2026-12-31'}",
		    "{'from':'2026-05-01','until':'2026-05-02'}", true },
		{ "{'from':'2026-06-01'}", "{'from':'2026-05-01','until':'2026-05-02'}", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_auto_t *a = quoted(rows[i].a), *b = quoted(rows[i].b);

		assert_int_equal(tkt_days_overlap(a, b), rows[i].overlap);
		assert_int_equal(tkt_days_overlap(b, a), rows[i].overlap);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_named_contract),
		cmocka_unit_test(test_replacement),
		cmocka_unit_test(test_whole_answer),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
