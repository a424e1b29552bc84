/* What follows from a change for the status of a ticket: a table of before, cause and after. */
#include "policy/status.h"
#include "store_support.h"

#define NOW 1772442000 /* 2026-03-02T09:00:00Z */
#define AT "\"2026-03-02T09:00:00Z\""

struct row {
	const char *before;  /* NULL: the change opens the ticket */
	const char *changed; /* as the change makes it, before anything follows */
	bool letter_in, reply_out, status_set;
	const char *after;
};

static const struct row rows[] = {
	/* nothing that matters */
	{ "{'status':'new'}", "{'status':'new'}", .after = "{'status':'new'}" },
	{ "{'status':'open'}", "{'status':'open','queue':'x'}",
	    .after = "{'status':'open','queue':'x'}" },
	/* a new ticket: a letter opens it, and it stays new */
	{ NULL, "{'status':'new'}", .letter_in = true,
	    .after = "{'status':'new','last_in_at':" AT "}" },
	{ NULL, "{'status':'new','assignee':'a'}", .after = "{'status':'new','assignee':'a'}" },
	{ NULL, "{'status':'closed'}", .status_set = true,
	    .after = "{'status':'closed','closed_at':" AT "}" },
	/* new becomes open by an agent's answer or taking, not by the customer's next letter */
	{ "{'status':'new'}", "{'status':'new'}", .reply_out = true,
	    .after = "{'status':'open','last_out_at':" AT "}" },
	{ "{'status':'new'}", "{'status':'new','assignee':'a'}",
	    .after = "{'status':'open','assignee':'a'}" },
	{ "{'status':'new','assignee':'a'}", "{'status':'new','assignee':'b'}",
	    .after = "{'status':'new','assignee':'b'}" },
	{ "{'status':'new','assignee':'a'}", "{'status':'new'}", .after = "{'status':'new'}" },
	{ "{'status':'new'}", "{'status':'new'}", .letter_in = true,
	    .after = "{'status':'new','last_in_at':" AT "}" },
	/* what the change says stands */
	{ "{'status':'new'}", "{'status':'new','assignee':'a'}", .status_set = true,
	    .after = "{'status':'new','assignee':'a'}" },
	{ "{'status':'new'}", "{'status':'pending'}", .reply_out = true, .status_set = true,
	    .after = "{'status':'pending','last_out_at':" AT "}" },
	{ "{'status':'resolved'}", "{'status':'closed'}", .letter_in = true, .status_set = true,
	    .after = "{'status':'closed','last_in_at':" AT ",'closed_at':" AT "}" },
	/* a person's letter opens what waits or has ended */
	{ "{'status':'pending','pending_reason':'customer','wake_at':'x','resolution':'later'}",
	    "{'status':'pending','pending_reason':'customer','wake_at':'x','resolution':'later'}",
	    .letter_in = true, .after = "{'status':'open','last_in_at':" AT "}" },
	{ "{'status':'resolved','resolution':'fixed'}",
	    "{'status':'resolved','resolution':'fixed'}", .letter_in = true,
	    .after = "{'status':'open','last_in_at':" AT "}" },
	{ "{'status':'closed','closed_at':'x','resolution':'fixed'}",
	    "{'status':'closed','closed_at':'x','resolution':'fixed'}", .letter_in = true,
	    .after = "{'status':'open','last_in_at':" AT "}" },
	/* an answer opens none of them */
	{ "{'status':'pending'}", "{'status':'pending'}", .reply_out = true,
	    .after = "{'status':'pending','last_out_at':" AT "}" },
	{ "{'status':'resolved'}", "{'status':'resolved'}", .reply_out = true,
	    .after = "{'status':'resolved','last_out_at':" AT "}" },
	/* what belongs to a status goes with it */
	{ "{'status':'pending','pending_reason':'customer','resolution':'later'}",
	    "{'status':'resolved','pending_reason':'customer','resolution':'later'}",
	    .status_set = true, .after = "{'status':'resolved','resolution':'later'}" },
	{ "{'status':'closed','closed_at':'x','resolution':'fixed'}",
	    "{'status':'pending','closed_at':'x','resolution':'fixed','wake_at':'y'}",
	    .status_set = true,
	    .after = "{'status':'pending','resolution':'fixed','wake_at':'y'}" },
	{ "{'status':'open'}", "{'status':'open','resolution':'fixed'}",
	    .after = "{'status':'open'}" },
	/* closed twice keeps its first time */
	{ "{'status':'closed','closed_at':'x'}", "{'status':'closed','closed_at':'x'}",
	    .status_set = true, .after = "{'status':'closed','closed_at':'x'}" },
};

/* JSON with single quotes, for the table's sake. */
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

static void test_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct tkt_status_cause cause = {
			.letter_in = rows[i].letter_in,
			.reply_out = rows[i].reply_out,
			.status_set = rows[i].status_set,
			.now = NOW,
		};
		json_auto_t *before = rows[i].before ? quoted(rows[i].before) : NULL,
			    *after = quoted(rows[i].changed), *wanted = quoted(rows[i].after);
		struct tkt_error error = { 0 };

		succeed(tkt_status_follow(before, after, &cause, &error), &error);
		if (!json_equal(after, wanted))
			fail_msg("row %zu: %s instead of %s", i, json_dumps(after, JSON_COMPACT),
			    rows[i].after);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
