/* The store of people: what is written is found by its side tables, and by nothing that it had
 * before. */
#include "store_support.h"

#include "expression/expression.h"
#include "store/people.h"

static json_t *quoted(const char *json)
{
	char *copy = strdup(json), *at;
	json_t *made;

	for (at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	made = object(copy);
	free(copy);
	return made;
}

/* Writes one over what is there of its id. */
static void put(struct tkt_db *db, const struct tkt_field_table *table, const char *json)
{
	json_auto_t *before = NULL, *after = quoted(json);
	struct tkt_error error = { 0 };

	succeed(tkt_people_get(db, table, tkt_object_text(after, "id"), &before, &error), &error);
	succeed(tkt_people_write(db, table, before, after, &error), &error);
}

static void assert_ids(
    struct tkt_db *db, enum tkt_people_key key, const char *value, const char *expected)
{
	json_auto_t *found = json_array();
	struct tkt_error error = { 0 };
	const json_t *one;
	tkt_autotext ids;
	size_t at;

	tkt_text_init(&ids, TKT_TEXT_LIMIT);
	succeed(tkt_people_find(db, key, value, found, &error), &error);
	json_array_foreach(found, at, one) {
		tkt_text_format(&ids, "%s%s", at ? " " : "", tkt_object_text(one, "id"));
	}
	assert_string_equal(ids.bytes, expected);
}

static void test_customers(void **state)
{
	struct tkt_db *db = *state;

	put(db, &tkt_customer_fields,
	    "{'type':'customer','id':'b','domains':['x.example'],'contracts':"
	    "[{'number':'K-1','contact':'a@x.example','sites':['s.example','t.example']}]}");
	put(db, &tkt_customer_fields,
	    "{'type':'customer','id':'a','domains':['x.example','y.example']}");
	assert_ids(db, TKT_CUSTOMERS_OF_DOMAIN, "x.example", "a b");
	assert_ids(db, TKT_CUSTOMERS_OF_DOMAIN, "sub.x.example", "");
	assert_ids(db, TKT_CUSTOMERS_OF_CONTRACT, "K-1", "b");
	assert_ids(db, TKT_CUSTOMERS_OF_ADDRESS, "a@x.example", "b");
	assert_rows(db, "SELECT site, number FROM contract_site", 2, "s.example|K-1 t.example|K-1");
	put(db, &tkt_customer_fields,
	    "{'type':'customer','id':'b','contracts':[{'number':'K-2','contact':'b@x.example'}]}");
	assert_ids(db, TKT_CUSTOMERS_OF_DOMAIN, "x.example", "a");
	assert_ids(db, TKT_CUSTOMERS_OF_CONTRACT, "K-1", "");
	assert_ids(db, TKT_CUSTOMERS_OF_ADDRESS, "a@x.example", "");
	assert_ids(db, TKT_CUSTOMERS_OF_ADDRESS, "b@x.example", "b");
	assert_rows(db, "SELECT count(*) FROM contract_site", 1, "0");
}

static void test_a_number_twice(void **state)
{
	json_auto_t *other = quoted("{'id':'b','contracts':[{'number':'K-1'}]}");
	struct tkt_error error = { 0 };

	put(*state, &tkt_customer_fields,
	    "{'type':'customer','id':'a','contracts':[{'number':'K-1'}]}");
	assert_int_equal(tkt_people_write(*state, &tkt_customer_fields, NULL, other, &error), -1);
	assert_int_equal(error.kind, TKT_ERROR_DATA);
	assert_string_equal(
	    error.text, "contract 'K-1' of customer 'b' is of customer 'a' already");
}

static void test_addresses(void **state)
{
	struct tkt_db *db = *state;

	put(db, &tkt_contact_fields,
	    "{'type':'contact','id':'a','addresses':['a@x','b@x'],'replaced_by':'c'}");
	put(db, &tkt_contact_fields, "{'type':'contact','id':'c','addresses':['b@x','c@x']}");
	assert_ids(db, TKT_CONTACTS_OF_ADDRESS, "b@x", "a c");
	assert_ids(db, TKT_CONTACTS_REPLACED_BY, "c", "a");
	put(db, &tkt_contact_fields, "{'type':'contact','id':'a','addresses':['a@x','d@x']}");
	assert_ids(db, TKT_CONTACTS_OF_ADDRESS, "b@x", "c");
	assert_ids(db, TKT_CONTACTS_OF_ADDRESS, "d@x", "a");
	assert_ids(db, TKT_CONTACTS_REPLACED_BY, "c", "");
	put(db, &tkt_agent_fields,
	    "{'type':'agent','id':'i','email':'i@x','addresses':['i@x','j@x'],'is_active':true}");
	assert_ids(db, TKT_AGENTS_OF_ADDRESS, "i@x", "i");
	assert_ids(db, TKT_AGENTS_OF_ADDRESS, "j@x", "i");
	put(db, &tkt_agent_fields,
	    "{'type':'agent','id':'i','email':'k@x','addresses':['j@x'],'is_active':false}");
	assert_ids(db, TKT_AGENTS_OF_ADDRESS, "i@x", "");
	assert_ids(db, TKT_AGENTS_OF_ADDRESS, "k@x", "i");
}

static int keep_id(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	(void)error;
	tkt_text_format(context, "%s ", row[0].text);
	return 0;
}

/* In the order of ids, whatever came first, and past the end of a batch. */
static void test_list(void **state)
{
	static const struct tkt_expression_scope scope = { .now = 1772442000 };
	struct tkt_error error = { 0 };
	tkt_autoptr(expression) expression = NULL;
	tkt_autotext ids;
	int i;

	tkt_text_init(&ids, TKT_TEXT_LIMIT);
	for (i = 1199; i >= 0; i--) {
		char json[128];

		snprintf(json, sizeof(json),
		    "{'type':'customer','id':'c%04d','tier':'%s','fields':{'n':'%d'}}", i,
		    i % 2 ? "odd" : "even", i);
		put(*state, &tkt_customer_fields, json);
	}
	assert_int_equal(
	    tkt_people_each(*state, &tkt_customer_fields, NULL, keep_id, NULL, &ids, &error), 1200);
	assert_memory_equal(ids.bytes, "c0000 c0001 c0002 ", 18);
	assert_string_equal(ids.bytes + ids.length - 12, "c1198 c1199 ");
	/* what SQL declines is judged in memory */
	succeed(tkt_expression_parse("tier=odd and fields.n ~ '^11.7$'", &tkt_customer_fields,
		    &scope, &expression, &error),
	    &error);
	tkt_text_reset(&ids);
	assert_int_equal(
	    tkt_people_each(*state, &tkt_customer_fields, expression, keep_id, NULL, &ids, &error),
	    10);
	assert_string_equal(
	    ids.bytes, "c1107 c1117 c1127 c1137 c1147 c1157 c1167 c1177 c1187 c1197 ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_customers, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_a_number_twice, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_addresses, open_database, close_database),
		cmocka_unit_test_setup_teardown(test_list, open_database, close_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
