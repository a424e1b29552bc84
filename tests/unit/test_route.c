/* Where tickets go and who gets them: tables of tickets, and properties over any sequence. */
#include "desk/level.h"
#include "policy/agent.h"
#include "policy/route.h"
#include "policy_support.h"

static const char conf[] =
    "route \"slow\" { match = {'subject ~ \"^(a+)+$\"', 'subject ~ \"^aaaaaaaaaa\"'}\n"
    " set = {\"queue=slow\"} }\n"
    "route \"critical\" {\n"
    " match = {'subject ~ \"^critical\\b\"'} set = {\"priority=critical\", \"queue=oncall\"}\n"
    " add = {\"tags=outage,vip\"} notify = {\"group:duty\", \"assignee\"} stop = true }\n"
    "route \"hers\" { match = {\"queue=hers\"} set = {\"assignee=ivanova\"} }\n"
    "route \"nobodys\" { match = {\"queue=lost\"} set = {\"assignee=smith\"} }\n"
    "route \"paid\" { any = {\"tier=paid\", \"tier=dealer\"} set = {\"queue=paid\"} }\n"
    "route \"first\" { match = {\"queue=paid\", \"description ~ hosting\"} team = l1\n"
    " notify = {\"assignee\"} }\n"
    "route \"load\" { match = {\"queue=load\"} team = load }\n"
    "route \"last\" { match = {\"queue=last\"} team = chosen }\n"
    "team \"l1\" { members = {\"petrov\", \"group:l1\"}\n"
    " prefer = {named, previous, skill, language} skill = fields.product }\n"
    "team \"load\" { members = {\"group:l1\"} assign = least_loaded }\n"
    "team \"chosen\" { members = {\"group:l1\"} prefer = {named} assign = none }\n";

static const char agents[] =
    "[{'id':'sidorov','groups':['l1'],'languages':['en','ru'],'is_active':true},"
    "{'id':'ivanova','name':'Anna Ivanova','groups':['l1'],'skills':['dns'],'languages':['ru'],"
    "'deputy':'petrov','absences':[{'from':'2026-03-09','until':'2026-03-11'},"
    "{'from':'2026-04-01','until':'2026-04-02','deputy':'sidorov'}],'is_active':true},"
    "{'id':'petrov','groups':['l2'],'deputy':'orlova','languages':['ru'],"
    "'absences':[{'from':'2026-03-11','until':'2026-03-20'}],'is_active':true},"
    "{'id':'orlova','groups':['l2'],'is_active':true},"
    "{'id':'gone','groups':['l1'],'is_active':false}]";

#define PAID "'id':'T-1','rev':1,'status':'new','queue':'support','tier':'paid'"
#define HOSTING PAID ",'description':'hosting'"

