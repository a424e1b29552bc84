/* What the tests of lib/policy share: a policy and calendars from a text, objects in single quotes.
 */
#pragma once
#include "desk/calendars.h"
#include "desk/level.h"
#include "expression/expression.h"
#include "store_support.h"

struct policy_state {
	struct tkt_policy *policy;
	struct tkt_calendars *calendars;
};

static inline int policy_setup(void **state, const char *conf)
{
	static const struct tkt_expression_scope scope = { .now = 1772442000 };
	struct policy_state *made = calloc(1, sizeof(*made));
	struct tkt_error error = { 0 };

	succeed(tkt_policy_read("/tmp", conf, strlen(conf), &scope, &made->policy, &error), &error);
	succeed(tkt_calendars_read("/tmp", "/tmp", conf, strlen(conf), &made->calendars, &error),
	    &error);
	*state = made;
	return 0;
}

static inline int policy_teardown(void **state)
{
	struct policy_state *made = *state;

	tkt_calendars_free(made->calendars);
	tkt_policy_free(made->policy);
	free(made);
	return 0;
}

/* JSON with single quotes, for the tables' sake. */
static inline json_t *quoted(const char *json)
{
	char *copy = strdup(json), *at;
	json_error_t reason;
	json_t *made;

	for (at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
		else if (*at == '`') /* a quote within */
			*at = '\'';
	made = json_loads(copy, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &reason);
	if (!made)
		fail_msg("%s: %s", reason.text, copy);
	free(copy);
	return made;
}

/* As text, members in their order; nothing at all is null. `row` is named when they differ. */
static inline void assert_json(const json_t *found, const json_t *expected, size_t row)
{
	char *is = found ? json_dumps(found, JSON_COMPACT | JSON_ENCODE_ANY) : strdup("null");
	char *wanted = json_dumps(expected, JSON_COMPACT | JSON_ENCODE_ANY);

	if (strcmp(is, wanted) != 0)
		fail_msg("row %zu:\n%s\nis not\n%s", row, is, wanted);
	free(is);
	free(wanted);
}
