/* tkt-list: the tickets that expressions select. */
#include "base/cleanup.h"
#include "base/program.h"
#include "desk/desk.h"
#include "expression/expression.h"
#include "flow/session.h"
#include "flow/watch.h"
#include "store/ticket.h"
#include "json/field.h"
#include "json/output.h"

#include "base/banned.h"

#define NO_LIMIT INT64_MIN
#define NO_WAIT INT64_MIN

static struct {
	bool all;
	bool count;
	bool exists;
	int64_t limit;
	const char *fields;
	const char *sort;
	int64_t wait_seconds;
} wanted = { .limit = NO_LIMIT, .wait_seconds = NO_WAIT };

static const struct tkt_option options[] = {
	TKT_OPTION_FLAG('a', "all", &wanted.all, N_("without an expression: closed tickets too")),
	TKT_OPTION_FLAG('c', "count", &wanted.count, N_("print only how many there are")),
	TKT_OPTION_FLAG('e', "exists", &wanted.exists,
	    N_("print nothing; the exit status says whether there is one")),
	TKT_OPTION_NUMBER('l', "limit", N_("NUMBER"), &wanted.limit, N_("print at most so many")),
	TKT_OPTION_TEXT('o', "output", N_("FIELDS"), &wanted.fields,
	    N_("the columns to print: id,due,subject")),
	TKT_OPTION_TEXT('s', "sort", N_("FIELDS"), &wanted.sort,
	    N_("the order: due,-priority; '-' turns one round")),
	TKT_OPTION_LENGTH('w', "wait", N_("LENGTH"), &wanted.wait_seconds,
	    N_("wait so long (30s, 2h) until there is one")),
	TKT_OPTION_END,
};

struct listing {
	struct tkt_command *command;
	struct tkt_output *output;
};

static int print_row(const struct tkt_value *row, void *context, struct tkt_error *error)
{
	const struct listing *listing = context;

	if (tkt_output_row(listing->output, row, error))
		return -1;
	return tkt_command_is_full(listing->command);
}

/* Here no read transaction is open, so that a reader of ours may take its time. */
static int flush(void *context, struct tkt_error *error)
{
	return tkt_command_flush(((struct listing *)context)->command, error) < 0 ? -1 : 0;
}

/* Each answer is how many tickets there are, or -1. */
static int64_t print_list(
    struct tkt_session *session, struct tkt_ticket_query *query, struct tkt_error *error)
{
	tkt_autoptr(output) output = NULL;
	struct listing listing = { .command = session->command };

	if (tkt_output_new(session->command, &tkt_ticket_fields, wanted.fields, &output, error))
		return -1;
	tkt_output_set_zone(output, session->desk->zone);
	listing.output = output;
	query->columns = tkt_output_columns(output, &query->column_count);
	return tkt_ticket_each(session->db, query, print_row, flush, &listing, error);
}

/* The bare number, in every format; no number while one waits for the first. */
static int64_t print_count(
    struct tkt_session *session, const struct tkt_ticket_query *query, struct tkt_error *error)
{
	struct tkt_text *out = &session->command->out;
	int64_t count = tkt_ticket_count(session->db, query, error);

	if (count < 0)
		return -1;
	if (count > 0 || wanted.wait_seconds == NO_WAIT)
		tkt_text_format(out, "%lld\n", (long long)count);
	return tkt_text_check(out, error) ? -1 : count;
}

static int64_t find_one(
    struct tkt_session *session, struct tkt_ticket_query *query, struct tkt_error *error)
{
	const struct tkt_field *id = &tkt_ticket_fields.fields[0];

	query->limit = 1;
	query->columns = &id;
	query->column_count = 1;
	return tkt_ticket_each(session->db, query, NULL, NULL, NULL, error);
}

static int64_t look(
    struct tkt_session *session, struct tkt_ticket_query *query, struct tkt_error *error)
{
	if (wanted.exists)
		return find_one(session, query, error);
	if (wanted.count)
		return print_count(session, query, error);
	return print_list(session, query, error);
}

/* Expressions are parsed for each look: '+2h' is counted from its instant. */
static int64_t parse_and_look(struct tkt_session *session, struct tkt_ticket_query *query,
    bool *ticks, struct tkt_error *error)
{
	const struct tkt_command *command = session->command;
	struct tkt_expression_scope scope = tkt_session_scope(session);
	tkt_autoptr(expression) expression = NULL;

	if (tkt_expression_parse_all((const char *const *)command->operands, command->operand_count,
		&tkt_ticket_fields, &scope, &expression, error))
		return -1;
	query->expression = expression;
	query->open_only = !expression && !wanted.all;
	query->now = scope.now;
	query->work = scope.work;
	*ticks = !command->now_given && tkt_expression_uses_now(expression);
	return look(session, query, error);
}

static int64_t wait_for_one(
    struct tkt_session *session, struct tkt_ticket_query *query, struct tkt_error *error)
{
	struct tkt_watch watch;
	int64_t count;
	bool ticks;
	int more;

	if (tkt_watch_begin(&watch, session->db, wanted.wait_seconds, error))
		return -1;
	do {
		count = parse_and_look(session, query, &ticks, error);
		if (count != 0)
			return count;
		more = tkt_watch_next(&watch, ticks, error);
	} while (more > 0);
	if (more < 0)
		return -1;
	tkt_command_warn(session->command, _("the time is over, and no ticket matches"));
	return tkt_error_set(error, TKT_ERROR_NO, _("there is no such ticket"));
}

static int answer(
    struct tkt_session *session, struct tkt_ticket_query *query, struct tkt_error *error)
{
	int64_t count;
	bool ticks;

	count = wanted.wait_seconds == NO_WAIT ? parse_and_look(session, query, &ticks, error)
					       : wait_for_one(session, query, error);
	if (count == 0 && wanted.exists)
		return tkt_error_set(error, TKT_ERROR_NO, _("there is no such ticket"));
	return count < 0 ? -1 : 0;
}

static int check_options(const struct tkt_command *command, struct tkt_error *error)
{
	if (wanted.count && wanted.exists)
		return tkt_error_set(error, TKT_ERROR_USAGE, _("give either --count or --exists"));
	if (wanted.limit != NO_LIMIT && wanted.limit < 1)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--limit' needs a number of 1 or more"));
	if (wanted.wait_seconds != NO_WAIT && command->operand_count == 0)
		return tkt_error_set(
		    error, TKT_ERROR_USAGE, _("'--wait' needs an expression to wait for"));
	return 0;
}

static int run(struct tkt_command *command, struct tkt_error *error)
{
	tkt_autoptr(session) session = NULL;
	struct tkt_ticket_query query = { 0 };
	struct tkt_sort *sorts = NULL;
	int result;

	if (check_options(command, error) ||
	    tkt_session_open(command, TKT_DB_READ, &session, error) ||
	    (wanted.sort && tkt_sort_parse(wanted.sort, &sorts, &query.sort_count, error)))
		return -1;
	query.sorts = sorts;
	query.limit = wanted.limit == NO_LIMIT ? 0 : wanted.limit;
	result = answer(session, &query, error);
	tkt_sort_free(sorts, query.sort_count);
	return result;
}

const struct tkt_program tkt_program = {
	.name = "tkt-list",
	.synopsis = "[-ace] [-l NUMBER] [-o FIELDS] [-s FIELDS] [-w LENGTH] [EXPRESSION...]",
	.summary = N_("List the tickets that expressions select."),
	.operands = N_("EXPRESSION"),
	.exit_statuses = "0 1 64 65 66 70 74 75 77 78",
	.options = options,
	.run = run,
};