static const struct row {
	const char *ticket, *day, *turns, *loads, *previous;
	const char *change; /* without its type, ticket and actor */
} rows[] = {
	/* nothing matches; what a route would set is so already */
	{ "{'id':'T-1','status':'new','queue':'support'}", NULL, NULL, NULL, NULL, "null" },
	{ "{'id':'T-1','status':'open','queue':'paid','tier':'paid'}", NULL, NULL, NULL, NULL,
	    "null" },
	/* set and add; the first that stops; those who are told */
	{ "{'id':'T-1','rev':1,'status':'new','subject':'Critical: no calls','tier':'paid',"
	  "'tags':['vip']}",
	    NULL, NULL, NULL, NULL,
	    "{'was':{'priority':null,'queue':null},'set':{'priority':'critical','queue':'oncall'},"
	    "'add':{'tags':['outage']},'notify':['group:duty','assignee'],'why':'route critical',"
	    "'rule':'desk.conf:3'}" },
	/* told of once: what is so already is not told again */
	{ "{'id':'T-1','status':'new','subject':'critical','priority':'critical','queue':'oncall',"
	  "'tags':['outage','vip']}",
	    NULL, NULL, NULL, NULL, "null" },
	/* each is judged on what those before it leave; the team chooses at last: by login when
	 * nobody has had a turn */
	{ "{" HOSTING "}", NULL, NULL, NULL, NULL,
	    "{'was':{'queue':'support','assignee':null,'status':'new'},"
	    "'set':{'queue':'paid','assignee':'ivanova','status':'new'},'notify':['assignee'],"
	    "'team':'l1','why':'route paid; route first; team l1: ivanova',"
	    "'rule':'desk.conf:8, desk.conf:9, desk.conf:13','rules':{'queue':'desk.conf:8',"
	    "'assignee':'desk.conf:13'}}" },
	/* whose turn is the longest ago */
	{ "{" HOSTING "}", NULL, "{'ivanova':7,'petrov':5,'sidorov':9}", NULL, NULL, "petrov" },
	{ "{" HOSTING "}", NULL, "{'ivanova':7,'petrov':5}", NULL, NULL, "sidorov" },
	/* language, skill, the one before, the one who is named: the first in the list goes first
	 */
	{ "{" HOSTING ",'lang':'en'}", NULL, "{'sidorov':9}", NULL, NULL, "sidorov" },
	{ "{" HOSTING ",'lang':'en','fields':{'product':'dns'}}", NULL, "{'ivanova':9}", NULL, NULL,
	    "ivanova" },
	{ "{" HOSTING ",'lang':'fr'}", NULL, "{'ivanova':9}", NULL, NULL, "petrov" },
	{ "{" HOSTING ",'lang':'en','fields':{'product':'dns'}}", NULL, NULL, NULL, "petrov",
	    "petrov" },
	{ "{" HOSTING "}", NULL, NULL, NULL, "orlova", "ivanova" }, /* not of the team */
	{ "{" PAID ",'description':'hosting for SIDOROV.'}", NULL, NULL, NULL, "petrov",
	    "sidorov" },
	{ "{" PAID ",'subject':'Ivanova  Anna','description':'hosting'}", NULL, "{'ivanova':9}",
	    NULL, "petrov", "ivanova" },
	{ "{" PAID ",'description':'hosting sidorov.ru sidorova ivanova-2'}", NULL, NULL, NULL,
	    "petrov", "petrov" },
	/* who is absent gets nothing; a deputy stands in for one who is meant; and his deputy */
	{ "{" HOSTING "}", "2026-03-09", NULL, NULL, NULL, "petrov" },
	{ "{" HOSTING "}", "2026-03-12", "{'ivanova':9}", NULL, NULL, "sidorov" },
	{ "{" PAID ",'description':'hosting, ivanova'}", "2026-03-10", NULL, NULL, NULL, "petrov" },
	{ "{" PAID ",'description':'hosting, ivanova'}", "2026-03-11", NULL, NULL, NULL, "orlova" },
	{ "{" PAID ",'description':'hosting, ivanova'}", "2026-04-02", NULL, NULL, NULL,
	    "sidorov" },
	{ "{" HOSTING "}", "2026-03-11", NULL, NULL, "ivanova", "orlova" },
	/* the fewest open tickets; of equals, by turn; who is not active has none */
	{ "{'id':'T-1','status':'new','queue':'load'}", NULL, "{'sidorov':1}",
	    "{'ivanova':2,'sidorov':1}", NULL, "sidorov" },
	{ "{'id':'T-1','status':'new','queue':'load'}", NULL, "{'ivanova':3,'sidorov':2}",
	    "{'ivanova':2,'sidorov':2}", NULL, "sidorov" },
	/* nobody, unless one is named alone */
	{ "{'id':'T-1','status':'new','queue':'last'}", NULL, NULL, NULL, NULL, "null" },
	{ "{'id':'T-1','status':'new','queue':'last','subject':'sidorov or ivanova'}", NULL, NULL,
	    NULL, NULL, "null" },
	{ "{'id':'T-1','status':'new','queue':'last','subject':'ask sidorov'}", NULL, NULL, NULL,
	    NULL, "sidorov" },
	/* one who has it keeps it; what has ended goes to nobody */
	{ "{'id':'T-1','status':'open','queue':'load','assignee':'orlova'}", NULL, NULL, NULL, NULL,
	    "null" },
	{ "{'id':'T-1','status':'resolved','queue':'load'}", NULL, NULL, NULL, NULL, "null" },
	/* whom a route names: there, absent, and no agent of the desk */
	{ "{'id':'T-1','status':'new','queue':'hers'}", NULL, NULL, NULL, NULL,
	    "{'set':{'assignee':'ivanova','status':'new'},'why':'route hers','rule':'desk.conf:6'}" },
	{ "{'id':'T-1','status':'new','queue':'hers'}", "2026-03-09", NULL, NULL, NULL,
	    "{'set':{'assignee':'petrov','status':'new'},'why':'route hers; ivanova is absent until "
	    "2026-03-11: petrov','rule':'desk.conf:6'}" },
	{ "{'id':'T-1','status':'new','queue':'lost'}", NULL, NULL, NULL, NULL,
	    "{'add':{'tags':['rule_failed']},'why':'route nobodys; smith is no agent of this desk: "
	    "nobody stands in','rule':'desk.conf:7'}" },
	/* a pattern that runs away fails and is told; the ticket goes on */
	{ "{'id':'T-1','status':'new','queue':'last','tier':'dealer',"
	  "'subject':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'}",
	    NULL, NULL, NULL, NULL,
	    "{'set':{'queue':'paid'},'add':{'tags':['rule_failed']},'why':'route slow failed: a "
	    "pattern takes too many steps on this ticket; route paid','rule':'desk.conf:1, "
	    "desk.conf:8','rules':{'queue':'desk.conf:8','tags':'desk.conf:1'}}" },
};

