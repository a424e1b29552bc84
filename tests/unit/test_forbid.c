/* What no person may make of a ticket: only the step into it is refused. */
#include "policy_support.h"

#include "policy/forbid.h"

static const char conf[] =
    "forbid \"refusal\" { match = {\"resolution\", \"not resolution in fixed,unlawful\"}\n"
    "  text = \"name a ground\" }\n"
    "forbid \"content\" { any = {\"fields.content\", 'tags ~ \"^adult\"'} text = \"no classes\" }\n"
    "forbid \"slow\" { match = {'subject ~ \"(x+)+$\"'} text = \"never\" }\n";

#define REFUSAL "ticket 'SUP-1' is not changed: 'refusal' forbids it (desk.conf:1): name a ground"
#define CONTENT "ticket 'SUP-1' is not changed: 'content' forbids it (desk.conf:3): no classes"

static const struct row {
	const char *before, *after; /* NULL: it is new */
	const char *error;          /* NULL: it may be */
} rows[] = {
	{ "{}", "{'resolution':'fixed'}", NULL },
	{ "{}", "{'resolution':'refused'}", REFUSAL },
	{ "{'resolution':'unlawful'}", "{'resolution':'refused'}", REFUSAL },
	/* what it is it may stay, and another of that kind is no step */
	{ "{'resolution':'refused'}", "{'resolution':'refused','queue':'x'}", NULL },
	{ "{'resolution':'refused'}", "{'resolution':'away'}", NULL },
	{ "{'resolution':'refused'}", "{}", NULL },
	/* one of several, and each section for itself */
	{ "{'resolution':'refused'}", "{'resolution':'refused','fields':{'content':'x'}}",
	    CONTENT },
	{ "{}", "{'tags':['late','Adult']}", CONTENT },
	{ NULL, "{'tags':['late']}", NULL },
	{ NULL, "{'tags':['adult']}", CONTENT },
	/* what cannot be judged is not allowed */
	{ "{}", "{'subject':'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx!'}",
	    "desk.conf:4: a pattern takes too many steps on a text of 57 bytes; make it simpler" },
};

static int setup(void **state)
{
	return policy_setup(state, conf);
}

static void test_judge(void **state)
{
	const struct policy_state *policy = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_auto_t *before = rows[i].before ? quoted(rows[i].before) : NULL,
			    *after = quoted(rows[i].after);
		struct tkt_error error = { 0 };
		int done;

		json_object_set_new(after, "id", json_string("SUP-1"));
		done = tkt_forbid_judge(policy->policy, before, after, &error);
		if (done != (rows[i].error ? -1 : 0) ||
		    strcmp(error.text, rows[i].error ? rows[i].error : "") != 0)
			fail_msg("row %zu: %d, %s", i, done, error.text);
		if (done)
			assert_int_equal(error.kind, TKT_ERROR_DATA);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_judge, setup, policy_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
