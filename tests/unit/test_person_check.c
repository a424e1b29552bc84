/* The shape in which people are kept, and what cannot be: policy/person_check.h, by tables. */
#include <locale.h>

#include "policy_support.h"

#include "policy/person_check.h"

struct row {
	const struct tkt_field_table *table;
	const char *given, *kept; /* or the error */
};

static void assert_checked(const struct row *rows, size_t count, bool is_good)
{
	for (size_t i = 0; i < count; i++) {
		json_auto_t *given = quoted(rows[i].given), *kept = NULL;
		json_auto_t *again = json_deep_copy(given);
		struct tkt_error error = { 0 };
		int result = tkt_person_check(rows[i].table, given, &kept, &error);

		assert_true(json_equal(given, again)); /* it is borrowed */
		if (is_good) {
			json_auto_t *expected = quoted(rows[i].kept);

			succeed(result, &error);
			assert_json(kept, expected, i);
			continue;
		}
		assert_int_equal(result, -1);
		assert_null(kept);
		assert_int_equal(error.kind, TKT_ERROR_DATA);
		if (strcmp(error.text, rows[i].kept) != 0)
			fail_msg("row %zu: %s", i, error.text);
	}
}

static void test_shapes(void **state)
{
	static const struct row rows[] = {
		{ &tkt_customer_fields, "{'id':'a'}", "{'type':'customer','id':'a'}" },
		{ &tkt_customer_fields,
		    "{'contracts':[{'contact':'A@X','number':'1','plan':null,'services':['s','s','']}],"
		    "'domains':['X.example','x.example','ПОЧТА.рф'],'fields':{},'id':'A'}",
		    "{'type':'customer','id':'A','domains':['x.example','почта.рф'],'contracts':"
		    "[{'number':'1','services':['s'],'contact':'a@x'}]}" },
		{ &tkt_contact_fields, "{'addresses':['A@x','b@X','a@x']}",
		    "{'type':'contact','id':'a@x','addresses':['a@x','b@x']}" },
		{ &tkt_contact_fields, "{'id':'Boss','addresses':['a@x'],'from':'2024-02-29'}",
		    "{'type':'contact','id':'Boss','addresses':['a@x'],'from':'2024-02-29'}" },
		{ &tkt_agent_fields, "{'id':'i','absences':[]}",
		    "{'type':'agent','id':'i','is_active':true}" },
		{ &tkt_agent_fields, "{'type':'agent','id':'i','is_active':false,'email':'I@x'}",
		    "{'type':'agent','id':'i','email':'i@x','is_active':false}" },
	};

	(void)state;
	assert_checked(rows, sizeof(rows) / sizeof(rows[0]), true);
}

static void test_refusals(void **state)
{
	static const struct row rows[] = {
		{ &tkt_customer_fields, "{}", "a customer needs an 'id'" },
		{ &tkt_customer_fields, "{'id':'a','teir':'x'}",
		    "there is no member 'teir'; did you mean 'tier'?" },
		{ &tkt_customer_fields, "{'id':'a','fields':{'x':1}}",
		    "'fields.x' must be a text" },
		{ &tkt_customer_fields, "{'id':'a','domains':['a b']}", "'a b' is no domain" },
		{ &tkt_customer_fields, "{'id':'a','contracts':{'number':'1'}}",
		    "'contracts' must be a list of objects" },
		{ &tkt_contact_fields, "{'addresses':['a']}", "'a' is not a mail address" },
		{ &tkt_contact_fields, "{'id':'a','addresses':['a@x'],'until':'2023-02-29'}",
		    "'2023-02-29' is no date; write it as '2026-12-31'" },
		{ &tkt_agent_fields,
		    "{'id':'i','absences':[{'from':'2026-01-01','until':'2026-01-02'},"
		    "{'from':'2026-02-01','until':'2026-02-02'},"
		    "{'from':'2025-12-01','until':'2026-01-01'}]}",
		    "the absence from 2025-12-01 until 2026-01-01 overlaps the one from 2026-01-01"
		    " until 2026-01-02" },
		{ &tkt_agent_fields, "{'id':'i','absences':[7]}",
		    "'absences' must be a list of objects" },
	};

	(void)state;
	assert_checked(rows, sizeof(rows) / sizeof(rows[0]), false);
}

static void test_ids(void **state)
{
	static const struct row rows[] = {
		{ &tkt_customer_fields, "{'id':'A'}", "A" },
		{ &tkt_customer_fields, "{'addresses':['a@x']}", NULL },
		{ &tkt_contact_fields, "{'addresses':['A@x']}", "a@x" },
		{ &tkt_contact_fields, "{'id':'','addresses':['A@x']}", "a@x" },
		{ &tkt_contact_fields, "{'id':'B@x','addresses':['A@x']}", "b@x" },
		{ &tkt_contact_fields, "{'id':'Boss'}", "Boss" },
		{ &tkt_contact_fields, "{'id':7}", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_auto_t *given = quoted(rows[i].given);
		tkt_autofree char *id = NULL;
		struct tkt_error error = { 0 };

		succeed(tkt_person_id(rows[i].table, given, &id, &error), &error);
		assert_int_equal(!id, !rows[i].kept);
		if (id)
			assert_string_equal(id, rows[i].kept);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_ids),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* letters beyond ASCII become lower case */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