static int setup(void **state)
{
	return policy_setup(state, conf);
}

static json_t *given(const char *json)
{
	return json ? quoted(json) : json_object();
}

/* One decision: the change, or NULL. */
static json_t *decide(
    const struct tkt_policy *policy, const json_t *ticket, const struct tkt_route_facts *facts)
{
	tkt_autorouting routing = { 0 };
	struct tkt_error error = { 0 };
	json_t *change = NULL;

	succeed(tkt_routing_begin(policy, ticket, false, &routing, &error), &error);
	if (tkt_routing_assigns(&routing))
		succeed(tkt_routing_assign(&routing, facts, &error), &error);
	succeed(tkt_routing_change(&routing, &change, &error), &error);
	return change;
}

static const char *assignee_of(const json_t *change)
{
	return json_string_value(json_object_get(json_object_get(change, "set"), "assignee"));
}

/* A change without what is the same in all. */
static void strip(json_t *change)
{
	if (!change)
		return;
	assert_string_equal(tkt_object_text(change, "actor"), "tool:tkt-route");
	json_object_del(change, "actor");
	json_object_del(change, "type");
	json_object_del(change, "ticket");
}

static void test_rows(void **state)
{
	const struct policy_state *policy = *state;
	json_auto_t *people = quoted(agents);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		json_auto_t *ticket = quoted(row->ticket), *turns = given(row->turns),
			    *loads = given(row->loads);
		const struct tkt_route_facts facts = { people, row->day ? row->day : "2026-03-02",
			turns, loads, row->previous };
		json_auto_t *before = json_deep_copy(ticket);
		json_auto_t *change = decide(policy->policy, ticket, &facts), *expected = NULL;

		assert_json(ticket, before, i); /* it is its owner's */
		strip(change);
		if (*row->change != '{' && strcmp(row->change, "null") != 0) {
			if (!change || strcmp(assignee_of(change), row->change) != 0)
				fail_msg(
				    "row %zu: %s is not %s", i, assignee_of(change), row->change);
			continue;
		}
		expected = quoted(row->change);
		assert_json(change, expected, i);
	}
}

/* A desk without agents takes the members as they are. */
static void test_no_agents(void **state)
{
	const struct policy_state *policy = *state;
	json_auto_t *people = json_array(), *none = json_object();
	const struct tkt_route_facts facts = { people, "2026-03-02", none, none, NULL };
	json_auto_t *ticket = quoted("{" HOSTING "}");
	json_auto_t *change = decide(policy->policy, ticket, &facts);

	assert_string_equal(assignee_of(change), "petrov");
}

static void test_explanation(void **state)
{
	const struct policy_state *policy = *state;
	json_auto_t *people = quoted(agents), *none = json_object();
	const struct tkt_route_facts facts = { people, "2026-03-11", none, none, "ivanova" };
	json_auto_t *ticket = quoted("{" HOSTING ",'subject':'critically'}");
	json_auto_t *expected = quoted(
	    "[{'kind':'route','name':'slow','rule':'desk.conf:1','result':'differs'},"
	    "{'kind':'route','name':'critical','rule':'desk.conf:3','result':'differs'},"
	    "{'kind':'route','name':'hers','rule':'desk.conf:6','result':'differs'},"
	    "{'kind':'route','name':'nobodys','rule':'desk.conf:7','result':'differs'},"
	    "{'kind':'route','name':'paid','rule':'desk.conf:8','result':'matches','why':'queue=paid'},"
	    "{'kind':'route','name':'first','rule':'desk.conf:9','result':'matches','why':'team l1'},"
	    "{'kind':'route','name':'load','rule':'desk.conf:11','result':'differs'},"
	    "{'kind':'route','name':'last','rule':'desk.conf:12','result':'differs'},"
	    "{'kind':'agent','name':'gone','rule':'desk.conf:13','result':'inactive','why':'not "
	    "active'},"
	    "{'kind':'agent','name':'ivanova','rule':'desk.conf:13','result':'absent','why':'absent "
	    "until 2026-03-11'},"
	    "{'kind':'agent','name':'petrov','rule':'desk.conf:13','result':'absent','why':'absent "
	    "until 2026-03-20'},"
	    "{'kind':'agent','name':'orlova','rule':'desk.conf:13','result':'deputy','why':'stands in "
	    "for ivanova'},"
	    "{'kind':'agent','name':'sidorov','rule':'desk.conf:13','result':'lost','why':'did not "
	    "have the requester`s latest ticket'},"
	    "{'kind':'agent','name':'orlova','rule':'desk.conf:13','result':'chosen','why':'last turn: "
	    "never'},"
	    "{'kind':'team','name':'l1','rule':'desk.conf:13','result':'chooses','why':'orlova'}]");
	tkt_autorouting routing = { 0 };
	struct tkt_error error = { 0 };
	json_t *row;
	size_t at;

	succeed(tkt_routing_begin(policy->policy, ticket, true, &routing, &error), &error);
	succeed(tkt_routing_assign(&routing, &facts, &error), &error);
	json_array_foreach(routing.rows, at, row) {
		assert_string_equal(tkt_object_text(row, "type"), "routing");
		assert_string_equal(tkt_object_text(row, "ticket"), "T-1");
		json_object_del(row, "type");
		json_object_del(row, "ticket");
	}
	assert_json(routing.rows, expected, 0);
}

/* Deputies in a circle, and one who is nobody, lead to nobody. */
static void test_deputies(void **state)
{
	json_auto_t *circle = quoted("[{'id':'a','deputy':'b','is_active':false},"
				     "{'id':'b','deputy':'c','is_active':false},"
				     "{'id':'c','deputy':'b','is_active':false},"
				     "{'id':'d','deputy':'d','is_active':false},"
				     "{'id':'e','deputy':'nobody','is_active':false},"
				     "{'id':'f','deputy':'g','is_active':true},"
				     "{'id':'g','is_active':true}]");

	(void)state;
	assert_null(tkt_agent_deputy(circle, "a", "2026-03-02"));
	assert_null(tkt_agent_deputy(circle, "d", "2026-03-02"));
	assert_null(tkt_agent_deputy(circle, "e", "2026-03-02"));
	assert_null(tkt_agent_deputy(circle, "x", "2026-03-02"));
	assert_string_equal(tkt_agent_deputy(circle, "f", "2026-03-02"), "g");
}

/* -- any sequence -- */

#define PEOPLE 6
#define TURNS 400

/* Agents of l1 in a random order, each absent or not; half of them speak English. */
static json_t *random_people(unsigned *seed, bool *is_there)
{
	json_t *people = json_array();
	size_t i;

	for (i = 0; i < PEOPLE; i++) {
		char login[8];
		json_t *agent;

		snprintf(login, sizeof(login), "a%zu", i);
		if (rand_r(seed) % 5 == 0)
			is_there[i] = !is_there[i];
		agent = json_pack("{s:s,s:[s],s:[s],s:[{s:s,s:s}],s:b}", "id", login, "groups",
		    "l1", "languages", i % 2 ? "en" : "ru", "absences", "from",
		    is_there[i] ? "2025-01-01" : "2026-03-02", "until",
		    is_there[i] ? "2025-01-01" : "2026-03-02", "is_active", 1);
		json_array_insert_new(
		    people, (size_t)rand_r(seed) % (json_array_size(people) + 1), agent);
	}
	return people;
}

static json_t *shuffled(const json_t *list, unsigned *seed)
{
	json_t *made = json_array(), *element;
	size_t at;

	json_array_foreach((json_t *)list, at, element)
		json_array_insert(made, (size_t)rand_r(seed) % (at + 1), element);
	return made;
}

/*
 * Fair: over any stretch of tickets for which both come into question, or neither does, two members
 * never differ by more than one. And the same people in another order decide the same.
 */
static void test_round_robin_is_fair(void **state)
{
	static const char team[] = "route \"all\" { team = l1 }\n"
				   "team \"l1\" { members = {\"group:l1\"} prefer = {language} }\n";
	int ahead[PEOPLE][PEOPLE] = { { 0 } }, least[PEOPLE][PEOPLE] = { { 0 } };
	bool is_there[PEOPLE] = { 0 };
	json_auto_t *turns = json_object(), *none = json_object();
	struct policy_state *policy;
	unsigned seed = 20260302;
	size_t turn, i, k;
	void *made;

	(void)state;
	policy_setup(&made, team);
	policy = made;
	for (turn = 1; turn <= TURNS; turn++) {
		json_auto_t *people = random_people(&seed, is_there),
			    *others = shuffled(people, &seed);
		struct tkt_route_facts facts = { people, "2026-03-02", turns, none, NULL };
		json_auto_t *ticket =
		    quoted(rand_r(&seed) % 3 ? "{'id':'T-1','status':'new'}"
					     : "{'id':'T-1','status':'new','lang':'en'}");
		json_auto_t *change = decide(policy->policy, ticket, &facts), *other = NULL;
		const char *login = assignee_of(change);
		bool is_english = json_object_get(ticket, "lang"), in_question[PEOPLE],
		     speaks = false;

		facts.agents = others;
		other = decide(policy->policy, ticket, &facts);
		assert_int_equal(!other, !change);
		if (change)
			assert_json(other, change, turn);
		for (i = 0; i < PEOPLE; i++)
			speaks = speaks || (is_there[i] && i % 2);
		for (i = 0; i < PEOPLE; i++)
			in_question[i] = is_there[i] && (!is_english || !speaks || i % 2);
		if (login)
			json_object_set_new(turns, login, json_integer((json_int_t)turn));
		for (i = 0; i < PEOPLE; i++)
			for (k = 0; k < PEOPLE; k++) {
				if (in_question[i] != in_question[k]) {
					ahead[i][k] = least[i][k] = 0;
					continue;
				}
				ahead[i][k] += login && login[1] - '0' == (int)i;
				ahead[i][k] -= login && login[1] - '0' == (int)k;
				if (ahead[i][k] < least[i][k])
					least[i][k] = ahead[i][k];
				assert_true(ahead[i][k] - least[i][k] <= 1);
			}
	}
	policy_teardown(&made);
}

/* The same with the fewest open tickets: loads that only rise stay within one of each other. */
static void test_least_loaded_is_even(void **state)
{
	static const char team[] =
	    "route \"all\" { team = l1 }\n"
	    "team \"l1\" { members = {\"group:l1\"} assign = least_loaded }\n";
	bool is_there[PEOPLE] = { 0 };
	json_auto_t *loads = json_object(), *turns = json_object();
	unsigned seed = 7;
	struct policy_state *policy;
	size_t turn, i;
	void *made;

	(void)state;
	policy_setup(&made, team);
	policy = made;
	for (turn = 1; turn <= TURNS; turn++) {
		json_auto_t *people = random_people(&seed, is_there);
		const struct tkt_route_facts facts = { people, "2026-03-02", turns, loads, NULL };
		json_auto_t *ticket = quoted("{'id':'T-1','status':'new'}");
		json_auto_t *change = decide(policy->policy, ticket, &facts);
		const char *login = assignee_of(change);

		for (i = 0; i < PEOPLE; i++) {
			char other[8];

			snprintf(other, sizeof(other), "a%zu", i);
			if (is_there[i] && login)
				assert_true(json_integer_value(json_object_get(loads, login)) <=
				    json_integer_value(json_object_get(loads, other)));
		}
		if (!login)
			continue;
		json_object_set_new(turns, login, json_integer((json_int_t)turn));
		json_object_set_new(loads, login,
		    json_integer(json_integer_value(json_object_get(loads, login)) + 1));
	}
	policy_teardown(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, setup, policy_teardown),
		cmocka_unit_test_setup_teardown(test_no_agents, setup, policy_teardown),
		cmocka_unit_test_setup_teardown(test_explanation, setup, policy_teardown),
		cmocka_unit_test(test_deputies),
		cmocka_unit_test(test_round_robin_is_fair),
		cmocka_unit_test(test_least_loaded_is_even),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
